/** Days of the learner's own calendar, written `2026-11-23`. */

export type Day = string;

/** The day on which an instant falls where the learner is. */
export function dayOf(instant: Date | string | number): Day {
  const date = new Date(instant);
  const [month, day] = [date.getMonth() + 1, date.getDate()].map((part) => String(part).padStart(2, "0"));
  return `${String(date.getFullYear()).padStart(4, "0")}-${month}-${day}`;
}

/** Whole days from one day to another, negative if the other comes first. */
export function daysBetween(from: Day, to: Day): number {
  return Math.round((Date.parse(to) - Date.parse(from)) / 86_400_000);
}

/** Whether a text is a day that the calendar has. */
export function isDay(text: unknown): text is Day {
  return typeof text === "string" && /^\d{4}-\d{2}-\d{2}$/.test(text) &&
    !Number.isNaN(Date.parse(text)) && new Date(text).toISOString().startsWith(text);
}
