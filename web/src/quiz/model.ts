/** The state of a quiz and its changes: state in, state out. Chance and the past come in as arguments. */
import type { QuizDocument } from "../bank.d.ts";
import {
  type Answer,
  type Draft,
  fromAnswer,
  gap,
  isRight,
  overfull,
  type Question,
  questionsOf,
  toAnswer,
} from "./grade.ts";

export interface Attempt {
  /** What the order of the options depends on. */
  readonly seed: number;
  readonly draft: Draft;
  readonly checked: boolean;
  /** A check was asked for before the answer was whole, so the gap is named. */
  readonly warned: boolean;
}

export interface QuizState {
  readonly quiz: QuizDocument;
  readonly attempts: ReadonlyMap<string, Attempt>;
}

/** An answer that was checked, as it goes to and comes from the log. */
export interface Answered {
  readonly question: string;
  readonly response: Answer;
  readonly correct: boolean;
  readonly seed: number;
}

export interface Past {
  readonly response: unknown;
  readonly seed: number;
}

export interface Score {
  readonly total: number;
  readonly checked: number;
  readonly right: number;
}

function fresh(seed: number): Attempt {
  return { seed, draft: new Map(), checked: false, warned: false };
}

/** A quiz with the last answers of `past` (by question id) put back in the order they were given in. */
export function start(quiz: QuizDocument, seed: () => number, past: ReadonlyMap<string, Past>): QuizState {
  const attempts = new Map<string, Attempt>();
  for (const question of questionsOf(quiz.questions)) {
    const last = past.get(question.id);
    const draft = last === undefined ? null : fromAnswer(question, last.response);
    attempts.set(
      question.id,
      last && draft ? { seed: last.seed, draft, checked: true, warned: false } : fresh(seed()),
    );
  }
  return { quiz, attempts };
}

export function attemptOf(state: QuizState, id: string): Attempt {
  const attempt = state.attempts.get(id);
  if (!attempt) throw new Error(`The quiz has no question '${id}'.`);
  return attempt;
}

export function questionOf(state: QuizState, id: string): Question {
  const question = questionsOf(state.quiz.questions).find((candidate) => candidate.id === id);
  if (!question) throw new Error(`The quiz has no question '${id}'.`);
  return question;
}

function withAttempt(state: QuizState, id: string, attempt: Attempt): QuizState {
  return { ...state, attempts: new Map(state.attempts).set(id, attempt) };
}

/** Put a value in (an option "on", a position, a response) or take it out with null. */
export function put(state: QuizState, id: string, key: string, value: string | null): QuizState {
  const attempt = attemptOf(state, id);
  if (attempt.checked) return state;
  const draft = new Map(questionOf(state, id).type === "multiple_choice" ? [] : attempt.draft);
  if (value === null) draft.delete(key);
  else draft.set(key, value);
  return withAttempt(state, id, { ...attempt, draft });
}

/** Check an answer; one that is not whole is not graded, its gap is named instead. */
export function check(state: QuizState, id: string): QuizState {
  const attempt = attemptOf(state, id);
  const whole = gap(questionOf(state, id), attempt.draft) === null;
  return withAttempt(state, id, { ...attempt, checked: whole, warned: !whole });
}

export function retry(state: QuizState, id: string, seed: number): QuizState {
  return withAttempt(state, id, fresh(seed));
}

/** Open every wrong question again, each in a new order. */
export function retryWrong(state: QuizState, seed: () => number): QuizState {
  return wrong(state).reduce((next, question) => retry(next, question.id, seed()), state);
}

export type Outcome = "open" | "right" | "wrong";

export function outcome(state: QuizState, question: Question): Outcome {
  const { checked, draft } = attemptOf(state, question.id);
  if (!checked) return "open";
  return isRight(question, draft) ? "right" : "wrong";
}

/** What became of each question, in the order of the quiz. */
export function outcomes(state: QuizState): Outcome[] {
  return questionsOf(state.quiz.questions).map((question) => outcome(state, question));
}

/** The questions that are checked and wrong. */
export function wrong(state: QuizState): Question[] {
  return questionsOf(state.quiz.questions).filter((question) => outcome(state, question) === "wrong");
}

export function score(state: QuizState): Score {
  const all = outcomes(state);
  return {
    total: all.length,
    checked: all.filter((one) => one !== "open").length,
    right: all.filter((one) => one === "right").length,
  };
}

/** The gap to name now: when a check was asked for too early, or too many options are chosen. */
export function hint(question: Question, attempt: Attempt): string | null {
  return attempt.warned || overfull(question, attempt.draft) ? gap(question, attempt.draft) : null;
}

/** The checked answer for the log, or null if the question is open. */
export function answered(state: QuizState, id: string): Answered | null {
  const { checked, draft, seed } = attemptOf(state, id);
  if (!checked) return null;
  const question = questionOf(state, id);
  return { question: id, response: toAnswer(question, draft), correct: isRight(question, draft), seed };
}
