/** What there is to do today, and where the learner stands: a few lines, each with one link. */
import { localDay } from "../cards/day.ts";
import { replayer } from "../cards/learner.ts";
import { queue } from "../cards/queue.ts";
import type { Course } from "../course.d.ts";
import { count } from "../exam/words.ts";
import { type Day, dayOf } from "../log/days.ts";
import type { LogEvent } from "../log/events.ts";
import { openMistakes } from "../log/mistakes.ts";
import { type Outcome, outcomes } from "../log/outcomes.ts";
import { type Today as Plan, todaysItems } from "../plan/today.ts";
import { duration } from "../plan/words.ts";
import { standings, weakestFirst } from "../progress/mastery.ts";
import { ago, masteryLine, practiceAddress } from "../progress/words.ts";

/** The way from the front page to the practice pages. */
const PRACTICE = "practice/";

export interface Line {
  readonly id: string;
  readonly words: string;
  readonly link: {
    /** From the site's root, where the front page stands. */
    readonly href: string;
    readonly label: string;
  } | null;
}

/** Pieces of today's plan that are shown; the plan's page has them all. */
const MOST_TODOS = 5;

/** The lines that have something to say. */
export function today(course: Course, events: readonly LogEvent[], now: Date): Line[] {
  const answered = outcomes(events);
  const day = dayOf(now);
  const plan = todaysItems(course, events, day, PRACTICE);
  const cards = cardsLine(course, events, now);
  return [
    ...(plan && plan.daysLeft >= 0 ? planLines(plan, cards !== null) : []),
    cards,
    mistakesLine(course, events),
    weakestLine(course, answered, day, plan?.exam ?? Object.keys(course.exams)[0]!),
    lastLine(course, answered, day),
  ].filter((line) => line !== null);
}

/** Days to the exam, what is left of today's work, and what is overdue. */
function planLines({ todos, overdue, daysLeft }: Plan, hasCards: boolean): Line[] {
  // Cards have a line of their own, which knows how many there are.
  const open = todos.filter(({ id, done }) => !done && !(hasCards && id.startsWith("cards/")));
  const allDone = todos.length > 0 && todos.every(({ done }) => done);
  const left = daysLeft === 0 ? "Your exam is today." : `${count(daysLeft, "day")} to your exam.`;
  return [
    {
      id: "plan",
      words: allDone ? `${left} Today's work is done.` : left,
      link: { href: `${PRACTICE}plan.html`, label: "Your plan" },
    },
    ...open.slice(0, MOST_TODOS).map(({ id, words, minutes, href }) =>
      href === null
        ? { id, words, link: null }
        : { id, words: `${duration(minutes)}:`, link: { href, label: words } }
    ),
    ...(overdue.length === 0 ? [] : [{
      id: "overdue",
      words: `${count(overdue.length, "piece")} of earlier days not done yet.`,
      link: { href: `${PRACTICE}plan.html`, label: "Catch up or plan anew" },
    }]),
  ];
}

/** Today's cards, for those who have begun with cards at all. */
function cardsLine(course: Course, events: readonly LogEvent[], now: Date): Line | null {
  const learner = replayer(localDay)(events);
  if (learner.memories.size === 0) return null;
  const instant = now.getTime();
  const cards = Object.keys(course.cards).map((id) => ({ id }));
  const { learning, due, fresh } = queue(cards, learner, { instant, day: localDay(instant) });
  const again = learning.length + due.length;
  if (again + fresh.length === 0) return null;
  const parts = [
    ...(again > 0 ? [`${count(again, "card")} to repeat`] : []),
    ...(fresh.length > 0 ? [`${fresh.length} new`] : []),
  ];
  return {
    id: "cards",
    words: `${parts.join(", ")}.`,
    link: { href: `${PRACTICE}flashcards.html`, label: "Review cards" },
  };
}

function mistakesLine(course: Course, events: readonly LogEvent[]): Line | null {
  const open =
    [...openMistakes(events)].filter((question) => Object.hasOwn(course.questions, question)).length;
  if (open === 0) return null;
  return {
    id: "mistakes",
    words: `${count(open, "open mistake")}.`,
    link: { href: `${PRACTICE}mistakes.html`, label: "Go through them" },
  };
}

function weakestLine(course: Course, answered: readonly Outcome[], day: Day, exam: string): Line | null {
  const weakest = weakestFirst(standings(course, exam, answered, day))
    .find(({ mastery, questions }) => mastery.asked > 0 && questions > 0);
  if (!weakest) return null;
  const { id, title, mastery } = weakest;
  return {
    id: "weakest",
    words: `Your weakest task so far: ${id} ${title}, ${masteryLine(mastery)}.`,
    link: { href: PRACTICE + practiceAddress("task", id, exam), label: "Practise it" },
  };
}

/** The chapter that was answered about last: the place to go on from. */
function lastLine(course: Course, answered: readonly Outcome[], day: Day): Line | null {
  const last = answered.findLast(({ question }) => Object.hasOwn(course.questions, question));
  const chapter = last && course.chapters.find(({ id }) => id === course.questions[last.question]!.chapter);
  if (!chapter) return null;
  return {
    id: "last",
    words: `Your last answer was ${ago(last.day, day)}.`,
    link: { href: chapter.href, label: `Back to ${chapter.title}` },
  };
}
