/** What is said next to each option, step or line after the check. */
import type { Matching, Option, Ordering, Prompt, Response } from "../bank.d.ts";
import { asPosition, type Draft } from "./grade.ts";
import { plain } from "./text.ts";

/** `missed`: right, but not what the learner chose. `plain`: neither chosen nor right. */
export type Tone = "good" | "bad" | "missed" | "plain";

export interface Feedback {
  readonly tone: Tone;
  readonly words: string;
  readonly why: string;
}

export function choiceFeedback({ id, correct, why }: Option, draft: Draft): Feedback {
  const chosen = draft.has(id);
  if (correct) {
    return chosen
      ? { tone: "good", words: "Your answer, correct", why }
      : { tone: "missed", words: "Correct answer", why };
  }
  return chosen
    ? { tone: "bad", words: "Your answer, not correct", why }
    : { tone: "plain", words: "Not correct", why };
}

export function orderFeedback({ id, position, why }: Response, draft: Draft): Feedback {
  return compared(place(draft.get(id)), place(asPosition(position)), why ?? "");
}

export function matchFeedback({ id, answer, why }: Prompt, question: Matching, draft: Draft): Feedback {
  const named = (response: string | undefined): string => {
    const found = question.responses.find((candidate) => candidate.id === response);
    return found ? `‘${plain(found.text)}’` : "none";
  };
  return compared(named(draft.get(id)), named(answer), why);
}

function place(position: string | undefined): string {
  return position === undefined ? "not used" : `position ${position}`;
}

function compared(given: string, wanted: string, why: string): Feedback {
  return given === wanted
    ? { tone: "good", words: `Your answer, correct: ${given}`, why }
    : { tone: "bad", words: `Your answer: ${given}. Correct answer: ${wanted}`, why };
}

/** Steps as the key has them, the unused ones last: how an ordering question is read after the check. */
export function inRightOrder(question: Ordering): Response[] {
  return question.responses.toSorted((one, other) =>
    (one.position ?? Infinity) - (other.position ?? Infinity)
  );
}
