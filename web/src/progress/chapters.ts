/** Where the learner stands in each chapter: read, quizzed, labs. */
import type { Course, CourseChapter, CourseLab } from "../course.d.ts";
import type { LogEvent } from "../log/events.ts";
import { type LabDone, labsDone } from "../log/labs.ts";
import type { Outcome } from "../log/outcomes.ts";
import { ticked } from "../log/ticks.ts";

export interface LabStanding extends CourseLab {
  readonly done: LabDone | null;
}

export interface ChapterStanding extends Pick<CourseChapter, "id" | "title" | "href"> {
  /** The instant since when it is ticked as read, or null. */
  readonly read: string | null;
  /** Questions of its quiz, how many were ever answered, and how many of them right the last time. */
  readonly questions: number;
  readonly answered: number;
  readonly right: number;
  readonly labs: readonly LabStanding[];
}

export interface PartStanding {
  readonly id: string;
  readonly title: string;
  readonly chapters: readonly ChapterStanding[];
}

export function parts(
  course: Course,
  events: readonly LogEvent[],
  outcomes: readonly Outcome[],
): PartStanding[] {
  const read = ticked(events, "topic");
  const labs = labsDone(events);
  const last = new Map(outcomes.map(({ question, correct }) => [question, correct]));
  const standing = ({ id, title, href, questions, labs: its }: CourseChapter): ChapterStanding => ({
    id,
    title,
    href,
    read: read.get(id) ?? null,
    questions: questions.length,
    answered: questions.filter((question) => last.has(question)).length,
    right: questions.filter((question) => last.get(question)).length,
    labs: its.map((lab) => ({ ...lab, done: labs.get(lab.id) ?? null })),
  });
  return course.parts.map(({ id, title }) => ({
    id,
    title,
    chapters: course.chapters.filter(({ part }) => part === id).map(standing),
  }));
}
