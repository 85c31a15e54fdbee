/** Study plans in the log, and what is done of them. */
import { type Day, isDay } from "./days.ts";
import type { LogEvent } from "./events.ts";

/** What a learner decides: which exam, when, and how much time on which days. */
export interface Settings {
  readonly exam: string;
  readonly start: Day;
  readonly exam_date: Day;
  /** Of each weekday, Monday first. */
  readonly hours: readonly number[];
  readonly days_off: readonly Day[];
}

export interface LoggedPlan {
  readonly settings: Settings;
  /** The first day that was planned: the start, or the day on which the plan was made anew. */
  readonly from: Day;
  /** The chapters that there were, or null if nobody noted them. */
  readonly chapters: readonly string[] | null;
  /** Instant, ISO 8601 in UTC. */
  readonly t: string;
  /** Its place among all events: what stands before it was known when the plan was made. */
  readonly place: number;
}

/** Every plan that was made, the oldest first; entries of another shape are passed over. */
export function plans(events: readonly LogEvent[]): LoggedPlan[] {
  return events.flatMap(({ type, t, settings, from, chapters }, place): LoggedPlan[] => {
    if (type !== "plan" || !isSettings(settings)) return [];
    const { exam, start, exam_date, hours, days_off } = settings;
    return [{
      settings: { exam, start, exam_date, hours, days_off },
      from: isDay(from) && from > start ? from : start,
      chapters: isTexts(chapters) ? chapters : null,
      t,
      place,
    }];
  });
}

/** The items that were ticked, by id; the last word counts. */
export function doneByHand(events: readonly LogEvent[]): ReadonlyMap<string, boolean> {
  const done = new Map<string, boolean>();
  for (const { type, item, on } of events) {
    if (type === "done" && typeof item === "string" && typeof on === "boolean") done.set(item, on);
  }
  return done;
}

function isSettings(value: unknown): value is Settings {
  if (typeof value !== "object" || value === null) return false;
  const { exam, start, exam_date, hours, days_off } = value as Record<string, unknown>;
  return typeof exam === "string" && isDay(start) && isDay(exam_date) &&
    Array.isArray(hours) && hours.length === 7 && hours.every((time) => typeof time === "number") &&
    Array.isArray(days_off) && days_off.every(isDay);
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((entry) => typeof entry === "string");
}
