/** Answers in the log. */
import type { LogEvent } from "./events.ts";

export interface LastAnswer {
  readonly response: unknown;
  readonly seed: number;
}

/** The last answer to each question of a quiz, by question id; entries of another shape are passed over. */
export function lastAnswers(events: readonly LogEvent[], quiz: string): ReadonlyMap<string, LastAnswer> {
  const last = new Map<string, LastAnswer>();
  for (const event of events) {
    const { question, response, seed } = event;
    if (event.type !== "answer" || event["quiz"] !== quiz) continue;
    if (typeof question === "string" && typeof seed === "number" && Number.isInteger(seed)) {
      last.set(question, { response, seed });
    }
  }
  return last;
}
