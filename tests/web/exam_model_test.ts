import { deepStrictEqual, notDeepStrictEqual, ok } from "node:assert/strict";
import fc from "fast-check";
import { bankOf } from "../../web/src/exam/bank.ts";
import * as model from "../../web/src/exam/model.ts";
import { sentences } from "../../web/src/exam/sentences.ts";
import { attempts, lastResults } from "../../web/src/log/attempts.ts";
import type { LogEvent } from "../../web/src/log/events.ts";
import type { Question } from "../../web/src/quiz/grade.ts";
import { shuffled } from "../../web/src/quiz/shuffle.ts";
import { at, bank, caseStudy, NOW, RULES, sitting } from "./exam_factories.ts";
import { anyAnswered, choice, key, response } from "./factories.ts";

const one = (question: Question) => bankOf({ rules: RULES, questions: [at(question, "q", "2.3")] });
const asked = (from: ReturnType<typeof bank>, id: string) => from.asked.get(id)!.question;

function filled(state: model.Sitting, question: Question, draft: ReadonlyMap<string, string>): model.Sitting {
  return [...draft].reduce((next, [name, value]) => model.put(next, question, name, value), state);
}

Deno.test("shuffling never changes a grade", () => {
  fc.assert(fc.property(anyAnswered, fc.nat(), fc.nat(), ([question, draft], seed, other) => {
    const from = one(question);
    const grade = (with_: number) => {
      const state = filled(sitting(from, { seed: with_ }), asked(from, "q"), draft);
      return model.handIn(from, state).results[0]!.correct;
    };
    deepStrictEqual(grade(seed), grade(other));
  }));
});

Deno.test("the right answer is right for every type, a blank is wrong", () => {
  fc.assert(fc.property(anyAnswered, ([question]) => {
    const from = one(question);
    const results = (state: model.Sitting) => model.handIn(from, state).results[0]!.correct;
    deepStrictEqual(results(filled(sitting(from), asked(from, "q"), key(question))), true);
    deepStrictEqual(results(sitting(from)), false);
  }));
});

Deno.test("the order depends on the seed, and keeps a case study together", () => {
  const from = bankOf({
    rules: RULES,
    questions: [caseStudy("x", "1.1", 3), ...[1, 2, 3, 4].map((n) => at(choice(), `q${n}`, "1.1"))],
  });
  fc.assert(fc.property(fc.nat(), (seed) => {
    const order = sitting(from, { seed }).entries.map(({ question }) => question);
    deepStrictEqual([...order].sort(), [...from.asked.keys()].sort());
    const first = order.indexOf("x-0");
    deepStrictEqual(order.slice(first, first + 3), ["x-0", "x-1", "x-2"]);
  }));
  notDeepStrictEqual(sitting(from, { seed: 1 }).entries, sitting(from, { seed: 2 }).entries);
});

Deno.test("questions of one sitting have orders of their own", () => {
  const orders = ["a", "b", "c", "d", "e"].map((id) =>
    shuffled([1, 2, 3, 4], model.optionSeed(1, id)).join()
  );
  ok(new Set(orders).size > 1);
});

Deno.test("crossing out takes an option out of the answer, choosing it brings it back", () => {
  const from = one(response());
  const question = asked(from, "q");
  let state = model.put(sitting(from), question, "a", "on");
  state = model.toggleStruck(state, "q", "a");
  deepStrictEqual([model.workOf(state, "q").draft, model.workOf(state, "q").struck], [{}, ["a"]]);
  state = model.put(state, question, "a", "on");
  deepStrictEqual([model.workOf(state, "q").draft, model.workOf(state, "q").struck], [{ a: "on" }, []]);
});

Deno.test("an answer can be checked in practice mode only, and stays after that", () => {
  const from = one(choice());
  const question = asked(from, "q");
  const exam = model.check(filled(sitting(from), question, key(question)), question);
  deepStrictEqual(model.workOf(exam, "q").checked, false);
  let practice = sitting(from, { mode: "practice" });
  practice = model.check(practice, question);
  deepStrictEqual(model.workOf(practice, "q").checked, false);
  practice = model.check(filled(practice, question, key(question)), question);
  deepStrictEqual(model.workOf(practice, "q").checked, true);
  deepStrictEqual(model.put(practice, question, "a", "on"), practice);
});

Deno.test("only an exam without a clock can be paused, and a pause is no time spent", () => {
  const from = bank(1);
  deepStrictEqual(model.pause(sitting(from), true).paused, false);
  const free = model.pause(sitting(from, { allowed: null }), true);
  const later = model.tick(free, NOW + 60_000, 0);
  deepStrictEqual([free.paused, model.workOf(later, model.current(later)).spent], [true, 0]);
  deepStrictEqual(model.remaining(later, NOW), null);
});

Deno.test("time is spent on the question that is shown, and not while nobody could see it", () => {
  const from = bank(1);
  let state = model.tick(sitting(from), NOW + 30_000, 0);
  const first = model.current(state);
  state = model.tick(model.goTo(state, 1), NOW + 90_000, 0);
  state = model.tick(state, NOW + 600_000, 510_000);
  deepStrictEqual(
    [model.workOf(state, first).spent, model.workOf(state, model.current(state)).spent, state.unseen],
    [30_000, 60_000, 510_000],
  );
});

Deno.test("going past the last question leads to the review", () => {
  const from = bank(1);
  const state = model.goTo(sitting(from), 12);
  deepStrictEqual([state.at, state.reviewing], [11, true]);
  deepStrictEqual([model.goTo(state, -1).at, model.goTo(state, 3).reviewing], [0, false]);
});

Deno.test("a stored sitting comes back whole", () => {
  const from = bank(2);
  let state = sitting(from);
  for (const { question: id } of state.entries.slice(0, 9)) {
    state = filled(state, asked(from, id), key(asked(from, id)));
  }
  state = model.toggleFlag(model.setConfidence(state, "q-1.1-0", "guess"), "q-1.1-0");
  state = model.tick(model.toggleMarked(state, "q-1.1-0", 0), NOW + 5000, 0);
  deepStrictEqual(model.restored(from, JSON.parse(JSON.stringify(state))), state);
});

Deno.test("questions that have left the bank are left out of a stored sitting", () => {
  const state = sitting(bank(2));
  const smaller = bank(1);
  const back = model.restored(smaller, JSON.parse(JSON.stringify({ ...state, at: 23 })))!;
  deepStrictEqual([back.entries.length, back.at], [12, 11]);
  deepStrictEqual(model.restored(bank(0), state), null);
});

Deno.test("no stored content makes the exam throw", () => {
  const from = bank(1);
  const whole = JSON.parse(JSON.stringify(sitting(from)));
  const mutated = fc.tuple(fc.constantFrom(...Object.keys(whole)), fc.jsonValue())
    .map(([field, value]) => ({ ...whole, [field]: value }));
  const work = fc.jsonValue().map((value) => ({ ...whole, work: { "q-1.1-0": value } }));
  fc.assert(
    fc.property(fc.oneof(fc.jsonValue(), mutated, work), (stored) => {
      const state = model.restored(from, stored);
      if (!state) return;
      model.handIn(from, model.tick(model.goTo(state, 2), state.seen + 1000, 0));
      for (const { question } of state.entries) model.standing(state, asked(from, question));
    }),
    { numRuns: 2000 },
  );
});

Deno.test("what is handed in is read back from the log, strange events are passed over", () => {
  const from = bank(1);
  const event = {
    v: 1,
    id: "a",
    t: new Date(NOW).toISOString(),
    type: "attempt",
    ...model.handIn(from, sitting(from)),
  };
  const strange = [{ results: [] }, { results: [{}] }, { kind: "other" }, { started: "x" }, { seed: "1" }]
    .map((change) => ({ ...event, ...change }));
  deepStrictEqual(attempts([event, ...strange, { ...event, type: "answer" }] as LogEvent[]), [event]);
  const last = lastResults([...strange, event] as LogEvent[]);
  deepStrictEqual(last.get("q-1.1-0"), false);
});

Deno.test("what is handed in ends at the deadline, however late the page is opened", () => {
  const from = bank(1);
  const state = model.tick(sitting(from), NOW + 10 * 3600_000, 9 * 3600_000);
  const { ended, allowed } = model.handIn(from, state);
  deepStrictEqual([ended, allowed], [new Date(NOW + 130 * 60_000).toISOString(), 130 * 60]);
});

Deno.test("a stem is cut into sentences, never inside code or strong text", () => {
  deepStrictEqual(sentences("One is 0.94. Two `a. B` stay.\n\nWhat **first? Now** or later? Then."), [
    ["One is 0.94.", "Two `a. B` stay."],
    ["What **first? Now** or later?", "Then."],
  ]);
  fc.assert(fc.property(fc.string(), (text) => {
    const whole = text.trim().split(/\n\s*\n/).filter((part) => part.trim()).map((part) =>
      part.trim().replace(/\s+/g, " ")
    );
    deepStrictEqual(sentences(text).map((parts) => parts.join(" ")), whole);
  }));
});
