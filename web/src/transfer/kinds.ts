/** The kinds of entries in the log: how they are called, and which fields make one. */
import { attempts } from "../log/attempts.ts";
import type { LogEvent } from "../log/events.ts";
import { isFields } from "../log/versions.ts";

type Check = (value: unknown) => boolean;

interface Kind {
  readonly one: string;
  readonly many: string;
  /** The fields that a reader needs; others may stand beside them. */
  readonly fields: Readonly<Record<string, Check>>;
}

const name: Check = (value) =>
  typeof value === "string" && value !== "" && value.length <= 200 && value !== "__proto__";
const text: Check = (value) => typeof value === "string";
const flag: Check = (value) => typeof value === "boolean";
const number: Check = Number.isFinite;
const orNothing = (check: Check): Check => (value) => value === null || check(value);

const KINDS: ReadonlyMap<string, Kind> = new Map(Object.entries({
  answer: {
    one: "answer",
    many: "answers",
    fields: { quiz: name, question: name, correct: flag, seed: number },
  },
  attempt: { one: "mock exam", many: "mock exams", fields: { results: Array.isArray } },
  mistake: {
    one: "note on a mistake",
    many: "notes on mistakes",
    fields: { question: name, kind: orNothing(text), note: text },
  },
  review: { one: "card review", many: "card reviews", fields: { card: name, rating: number } },
  undo: { one: "card review taken back", many: "card reviews taken back", fields: { event: name } },
  suspend: {
    one: "card suspended or asked again",
    many: "cards suspended or asked again",
    fields: { card: name, on: flag },
  },
  deck: {
    one: "number of new cards a day",
    many: "numbers of new cards a day",
    fields: { new_per_day: number },
  },
  plan: { one: "study plan", many: "study plans", fields: { settings: isFields } },
  done: { one: "tick in the plan", many: "ticks in the plan", fields: { item: name, on: flag } },
  lab: { one: "lab", many: "labs", fields: { lab: name, passed: flag, by: text } },
  tick: { one: "tick", many: "ticks", fields: { what: text, item: name, on: flag } },
  journal: {
    one: "journal note",
    many: "journal notes",
    fields: { entry: name, date: text, text: orNothing(text) },
  },
  export: { one: "saved copy", many: "saved copies", fields: { events: number } },
}));

/** `1 answer`, `3 card reviews`; a kind of a later version has no name here. */
export function named(type: string, count: number): string {
  const kind = KINDS.get(type) ?? {
    one: "entry of a kind that this version does not show",
    many: "entries of kinds that this version does not show",
  };
  return `${count.toLocaleString("en")} ${count === 1 ? kind.one : kind.many}`;
}

export function isKnown(type: string): boolean {
  return KINDS.has(type);
}

/** The field of an event that is missing or of the wrong kind; null if all are right. */
export function wrongField(event: LogEvent): string | null {
  const wrong = Object.entries(KINDS.get(event.type)?.fields ?? {}).find(([field, check]) =>
    !Object.hasOwn(event, field) || !check(event[field])
  );
  if (wrong) return wrong[0];
  return event.type === "attempt" && attempts([event]).length === 0 ? "results" : null;
}
