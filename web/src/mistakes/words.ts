/** Short sentences about mistakes, their kinds and what they have in common. */
import type { ExamPlan } from "../exam.d.ts";
import { dayOf } from "../log/days.ts";
import { type ErrorKind, isErrorKind, type Mistake } from "../log/mistakes.ts";
import { plain } from "../quiz/text.ts";
import { day } from "../quiz/words.ts";
import {
  type Chapter,
  daysLeft,
  FEWEST_FOR_PATTERN,
  type Grouping,
  type Order,
  type Pattern,
} from "./model.ts";

/** What the learner chooses from, in the first person. */
export const KINDS: Readonly<Record<ErrorKind, string>> = {
  "misread": "I misread a constraint",
  "unknown-service": "I did not know the service",
  "mixed-up": "I mixed up two services",
  "calculation": "I calculated wrong",
  "careless": "I was careless",
};

export const UNSAID = "Not said yet";

const NOUNS: Readonly<Record<ErrorKind, string>> = {
  "misread": "misread constraints",
  "unknown-service": "services you did not know",
  "mixed-up": "services you mixed up",
  "calculation": "calculations",
  "careless": "careless ones",
};

export const GROUPINGS: Readonly<Record<Grouping, string>> = {
  task: "Exam task",
  chapter: "Chapter",
  kind: "Kind of error",
};

export const ORDERS: Readonly<Record<Order, string>> = {
  recent: "Most recent first",
  oldest: "Oldest first",
  often: "Most often wrong first",
};

/** `wrong 3 times, guessed once`. */
export function howOften({ wrong, guessed }: Mistake): string {
  const parts = [wrong > 0 ? `wrong ${times(wrong)}` : "", guessed > 0 ? `guessed ${times(guessed)}` : ""];
  return parts.filter(Boolean).join(", ");
}

function times(number: number): string {
  return number === 1 ? "once" : number === 2 ? "twice" : `${number} times`;
}

/** `12 November 2026`, where the learner is. */
export function onDay(instant: number): string {
  return day(dayOf(instant));
}

/** What is missing to clear it. */
export function missing(mistake: Mistake): string {
  const [first] = mistake.rightOn;
  return first === undefined
    ? `To clear it, answer it right on ${daysLeft(mistake)} different days.`
    : `Right on ${day(first)}. To clear it, answer it right on one other day.`;
}

/** `right on 0 of 2 days`. */
export function standing(mistake: Mistake): string {
  const done = mistake.rightOn.length;
  return `right on ${done} of ${done + daysLeft(mistake)} days`;
}

/** What stands out, in one sentence with its counts. */
export function patternLine(pattern: Pattern): string {
  const { of, task } = pattern;
  if (pattern.kind === null) {
    return `${pattern.task.count} of your ${of} open mistakes are in task ${pattern.task.id}.`;
  }
  const where = task
    ? task.count === pattern.count
      ? `, all of them in task ${task.id}`
      : `, ${task.count} of them in task ${task.id}`
    : "";
  return `Of the ${of} open mistakes whose kind you named, ${pattern.count} are ${
    NOUNS[pattern.kind]
  }${where}.`;
}

/** Why no pattern is named, if naming kinds would help; else nothing. */
export function noPatternLine(open: number, said: number): string | null {
  if (open < FEWEST_FOR_PATTERN || said >= FEWEST_FOR_PATTERN) return null;
  const more = `${FEWEST_FOR_PATTERN - said}${said === 0 ? "" : " more"}`;
  return `Name the kind of error of ${more} of them, and a pattern may show.`;
}

/** The heading of a group; an empty id is what has no task, chapter or kind. */
export function groupTitle(by: Grouping, id: string, exam: ExamPlan, chapters: readonly Chapter[]): string {
  switch (by) {
    case "task": {
      const task = exam.domains.flatMap(({ tasks }) => tasks).find((candidate) => candidate.id === id);
      return task ? `Task ${task.id} ${task.title}` : `No task of ${exam.id.toUpperCase()}`;
    }
    case "chapter":
      return chapters.find((chapter) => chapter.id === id)?.title ?? "No chapter yet";
    case "kind":
      return isErrorKind(id) ? KINDS[id] : UNSAID;
  }
}

/** The beginning of a stem, enough to know it again. */
export function excerpt(stem: string): string {
  const text = plain(stem);
  return text.length <= LONGEST_EXCERPT ? text : `${text.slice(0, LONGEST_EXCERPT).replace(/\W+\w*$/, "")}…`;
}

const LONGEST_EXCERPT = 120;
