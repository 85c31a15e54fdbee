/** Exams in the log, and what the log says about single questions. */
import type { LogEvent } from "./events.ts";

export type Mode = "exam" | "practice";
export type Confidence = "sure" | "unsure" | "guess";

/** What kind of sitting it is: a whole form gets an estimate of the score, a practice set its share right. */
export type Kind = "form" | "random" | "diagnostic" | "practice";

export interface LoggedResult {
  readonly question: string;
  readonly task: string;
  readonly scored: boolean;
  readonly draft: Readonly<Record<string, string>>;
  readonly correct: boolean;
  readonly flagged: boolean;
  readonly confidence: Confidence | null;
  /** Seconds. */
  readonly spent: number;
}

/** What a sitting is from its start to its place in the log. */
export interface Exam {
  readonly id: string;
  readonly exam: string;
  readonly kind: Kind;
  readonly title: string;
  readonly mode: Mode;
  readonly seed: number;
}

export interface LoggedAttempt extends Exam {
  readonly started: string;
  readonly ended: string;
  /** Seconds that were given, or null without a clock. */
  readonly allowed: number | null;
  /** Seconds that passed unseen. */
  readonly unseen: number;
  readonly results: readonly LoggedResult[];
}

/** Every exam that was handed in, the oldest first; entries of another shape are passed over. */
export function attempts(events: readonly LogEvent[]): LoggedAttempt[] {
  return events.filter((event): event is LogEvent & LoggedAttempt =>
    event.type === "attempt" && isAttempt(event)
  );
}

/** Whether each question was right the last time, in a quiz or an exam, by question id. */
export function lastResults(events: readonly LogEvent[]): ReadonlyMap<string, boolean> {
  const last = new Map<string, boolean>();
  for (const event of events) {
    if (event.type === "answer") {
      const { question, correct } = event;
      if (typeof question === "string") last.set(question, correct === true);
    } else if (event.type === "attempt" && isAttempt(event)) {
      for (const { question, correct } of event.results) last.set(question, correct);
    }
  }
  return last;
}

const KINDS: readonly unknown[] = ["form", "random", "diagnostic", "practice"];
const MODES: readonly unknown[] = ["exam", "practice"];
const CONFIDENCES: readonly unknown[] = ["sure", "unsure", "guess", null];

function isAttempt(event: Readonly<Record<string, unknown>>): event is LogEvent & LoggedAttempt {
  const { exam, kind, title, mode, seed, started, ended, allowed, unseen, results } = event;
  return [exam, title].every((text) => typeof text === "string") && KINDS.includes(kind) &&
    MODES.includes(mode) &&
    [seed, unseen].every(Number.isFinite) && (allowed === null || Number.isFinite(allowed)) &&
    [started, ended].every((instant) => typeof instant === "string" && !Number.isNaN(Date.parse(instant))) &&
    Array.isArray(results) && results.length > 0 && results.every(isResult);
}

function isResult(result: unknown): boolean {
  if (typeof result !== "object" || result === null) return false;
  const { question, task, scored, draft, correct, flagged, confidence, spent } = result as Record<
    string,
    unknown
  >;
  return [question, task].every((text) => typeof text === "string") &&
    [scored, correct, flagged].every((flag) => typeof flag === "boolean") &&
    Number.isFinite(spent) && CONFIDENCES.includes(confidence) && typeof draft === "object" &&
    draft !== null &&
    Object.values(draft).every((value) => typeof value === "string");
}
