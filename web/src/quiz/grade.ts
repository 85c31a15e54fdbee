/** What an answer is and whether it is right: by id, never by position, all or nothing. */
import type { CaseStudy, Matching, MultipleChoice, MultipleResponse, Ordering } from "../bank.d.ts";

export type Question = MultipleChoice | MultipleResponse | Ordering | Matching;

/**
 * What the learner has put in so far. Choice: ids of the chosen options, each "on".
 * Ordering: response id → position, "1", "2", …. Matching: prompt id → response id.
 */
export type Draft = ReadonlyMap<string, string>;

/** A whole answer as the log keeps it: chosen ids; ids in order; or prompt id → response id. */
export type Answer = readonly string[] | Readonly<Record<string, string>>;

const COUNT = ["none", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"];

function inWords(count: number): string {
  return COUNT[count] ?? String(count);
}

function correctOptions(question: MultipleChoice | MultipleResponse): string[] {
  return question.options.filter((option) => option.correct).map((option) => option.id);
}

/** Number of positions to give. */
export function places(question: Ordering): number {
  return question.responses.filter((response) => response.position != null).length;
}

/** What to do, in one sentence; the number comes from the correct options, nobody types it. */
export function instruction(question: Question): string {
  switch (question.type) {
    case "multiple_choice":
      return "Select one.";
    case "multiple_response":
      return `Select ${inWords(correctOptions(question).length).toUpperCase()}.`;
    case "ordering": {
      const all = question.responses.length;
      const used = places(question);
      return used === all
        ? `Put these ${inWords(all)} in order.`
        : `Put ${inWords(used)} of these ${inWords(all)} in order. The others are not used.`;
    }
    case "matching": {
      const answers = question.prompts.map((prompt) => prompt.answer);
      const onceEach = answers.length === question.responses.length &&
        new Set(answers).size === answers.length;
      return onceEach
        ? "Match each line with its response. Use each response once."
        : "Match each line with its response. A response may be used once, more than once or not at all.";
    }
  }
}

/** What still keeps the answer from being checked, or null if nothing does. */
export function gap(question: Question, draft: Draft): string | null {
  switch (question.type) {
    case "multiple_choice":
      return draft.size === 1 ? null : "Choose an answer first.";
    case "multiple_response": {
      const wanted = correctOptions(question).length;
      return draft.size === wanted
        ? null
        : `Select ${inWords(wanted)}: ${inWords(draft.size)} chosen so far.`;
    }
    case "ordering": {
      const given = [...draft.values()];
      const twice = given.find((position, index) => given.indexOf(position) !== index);
      if (twice !== undefined) return `Position ${twice} is given twice. Use each position once.`;
      const open = places(question) - given.length;
      return open > 0
        ? `Give each position once: ${inWords(open)} of ${inWords(places(question))} still open.`
        : null;
    }
    case "matching": {
      const open = question.prompts.length - draft.size;
      return open > 0 ? `Choose a response for each line: ${inWords(open)} still open.` : null;
    }
  }
}

/** Whether more is chosen than asked for, which is worth saying before the check. */
export function overfull(question: Question, draft: Draft): boolean {
  return question.type === "multiple_response" && draft.size > correctOptions(question).length;
}

export function isRight(question: Question, draft: Draft): boolean {
  switch (question.type) {
    case "multiple_choice":
    case "multiple_response":
      return question.options.every((option) => draft.has(option.id) === Boolean(option.correct));
    case "ordering":
      return question.responses.every((response) => draft.get(response.id) === asPosition(response.position));
    case "matching":
      return question.prompts.every((prompt) => draft.get(prompt.id) === prompt.answer);
  }
}

export function asPosition(position: number | null | undefined): string | undefined {
  return position == null ? undefined : String(position);
}

/** The draft as the log keeps it. */
export function toAnswer(question: Question, draft: Draft): Answer {
  switch (question.type) {
    case "multiple_choice":
    case "multiple_response":
      return question.options.filter((option) => draft.has(option.id)).map((option) => option.id);
    case "ordering":
      return [...draft].sort(([, one], [, other]) => Number(one) - Number(other)).map(([id]) => id);
    case "matching":
      return Object.fromEntries(draft);
  }
}

/** The draft behind a stored answer, or null if it does not fit the question (any more). */
export function fromAnswer(question: Question, answer: unknown): Draft | null {
  const draft = new Map<string, string>();
  if (question.type === "matching") {
    if (typeof answer !== "object" || answer === null || Array.isArray(answer)) return null;
    const known = new Set(question.responses.map((response) => response.id));
    for (const [prompt, response] of Object.entries(answer)) {
      if (typeof response !== "string" || !known.has(response)) return null;
      if (!question.prompts.some(({ id }) => id === prompt)) return null;
      draft.set(prompt, response);
    }
  } else {
    if (!Array.isArray(answer)) return null;
    const known = question.type === "ordering" ? question.responses : question.options;
    for (const [index, id] of answer.entries()) {
      if (!known.some((item) => item.id === id)) return null;
      draft.set(id, question.type === "ordering" ? String(index + 1) : "on");
    }
    if (draft.size !== answer.length) return null;
  }
  return gap(question, draft) === null ? draft : null;
}

/** A question by itself or one of a case study's. */
export function questionsOf(items: readonly (Question | CaseStudy)[]): Question[] {
  return items.flatMap((item) => item.type === "case_study" ? item.questions : [item]);
}
