/** What an exam says about the learner: score with its interval, domains, tasks, pace, confidence. */
import type { ExamPlan } from "../exam.d.ts";
import type { Confidence, LoggedAttempt, LoggedResult } from "../log/attempts.ts";
import { domainOf } from "./bank.ts";

export interface Tally {
  readonly right: number;
  readonly total: number;
}

export interface Interval {
  readonly low: number;
  readonly high: number;
}

/** The 97.5 % point of the normal distribution. */
const Z = 1.959963984540054;

/** Wilson's 95 % interval for a share (Wilson 1927); the whole range where nothing was asked. */
export function wilson({ right, total }: Tally): Interval {
  if (total === 0) return { low: 0, high: 1 };
  const share = right / total;
  const centre = share + Z * Z / (2 * total);
  const spread = Z * Math.sqrt(share * (1 - share) / total + Z * Z / (4 * total * total));
  const scale = 1 + Z * Z / total;
  return {
    low: right === 0 ? 0 : (centre - spread) / scale,
    high: right === total ? 1 : (centre + spread) / scale,
  };
}

/** A share as points on the exam's scale. The map is a straight line and our own: AWS publishes none. */
export function scaled(share: number, exam: Pick<ExamPlan, "lowest_score" | "highest_score">): number {
  return Math.round(exam.lowest_score + (exam.highest_score - exam.lowest_score) * share);
}

export function tally(results: readonly LoggedResult[]): Tally {
  return { right: results.filter(({ correct }) => correct).length, total: results.length };
}

export interface Estimate extends Interval {
  readonly score: number;
  readonly verdict: "above" | "below" | "open";
}

/** The estimated score, or null where the questions are no sample of the exam. */
export function estimate(
  attempt: Pick<LoggedAttempt, "kind" | "results">,
  exam: Pick<ExamPlan, "lowest_score" | "highest_score" | "pass_score">,
): Estimate | null {
  const counted = tally(attempt.results.filter(({ scored }) => scored));
  if (attempt.kind === "practice" || counted.total === 0) return null;
  const share = wilson(counted);
  const [low, high] = [scaled(share.low, exam), scaled(share.high, exam)];
  const verdict = low >= exam.pass_score ? "above" : high < exam.pass_score ? "below" : "open";
  return { score: scaled(counted.right / counted.total, exam), low, high, verdict };
}

export interface Row extends Tally {
  readonly id: string;
  readonly title: string;
  readonly weight: number | null;
}

/** Each domain of the exam with its tasks, also those of which nothing was asked. */
export function byDomain(results: readonly LoggedResult[], exam: ExamPlan): { domain: Row; tasks: Row[] }[] {
  return exam.domains.map(({ id, title, weight, tasks }) => ({
    domain: { id, title, weight, ...tally(results.filter(({ task }) => domainOf(task) === id)) },
    tasks: tasks.map((task) => ({
      id: task.id,
      title: task.title,
      weight: null,
      ...tally(results.filter((result) => result.task === task.id)),
    })),
  }));
}

export function isBlank({ draft }: LoggedResult): boolean {
  return Object.keys(draft).length === 0;
}

export interface Pace {
  /** Seconds a question, the middle one of those that were answered. */
  readonly median: number;
  /** Seconds a question that the real exam gives. */
  readonly given: number;
  /** Questions that took more than twice that. */
  readonly long: number;
  readonly blank: number;
}

export function pace(results: readonly LoggedResult[], exam: ExamPlan): Pace {
  const given = exam.minutes * 60 / exam.questions;
  const times = results.filter((result) => !isBlank(result)).map(({ spent }) => spent).sort((a, b) => a - b);
  const middle = times.length >> 1;
  const median = times.length === 0
    ? 0
    : times.length % 2 === 1
    ? times[middle]!
    : (times[middle - 1]! + times[middle]!) / 2;
  return {
    median,
    given,
    long: times.filter((time) => time > 2 * given).length,
    blank: results.filter(isBlank).length,
  };
}

/** How often the learner was right by how sure they were; levels that were never chosen are left out. */
export function byConfidence(results: readonly LoggedResult[]): (Tally & { level: Confidence })[] {
  return (["sure", "unsure", "guess"] as const)
    .map((level) => ({ level, ...tally(results.filter(({ confidence }) => confidence === level)) }))
    .filter(({ total }) => total > 0);
}
