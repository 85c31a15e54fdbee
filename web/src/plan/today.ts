/** What the plan has for a day, in words and with the place to do it. */
import type { Course } from "../course.d.ts";
import { type Day, daysBetween } from "../log/days.ts";
import type { LogEvent } from "../log/events.ts";
import type { Item } from "./items.ts";
import { type Learner, learnerOf } from "./learner.ts";
import { type Behind, dueBefore } from "./model.ts";
import { FORMS } from "./rules.ts";
import { titleOf } from "./words.ts";

/** Something to do on a day. */
export interface Todo {
  readonly id: string;
  readonly words: string;
  /** On that day. */
  readonly minutes: number;
  readonly done: boolean;
  /** Where it is done, seen from the page; null for rest. */
  readonly href: string | null;
}

export interface Today {
  readonly todos: readonly Todo[];
  /** What was due before and is not done, the oldest first. */
  readonly overdue: readonly Todo[];
  readonly behind: Behind;
  readonly exam: string;
  readonly examDate: Day;
  /** Days until the exam, negative after it. */
  readonly daysLeft: number;
  /** The first day of the plan. */
  readonly from: Day;
  /** The next day with work after today, if there is one. */
  readonly next: Day | null;
}

/**
 * What there is to do today, by the learner's last plan; null without a plan. `practice` is the way from the page to
 * the folder of the practice pages: empty there, `practice/` on the front page.
 */
export function todaysItems(
  course: Course,
  events: readonly LogEvent[],
  today: Day,
  practice = "practice/",
): Today | null {
  const learner = learnerOf(course, events, today);
  return learner && todayOf(learner, today, practice);
}

/** `kept` are items that stay among those from before though they are done: they were ticked there a moment ago. */
export function todayOf(
  learner: Learner,
  today: Day,
  practice: string,
  kept: ReadonlySet<string> = new Set(),
): Today {
  const { plan, settings, logged, behind, done } = learner;
  const day = plan.days.find(({ date }) => date === today);
  return {
    todos: (day?.sessions ?? []).map(({ item, minutes }) => todo(learner, item, minutes, practice)),
    overdue: dueBefore(plan, today).filter(({ item: { id } }) => !done.has(id) || kept.has(id))
      .map(({ item: { id, minutes } }) => todo(learner, id, minutes, practice)),
    behind,
    exam: settings.exam,
    examDate: settings.exam_date,
    daysLeft: daysBetween(today, settings.exam_date),
    from: logged.from,
    next: plan.days.find(({ date }) => date > today)?.date ?? null,
  };
}

export function todo(
  { plan, material, done }: Learner,
  id: string,
  minutes: number,
  practice: string,
): Todo {
  const item = plan.items.get(id)!;
  const chapter = material.chapters.find((each) => each.id === item.chapter)?.href ?? "";
  return {
    id,
    words: titleOf(item, material),
    minutes,
    done: done.has(id),
    href: hrefOf(item, chapter, material.exam, practice),
  };
}

function hrefOf(item: Item, chapter: string, exam: string, practice: string): string | null {
  const sit = (asked: Record<string, string>) =>
    `${practice}mock_exam.html#${new URLSearchParams({ ...asked, exam }).toString()}`;
  switch (item.kind) {
    case "read":
      return chapter;
    case "exercises":
    case "quiz":
      return `${chapter}#${item.kind}`;
    case "diagnostic":
      return sit({ diagnostic: "" });
    case "practice":
      return sit({ task: item.task! });
    case "mock": {
      const form = FORMS[Number(item.id.slice("mock/".length)) - 1];
      return form === undefined ? `${practice}mock_exam.html` : sit({ form });
    }
    case "timed":
      return `${practice}mock_exam.html`;
    case "revise":
    case "review":
      return `${practice}mistakes.html`;
    case "cards":
      return `${practice}flashcards.html`;
    case "rest":
    case "gap":
      return null;
  }
}
