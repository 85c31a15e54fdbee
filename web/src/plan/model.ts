/**
 * The study plan: the work that was chosen, laid out over the days. The rules stand in words in `mlacourse.plan`,
 * which follows the same; both are held to tests/vectors/plan.json.
 */
import { type Day, daysBetween } from "../log/days.ts";
import { type Item, item, type Plan, type PlannedDay, type Session, sum } from "./items.ts";
import type { Material } from "./material.ts";
import { examRules, NUMBERS, REVISION } from "./rules.ts";
import { addDays, type Settings, type StudyDay, studyDays } from "./settings.ts";
import { type Tally, weakness } from "./shares.ts";
import { cardMinutes, goingOver, inRevision, midway, type Sitting } from "./sittings.ts";
import { type Done, learning, reviews, revision, unused } from "./work.ts";

export interface Known {
  /** The first day that is planned: the plan's start, or later. */
  readonly first?: Day;
  /** Answers by task. */
  readonly results?: ReadonlyMap<string, Tally>;
  /** Items that need no time any more. */
  readonly done?: Done;
}

/** A day, what stands on it in any case, and what comes before all other work. */
interface Room {
  readonly day: StudyDay;
  readonly fixed: readonly Item[];
  readonly first: Item | null;
}

export function plan(settings: Settings, material: Material, known: Known = {}): Plan {
  const { first = settings.start, results = new Map() } = known;
  // Who has gone over a sitting has sat it.
  const done = new Set([...known.done ?? []].flatMap((id) => [id, id.replace(/^review\//, "")]));
  const exam = examRules(settings.exam);
  const begin = first > settings.start ? first : settings.start;
  const length = revisionDays(settings);
  const planned = addDays(settings.exam_date, -length);
  const turn = begin > planned ? begin : planned;
  const end = addDays(settings.exam_date, length >= NUMBERS.rest_from ? -1 : 0);
  const days = studyDays(settings, begin);
  const weights = material.topics.map(({ id, weight }) =>
    weight * weakness(results.get(id) ?? { right: 0, total: 0 })
  );

  const before = days.filter(({ date }) => date < turn);
  const hasSat = [...done].some((id) => id.startsWith("mock/"));
  const sitting = hasSat ? null : midway(before, begin, turn, exam);
  const early = rooms(before, named(sitting ? [sitting] : [], null, done));
  const owed = reviews(done, goingOver(exam.minutes));
  const now = sum(owed) <= free(early) ? owed : [];
  const learned = learning(free(early), material, weights, done, now);

  const after = days.filter(({ date }) => turn <= date && date < end);
  const used = new Set([...done, ...standing(early).map(({ id }) => id)]);
  const late = rooms(after, named(inRevision(after, turn, end, exam), REVISION, used));
  const then = now.length === 0 && sum(owed) <= free(late) ? owed : [];
  const revised = revision(free(late), material, weights, done, then);

  const resting = days.filter(({ date }) => date >= end)
    .map((day): Room => ({
      day,
      fixed: [...cards(day, null), item(`rest/${day.date}`, "rest", 0)],
      first: null,
    }));
  const items = [...standing([...early, ...late, ...resting]), ...learned.items, ...revised];
  return {
    days: [...laid(early, learned.items), ...laid(late, revised), ...laid(resting, [])],
    items: new Map(items.filter(({ kind }) => kind !== "gap").map((each) => [each.id, each])),
    revision: turn,
    cuts: learned.cuts,
    left_out: learned.leftOut,
  };
}

/** Two weeks, or a quarter of a plan of fewer than eight. */
export function revisionDays({ start, exam_date }: Settings): number {
  const span = daysBetween(start, exam_date);
  return Math.min(NUMBERS.revision_days, Math.max(1, Math.floor(span / NUMBERS.revision_share)));
}

export interface Behind {
  readonly items: readonly string[];
  readonly minutes: number;
  /** The day on which the oldest was due. */
  readonly since: Day | null;
}

/** What was due before a day, the oldest first; flashcards and rest come due again by themselves. */
export function dueBefore(plan: Plan, day: Day): { item: Item; due: Day }[] {
  const last = new Map(plan.days.flatMap(({ date, sessions }) => sessions.map(({ item }) => [item, date])));
  return [...last].map(([id, due]) => ({ item: plan.items.get(id)!, due }))
    .filter(({ item, due }) => due < day && item.kind !== "cards" && item.kind !== "rest")
    .sort((one, other) => (one.due < other.due ? -1 : one.due > other.due ? 1 : 0));
}

/** What was due before today and is not done. */
export function behind(plan: Plan, done: Done, today: Day): Behind {
  const late = dueBefore(plan, today).filter(({ item }) => !done.has(item.id));
  return {
    items: late.map(({ item }) => item.id),
    minutes: sum(late.map(({ item }) => item)),
    since: late[0]?.due ?? null,
  };
}

/** The sittings as items by day, numbered on from those that are done. */
function named(sittings: readonly Sitting[], phase: string | null, done: Done): Map<Day, Item> {
  const names = { mock: unused("mock", done), timed: unused("timed", done) };
  return new Map(
    sittings.map((
      { date, kind, minutes, questions },
    ) => [date, item(names[kind](), kind, minutes, { phase, questions })]),
  );
}

/** Opens the days: cards and sittings stand on them, and time to go over a sitting is kept before the next one. */
function rooms(days: readonly StudyDay[], sittings: ReadonlyMap<Day, Item>): Room[] {
  let kept = 0;
  return days.toReversed().map((day): Room => {
    const sitting = sittings.get(day.date) ?? null;
    const room: Room = { day, fixed: [...cards(day, sitting), ...(sitting ? [sitting] : [])], first: null };
    kept += roomLeft(room);
    if (!sitting) return room;
    const whole = goingOver(sitting.minutes);
    const minutes = Math.min(whole, kept);
    kept = 0;
    if (minutes === 0) return room;
    return {
      ...room,
      first: item(`review/${sitting.id}`, "review", minutes, { whole, phase: sitting.phase }),
    };
  }).reverse();
}

function cards(day: StudyDay, sitting: Item | null): Item[] {
  const minutes = Math.min(cardMinutes(day), day.minutes - (sitting?.minutes ?? 0));
  return minutes > 0 ? [item(`cards/${day.date}`, "cards", minutes)] : [];
}

function standing(all: readonly Room[]): Item[] {
  return all.flatMap(({ fixed, first }) => first ? [...fixed, first] : fixed);
}

function roomLeft({ day, fixed }: Room): number {
  return day.minutes - sum(fixed);
}

function free(all: readonly Room[]): number {
  return all.reduce((total, room) => total + roomLeft(room) - (room.first?.minutes ?? 0), 0);
}

/** Fills each day with the next work, going on tomorrow with what today has no room for. */
function laid(all: readonly Room[], items: readonly Item[]): PlannedDay[] {
  const queue: Session[] = items.map(({ id, minutes }) => ({ item: id, minutes })).reverse();
  return all.map((room) => {
    const sessions: Session[] = room.fixed.map(({ id, minutes }) => ({ item: id, minutes }));
    if (room.first) queue.push({ item: room.first.id, minutes: room.first.minutes });
    let left = roomLeft(room);
    while (left > 0 && queue.length > 0) {
      const { item, minutes } = queue.pop()!;
      const now = Math.min(left, minutes);
      if (item !== "") sessions.push({ item, minutes: now });
      left -= now;
      if (minutes > now) queue.push({ item, minutes: minutes - now });
    }
    return { date: room.day.date, minutes: room.day.minutes, sessions };
  });
}
