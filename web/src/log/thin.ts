/** Which events may go when the log has grown long: those that no reader would miss, and no others. */
import { dayOf } from "./days.ts";
import type { LogEvent } from "./events.ts";

/** Half a year of hard work, and about 2 MB of the 5 MB a browser gives a site. From there on the log is thinned. */
export const MOST_EVENTS = 10_000;

/** The events without those that later ones have replaced; reviews, exams, plans, ticks and journal notes each count and all stay. */
export function thinned(events: readonly LogEvent[]): LogEvent[] {
  const undone = new Set(events.filter(({ type }) => type === "undo").map(({ event }) => event));
  const later = new Set<string>();
  const kept: LogEvent[] = [];
  for (const event of events.toReversed()) {
    if (event.type === "review" && undone.has(event.id)) continue;
    const subject = subjectOf(event);
    if (subject !== null && later.has(subject)) continue;
    if (subject !== null) later.add(subject);
    kept.push(event);
  }
  return kept.reverse();
}

/** What an event speaks of, if of all events that speak of it only the last is read; else null. */
function subjectOf({ type, t, ...event }: LogEvent): string | null {
  const of = (...fields: unknown[]) =>
    fields.every((field) => typeof field === "string") ? JSON.stringify([type, ...fields]) : null;
  switch (type) {
    case "answer":
      // The last right and the last wrong answer of each day: mistakes are closed by days, not by repetition.
      return of(event["quiz"], event["question"], dayOf(t), String(event["correct"]));
    case "mistake":
      return of(event["question"]);
    case "suspend":
      return of(event["card"]);
    case "deck":
    case "export":
      return of();
    default:
      return null;
  }
}
