/** How every question went each time that it was answered, in a quiz or an exam. */
import { attempts } from "./attempts.ts";
import { type Day, dayOf } from "./days.ts";
import type { LogEvent } from "./events.ts";

export interface Outcome {
  readonly question: string;
  readonly correct: boolean;
  /** Milliseconds. */
  readonly at: number;
  readonly day: Day;
  /** The exam that asked it and the task it counted for there; null in a quiz. */
  readonly asked: { readonly exam: string; readonly task: string } | null;
}

/** All of them, the oldest first; entries of another shape are passed over. */
export function outcomes(events: readonly LogEvent[]): Outcome[] {
  const exams = new Map(attempts(events).map((attempt) => [attempt.id, attempt]));
  const found: Outcome[] = [];
  for (const event of events) {
    const attempt = exams.get(event.id);
    const { question, correct } = event;
    const isAnswer = event.type === "answer" && typeof question === "string" && typeof correct === "boolean";
    if (!attempt && !isAnswer) continue;
    const at = Date.parse(event.t);
    const when = { at, day: dayOf(at) };
    if (isAnswer) found.push({ question, correct, ...when, asked: null });
    for (const result of attempt?.results ?? []) {
      const asked = { exam: attempt!.exam, task: result.task };
      found.push({ question: result.question, correct: result.correct, ...when, asked });
    }
  }
  return found;
}
