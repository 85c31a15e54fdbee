/** What the learner got wrong or guessed, what became of it since, and what they say about it. */
import { attempts } from "./attempts.ts";
import { type Day, dayOf } from "./days.ts";
import { type LogEvent, merged } from "./events.ts";

/** Days on which a question has to be answered right, after it went wrong, to be cleared. */
export const DAYS_TO_CLEAR = 2;

export const ERROR_KINDS = ["misread", "unknown-service", "mixed-up", "calculation", "careless"] as const;
export type ErrorKind = (typeof ERROR_KINDS)[number];

/** What the learner says about a question: the kind of their error, and a note of their own. */
export interface Remark {
  readonly kind: ErrorKind | null;
  readonly note: string;
}

/** An answer as it was given. */
export type Given =
  | { readonly where: "quiz"; readonly response: unknown; readonly seed: unknown }
  | { readonly where: "exam"; readonly draft: Readonly<Record<string, string>>; readonly seed: number };

export interface Mistake extends Remark {
  readonly question: string;
  /** How often it was wrong or without an answer, and how often right by a guess. */
  readonly wrong: number;
  readonly guessed: number;
  /** The last answer that was not right or a guess. */
  readonly last: { readonly at: number; readonly guessed: boolean; readonly given: Given };
  /** The days since then on which it was answered right. */
  readonly rightOn: readonly Day[];
  /** The instant at which it was cleared, in milliseconds, or null while it is open. */
  readonly cleared: number | null;
  /** The learner has put it away: it counts only for questions that have left the course. */
  readonly dismissed: boolean;
}

interface Answer {
  readonly at: number;
  readonly right: boolean;
  readonly guessed: boolean;
  readonly given: Given;
}

/**
 * Every question that was ever wrong or guessed. It is open until it has been answered right, and not by a guess, on
 * two different days after the last time; a question of an exam without an answer was wrong. The order of the events
 * plays no part, their instants do.
 */
export function mistakes(events: readonly LogEvent[], day: (instant: number) => Day = dayOf): Mistake[] {
  const answers = new Map<string, Answer[]>();
  const remarks = new Map<string, Remark & { dismissed: boolean }>();
  for (const event of merged(events)) {
    for (const [question, answer] of answersIn(event)) {
      const before = answers.get(question);
      if (before) before.push(answer);
      else answers.set(question, [answer]);
    }
    const { type, question, kind, note, dismissed } = event;
    if (type !== "mistake" || typeof question !== "string" || typeof note !== "string") continue;
    if (kind !== null && !isErrorKind(kind)) continue;
    remarks.set(question, { kind, note, dismissed: dismissed === true });
  }
  return [...answers].flatMap(([question, given]) => {
    const found = mistake(given, day);
    return found
      ? [{ kind: null, note: "", dismissed: false, ...remarks.get(question), question, ...found }]
      : [];
  });
}

/** The ids of the questions that are open mistakes. */
export function openMistakes(events: readonly LogEvent[]): ReadonlySet<string> {
  return new Set(mistakes(events).filter(({ cleared }) => cleared === null).map(({ question }) => question));
}

function mistake(answers: readonly Answer[], day: (instant: number) => Day) {
  const at = answers.findLastIndex(({ right, guessed }) => !right || guessed);
  const last = answers[at];
  if (!last) return null;
  const rightOn: Day[] = [];
  let cleared: number | null = null;
  for (const answer of answers.slice(at + 1)) {
    const today = day(answer.at);
    if (rightOn.includes(today)) continue;
    rightOn.push(today);
    if (rightOn.length === DAYS_TO_CLEAR) cleared = answer.at;
  }
  return {
    wrong: answers.filter(({ right }) => !right).length,
    guessed: answers.filter(({ right, guessed }) => right && guessed).length,
    last: { at: last.at, guessed: last.right, given: last.given },
    rightOn,
    cleared,
  };
}

/** The answers that an event holds, by question; an event of another shape holds none. */
function answersIn(event: LogEvent): (readonly [string, Answer])[] {
  if (event.type === "answer") {
    const { t, question, correct, response, seed } = event;
    if (typeof question !== "string" || typeof correct !== "boolean") return [];
    const given = { where: "quiz", response, seed } as const;
    return [[question, { at: Date.parse(t), right: correct, guessed: false, given }]];
  }
  if (event.type !== "attempt") return [];
  return attempts([event]).flatMap(({ seed, results }) =>
    results.map(({ question, correct, confidence, draft }) =>
      [question, {
        at: Date.parse(event.t),
        right: correct,
        guessed: confidence === "guess",
        given: { where: "exam", draft, seed },
      }] as const
    )
  );
}

export function isErrorKind(value: unknown): value is ErrorKind {
  return ERROR_KINDS.some((kind) => kind === value);
}
