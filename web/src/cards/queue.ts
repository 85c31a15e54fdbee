/** Which cards are for today, and which of them comes next. */
import type { Learner } from "./learner.ts";
import type { Moment } from "./schedule.ts";

/** What stands between today and a card. */
export type Standing =
  | { readonly is: "new" | "suspended" | "learning" }
  | { readonly is: "due"; readonly day: number }
  | { readonly is: "later"; readonly day: number };

/** Ids of today's cards: each list in the order in which they are asked. */
export interface Queue {
  readonly learning: readonly string[];
  readonly due: readonly string[];
  readonly fresh: readonly string[];
}

interface Named {
  readonly id: string;
}

export function standing({ memories, suspended }: Learner, card: string, today: number): Standing {
  if (suspended.has(card)) return { is: "suspended" };
  const memory = memories.get(card);
  if (!memory) return { is: "new" };
  if (!("day" in memory.due)) return { is: "learning" };
  return { is: memory.due.day <= today ? "due" : "later", day: memory.due.day };
}

/** How many cards the learner has seen for the first time today, in any deck. */
export function introduced({ memories }: Learner, today: number): number {
  let count = 0;
  for (const { first } of memories.values()) if (first === today) count++;
  return count;
}

/**
 * Today's cards of a deck. Of those that are due the longest overdue comes first, then the weakest memory;
 * new cards come in the order of the course, as many as the day has room for.
 */
export function queue(deck: readonly Named[], learner: Learner, { day }: Moment): Queue {
  // A rating asks for the next card and then for what is left: of one deck on one day that is the same.
  const known = latest.get(learner);
  if (known?.deck === deck && known.day === day) return known.queue;
  const found = sorted(deck, learner, day);
  latest.set(learner, { deck, day, queue: found });
  return found;
}

const latest = new WeakMap<Learner, { deck: readonly Named[]; day: number; queue: Queue }>();

function sorted(deck: readonly Named[], learner: Learner, day: number): Queue {
  const learning: [id: string, at: number][] = [];
  const due: [id: string, day: number, stability: number][] = [];
  const fresh: string[] = [];
  for (const { id } of deck) {
    if (learner.suspended.has(id)) continue;
    const memory = learner.memories.get(id);
    if (!memory) fresh.push(id);
    else if ("at" in memory.due) learning.push([id, memory.due.at]);
    else if (memory.due.day <= day) due.push([id, memory.due.day, memory.stability]);
  }
  learning.sort(([, one], [, other]) => one - other);
  due.sort(([, oneDay, one], [, otherDay, other]) => oneDay - otherDay || one - other);
  const room = Math.max(0, learner.newPerDay - introduced(learner, day));
  return {
    learning: learning.map(([id]) => id),
    due: due.map(([id]) => id),
    fresh: fresh.slice(0, room),
  };
}

/**
 * The card to ask now, or null: one whose minutes have passed, then a due one, then a new one. A card that is being
 * learnt does not make anybody wait: when nothing else is left, it comes before its minutes have passed.
 */
export function next(
  { learning, due, fresh }: Queue,
  { memories }: Learner,
  { instant }: Moment,
): string | null {
  const [first] = learning;
  const wait = first === undefined ? null : memories.get(first)?.due;
  const ready = wait && "at" in wait && wait.at <= instant;
  return (ready ? first : undefined) ?? due[0] ?? fresh[0] ?? first ?? null;
}

/** What a deck holds today, and what it will. */
export interface Overview {
  readonly size: number;
  readonly queue: Queue;
  /** How many cards are for today. */
  readonly today: number;
  readonly unseen: number;
  readonly suspended: number;
  /** The next day on which cards are due, and how many; null if there is none. */
  readonly next: { readonly day: number; readonly count: number } | null;
}

export function overview(deck: readonly Named[], learner: Learner, now: Moment): Overview {
  const days = new Map<number, number>();
  let [unseen, suspended] = [0, 0];
  for (const { id } of deck) {
    const its = standing(learner, id, now.day);
    if (its.is === "new") unseen++;
    else if (its.is === "suspended") suspended++;
    else if (its.is === "later") days.set(its.day, (days.get(its.day) ?? 0) + 1);
  }
  const todays = queue(deck, learner, now);
  const day = Math.min(...days.keys());
  return {
    size: deck.length,
    queue: todays,
    today: todays.learning.length + todays.due.length + todays.fresh.length,
    unseen,
    suspended,
    next: days.size === 0 ? null : { day, count: days.get(day) ?? 0 },
  };
}
