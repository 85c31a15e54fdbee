/** When the learner sits under the clock. */
import { type Day, daysBetween } from "../log/days.ts";
import { type ExamRules, fullSteps, NUMBERS, wholeSteps } from "./rules.ts";
import { addDays, type StudyDay } from "./settings.ts";

/** A mock exam, or a timed set where no mock exam fits. */
export interface Sitting {
  readonly date: Day;
  readonly kind: "mock" | "timed";
  readonly minutes: number;
  readonly questions: number;
}

/** Minutes of flashcards, on a day without a sitting. */
export function cardMinutes({ minutes }: StudyDay): number {
  return Math.min(NUMBERS.card_minutes, fullSteps(minutes / NUMBERS.card_days));
}

export function goingOver(minutes: number): number {
  return fullSteps(minutes / NUMBERS.over_share);
}

/**
 * The sitting in the middle of learning, from `first` to the day before `end`, if that is long enough: on the day
 * nearest to the middle that holds a mock exam; if none does, on the nearest of the longest.
 */
export function midway(days: readonly StudyDay[], first: Day, end: Day, exam: ExamRules): Sitting | null {
  const length = daysBetween(first, end);
  if (length < NUMBERS.midway_from || days.length === 0) return null;
  const middle = addDays(first, Math.floor(length / 2));
  const far = ({ date }: StudyDay) => Math.abs(daysBetween(middle, date));
  const most = Math.max(...days.map((day) => held(day, exam)));
  const nearest = days.filter(({ minutes }) => minutes >= most)
    .reduce((one, other) => (far(other) < far(one) ? other : one));
  return sittingOn(nearest, exam);
}

/**
 * The sittings of the revision, one in each of equal stretches from `first` to the day before `end`: a mock exam on
 * the first day that holds one, else a timed set on the first of the longest.
 */
export function inRevision(days: readonly StudyDay[], first: Day, end: Day, exam: ExamRules): Sitting[] {
  if (days.length === 0) return [];
  const longest = sittingOn(days.reduce((one, other) => (other.minutes > one.minutes ? other : one)), exam);
  if (!longest) return [];
  const time = days.reduce((total, day) => total + day.minutes - cardMinutes(day), 0);
  const fitting = Math.floor(time * 2 / (3 * (longest.minutes + goingOver(longest.minutes))));
  const most = longest.kind === "mock" ? NUMBERS.most_mocks : NUMBERS.most_timed;
  const number = Math.max(1, Math.min(most, fitting));
  const length = daysBetween(first, end);
  return Array.from({ length: number }, (_, place) => {
    const [start, stop] = [place, place + 1].map((edge) =>
      addDays(first, Math.floor(length * edge / number))
    );
    const stretch = days.filter(({ date }) => start! <= date && date < stop!);
    if (stretch.length === 0) return null;
    return sittingOn(
      stretch.reduce((one, other) => (held(other, exam) > held(one, exam) ? other : one)),
      exam,
    );
  }).filter((sitting) => sitting !== null);
}

function held({ minutes }: StudyDay, exam: ExamRules): number {
  return Math.min(minutes, exam.minutes);
}

function sittingOn(day: StudyDay, exam: ExamRules): Sitting | null {
  if (day.minutes >= exam.minutes) {
    return { date: day.date, kind: "mock", minutes: wholeSteps(exam.minutes), questions: exam.questions };
  }
  const minutes = day.minutes - cardMinutes(day);
  const questions = Math.floor(minutes * exam.questions / exam.minutes);
  return questions >= NUMBERS.least_questions ? { date: day.date, kind: "timed", minutes, questions } : null;
}
