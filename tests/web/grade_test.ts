import { deepStrictEqual, notDeepStrictEqual, ok } from "node:assert/strict";
import fc from "fast-check";
import { choiceFeedback, inRightOrder, matchFeedback, orderFeedback } from "../../web/src/quiz/feedback.ts";
import { fromAnswer, gap, instruction, isRight, overfull, toAnswer } from "../../web/src/quiz/grade.ts";
import { shuffled } from "../../web/src/quiz/shuffle.ts";
import { anyAnswered, anyQuestion, choice, key, matching, ordering, response } from "./factories.ts";

Deno.test("the key of every question is right and whole", () => {
  fc.assert(fc.property(anyQuestion, (question) => {
    ok(isRight(question, key(question)));
    deepStrictEqual(gap(question, key(question)), null);
  }));
});

Deno.test("an answer is right exactly when it is the key", () => {
  fc.assert(fc.property(anyAnswered, ([question, draft]) => {
    const same = [...key(question)].every(([id, value]) => draft.get(id) === value) &&
      draft.size === key(question).size;
    deepStrictEqual(isRight(question, draft), same);
  }));
});

Deno.test("the order in which a question is written or shown never changes a grade", () => {
  fc.assert(fc.property(anyAnswered, fc.nat(), ([question, draft], seed) => {
    const turned = question.type === "matching"
      ? {
        ...question,
        prompts: shuffled(question.prompts, seed),
        responses: shuffled(question.responses, seed),
      }
      : question.type === "ordering"
      ? { ...question, responses: shuffled(question.responses, seed) }
      : { ...question, options: shuffled(question.options, seed) };
    const sameInOtherOrder = new Map(shuffled([...draft], seed));
    deepStrictEqual(isRight(turned, sameInOtherOrder), isRight(question, draft));
  }));
});

Deno.test("there is no credit for a part", () => {
  ok(!isRight(response([0, 2]), new Map([["constructor", "on"]])));
  ok(!isRight(response([0, 2]), new Map([["constructor", "on"], ["valueof", "on"], ["a", "on"]])));
  ok(!isRight(ordering(3, 1), new Map([["constructor", "1"], ["to-string", "2"], ["a", "3"]])));
  ok(!isRight(matching(), new Map([["constructor", "constructor"], ["to-string", "to-string"]])));
});

Deno.test("an answer comes back from the log as it went in", () => {
  fc.assert(fc.property(anyAnswered, ([question, draft]) => {
    const stored: unknown = JSON.parse(JSON.stringify(toAnswer(question, draft)));
    deepStrictEqual(fromAnswer(question, stored), draft);
  }));
});

Deno.test("a stored answer that does not fit the question is not used", () => {
  fc.assert(fc.property(anyQuestion, fc.anything(), (question, stored) => {
    const draft = fromAnswer(question, stored);
    if (draft) deepStrictEqual(gap(question, draft), null);
  }));
  deepStrictEqual(fromAnswer(choice(), ["no-such-option"]), null);
  deepStrictEqual(fromAnswer(response(), ["a", "a"]), null);
  deepStrictEqual(fromAnswer(ordering(), { constructor: "1" }), null);
  deepStrictEqual(fromAnswer(matching(), ["constructor"]), null);
});

Deno.test("the number to select is counted, not typed", () => {
  deepStrictEqual(instruction(choice()), "Select one.");
  deepStrictEqual(instruction(response([0, 1])), "Select TWO.");
  deepStrictEqual(instruction(response([0, 1, 2], 6)), "Select THREE.");
  deepStrictEqual(instruction(ordering(3, 0)), "Put these three in order.");
  deepStrictEqual(instruction(ordering(3, 2)), "Put three of these five in order. The others are not used.");
  deepStrictEqual(
    instruction(matching([0, 1, 2], 3)),
    "Match each line with its response. Use each response once.",
  );
  notDeepStrictEqual(instruction(matching([0, 0, 2], 3)), instruction(matching([0, 1, 2], 3)));
});

Deno.test("what is missing is said", () => {
  deepStrictEqual(gap(choice(), new Map()), "Choose an answer first.");
  deepStrictEqual(gap(response(), new Map([["a", "on"]])), "Select two: one chosen so far.");
  deepStrictEqual(
    gap(ordering(), new Map([["a", "1"]])),
    "Give each position once: two of three still open.",
  );
  deepStrictEqual(
    gap(ordering(), new Map([["a", "1"], ["constructor", "1"]])),
    "Position 1 is given twice. Use each position once.",
  );
  deepStrictEqual(
    gap(matching(), new Map([["constructor", "a"]])),
    "Choose a response for each line: two still open.",
  );
});

Deno.test("one option too many is noticed before the check", () => {
  const two = new Map([["a", "on"], ["b", "on"]]);
  ok(!overfull(response(), two));
  ok(overfull(response(), new Map(two).set("constructor", "on")));
});

Deno.test("every option says what it is in words", () => {
  const question = choice(1);
  const said = question.options.map((option) =>
    choiceFeedback(option, new Map([["constructor", "on"]])).words
  );
  deepStrictEqual(said, ["Your answer, not correct", "Correct answer", "Not correct", "Not correct"]);
  deepStrictEqual(choiceFeedback(question.options[1]!, key(question)).words, "Your answer, correct");
});

Deno.test("every step and line says the learner's answer and the right one", () => {
  const steps = ordering(3, 1);
  const given = new Map([["constructor", "1"], ["valueof", "2"], ["a", "3"]]);
  deepStrictEqual(inRightOrder(steps).map((one) => orderFeedback(one, given).words), [
    "Your answer, correct: position 1",
    "Your answer: not used. Correct answer: position 2",
    "Your answer: position 2. Correct answer: position 3",
    "Your answer: position 3. Correct answer: not used",
  ]);
  const lines = matching();
  deepStrictEqual(
    matchFeedback(lines.prompts[0]!, lines, new Map([["constructor", "a"]])).words,
    "Your answer: ‘response a’. Correct answer: ‘response constructor’",
  );
});
