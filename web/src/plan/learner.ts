/** What the log says about a learner's plan: the plan itself, what is done of it, and what has changed since. */
import type { Course } from "../course.d.ts";
import { attempts } from "../log/attempts.ts";
import { type Day, dayOf } from "../log/days.ts";
import type { LogEvent } from "../log/events.ts";
import { outcomes } from "../log/outcomes.ts";
import { doneByHand, type LoggedPlan, plans } from "../log/plans.ts";
import { cardHistory } from "../log/reviews.ts";
import { ticked } from "../log/ticks.ts";
import type { Plan } from "./items.ts";
import { type Material, materialOf } from "./material.ts";
import { type Behind, behind, plan } from "./model.ts";
import { FORMS } from "./rules.ts";
import { findings, type Settings, studyDays } from "./settings.ts";
import type { Tally } from "./shares.ts";
import type { Done } from "./work.ts";

export interface Learner {
  readonly logged: LoggedPlan;
  readonly settings: Settings;
  readonly material: Material;
  readonly plan: Plan;
  readonly done: Done;
  readonly behind: Behind;
  /** Answers by task, those that the plan knows. */
  readonly results: ReadonlyMap<string, Tally>;
  /** Chapters that are new since the plan was made. */
  readonly newChapters: number;
  /** Whether questions were answered since then, by which the plan could be weighed anew. */
  readonly newResults: boolean;
  /** Study days of earlier plans. */
  readonly former: readonly Day[];
}

/** The learner's last plan, or null if there is none that can be followed. */
export function learnerOf(course: Course, events: readonly LogEvent[], today: Day): Learner | null {
  const all = plans(events)
    .filter(({ settings, from }) => findings(settings).length === 0 && from < settings.exam_date);
  const logged = all.at(-1);
  if (!logged || !Object.hasOwn(course.exams, logged.settings.exam)) return null;
  const { settings, from, chapters } = logged;
  const whole = materialOf(course, settings.exam);
  const material = {
    ...whole,
    chapters: whole.chapters.filter(({ id }) => chapters === null || chapters.includes(id)),
  };
  const before = events.slice(0, logged.place);
  const results = resultsOf(before, settings.exam);
  const made = plan(settings, material, {
    first: from,
    results,
    done: doneOf(course, settings.exam, before),
  });
  const done = doneOf(course, settings.exam, events);
  const now = resultsOf(events, settings.exam);
  return {
    logged,
    settings,
    material,
    plan: made,
    done,
    behind: behind(made, done, today),
    results,
    newChapters: whole.chapters.length - material.chapters.length,
    newResults: [...now].some(([task, { right, total }]) =>
      results.get(task)?.right !== right || results.get(task)?.total !== total
    ),
    former: all.slice(0, -1).filter((one) => one.settings.exam === settings.exam)
      .flatMap((one) => studyDays(one.settings, one.from).map(({ date }) => date)),
  };
}

/** How the questions of each task went the last time in the exams and practice sets that were sat for this exam. */
export function resultsOf(events: readonly LogEvent[], exam: string): Map<string, Tally> {
  const last = new Map<string, { task: string; correct: boolean }>();
  for (const { question, correct, asked } of outcomes(events)) {
    if (asked?.exam === exam) last.set(question, { task: asked.task, correct });
  }
  const tallies = new Map<string, Tally>();
  for (const { task, correct } of last.values()) {
    const { right, total } = tallies.get(task) ?? { right: 0, total: 0 };
    tallies.set(task, { right: right + (correct ? 1 : 0), total: total + 1 });
  }
  return tallies;
}

/** What is done: what the log shows by itself, and what was ticked; a tick that was taken back outweighs both. */
export function doneOf(course: Course, exam: string, events: readonly LogEvent[]): Done {
  const done = new Set([...ticked(events, "topic").keys()].map((chapter) => `read/${chapter}`));
  for (const attempt of attempts(events)) {
    if (attempt.exam !== exam) continue;
    if (attempt.kind === "diagnostic") done.add("diagnostic");
    const form = attempt.kind === "form" ? FORMS.findIndex((name) => attempt.title === `Form ${name}`) : -1;
    if (form >= 0) done.add(`mock/${form + 1}`);
  }
  const answered = new Set(events.filter(({ type }) => type === "answer").map(({ question }) => question));
  for (const { id, questions } of course.chapters) {
    if (questions.length > 0 && questions.every((question) => answered.has(question))) done.add(`quiz/${id}`);
  }
  for (const reviews of cardHistory(events).reviews.values()) {
    for (const { t } of reviews) done.add(`cards/${dayOf(t)}`);
  }
  for (const [item, on] of doneByHand(events)) {
    if (on) done.add(item);
    else done.delete(item);
  }
  return done;
}
