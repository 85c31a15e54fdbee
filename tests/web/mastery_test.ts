import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import fc from "fast-check";
import { merged } from "../../web/src/log/events.ts";
import { outcomes } from "../../web/src/log/outcomes.ts";
import { thinned } from "../../web/src/log/thin.ts";
import {
  type Answer,
  evidence,
  HALF_LIFE,
  level,
  mastery,
  standings,
  weakestFirst,
} from "../../web/src/progress/mastery.ts";
import { anyEvent } from "./histories.ts";
import { answer, COURSE, exam } from "./progress_factories.ts";

const ROUNDING = 1e-12;
const LAST_DAY = 200;

function dayAfter(days: number): string {
  return new Date(Date.UTC(2026, 8, 1) + days * 86_400_000).toISOString().slice(0, 10);
}

const anyAnswer: fc.Arbitrary<Answer> = fc.record({
  question: fc.nat(5).map(String),
  correct: fc.boolean(),
  day: fc.nat(LAST_DAY).map(dayAfter),
});
const answers = fc.array(anyAnswer, { maxLength: 40 });
const anyDay = fc.nat(400).map(dayAfter);

function right(count: number, day: string, correct = true): Answer[] {
  return Array.from({ length: count }, (_, number) => ({ question: `q-${number}`, correct, day }));
}

Deno.test("mastery is a share, and one half where nothing was answered", () => {
  strictEqual(mastery([], dayAfter(0)).share, 0.5);
  fc.assert(fc.property(answers, anyDay, (given, today) => {
    const { share, right, asked, weight } = mastery(given, today);
    ok(share > 0 && share < 1 && right <= asked && weight <= asked);
  }));
});

Deno.test("a right answer never lowers mastery, whenever it was given, and a wrong one never raises it", () => {
  fc.assert(
    fc.property(answers, anyAnswer, anyDay, (given, one, today) => {
      const before = mastery(given, today).share;
      const after = mastery([...given, one], today).share;
      ok(one.correct ? after >= before - ROUNDING : after <= before + ROUNDING);
    }),
    { numRuns: 500 },
  );
});

Deno.test("time alone moves mastery towards one half, and never past it", () => {
  fc.assert(
    fc.property(answers, fc.nat(400), fc.nat(400), (given, first, more) => {
      const [early, late] = [first, first + more].map((days) =>
        mastery(given, dayAfter(LAST_DAY + days)).share - 0.5
      );
      ok(Math.abs(late!) <= Math.abs(early!) + ROUNDING);
      ok(early! * late! >= -ROUNDING);
    }),
    { numRuns: 500 },
  );
});

Deno.test("the order of the answers plays no part", () => {
  fc.assert(
    fc.property(
      answers.chain((given) =>
        fc.tuple(fc.constant(given), fc.shuffledSubarray(given, { minLength: given.length }))
      ),
      anyDay,
      ([given, shuffled], today) => {
        const [one, other] = [mastery(given, today), mastery(shuffled, today)];
        ok(Math.abs(one.share - other.share) < ROUNDING);
        deepStrictEqual([one.asked, one.right, one.last], [other.asked, other.right, other.last]);
      },
    ),
  );
});

Deno.test("two devices agree on mastery, whichever takes in the other's events first", () => {
  const events = fc.array(anyEvent(), { maxLength: 60 });
  fc.assert(fc.property(events, events, anyDay, (one, other, today) => {
    deepStrictEqual(
      mastery(outcomes(merged(one, other)), today),
      mastery(outcomes(merged(other, one)), today),
    );
  }));
});

Deno.test("a log that has grown long is thinned without a change of mastery", () => {
  fc.assert(fc.property(fc.array(anyEvent(), { maxLength: 120 }), anyDay, (events, today) => {
    const all = merged(events);
    const [one, other] = [all, thinned(all)].map((list) => mastery(outcomes(list), today));
    ok(Math.abs(one!.share - other!.share) < ROUNDING);
    deepStrictEqual([one!.asked, one!.right], [other!.asked, other!.right]);
  }));
});

Deno.test("an answer weighs half after a half-life", () => {
  deepStrictEqual(mastery(right(3, dayAfter(0)), dayAfter(0)).share, 4 / 5);
  deepStrictEqual(mastery(right(4, dayAfter(0)), dayAfter(HALF_LIFE)).share, 3 / 4);
  deepStrictEqual(mastery(right(4, dayAfter(0), false), dayAfter(HALF_LIFE)).share, 1 / 4);
});

Deno.test("a wrong answer makes its day wrong, and no other day", () => {
  const one = (correct: boolean, day: number): Answer => ({ question: "q", correct, day: dayAfter(day) });
  const { right, asked } = mastery([one(false, 0), one(true, 0), one(true, 0), one(true, 1)], dayAfter(1));
  deepStrictEqual([right, asked], [1, 2]);
});

Deno.test("an answer of tomorrow, from a clock that is ahead, weighs as one of today", () => {
  strictEqual(mastery(right(1, dayAfter(9)), dayAfter(3)).weight, 1);
});

Deno.test("levels and evidence are told apart in words", () => {
  const today = dayAfter(200);
  const of = (given: Answer[]) => [level(mastery(given, today)), evidence(mastery(given, today))];
  deepStrictEqual(of([]), ["unknown", "none"]);
  deepStrictEqual(of(right(1, today)), ["growing", "thin"]);
  deepStrictEqual(of(right(1, today, false)), ["weak", "thin"]);
  deepStrictEqual(of(right(5, today)), ["firm", "some"]);
  // 79.6 % is shown as 80 %, and told as what is shown.
  strictEqual(level({ share: 0.796, asked: 9, right: 7, weight: 9, last: today }), "firm");
  deepStrictEqual(of(right(12, today)), ["firm", "broad"]);
  deepStrictEqual(of(right(12, dayAfter(0))), ["weak", "faded"]);
});

Deno.test("a question counts for its task, and one that has left the course for the task it had in its exam", () => {
  const events = [
    answer("q-2.3-0", "2026-11-20", true),
    answer("unknown", "2026-11-20", true),
    exam("2026-11-21", { total: 2 }),
  ];
  const domains = standings(COURSE, "mla-c01", outcomes(events), "2026-11-23");
  const asked = domains.flatMap(({ tasks }) => tasks).filter(({ mastery }) => mastery.asked > 0);
  deepStrictEqual(asked.map(({ id, mastery, questions }) => [id, mastery.asked, questions]), [
    ["2.3", 1, 2],
    ["3.1", 2, 0],
  ]);
  deepStrictEqual(domains.map(({ mastery }) => mastery.asked), [0, 1, 2, 0]);
  deepStrictEqual(standings(COURSE, "no-such-exam", outcomes(events), "2026-11-23"), []);
});

Deno.test("weakest first: by mastery, then the heavier domain, then the exam guide's order", () => {
  const events = [answer("q-2.3-0", "2026-11-23", false), answer("q-2.1-0", "2026-11-23", true)];
  const order = weakestFirst(standings(COURSE, "mla-c01", outcomes(events), "2026-11-23")).map(({ id }) =>
    id
  );
  deepStrictEqual(order, [
    "2.3",
    "1.1",
    "1.2",
    "1.3",
    "2.2",
    "4.1",
    "4.2",
    "4.3",
    "3.1",
    "3.2",
    "3.3",
    "2.1",
  ]);
});
