/** Short sentences about cards and days. */
import type { Overview, Queue, Standing } from "./queue.ts";
import type { Memory, Moment, Rating } from "./schedule.ts";

export const NAMES: Readonly<Record<Rating, string>> = { 1: "Again", 2: "Hard", 3: "Good", 4: "Easy" };

/** What each rating says of the answer. */
export const MEANINGS: Readonly<Record<Rating, string>> = {
  1: "I did not know it",
  2: "I knew it, with effort",
  3: "I knew it",
  4: "I knew it at once",
};

const MINUTE = 60_000;
const DAYS_OF_MONTH = 30.44;
const DAYS_OF_YEAR = 365.25;

export function count(number: number, one: string, many = `${one}s`): string {
  return `${number.toLocaleString("en")} ${number === 1 ? one : many}`;
}

/** `10 minutes`, `4 days`, `2.5 months`: when a card comes back. */
export function interval({ due }: Memory, now: Moment): string {
  if ("at" in due) return count(Math.max(1, Math.round((due.at - now.instant) / MINUTE)), "minute");
  return days(due.day - now.day);
}

export function days(number: number): string {
  if (number <= 31) return count(number, "day");
  const [value, unit] = number < DAYS_OF_YEAR
    ? [number / DAYS_OF_MONTH, "month"]
    : [number / DAYS_OF_YEAR, "year"];
  const rounded = Math.round(value * 10) / 10;
  return count(rounded, unit);
}

/** When cards are due, seen from a day: `tomorrow`, `in 4 days`. */
export function whenDue(day: number, today: number): string {
  return day - today === 1 ? "tomorrow" : `in ${days(day - today)}`;
}

export function standingWords(now: Standing, today: number): string {
  switch (now.is) {
    case "new":
      return "not seen yet";
    case "suspended":
      return "suspended";
    case "learning":
      return "being learnt";
    case "due":
      return "due today";
    case "later":
      return `due ${whenDue(now.day, today)}`;
  }
}

/** What cards can be chosen by. */
export const STANDINGS: readonly (readonly [Standing["is"] | "any", string])[] = [
  ["any", "all cards"],
  ["new", "not seen yet"],
  ["learning", "being learnt"],
  ["due", "due today"],
  ["later", "due later"],
  ["suspended", "suspended"],
];

/** `8 new, 1 learning, 3 due`. */
export function counts({ fresh, learning, due }: Queue): string {
  return `${fresh.length} new, ${learning.length} learning, ${due.length} due`;
}

/** What is for today, or why nothing is and when there will be something. */
export function todayLine({ size, queue, today, unseen, next }: Overview, day: number): string {
  if (size === 0) return "The course has no cards yet.";
  if (today > 0) return `Today: ${counts(queue)}.`;
  const later = next ? ` ${count(next.count, "card is", "cards are")} due ${whenDue(next.day, day)}.` : "";
  const more = unseen > 0
    ? " Today's new cards are done; for more, raise the number of new cards a day."
    : "";
  return `Nothing is left for today.${later}${more}`;
}

/** `29 of 53 cards are not seen yet, 1 is suspended.` */
export function seenLine({ size, unseen, suspended }: Overview): string {
  if (size === 0) return "";
  const off = suspended > 0 ? `, ${suspended} ${suspended === 1 ? "is" : "are"} suspended` : "";
  return `${unseen} of ${count(size, "card")} not seen yet${off}.`;
}
