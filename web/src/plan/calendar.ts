/** The plan as a calendar file: one all-day entry for each study day and one for the exam (RFC 5545). */
import type { Day } from "../log/days.ts";
import type { Item, Plan } from "./items.ts";
import { sum } from "./items.ts";
import type { Material } from "./material.ts";
import { addDays, type Settings } from "./settings.ts";
import { duration, titleOf } from "./words.ts";

/** A day in the calendar. Its `uid` depends on the day alone, so that a later file replaces it. */
export interface Entry {
  readonly uid: string;
  readonly date: Day;
  readonly summary: string;
  readonly description: string;
  readonly cancelled: boolean;
}

/** Changes are counted in seconds since then: a later plan always has the larger number, on whatever device. */
const EPOCH = Date.UTC(2026, 0, 1);
const HEAD = [
  "BEGIN:VCALENDAR",
  "PRODID:-//mlacourse//study plan//EN",
  "VERSION:2.0",
  "CALSCALE:GREGORIAN",
  "METHOD:PUBLISH",
];
const OCTETS = 75;

/**
 * The entries of a plan, in the order of their days. `link` gives the address of an item, if it has one; `former`
 * are study days of earlier plans: those that are study days no more are cancelled.
 */
export function entriesOf(
  plan: Plan,
  { exam, exam_date }: Settings,
  material: Material,
  link: (item: Item) => string | null,
  former: readonly Day[],
): Entry[] {
  const entry = (date: Day, summary: string, description = "", cancelled = false): Entry => ({
    uid: `${exam}-${date}@plan.mlacourse`,
    date,
    summary,
    description,
    cancelled,
  });
  const found = plan.days.map(({ date, sessions }) => {
    const items = sessions.map((session) => ({
      item: plan.items.get(session.item)!,
      minutes: session.minutes,
    }));
    const main = items.filter(({ item }) => item.kind !== "cards").map(({ item }) => titleOf(item, material));
    const lines = items.map(({ item, minutes }) => {
      const address = link(item);
      return `${duration(minutes)}: ${titleOf(item, material)}${address === null ? "" : `\n${address}`}`;
    });
    if (items.length === 0) return entry(date, "A spare day");
    const names = main.length > 0 ? main.join("; ") : "Flashcards";
    return entry(date, `${duration(sum(sessions))}: ${names}`, lines.join("\n"));
  });
  const now = new Set(plan.days.map(({ date }) => date));
  const first = plan.days[0]?.date ?? exam_date;
  const gone = [...new Set(former)].filter((day) => first <= day && day < exam_date && !now.has(day))
    .map((day) => entry(day, "No study planned", "", true));
  return [
    ...[...found, ...gone].sort((one, other) => (one.date < other.date ? -1 : 1)),
    { ...entry(exam_date, `Exam: ${exam.toUpperCase()}`), uid: `${exam}-exam@plan.mlacourse` },
  ];
}

/** The calendar file; `stamp` is the instant of the plan, on which nothing else than the file depends. */
export function ics(entries: readonly Entry[], stamp: string): string {
  const at = new Date(stamp);
  const dtstamp = `${at.toISOString().slice(0, 19).replaceAll(/[-:]/g, "")}Z`;
  const sequence = Math.max(0, Math.floor((at.getTime() - EPOCH) / 1000));
  const lines = entries.flatMap(({ uid, date, summary, description, cancelled }) => [
    "BEGIN:VEVENT",
    `UID:${uid}`,
    `DTSTAMP:${dtstamp}`,
    `SEQUENCE:${sequence}`,
    `DTSTART;VALUE=DATE:${date.replaceAll("-", "")}`,
    `DTEND;VALUE=DATE:${addDays(date, 1).replaceAll("-", "")}`,
    `SUMMARY:${escaped(summary)}`,
    `DESCRIPTION:${escaped(description)}`,
    `STATUS:${cancelled ? "CANCELLED" : "CONFIRMED"}`,
    "TRANSP:TRANSPARENT",
    "END:VEVENT",
  ]);
  return [...HEAD, ...lines, "END:VCALENDAR"].map((line) => `${folded(line)}\r\n`).join("");
}

/** A text as the format wants it, without what a calendar file cannot hold: control characters, half characters. */
function escaped(text: string): string {
  return text.toWellFormed().replaceAll(/\r\n?/g, "\n")
    // deno-lint-ignore no-control-regex
    .replaceAll(/[\x00-\x08\x0b-\x1f\x7f]/g, "")
    .replaceAll(/[\\;,]/g, "\\$&").replaceAll("\n", "\\n");
}

/** A line in pieces of at most 75 octets of UTF-8, no character torn; each piece but the first begins with a space. */
function folded(line: string): string {
  let octets = 0;
  let text = "";
  for (const character of line) {
    const point = character.codePointAt(0)!;
    const size = point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
    if (octets + size > OCTETS) {
      text += "\r\n ";
      octets = 1;
    }
    text += character;
    octets += size;
  }
  return text;
}
