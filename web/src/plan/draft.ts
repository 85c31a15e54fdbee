/** The settings while they are typed: texts as they stand in the fields. */
import { type Day, daysBetween, isDay } from "../log/days.ts";
import { addDays, type Settings } from "./settings.ts";

/** Days off, the last one included. */
export interface Range {
  readonly from: Day;
  readonly to: Day;
}

export interface Draft {
  readonly exam: string;
  readonly start: string;
  readonly exam_date: string;
  readonly hours: readonly string[];
  readonly off: readonly Range[];
  /** The days off that are about to be added. */
  readonly from: string;
  readonly to: string;
}

const WEEKS = 10;
const HOURS = ["1.5", "1.5", "1.5", "1.5", "1.5", "3", "0"] as const;
const MOST_DAYS_OFF = 120;

export function firstDraft(exam: string, today: Day): Draft {
  return {
    exam,
    start: today,
    exam_date: addDays(today, WEEKS * 7),
    hours: HOURS,
    off: [],
    from: "",
    to: "",
  };
}

export function draftOf({ exam, start, exam_date, hours, days_off }: Settings): Draft {
  const off: Range[] = [];
  for (const day of [...new Set(days_off)].sort()) {
    const last = off.at(-1);
    if (last && addDays(last.to, 1) === day) off[off.length - 1] = { ...last, to: day };
    else off.push({ from: day, to: day });
  }
  return { exam, start, exam_date, hours: hours.map(String), off, from: "", to: "" };
}

/** The settings as typed; fields that hold nothing usable are left for `findings` to name. */
export function settingsOf({ exam, start, exam_date, hours, off }: Draft): Settings {
  const days_off = off.flatMap(({ from, to }) =>
    Array.from({ length: daysBetween(from, to) + 1 }, (_, count) => addDays(from, count))
  );
  return {
    exam,
    start,
    exam_date,
    hours: hours.map((text) => (text.trim() === "" ? Number.NaN : Number(text))),
    days_off: [...new Set(days_off)].sort(),
  };
}

/** The draft with the days off that were typed, or why they cannot be taken. */
export function withDaysOff(draft: Draft): Draft | string {
  const { from } = draft;
  const to = draft.to === "" ? from : draft.to;
  if (!isDay(from) || !isDay(to)) return "Days off: choose the first day, and the last if there are several.";
  if (to < from) return "Days off: the last day must not come before the first.";
  if (daysBetween(from, to) >= MOST_DAYS_OFF) return `Days off: add ${MOST_DAYS_OFF} days at most at a time.`;
  const { off } = draftOf({ ...settingsOf({ ...draft, off: [...draft.off, { from, to }] }), hours: [] });
  return { ...draft, off, from: "", to: "" };
}
