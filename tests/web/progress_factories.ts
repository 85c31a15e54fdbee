/** A small course and the events of a learner of it. */
import type { Course } from "../../web/src/course.d.ts";
import type { LogEvent } from "../../web/src/log/events.ts";
import type { ProgressLists } from "../../web/src/progress.d.ts";
import { EXAM } from "./exam_factories.ts";

export const CHAPTER = "02_modeling/06_metrics";
const SECOND = "04_monitoring_security/01_drift";
const QUESTIONS = ["q-2.3-0", "q-2.3-1", "q-2.1-0"];

export const COURSE: Course = {
  parts: [
    { id: "02_modeling", title: "Part 2: Model development" },
    { id: "04_monitoring_security", title: "Part 4: Monitoring and security" },
  ],
  chapters: [
    {
      id: CHAPTER,
      title: "Metrics",
      part: "02_modeling",
      minutes: 90,
      href: "https://course.invalid/chapters/metrics.html",
      tasks: ["2.3", "2.1"],
      labs: [{
        id: "first-endpoint",
        title: "Deploy",
        href: "https://course.invalid/chapters/metrics.html#deploy",
      }],
      questions: QUESTIONS,
      cards: ["card-a"],
    },
    {
      id: SECOND,
      title: "Drift",
      part: "04_monitoring_security",
      minutes: 60,
      href: "https://course.invalid/chapters/drift.html",
      tasks: ["4.1"],
      labs: [],
      questions: [],
      cards: [],
    },
  ],
  exams: { "mla-c01": { title: "The exam", domains: EXAM.domains } },
  questions: Object.fromEntries(
    QUESTIONS.map((id) => [id, { chapter: CHAPTER, tasks: { "mla-c01": id.split("-")[1]! } }]),
  ),
  cards: { "card-a": { chapter: CHAPTER, tasks: { "mla-c01": "2.3" } } },
};

export const LISTS: ProgressLists = {
  tools: [{ title: "Data", tools: [{ id: "s3", title: "Amazon S3" }, { id: "glue", title: "AWS Glue" }] }],
  milestones: [{ id: "first-endpoint", title: "First endpoint deployed" }],
  scales: { "mla-c01": { questions: 65, lowest_score: 100, highest_score: 1000, pass_score: 720 } },
};

let events = 0;

export function event(type: string, t: string, fields: Record<string, unknown>): LogEvent {
  return { v: 1, id: `e-${++events}`, t, type, ...fields };
}

/** The instant of noon, wherever the test runs. */
export function noon(day: string): string {
  return new Date(`${day}T12:00:00`).toISOString();
}

/** An answer at noon of a day. */
export function answer(question: string, day: string, correct: boolean): LogEvent {
  return event("answer", noon(day), {
    quiz: CHAPTER,
    question,
    response: ["a"],
    correct,
    seed: 1,
  });
}

/** An exam of so many questions of one task, of which so many were right. */
export function exam(
  day: string,
  { kind = "form", total = 65, right, task = "3.1" }: {
    kind?: string;
    total?: number;
    right?: number;
    task?: string;
  } = {},
): LogEvent {
  const t = noon(day);
  return event("attempt", t, {
    exam: "mla-c01",
    kind,
    title: "Form A",
    mode: "exam",
    seed: 1,
    started: t,
    ended: t,
    allowed: null,
    unseen: 0,
    results: Array.from({ length: total }, (_, number) => ({
      question: `gone-${task}-${number}`,
      task,
      scored: number < 50,
      draft: { a: "on" },
      correct: number < (right ?? total),
      flagged: false,
      confidence: null,
      spent: 60,
    })),
  });
}
