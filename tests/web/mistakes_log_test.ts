import { deepStrictEqual, ok } from "node:assert/strict";
import fc from "fast-check";
import { type LogEvent, merged } from "../../web/src/log/events.ts";
import { mistakes, openMistakes } from "../../web/src/log/mistakes.ts";

const HOUR = 3_600_000;
const START = Date.UTC(2026, 9, 24, 6);

/** The day in Berlin, where the clocks are set back in the night before 25 October 2026. */
const BERLIN = new Intl.DateTimeFormat("en-CA", { timeZone: "Europe/Berlin", dateStyle: "short" });
const inBerlin = (instant: number) => BERLIN.format(instant);

let events = 0;

function envelope(hours: number, fields: Record<string, unknown>): LogEvent {
  const t = new Date(START + hours * HOUR).toISOString();
  return { v: 1, id: `e-${++events}`, t, type: "answer", ...fields };
}

function answer(question: string, hours: number, correct: boolean): LogEvent {
  return envelope(hours, { quiz: "a/b", question, correct, response: ["a"], seed: 1 });
}

type How = "right" | "wrong" | "guess" | "wrong guess" | "blank";

function attempt(hours: number, results: Record<string, How>): LogEvent {
  return envelope(hours, {
    type: "attempt",
    exam: "mla-c01",
    kind: "form",
    title: "Form A",
    mode: "exam",
    seed: 1,
    started: "2026-10-24T06:00:00.000Z",
    ended: "2026-10-24T08:00:00.000Z",
    allowed: null,
    unseen: 0,
    results: Object.entries(results).map(([question, how]) => ({
      question,
      task: "2.3",
      scored: true,
      draft: how === "blank" ? {} : { a: "on" },
      correct: how === "right" || how === "guess",
      flagged: false,
      confidence: how.endsWith("guess") ? "guess" : null,
      spent: 60,
    })),
  });
}

const any = (question: string, hours: number, how: How) =>
  how === "right" || how === "wrong"
    ? answer(question, hours, how === "right")
    : attempt(hours, { [question]: how });

/** A past over four days, with several questions. */
const anyPast = fc.array(
  fc.tuple(
    fc.constantFrom("one", "two", "constructor"),
    fc.nat(96),
    fc.constantFrom<How>("right", "right", "wrong", "guess", "wrong guess", "blank"),
  ).map(([question, hours, how]) => any(question, hours, how)),
  { maxLength: 30 },
);

const read = (log: readonly LogEvent[]) => mistakes(log, inBerlin);
const sorted = (log: readonly LogEvent[]) =>
  read(log).sort((one, other) => one.question < other.question ? -1 : 1);
const one = (...log: LogEvent[]) => read(log)[0];

Deno.test("the order in which devices' events come together plays no part", () => {
  fc.assert(
    fc.property(
      anyPast.chain((past) =>
        fc.tuple(
          fc.constant(past),
          fc.shuffledSubarray(past, { minLength: past.length }),
          fc.subarray(past),
          fc.subarray(past),
        )
      ),
      ([past, shuffled, here, there]) => {
        deepStrictEqual(sorted(shuffled), sorted(past));
        deepStrictEqual(sorted([...here, ...past, ...there]), sorted(past));
        deepStrictEqual(sorted(merged(there, here)), sorted(merged(here, there)));
      },
    ),
    { seed: 1, numRuns: 300 },
  );
});

Deno.test("a question is cleared by right answers on two days after the last that was not, and by nothing else", () => {
  fc.assert(
    fc.property(anyPast, (past) => {
      for (const question of ["one", "two", "constructor"]) {
        const own = merged(past).flatMap((event) => {
          if (event["question"] === question) return [{ at: event.t, good: event["correct"] === true }];
          const results = (event["results"] ?? []) as Record<string, unknown>[];
          return results.filter((result) => result["question"] === question)
            .map(({ correct, confidence }) => ({
              at: event.t,
              good: correct === true && confidence === null,
            }));
        });
        const bad = own.map(({ good }) => good).lastIndexOf(false);
        const days = new Set(own.slice(bad + 1).map(({ at }) => inBerlin(Date.parse(at))));
        const found = read(past).find((mistake) => mistake.question === question);
        deepStrictEqual(found !== undefined, bad >= 0);
        if (found) deepStrictEqual(found.cleared !== null, days.size >= 2);
      }
    }),
    { seed: 1, numRuns: 500 },
  );
});

Deno.test("any number of right answers on one day clears nothing, one on another day does", () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 14 }), { minLength: 1 }), (hours) => {
      const sameDay = hours.map((hour) => answer("one", hour, true));
      const first = one(answer("one", 0, false), ...sameDay)!;
      deepStrictEqual([first.cleared, first.rightOn], [null, ["2026-10-24"]]);
      const next = one(answer("one", 0, false), ...sameDay, answer("one", 30, true))!;
      deepStrictEqual([next.cleared, next.rightOn], [START + 30 * HOUR, ["2026-10-24", "2026-10-25"]]);
    }),
    { seed: 1 },
  );
});

Deno.test("days are the learner's own: of 25 hours when the clocks are set back, and not those of UTC", () => {
  const wrong = answer("one", 0, false);
  const midnight = 16; // 22:00 UTC on 24 October
  const late = one(wrong, answer("one", midnight - 0.5, true), answer("one", midnight + 0.5, true))!;
  deepStrictEqual(late.rightOn, ["2026-10-24", "2026-10-25"]);
  const long = one(wrong, answer("one", midnight, true), answer("one", midnight + 24.9, true))!;
  deepStrictEqual([long.rightOn, long.cleared], [["2026-10-25"], null]);
  deepStrictEqual(one(wrong, answer("one", midnight, true), answer("one", midnight + 25, true))!.rightOn, [
    "2026-10-25",
    "2026-10-26",
  ]);
});

Deno.test("a guess that is right is open, and neither clears a mistake nor leaves it cleared", () => {
  deepStrictEqual(one(attempt(0, { one: "guess" }))!.last.guessed, true);
  const cleared = [answer("one", 0, false), answer("one", 1, true), answer("one", 30, true)];
  ok(one(...cleared)!.cleared !== null);
  const guessed = one(...cleared, attempt(40, { one: "guess" }))!;
  deepStrictEqual([guessed.cleared, guessed.wrong, guessed.guessed, guessed.rightOn], [null, 1, 1, []]);
});

Deno.test("a blank in an exam is wrong, a question never missed is no mistake", () => {
  const found = read([attempt(0, { one: "blank", two: "right" })]);
  deepStrictEqual(found.map(({ question, wrong }) => [question, wrong]), [["one", 1]]);
  deepStrictEqual(found[0]!.last.given, { where: "exam", draft: {}, seed: 1 });
});

Deno.test("the last remark counts, and one of another shape is passed over", () => {
  const remark = (hours: number, fields: Record<string, unknown>) =>
    envelope(hours, { type: "mistake", question: "one", kind: null, note: "", ...fields });
  const found = one(
    answer("one", 0, false),
    remark(2, { kind: "careless", note: "<b>second</b>" }),
    remark(1, { kind: "misread", note: "first" }),
    remark(3, { kind: "constructor" }),
    remark(4, { note: 7 }),
    remark(5, { question: ["one"] }),
  )!;
  deepStrictEqual([found.kind, found.note, found.dismissed], ["careless", "<b>second</b>", false]);
  deepStrictEqual(read([remark(0, { kind: "misread" })]), []);
  ok(one(answer("one", 0, false), remark(1, { dismissed: true }))!.dismissed);
});

Deno.test("no event makes the reader throw", () => {
  const field = fc.constantFrom("question", "correct", "results", "kind", "note", "t", "seed", "response");
  const strange = fc.tuple(fc.constantFrom("answer", "attempt", "mistake", "other"), field, fc.jsonValue())
    .map(([type, name, value]) => ({ ...answer("one", 0, false), type, [name]: value }) as LogEvent)
    .filter(({ t }) => typeof t === "string" && !Number.isNaN(Date.parse(t)));
  fc.assert(fc.property(fc.array(strange), (log) => void openMistakes(log)), { seed: 1, numRuns: 500 });
});
