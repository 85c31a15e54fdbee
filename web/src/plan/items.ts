/** The pieces of a plan: what can be ticked, and the days it falls on. */
import type { Day } from "../log/days.ts";

export type Kind =
  | "diagnostic"
  | "read"
  | "exercises"
  | "quiz"
  | "practice"
  | "revise"
  | "mock"
  | "timed"
  | "review"
  | "cards"
  | "rest"
  /** Time between two items that nothing is planned for; it has no id and is on no day. */
  | "gap";

/** A piece of work that can be ticked; `whole` is what it takes when nothing is cut. */
export interface Item {
  readonly id: string;
  readonly kind: Kind;
  readonly minutes: number;
  readonly whole: number;
  readonly phase: string | null;
  readonly chapter: string | null;
  readonly task: string | null;
  readonly questions: number | null;
}

/** So many minutes of an item on a day. */
export interface Session {
  readonly item: string;
  readonly minutes: number;
}

/** A day with time, and what is done on it; the minutes that no session takes are spare. */
export interface PlannedDay {
  readonly date: Day;
  readonly minutes: number;
  readonly sessions: readonly Session[];
}

/** A task whose chapters do not get all their time, in minutes. */
export interface Cut {
  readonly task: string;
  readonly needed: number;
  readonly given: number;
}

export interface Plan {
  readonly days: readonly PlannedDay[];
  readonly items: ReadonlyMap<string, Item>;
  /** The first day of the revision. */
  readonly revision: Day;
  readonly cuts: readonly Cut[];
  /** Projects for which there is no time. */
  readonly left_out: readonly string[];
}

export function item(id: string, kind: Kind, minutes: number, more: Partial<Item> = {}): Item {
  return {
    id,
    kind,
    minutes,
    whole: minutes,
    phase: null,
    chapter: null,
    task: null,
    questions: null,
    ...more,
  };
}

export function sum(items: readonly { readonly minutes: number }[]): number {
  return items.reduce((total, { minutes }) => total + minutes, 0);
}

/** Minutes of a day for which nothing is planned. */
export function spare({ minutes, sessions }: PlannedDay): number {
  return minutes - sum(sessions);
}
