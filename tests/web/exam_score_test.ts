import { deepStrictEqual, match, ok } from "node:assert/strict";
import fc from "fast-check";
import { advice } from "../../web/src/exam/advice.ts";
import { byConfidence, byDomain, estimate, pace, scaled, wilson } from "../../web/src/exam/score.ts";
import { announcement, clockFace } from "../../web/src/exam/words.ts";
import type { LoggedAttempt, LoggedResult } from "../../web/src/log/attempts.ts";
import { bank, EXAM } from "./exam_factories.ts";

function result(task: string, correct: boolean, changes: Partial<LoggedResult> = {}): LoggedResult {
  return {
    question: `q-${task}-0`,
    task,
    scored: true,
    draft: { a: "on" },
    correct,
    flagged: false,
    confidence: null,
    spent: 60,
    ...changes,
  };
}

function attempt(results: LoggedResult[], changes: Partial<LoggedAttempt> = {}): LoggedAttempt {
  return {
    id: "a",
    exam: "mla-c01",
    kind: "form",
    title: "Form A",
    mode: "exam",
    seed: 1,
    started: "2026-11-23T12:00:00.000Z",
    ended: "2026-11-23T13:00:00.000Z",
    allowed: 7800,
    unseen: 0,
    results,
    ...changes,
  };
}

const scored = (right: number, total = 50) =>
  Array.from({ length: total }, (_, n) => result("1.1", n < right));

Deno.test("the scale runs from 100 to 1,000 in a straight line", () => {
  deepStrictEqual([0, 0.5, 1].map((share) => scaled(share, EXAM)), [100, 550, 1000]);
});

Deno.test("the interval holds the share, grows narrower with more questions, and mirrors", () => {
  fc.assert(fc.property(fc.integer({ min: 1, max: 200 }), fc.nat(200), (total, any) => {
    const right = Math.min(any, total);
    const { low, high } = wilson({ right, total });
    ok(0 <= low && low <= right / total && right / total <= high && high <= 1);
    const mirrored = wilson({ right: total - right, total });
    ok(Math.abs(low - (1 - mirrored.high)) < 1e-12);
    const more = wilson({ right: 4 * right, total: 4 * total });
    ok(more.high - more.low < high - low + 1e-12);
  }));
});

Deno.test("only the questions that count make the estimate, and a practice set has none", () => {
  const results = [
    ...scored(35),
    ...Array.from({ length: 15 }, () => result("1.1", true, { scored: false })),
  ];
  deepStrictEqual(estimate(attempt(results), EXAM)?.score, 730);
  deepStrictEqual(estimate(attempt(results, { kind: "practice" }), EXAM), null);
  deepStrictEqual(estimate(attempt([result("1.1", true, { scored: false })]), EXAM), null);
});

Deno.test("the verdict speaks of the interval, not of the point", () => {
  deepStrictEqual([0, 36, 50].map((right) => estimate(attempt(scored(right)), EXAM)?.verdict), [
    "below",
    "open",
    "above",
  ]);
});

Deno.test("every domain and task has a row, also where nothing was asked", () => {
  const rows = byDomain([result("2.3", true), result("2.3", false)], EXAM);
  deepStrictEqual(rows.map(({ domain }) => [domain.right, domain.total]), [[0, 0], [1, 2], [0, 0], [0, 0]]);
  deepStrictEqual(rows[1]!.tasks.map(({ id, total }) => [id, total]), [["2.1", 0], ["2.2", 0], ["2.3", 2]]);
});

Deno.test("pace looks at what was answered", () => {
  const results = [
    result("1.1", true, { spent: 30 }),
    result("1.1", true, { spent: 100 }),
    result("1.1", true, { spent: 300 }),
    result("1.1", false, { spent: 900, draft: {} }),
  ];
  deepStrictEqual(pace(results, EXAM), { median: 100, given: 120, long: 1, blank: 1 });
  deepStrictEqual(pace([], EXAM).median, 0);
});

Deno.test("confidence is set against correctness, levels never chosen are left out", () => {
  const results = [
    result("1.1", false, { confidence: "sure" }),
    result("1.1", true, { confidence: "sure" }),
    result("1.1", true),
  ];
  deepStrictEqual(byConfidence(results), [{ level: "sure", right: 1, total: 2 }]);
});

Deno.test("there are always three things to do, each with words", () => {
  const from = bank(1);
  const cases = [scored(50), scored(0), [result("4.1", false, { draft: {}, confidence: "sure" })], [
    result("4.1", true),
  ]];
  for (const results of cases) {
    const found = advice(from, EXAM, attempt(results));
    deepStrictEqual(found.length, 3);
    ok(found.every(({ words, link, sit }) => words && (link || sit || words.includes("guess"))));
  }
});

Deno.test("the first advice is the task where most points are lost", () => {
  const results = [result("3.1", false), result("1.2", false), result("1.2", false), result("4.1", true)];
  const [first] = advice(bank(1), EXAM, attempt(results));
  match(first!.words, /task 1\.2/);
  deepStrictEqual(first!.sit?.choice, { what: "task", task: "1.2" });
});

Deno.test("the clock shows seconds and speaks seldom", () => {
  deepStrictEqual([7_800_000, 309_001, 0].map(clockFace), ["2:10:00", "5:10", "0:00"]);
  const said = Array.from({ length: 130 }, (_, minute) => announcement(60_000 * (130 - minute))).filter(
    Boolean,
  );
  deepStrictEqual(said.length, 8 + 1 + 5);
});
