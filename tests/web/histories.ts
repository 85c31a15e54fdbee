/** Learners' histories for property tests: plausible events of every kind, with repetition and with clashes. */
import fc from "fast-check";
import type { LogEvent } from "../../web/src/log/events.ts";

export const START = Date.UTC(2026, 8, 1);
const HOUR = 3_600_000;

/** Tests repeat: every run draws the same histories. */
fc.configureGlobal({ seed: 20261123 });

/** Any of a few names, so that events speak of the same things often. */
const name = (of: string) => fc.nat(3).map((number) => `${of}-${number}`);

const fields: Record<string, fc.Arbitrary<Record<string, unknown>>> = {
  answer: fc.record({
    quiz: name("quiz"),
    question: name("question"),
    response: fc.array(name("option"), { maxLength: 2 }),
    correct: fc.boolean(),
    seed: fc.nat(),
  }),
  mistake: fc.record({
    question: name("question"),
    kind: fc.constantFrom("misread", "careless", null),
    note: fc.string(),
  }),
  review: fc.record({ card: name("card"), rating: fc.integer({ min: 1, max: 4 }) }),
  undo: fc.record({ event: fc.nat(80).map((number) => `event-${number}`) }),
  suspend: fc.record({ card: name("card"), on: fc.boolean() }),
  deck: fc.record({ new_per_day: fc.nat(50) }),
  plan: fc.record({
    settings: fc.record({
      exam: fc.constant("mla-c01"),
      start: fc.constant("2026-09-01"),
      exam_date: fc.constant("2026-11-30"),
      hours: fc.constant([0, 1, 1, 1, 1, 2, 0]),
      days_off: fc.constant([]),
    }),
  }),
  done: fc.record({ item: name("item"), on: fc.boolean() }),
  lab: fc.record({ lab: name("lab"), passed: fc.boolean(), by: fc.constantFrom("notebook", "hand") }),
  tick: fc.record({ what: fc.constantFrom("tool", "milestone"), item: name("tool"), on: fc.boolean() }),
  journal: fc.record({
    entry: name("entry"),
    date: fc.constant("2026-11-23"),
    text: fc.option(fc.string(), { nil: null }),
  }),
  export: fc.record({ events: fc.nat() }),
  "of-next-year": fc.record({ payload: fc.array(fc.integer(), { maxLength: 3 }) }),
};

/** An event at one of so many hours, with an id that others may have too. */
export function anyEvent(hours = 100): fc.Arbitrary<LogEvent> {
  // Answers more often than the rest, so that some of one question fall on one day.
  return fc.constantFrom(...Object.keys(fields), ...Array(8).fill("answer")).chain((type) =>
    fc.record({
      fields: fields[type]!,
      id: fc.nat(80).map((number) => `event-${number}`),
      hour: fc.nat(hours),
    }).map(({ fields, id, hour }) => {
      const t = new Date(START + hour * HOUR).toISOString();
      // Plain records, as they come out of JSON.
      return JSON.parse(JSON.stringify({ ...fields, v: 1, id, t, type }));
    })
  );
}

export function anyHistory(most = 40, hours = 100): fc.Arbitrary<LogEvent[]> {
  return fc.array(anyEvent(hours), { maxLength: most, size: "max" });
}

/** The same for a log, where each id stands once. */
export function anyLog(most = 60, hours = 100): fc.Arbitrary<LogEvent[]> {
  return fc.uniqueArray(anyEvent(hours), { maxLength: most, size: "max", selector: ({ id }) => id });
}
