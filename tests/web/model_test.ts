import { deepStrictEqual, ok } from "node:assert/strict";
import fc from "fast-check";
import * as model from "../../web/src/quiz/model.ts";
import { mulberry32, shuffled } from "../../web/src/quiz/shuffle.ts";
import { anyAnswered, choice, key, matching, ordering, quiz, response } from "./factories.ts";

const NOTHING = new Map<string, model.Past>();

function counting(from = 1): () => number {
  let next = from;
  return () => next++;
}

function started(...questions: Parameters<typeof quiz>): model.QuizState {
  return model.start(quiz(...questions), counting(), NOTHING);
}

function solved(state: model.QuizState, id: string): model.QuizState {
  const filled = [...key(model.questionOf(state, id))].reduce(
    (next, [name, value]) => model.put(next, id, name, value),
    state,
  );
  return model.check(filled, id);
}

Deno.test("mulberry32 gives the published numbers", () => {
  // Tommy Ettinger's generator; values of the widely used JavaScript port.
  const random = mulberry32(1);
  deepStrictEqual([random(), random(), random()], [
    0.6270739405881613,
    0.002735721180215478,
    0.5274470399599522,
  ]);
});

Deno.test("a shuffle keeps every item and depends on the seed alone", () => {
  fc.assert(fc.property(fc.uniqueArray(fc.integer()), fc.nat(), (items, seed) => {
    const order = shuffled(items, seed);
    deepStrictEqual(order, shuffled(items, seed));
    deepStrictEqual(order.toSorted((a, b) => a - b), items.toSorted((a, b) => a - b));
  }));
});

Deno.test("each place is as likely as the others", () => {
  const first = Array.from({ length: 4000 }, (_, seed) => shuffled(["a", "b", "c", "d"], seed)[0]);
  for (const item of ["a", "b", "c", "d"]) {
    const share = first.filter((one) => one === item).length / first.length;
    ok(Math.abs(share - 0.25) < 0.03, `${item} comes first in ${share} of the shuffles`);
  }
});

Deno.test("a second radio replaces the first, a second checkbox does not", () => {
  let state = started(choice(), response());
  for (const id of ["choice", "response"]) {
    state = model.put(model.put(state, id, "a", "on"), id, "constructor", "on");
  }
  deepStrictEqual([...model.attemptOf(state, "choice").draft.keys()], ["constructor"]);
  deepStrictEqual([...model.attemptOf(state, "response").draft.keys()], ["a", "constructor"]);
});

Deno.test("an answer that is not whole is not graded but its gap is named", () => {
  const state = model.check(started(response()), "response");
  deepStrictEqual(model.outcome(state, response()), "open");
  deepStrictEqual(
    model.hint(response(), model.attemptOf(state, "response")),
    "Select two: none chosen so far.",
  );
  deepStrictEqual(model.answered(state, "response"), null);
});

Deno.test("after the check an answer can no longer be changed", () => {
  const state = solved(started(choice()), "choice");
  deepStrictEqual(model.put(state, "choice", "a", "on"), state);
});

Deno.test("the score counts what is checked and what is right", () => {
  let state = started(choice(), response(), ordering(), matching());
  deepStrictEqual(model.score(state), { total: 4, checked: 0, right: 0 });
  state = solved(solved(state, "ordering"), "matching");
  state = model.check(model.put(state, "choice", "constructor", "on"), "choice");
  deepStrictEqual(model.score(state), { total: 4, checked: 3, right: 2 });
});

Deno.test("the questions of a case study count each by itself", () => {
  const state = started({
    id: "case",
    type: "case_study",
    scenario: "A bank.",
    questions: [{ ...choice(), id: "one" }, { ...response(), id: "two" }],
  });
  deepStrictEqual(model.score(solved(state, "one")), { total: 2, checked: 1, right: 1 });
});

Deno.test("trying again opens a question in a new order", () => {
  const state = model.retry(solved(started(choice()), "choice"), "choice", 77);
  deepStrictEqual(model.attemptOf(state, "choice"), {
    seed: 77,
    draft: new Map(),
    checked: false,
    warned: false,
  });
});

Deno.test("the wrong ones are opened again, the right ones stay", () => {
  let state = solved(started(choice(), matching()), "matching");
  state = model.check(model.put(state, "choice", "constructor", "on"), "choice");
  state = model.retryWrong(state, counting(50));
  deepStrictEqual(model.outcomes(state), ["open", "right"]);
});

Deno.test("a quiz starts as it was left: answer, order and grade", () => {
  fc.assert(fc.property(anyAnswered, fc.nat(), ([question, draft], seed) => {
    let state = model.retry(started(question), question.id, seed);
    for (const [name, value] of draft) state = model.put(state, question.id, name, value);
    state = model.check(state, question.id);
    const stored = model.answered(state, question.id)!;
    const past = new Map([[question.id, JSON.parse(JSON.stringify(stored)) as model.Past]]);
    const again = model.start(quiz(question), counting(), past);
    deepStrictEqual(model.outcome(again, question), model.outcome(state, question));
    deepStrictEqual(model.attemptOf(again, question.id).seed, seed);
    deepStrictEqual(model.answered(again, question.id), stored);
  }));
});

Deno.test("a past answer to a question that has changed is left out", () => {
  const past = new Map([["choice", { response: ["an-option-of-last-year"], seed: 5 }]]);
  const state = model.start(quiz(choice()), counting(), past);
  deepStrictEqual(model.attemptOf(state, "choice"), {
    seed: 1,
    draft: new Map(),
    checked: false,
    warned: false,
  });
});
