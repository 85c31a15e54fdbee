/** Short sentences about scores, skills and dates. */
import type { Score } from "./model.ts";
import type { Question } from "./grade.ts";

const LEVELS: Readonly<Record<number, string>> = { 1: "Recall", 2: "Apply", 3: "Analyse" };

export const VERDICTS = { right: "Correct", wrong: "Not correct" } as const;

export function scoreLine({ total, checked, right }: Score): string {
  return `${checked} of ${total} checked, ${right} right`;
}

/** What stands under the last question. */
export function summary({ total, checked, right }: Score): string {
  const open = total - checked;
  if (open > 0) return open === total ? "" : `${right} right so far, ${open} still open.`;
  if (right === total) return total === 1 ? "Right." : `All ${total} right.`;
  return `${right} of ${total} right. Read the reasons, then try the others once more.`;
}

/** The words of a notebook's link to the site. */
export function wayToSite(answers: number): string {
  return `Add ${answers === 1 ? "this answer" : `these ${answers} answers`} to your progress on the site`;
}

export function level(difficulty: number): string {
  return `${LEVELS[difficulty] ?? "Level"} (level ${difficulty} of 3)`;
}

/** The skills of each exam: `MLA-C01 2.3.K1, 2.3.S1`. */
export function skills(question: Question): string[] {
  return Object.entries(question.exams).filter(([, ids]) => ids.length > 0)
    .map(([exam, ids]) => `${exam.toUpperCase()} ${ids.join(", ")}`);
}

const DAY = new Intl.DateTimeFormat("en-GB", {
  day: "numeric",
  month: "long",
  year: "numeric",
  timeZone: "UTC",
});

/** `2026-11-23` as `23 November 2026`; anything else as it is. */
export function day(iso: string): string {
  const date = new Date(iso);
  return Number.isNaN(date.getTime()) ? iso : DAY.format(date);
}

/** A page's address without what every address has. */
export function shortAddress(address: string): string {
  return address.replace(/^https?:\/\/(www\.)?/, "").replace(/\/$/, "");
}
