/** The learner's notes: each has a day and a text, and may be changed, taken out and brought back. */
import { type Day, isDay } from "./days.ts";
import type { LogEvent } from "./events.ts";

export interface Note {
  readonly entry: string;
  readonly date: Day;
  readonly text: string;
}

/** The notes as they stand, the latest first; the last version of each counts, and without a text it is gone. */
export function journal(events: readonly LogEvent[]): Note[] {
  // A note that is brought back keeps its place among those of its day.
  const versions = new Map<string, Note | null>();
  for (const { type, entry, date, text } of events) {
    if (type !== "journal" || typeof entry !== "string") continue;
    if (text === null) versions.set(entry, null);
    else if (typeof text === "string" && isDay(date)) versions.set(entry, { entry, date, text });
  }
  return [...versions.values()].filter((note) => note !== null).reverse()
    .sort((one, other) => one.date === other.date ? 0 : one.date < other.date ? 1 : -1);
}
