/** A plan by weeks, counted from its start. */
import { type Day, daysBetween } from "../log/days.ts";
import type { Item } from "./items.ts";
import type { Learner } from "./learner.ts";
import { PHASES, REVISION } from "./rules.ts";
import { addDays } from "./settings.ts";
import { type Todo, todo } from "./today.ts";

export interface PlannedTodo extends Todo {
  /** Which of how many days that share this work; null if it has one day. */
  readonly part: { readonly number: number; readonly of: number } | null;
}

export interface WeekDay {
  readonly date: Day;
  readonly todos: readonly PlannedTodo[];
}

export interface Week {
  readonly number: number;
  readonly first: Day;
  readonly last: Day;
  /** What it is about, in a few words. */
  readonly topics: readonly string[];
  readonly days: readonly WeekDay[];
  /** Pieces of work without the cards, and how many of them are done. */
  readonly items: number;
  readonly done: number;
}

export function weeksOf(learner: Learner, practice: string): Week[] {
  const { plan, settings, logged, done } = learner;
  const days = new Map<string, Day[]>();
  for (const { date, sessions } of plan.days) {
    for (const { item } of sessions) days.set(item, [...days.get(item) ?? [], date]);
  }
  const weekOf = (day: Day) => Math.floor(daysBetween(settings.start, day) / 7);
  const [begin, end] = [weekOf(logged.from), weekOf(addDays(settings.exam_date, -1))];
  return Array.from({ length: end - begin + 1 }, (_, place) => begin + place).map((number): Week => {
    const planned = plan.days.filter(({ date }) => weekOf(date) === number);
    const names = new Set(planned.flatMap(({ sessions }) => sessions.map(({ item }) => item)));
    const items = [...names].map((name) => plan.items.get(name)!);
    const counted = items.filter(({ kind }) => kind !== "cards" && kind !== "rest");
    const first = addDays(settings.start, number * 7);
    return {
      number: number + 1,
      first: first < logged.from ? logged.from : first,
      last: minimum(addDays(first, 6), addDays(settings.exam_date, -1)),
      topics: topicsOf(items),
      days: planned.map(({ date, sessions }) => ({
        date,
        todos: sessions.map(({ item, minutes }) => {
          const dates = days.get(item)!;
          const part = dates.length > 1 ? { number: dates.indexOf(date) + 1, of: dates.length } : null;
          return { ...todo(learner, item, minutes, practice), part };
        }),
      })),
      items: counted.length,
      done: counted.filter(({ id }) => done.has(id)).length,
    };
  });
}

function topicsOf(items: readonly Item[]): string[] {
  const parts = PHASES.filter(({ id }) =>
    items.some(({ phase, chapter }) => phase === id && chapter !== null)
  );
  return [
    ...parts.map(({ title }) => title),
    ...(parts.length === 0 && items.some(({ kind }) => kind === "practice") ? ["Practice"] : []),
    ...(items.some(({ kind, phase }) => kind === "mock" && phase === null) ? ["Mock exam"] : []),
    ...(items.some(({ phase }) => phase === REVISION) ? ["Revision and timed practice"] : []),
  ];
}

function minimum(one: Day, other: Day): Day {
  return one < other ? one : other;
}
