/** Short sentences about mastery, chapters and days. */
import { count } from "../exam/words.ts";
import { type Day, daysBetween } from "../log/days.ts";
import { day } from "../quiz/words.ts";
import type { ChapterStanding } from "./chapters.ts";
import { type Evidence, evidence, type Level, level, type Mastery, weakestFirst } from "./mastery.ts";
import type { Progress } from "./model.ts";

const LEVELS: Readonly<Record<Level, string>> = {
  unknown: "not asked yet",
  weak: "weak",
  growing: "growing",
  firm: "firm",
};

const EVIDENCE: Readonly<Record<Evidence, string>> = {
  none: "",
  faded: "too long ago to rely on",
  thin: "few answers: a first impression",
  some: "some answers",
  broad: "many recent answers",
};

export function percent(share: number): string {
  return `${Math.round(100 * share)}\u00a0%`;
}

/** `72 %, growing`. */
export function masteryLine(mastery: Mastery): string {
  const known = level(mastery);
  return known === "unknown" ? LEVELS.unknown : `${percent(mastery.share)}, ${LEVELS[known]}`;
}

/** `7 of 9 right, last asked 3 days ago; some answers`. */
export function evidenceLine(mastery: Mastery, today: Day): string {
  const { right, asked, last } = mastery;
  if (last === null) return "";
  return `${right} of ${asked} right, last asked ${ago(last, today)}; ${EVIDENCE[evidence(mastery)]}`;
}

/** `today`, `yesterday`, `12 days ago`, and from three months on the day itself. */
export function ago(then: Day, today: Day): string {
  const days = daysBetween(then, today);
  if (days <= 0) return "today";
  if (days === 1) return "yesterday";
  return days <= 90 ? `${days} days ago` : `on ${day(then)}`;
}

/** `5 of 8 answered, 4 right the last time`. */
export function quizLine({ questions, answered, right }: ChapterStanding): string {
  if (questions === 0) return "no quiz yet";
  if (answered === 0) return `0 of ${count(questions, "question")}`;
  return answered === questions
    ? `all ${questions} answered, ${right} right the last time`
    : `${answered} of ${questions} answered, ${right} right the last time`;
}

/** What there is to say in one or two sentences. */
export function glance({ domains }: Pick<Progress, "domains">): string {
  const asked = domains.reduce((sum, { mastery }) => sum + mastery.asked, 0);
  if (asked === 0) {
    return "Nothing has been answered in this browser yet. Every quiz and every mock exam counts; the diagnostic asks " +
      "two questions of each task.";
  }
  const tasks = weakestFirst(domains);
  const known = tasks.filter(({ mastery }) => mastery.asked > 0);
  const [weakest] = known;
  const firm = known.filter(({ mastery }) => level(mastery) === "firm").length;
  return `${firm} of ${count(tasks.length, "task")} ${firm === 1 ? "is" : "are"} firm. ` +
    `${tasks.length - known.length} ${
      tasks.length - known.length === 1 ? "has" : "have"
    } not been asked about yet. ` +
    `The weakest so far is ${weakest!.id}, ${weakest!.title}: ${percent(weakest!.mastery.share)}.`;
}

/** Where one task or domain is practised, from a page beside the mock exam. */
export function practiceAddress(what: "task" | "domain", id: string, exam: string): string {
  return `mock_exam.html#${new URLSearchParams({ [what]: id, exam })}`;
}

const OPENING = 40;

/** The first words of a note. */
export function opening(text: string): string {
  const line = text.trim().split(/\s*\n/)[0]!;
  return line.length > OPENING ? `${line.slice(0, OPENING)}…` : line;
}
