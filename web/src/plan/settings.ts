/** What a learner decides: which exam, when, and how much time on which days. */
import { type Day, daysBetween, isDay } from "../log/days.ts";
import type { Settings } from "../log/plans.ts";
import { EXAMS, fullSteps, NUMBERS } from "./rules.ts";

export type { Settings };

export const WEEKDAYS = [
  "Monday",
  "Tuesday",
  "Wednesday",
  "Thursday",
  "Friday",
  "Saturday",
  "Sunday",
] as const;

/** Minutes: 35 minutes are 0.583 hours. */
const ALMOST = 0.05;
const DAY = 86_400_000;

/** A day so many days later. Days have no time zone, so none of them is ever 23 or 25 hours long. */
export function addDays(day: Day, count: number): Day {
  return new Date(Date.parse(day) + count * DAY).toISOString().slice(0, 10);
}

/** The place of a day in its week: 0 is Monday. */
export function weekday(day: Day): number {
  return (new Date(Date.parse(day)).getUTCDay() + 6) % 7;
}

export interface StudyDay {
  readonly date: Day;
  readonly minutes: number;
}

/** The days with time, from `first` to the day before the exam. */
export function studyDays({ exam_date, hours, days_off }: Settings, first: Day): StudyDay[] {
  const off = new Set(days_off);
  const days: StudyDay[] = [];
  for (let date = first; date < exam_date; date = addDays(date, 1)) {
    const minutes = off.has(date) ? 0 : fullSteps(hours[weekday(date)]! * 60 + ALMOST);
    if (minutes > 0) days.push({ date, minutes });
  }
  return days;
}

export type Field = "exam" | "start" | "exam_date" | "hours" | "days_off";

export interface Finding {
  readonly field: Field;
  /** Of which weekday, if it is about one. */
  readonly weekday: number | null;
  readonly words: string;
}

/** Why no plan can be made of these settings, each with its mend. */
export function findings(settings: Settings): Finding[] {
  const { exam, start, exam_date, hours, days_off } = settings;
  const found: Finding[] = [];
  const find = (field: Field, words: string, weekday: number | null = null) =>
    void found.push({ field, weekday, words });
  if (!Object.hasOwn(EXAMS, exam)) find("exam", "Choose one of the exams.");
  if (!isDay(start)) find("start", "First day: choose a day of the calendar.");
  if (!isDay(exam_date)) find("exam_date", "Day of the exam: choose a day of the calendar.");
  else if (isDay(start)) {
    const span = daysBetween(start, exam_date);
    if (span < 1) find("exam_date", "Day of the exam: it must come after the first day.");
    else if (span > NUMBERS.most_days) {
      find("exam_date", `Day of the exam: it is ${span} days away. Plan ${NUMBERS.most_days} days at most.`);
    }
  }
  WEEKDAYS.forEach((name, place) => {
    const time = hours[place];
    if (!(typeof time === "number" && time >= 0 && time <= 24)) {
      find("hours", `${name}: give the hours as a number from 0 to 24.`, place);
    }
  });
  if (!days_off.every(isDay)) find("days_off", "Days off: choose days of the calendar.");
  if (found.length === 0 && studyDays(settings, start).length === 0) {
    find("hours", "No day before the exam has time to study. Give a weekday some hours.", 0);
  }
  return found;
}
