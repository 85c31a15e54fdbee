/** Milestones that the log tells by itself, each with the instant at which it was reached. */
import type { Course } from "../course.d.ts";
import { estimate } from "../exam/score.ts";
import { attempts, type LoggedAttempt } from "../log/attempts.ts";
import type { LogEvent } from "../log/events.ts";
import { labsDone } from "../log/labs.ts";
import type { Outcome } from "../log/outcomes.ts";
import { cardHistory } from "../log/reviews.ts";
import type { ProgressLists } from "../progress.d.ts";

export interface Milestone {
  readonly id: string;
  readonly title: string;
  /** Milliseconds, or null while it is ahead. */
  readonly reached: number | null;
}

const MANY_QUESTIONS = 100;
const MANY_CARDS = 100;

export function computedMilestones(
  course: Course,
  { scales }: Pick<ProgressLists, "scales">,
  events: readonly LogEvent[],
  outcomes: readonly Outcome[],
): Milestone[] {
  const exams = attempts(events);
  const forms = exams.filter(({ kind }) => kind === "form" || kind === "random");
  const above = forms.map((form) => isWholeAndAbove(form, scales));
  const firsts = firstAnswers(outcomes);
  const instants = {
    labs: [...labsDone(events).values()].map(({ since }) => Date.parse(since)),
    cards: [...cardHistory(events).reviews.values()].flat().map(({ t }) => Date.parse(t)),
    quizzes: course.chapters.map(({ questions }) => allAnswered(firsts, questions)),
  };
  return [
    milestone("first-quiz", "First quiz finished", nth(instants.quizzes, 1)),
    milestone(
      "many-questions",
      `${MANY_QUESTIONS} different questions answered`,
      nth(firsts.values(), MANY_QUESTIONS),
    ),
    milestone("many-cards", `${MANY_CARDS} cards reviewed`, nth(instants.cards, MANY_CARDS)),
    milestone("first-lab", "First lab done", nth(instants.labs, 1)),
    milestone("diagnostic", "Diagnostic taken", ended(exams.find(({ kind }) => kind === "diagnostic"))),
    milestone("first-exam", "First mock exam handed in", ended(forms[0])),
    milestone("above", "First whole form above the pass line", ended(forms.find((_, index) => above[index]))),
    milestone(
      "twice-above",
      "Two whole forms in a row above the pass line",
      ended(forms.find((_, index) => above[index] && above[index - 1])),
    ),
  ];
}

function milestone(id: string, title: string, reached: number | null): Milestone {
  return { id, title, reached };
}

function ended(attempt: LoggedAttempt | undefined): number | null {
  return attempt ? Date.parse(attempt.ended) : null;
}

/** The instant of the n-th of some instants, or null where there are fewer. */
function nth(instants: Iterable<number | null>, n: number): number | null {
  const known = [...instants].filter((instant) => instant !== null).sort((one, other) => one - other);
  return n > 0 ? known[n - 1] ?? null : null;
}

/** The instant at which each question was first answered. */
function firstAnswers(outcomes: readonly Outcome[]): ReadonlyMap<string, number> {
  const first = new Map<string, number>();
  for (const { question, at } of outcomes) {
    if (at < (first.get(question) ?? Infinity)) first.set(question, at);
  }
  return first;
}

/** The instant at which the last of some questions was first answered, or null if one is open. */
function allAnswered(first: ReadonlyMap<string, number>, questions: readonly string[]): number | null {
  const instants = questions.map((question) => first.get(question) ?? Infinity);
  const last = Math.max(...instants);
  return Number.isFinite(last) ? last : null;
}

function isWholeAndAbove(attempt: LoggedAttempt, scales: ProgressLists["scales"]): boolean {
  const scale = Object.hasOwn(scales, attempt.exam) ? scales[attempt.exam] : undefined;
  if (!scale || attempt.results.length < scale.questions) return false;
  return (estimate(attempt, scale)?.score ?? 0) >= scale.pass_score;
}
