/**
 * How well a task is mastered: the share of right answers, recent ones weighing more, few ones pulled towards one half.
 *
 * An answer weighs 1 on its day and half of that after each half-life. With the weights w, and r = 1 for a right
 * answer, mastery is (1 + Σ w·r) / (2 + Σ w): the mean of a Beta distribution that starts even, at one right and one
 * wrong answer. So a right answer never lowers it, and time alone moves it towards one half: back to not knowing.
 * A question counts once a day, and one wrong answer makes its day wrong: a right one after it tells what was read a
 * minute ago.
 */
import type { Course, CourseExam } from "../course.d.ts";
import { type Day, daysBetween } from "../log/days.ts";
import type { Outcome } from "../log/outcomes.ts";

/** Days. */
export const HALF_LIFE = 30;
const EVEN_START = 1;

export type Answer = Pick<Outcome, "question" | "correct" | "day">;

export interface Mastery {
  readonly share: number;
  /** Answers that count, and how many of them were right. */
  readonly asked: number;
  readonly right: number;
  /** The answers' weight today: what the share rests on. */
  readonly weight: number;
  readonly last: Day | null;
}

/** Mastery of whatever the answers were about, on the day `today`; their order does not matter. */
export function mastery(answers: readonly Answer[], today: Day): Mastery {
  return masteryOf(tally(answers, today));
}

interface Tally extends Pick<Mastery, "asked" | "right" | "weight" | "last"> {
  readonly rightWeight: number;
}

const NOTHING: Tally = { asked: 0, right: 0, weight: 0, rightWeight: 0, last: null };

function masteryOf({ asked, right, weight, rightWeight, last }: Tally): Mastery {
  return {
    share: (EVEN_START + rightWeight) / (2 * EVEN_START + weight),
    asked,
    right,
    weight,
    last,
  };
}

function tally(answers: readonly Answer[], today: Day): Tally {
  return [...onceADay(answers)].map(([day, questions]): Tally => {
    const weight = 2 ** (-Math.max(0, daysBetween(day, today)) / HALF_LIFE);
    const [asked, right] = [questions.size, [...questions.values()].filter(Boolean).length];
    return { asked, right, weight: asked * weight, rightWeight: right * weight, last: day };
  }).reduce(sum, NOTHING);
}

/** Whether each question was right on each day. */
function onceADay(answers: readonly Answer[]): ReadonlyMap<Day, ReadonlyMap<string, boolean>> {
  const days = new Map<Day, Map<string, boolean>>();
  for (const { day, question, correct } of answers) {
    const questions = days.get(day) ?? new Map<string, boolean>();
    days.set(day, questions.set(question, correct && (questions.get(question) ?? true)));
  }
  return days;
}

function sum(one: Tally, other: Tally): Tally {
  return {
    asked: one.asked + other.asked,
    right: one.right + other.right,
    weight: one.weight + other.weight,
    rightWeight: one.rightWeight + other.rightWeight,
    last: one.last === null || (other.last !== null && other.last > one.last) ? other.last : one.last,
  };
}

export type Level = "unknown" | "weak" | "growing" | "firm";

/** Shares from which a task counts as growing, and as firm. */
export const GROWING = 0.6;
export const FIRM = 0.8;

/** The level of a share as it is shown, in whole percent: 80 % is firm. */
export function level({ share, asked }: Mastery): Level {
  const shown = Math.round(100 * share) / 100;
  return asked === 0 ? "unknown" : shown >= FIRM ? "firm" : shown >= GROWING ? "growing" : "weak";
}

export type Evidence = "none" | "faded" | "thin" | "some" | "broad";

/** How much a share rests on, in whole answers of today. */
export function evidence({ asked, weight }: Mastery): Evidence {
  if (asked === 0) return "none";
  if (weight >= 10) return "broad";
  if (weight >= 4) return "some";
  return asked >= 4 ? "faded" : "thin";
}

export interface Standing {
  readonly id: string;
  readonly title: string;
  readonly mastery: Mastery;
  /** Questions that the course has for it. */
  readonly questions: number;
}

export interface DomainStanding extends Standing {
  readonly weight: number;
  readonly tasks: readonly Standing[];
}

/** Every domain of an exam with its tasks, in the exam guide's order. */
export function standings(
  course: Pick<Course, "exams" | "questions">,
  exam: string,
  outcomes: readonly Outcome[],
  today: Day,
): DomainStanding[] {
  const answers = Map.groupBy(outcomes, (outcome) => taskOf(course, exam, outcome));
  const questions = new Map<string, number>();
  for (const { tasks } of Object.values(course.questions)) {
    const task = tasks[exam];
    if (task !== undefined) questions.set(task, (questions.get(task) ?? 0) + 1);
  }
  return domainsOf(course, exam).map(({ id, title, weight, tasks }) => {
    const tallies = tasks.map((task) => tally(answers.get(task.id) ?? [], today));
    const counts = tasks.map((task) => questions.get(task.id) ?? 0);
    return {
      id,
      title,
      weight,
      mastery: masteryOf(tallies.reduce(sum, NOTHING)),
      questions: counts.reduce((all, count) => all + count, 0),
      tasks: tasks.map((task, place) => ({
        ...task,
        mastery: masteryOf(tallies[place]!),
        questions: counts[place]!,
      })),
    };
  });
}

/** All tasks, the weakest first; of equally weak ones that of the heavier domain. What was never asked stands at one half. */
export function weakestFirst(domains: readonly DomainStanding[]): (Standing & { domain: DomainStanding })[] {
  return domains.flatMap((domain) => domain.tasks.map((task) => ({ ...task, domain })))
    .sort((one, other) =>
      one.mastery.share - other.mastery.share || other.domain.weight - one.domain.weight ||
      (one.id < other.id ? -1 : 1)
    );
}

function domainsOf(course: Pick<Course, "exams">, exam: string): CourseExam["domains"] {
  return course.exams[exam]?.domains ?? [];
}

/** The task that an answer counts for; what was asked in this exam keeps its task if the question is gone. */
function taskOf(
  { questions }: Pick<Course, "questions">,
  exam: string,
  outcome: Outcome,
): string | undefined {
  // Own names only: a log may come from anywhere, and say "constructor".
  if (Object.hasOwn(questions, outcome.question)) return questions[outcome.question]!.tasks[exam];
  return outcome.asked?.exam === exam ? outcome.asked.task : undefined;
}
