/** What there is to learn for an exam: its tasks with their weights, and the course's chapters with their minutes. */
import type { Course, CourseChapter } from "../course.d.ts";
import { examRules, NUMBERS, PHASES, PROJECTS, wholeSteps } from "./rules.ts";

export interface Topic {
  readonly id: string;
  readonly title: string;
  /** Percent of the exam. */
  readonly weight: number;
  /** The part of the course that practises it. */
  readonly phase: string;
  readonly questions: number;
}

export interface Chapter {
  readonly id: string;
  readonly title: string;
  readonly href: string;
  readonly phase: string;
  /** The task that it counts for; none: a project. */
  readonly task: string | null;
  readonly read: number;
  readonly exercises: number;
  readonly quiz: number;
}

export interface Material {
  readonly exam: string;
  readonly topics: readonly Topic[];
  readonly chapters: readonly Chapter[];
}

/** What the course has for an exam; a chapter that serves no task of it is left out. */
export function materialOf(course: Course, exam: string): Material {
  const { minutes, questions } = examRules(exam);
  const topics = topicsOf(course, exam);
  const known = new Set(topics.map(({ id }) => id));
  const parts = new Set(PHASES.map(({ id }) => id));
  const chapters = course.chapters.flatMap((chapter): Chapter[] => {
    const { id, title, href, part: phase } = chapter;
    const task = phase === PROJECTS ? null : taskOf(course, chapter, exam, known);
    if (!parts.has(phase) || (task === null && phase !== PROJECTS)) return [];
    return [{
      id,
      title,
      href,
      phase,
      task,
      read: wholeSteps(chapter.minutes),
      exercises: wholeSteps(chapter.minutes / NUMBERS.exercise_share),
      quiz: wholeSteps(chapter.questions.length * minutes / questions),
    }];
  });
  return { exam, topics, chapters };
}

/** The tasks for which the course has no chapter yet. */
export function missing({ topics, chapters }: Material): Topic[] {
  const taught = new Set(chapters.map(({ task }) => task));
  return topics.filter(({ id }) => !taught.has(id));
}

function topicsOf(course: Course, exam: string): Topic[] {
  const { skills } = examRules(exam);
  const asked = counted(Object.values(course.questions).map(({ tasks }) => tasks[exam]));
  return (course.exams[exam]?.domains ?? []).slice(0, PHASES.length).flatMap(({ weight, tasks }, place) => {
    const whole = tasks.reduce((sum, { id }) => sum + (skills[id] ?? 0), 0);
    return tasks.map(({ id, title }) => ({
      id,
      title,
      weight: weight * (skills[id] ?? 0) / whole,
      phase: PHASES[place]!.id,
      questions: asked.get(id) ?? 0,
    }));
  });
}

/** The task that most of a chapter's questions are for; without questions, the first that it names. */
function taskOf(
  course: Course,
  chapter: CourseChapter,
  exam: string,
  known: ReadonlySet<string>,
): string | null {
  const named = counted(
    chapter.questions.map((question) => course.questions[question]?.tasks[exam] ?? "")
      .filter((task) => known.has(task)),
  );
  const [most] = [...named].sort(([one, first], [other, second]) => second - first || (one < other ? -1 : 1));
  const task = most?.[0] ?? chapter.tasks[0];
  return task !== undefined && known.has(task) ? task : null;
}

function counted<Value>(values: readonly Value[]): Map<Value, number> {
  const counts = new Map<Value, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return counts;
}
