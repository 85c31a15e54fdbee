/** Sentences about a plan: dates, balance of time, how far behind. */
import { count } from "../exam/words.ts";
import { type Day, daysBetween } from "../log/days.ts";
import { type Plan, spare, sum } from "./items.ts";
import { type Material, missing } from "./material.ts";
import type { Behind } from "./model.ts";
import type { Settings } from "./settings.ts";
import { duration } from "./words.ts";

function writer(options: Intl.DateTimeFormatOptions): (day: Day) => string {
  const format = new Intl.DateTimeFormat("en-GB", { ...options, timeZone: "UTC" });
  return (day) => format.format(Date.parse(day)).replace(",", "");
}

/** `Monday 7 December`. */
export const longDay = writer({ weekday: "long", day: "numeric", month: "long" });
/** `Monday 7 December 2026`. */
export const fullDay = writer({ weekday: "long", day: "numeric", month: "long", year: "numeric" });
/** `7 Dec`. */
export const shortDay = writer({ day: "numeric", month: "short" });

/** `10 weeks and 2 days`. */
export function span(days: number): string {
  const [weeks, rest] = [Math.floor(days / 7), days % 7];
  if (weeks === 0) return count(days, "day");
  return rest === 0 ? count(weeks, "week") : `${count(weeks, "week")} and ${count(rest, "day")}`;
}

/** Hours are enough where there are many: `67 h`. */
export function hours(minutes: number): string {
  return minutes < 600 ? duration(minutes) : `${Math.round(minutes / 60)} h`;
}

/** How long the plan is, and whether the chapters fit. */
export function balance(plan: Plan, { exam_date }: Settings, from: Day): string {
  const chapters = [...plan.items.values()].filter(({ chapter }) => chapter !== null);
  const cut = plan.cuts.reduce((total, { needed, given }) => total + needed - given, 0);
  const words = `A plan of ${span(daysBetween(from, exam_date))}, ${hours(sum(plan.days))} of study.`;
  if (cut > 0) {
    return `${words} The chapters take ${hours(sum(chapters) + cut)}; there is room for ${
      hours(sum(chapters))
    }.`;
  }
  return chapters.length === 0
    ? words
    : `${words} The chapters take ${hours(sum(chapters))} of them and all fit.`;
}

/** What would give the chapters all their time. */
export function remedy({ cuts, revision }: Plan, from: Day): string {
  const short = cuts.reduce((total, { needed, given }) => total + needed - given, 0);
  const weeks = Math.max(1, daysBetween(from, revision) / 7);
  const more = Math.ceil(short / weeks / 30) * 30;
  return `About ${duration(more)} more a week would hold everything, or a later exam.`;
}

export function behindLine({ items, minutes, since }: Behind): string {
  if (since === null) return "You are up to date.";
  return `You are behind by ${count(items.length, "item")}, ${duration(minutes)}. ` +
    `The oldest was due on ${longDay(since)}.`;
}

/** The time before the revision that nothing is planned for, and the days that hold cards alone. */
export function spareLine(plan: Plan): string | null {
  const days = plan.days.filter((day) => day.date < plan.revision && spare(day) > 0);
  const time = days.reduce((total, day) => total + spare(day), 0);
  if (time === 0) return null;
  const free = days.filter(({ sessions }) => sessions.every(({ item }) => item.startsWith("cards/"))).length;
  return `${hours(time)} before the revision ${time === 60 ? "is" : "are"} spare` +
    `${free > 0 ? `, ${count(free, "day")} of them whole` : ""}: a reserve for when life comes between.`;
}

/** For how many tasks there is no chapter yet; null if there is one for each. */
export function missingLine(material: Material): string | null {
  const absent = missing(material).length;
  if (absent === 0) return null;
  return `The site has no chapter yet for ${absent} of the ${material.topics.length} tasks of ` +
    `${material.exam.toUpperCase()}. The plan covers what exists; plan anew when more is there.`;
}
