/** Short sentences about time, questions and results. */
import type { LoggedAttempt } from "../log/attempts.ts";
import type { ExamPlan } from "../exam.d.ts";
import type { Standing } from "./model.ts";
import { estimate, tally } from "./score.ts";

const MINUTE = 60_000;

/** `1:05:09`, `5:09`: what a clock shows. */
export function clockFace(milliseconds: number): string {
  const seconds = Math.ceil(milliseconds / 1000);
  const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  const [first, ...rest] = parts[0] === 0 ? parts.slice(1) : parts;
  return [String(first), ...rest.map((part) => String(part).padStart(2, "0"))].join(":");
}

export function count(number: number, one: string, many = `${one}s`): string {
  return `${number} ${number === 1 ? one : many}`;
}

export function minutes(milliseconds: number): string {
  return count(Math.round(milliseconds / MINUTE), "minute");
}

/** `1 min 40 s`, `40 s`. */
export function duration(seconds: number): string {
  const whole = Math.round(seconds);
  const [min, sec] = [Math.floor(whole / 60), whole % 60];
  return min === 0 ? `${sec} s` : sec === 0 ? `${min} min` : `${min} min ${sec} s`;
}

/** What is said aloud when so many minutes are left, or null: seldom, and never twice in a minute. */
export function announcement(milliseconds: number): string | null {
  const left = Math.ceil(milliseconds / MINUTE);
  return left <= 5 || left === 10 || left % 15 === 0 ? `${count(left, "minute")} left.` : null;
}

export const STANDINGS: Readonly<Record<Standing, string>> = {
  open: "no answer",
  partial: "not complete",
  answered: "answered",
};

export const CONFIDENCES = { sure: "Sure", unsure: "Not sure", guess: "A guess" } as const;

export const MODES = { exam: "exam mode", practice: "practice mode" } as const;

const DAY = new Intl.DateTimeFormat("en-GB", {
  day: "numeric",
  month: "short",
  year: "numeric",
  hour: "2-digit",
  minute: "2-digit",
});

export function instant(iso: string): string {
  return DAY.format(new Date(iso));
}

/** A result in a few words: the estimate if there is one, else what was right. */
export function resultLine(attempt: LoggedAttempt, exam: ExamPlan): string {
  const { right, total } = tally(attempt.results);
  const score = estimate(attempt, exam);
  return score
    ? `about ${score.score} (${score.low} to ${score.high}), ${right} of ${total} right`
    : `${right} of ${total} right`;
}
