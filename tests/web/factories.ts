/** Questions for the tests: one of each type, and arbitrary ones. */
import fc from "fast-check";
import type {
  Matching,
  MultipleChoice,
  MultipleResponse,
  Ordering,
  QuizDocument,
} from "../../web/src/bank.d.ts";
import type { Draft, Question } from "../../web/src/quiz/grade.ts";

const COMMON = {
  exams: { "mla-c01": ["2.3.K1"], "mla-c02": ["2.3.6"] },
  difficulty: 2,
  stem: "What now?",
  learn_link: { href: "#here", label: "Here" },
  sources: [{ url: "https://example.org/page", checked: "2026-11-23" }],
  reviewed: "2026-11-23",
};

/** Ids that are also names of an object's own parts, since those are where lookups go wrong. */
const IDS = ["constructor", "to-string", "valueof", "a", "b", "c", "d", "e", "f", "g"];

export function choice(correct = 1): MultipleChoice {
  const options = IDS.slice(0, 4).map((id, index) => ({
    id,
    text: id,
    correct: index === correct,
    why: `why ${id}`,
  }));
  return { ...COMMON, id: "choice", type: "multiple_choice", options };
}

export function response(correct: readonly number[] = [0, 2], count = 5): MultipleResponse {
  const options = IDS.slice(0, count).map((id, index) => ({
    id,
    text: id,
    correct: correct.includes(index),
    why: `why ${id}`,
  }));
  return { ...COMMON, id: "response", type: "multiple_response", options };
}

export function ordering(used = 3, distractors = 1): Ordering {
  const responses = IDS.slice(0, used + distractors).map((id, index) => ({
    id,
    text: id,
    why: `why ${id}`,
    ...(index < used ? { position: index + 1 } : {}),
  }));
  return { ...COMMON, id: "ordering", type: "ordering", responses };
}

export function matching(answers: readonly number[] = [0, 1, 2], count = 4): Matching {
  return {
    ...COMMON,
    id: "matching",
    type: "matching",
    prompts: answers.map((answer, index) => ({
      id: IDS[index]!,
      text: `prompt ${index}`,
      answer: IDS[answer]!,
      why: "why",
    })),
    responses: IDS.slice(0, count).map((id) => ({ id, text: `response ${id}` })),
  };
}

export function quiz(...questions: QuizDocument["questions"]): QuizDocument {
  return { id: "02_modeling/06_metrics_and_thresholds", title: "Metrics and thresholds", questions };
}

/** The draft that is right. */
export function key(question: Question): Draft {
  switch (question.type) {
    case "multiple_choice":
    case "multiple_response":
      return new Map(question.options.filter((option) => option.correct).map((option) => [option.id, "on"]));
    case "ordering":
      return new Map(
        question.responses.flatMap(({ id, position }) =>
          position == null ? [] : [[id, String(position)] as const]
        ),
      );
    case "matching":
      return new Map(question.prompts.map(({ id, answer }) => [id, answer]));
  }
}

const subset = (count: number) =>
  fc.subarray([...Array(count).keys()], { minLength: 2, maxLength: count - 1 });

export const anyQuestion: fc.Arbitrary<Question> = fc.oneof(
  fc.nat(3).map(choice),
  fc.integer({ min: 5, max: 8 }).chain((count) => subset(count).map((correct) => response(correct, count))),
  fc.tuple(fc.integer({ min: 3, max: 5 }), fc.nat(3)).map(([used, distractors]) =>
    ordering(used, distractors)
  ),
  fc.integer({ min: 3, max: 7 }).chain((count) =>
    fc.array(fc.nat(count - 1), { minLength: 3, maxLength: 7 }).map((answers) => matching(answers, count))
  ),
);

/** A question and a whole answer to it, right or wrong. */
export const anyAnswered: fc.Arbitrary<readonly [Question, Draft]> = anyQuestion.chain((question) =>
  wholeDraft(question).map((draft) => [question, draft] as const)
);

function wholeDraft(question: Question): fc.Arbitrary<Draft> {
  const size = key(question).size;
  switch (question.type) {
    case "multiple_choice":
    case "multiple_response":
      return fc.subarray(question.options, { minLength: size, maxLength: size })
        .map((options) => new Map(options.map(({ id }) => [id, "on"])));
    case "ordering":
      return fc.shuffledSubarray(question.responses, { minLength: size, maxLength: size })
        .map((responses) => new Map(responses.map(({ id }, index) => [id, String(index + 1)])));
    case "matching":
      return fc.array(fc.constantFrom(...question.responses), { minLength: size, maxLength: size })
        .map((responses) => new Map(responses.map(({ id }, index) => [question.prompts[index]!.id, id])));
  }
}
