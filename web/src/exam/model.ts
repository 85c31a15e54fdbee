/** One sitting of an exam, from its start to its last answer: state in, state out. Chance and time come in. */
import { type Draft, gap, isRight, type Question } from "../quiz/grade.ts";
import { shuffled } from "../quiz/shuffle.ts";
import type { Confidence, Exam, LoggedAttempt } from "../log/attempts.ts";
import { askedOf, type Bank, taskOf } from "./bank.ts";
import type { Entry } from "./forms.ts";

export interface Work {
  /** As in the quiz: option, response or prompt id → what was put in. */
  readonly draft: Readonly<Record<string, string>>;
  readonly flagged: boolean;
  /** Ids of the options that were crossed out. */
  readonly struck: readonly string[];
  /** Numbers of the stem's sentences that were marked. */
  readonly marked: readonly number[];
  readonly confidence: Confidence | null;
  /** Milliseconds spent on the question. */
  readonly spent: number;
  /** In practice mode: the answer was checked, and stays. */
  readonly checked: boolean;
}

export interface Sitting extends Exam {
  readonly v: 1;
  /** In the order they are asked. */
  readonly entries: readonly Entry[];
  readonly work: Readonly<Record<string, Work>>;
  readonly started: number;
  /** The instant at which the answers are handed in, or null without a clock. */
  readonly deadline: number | null;
  /** The last instant that was stored. */
  readonly seen: number;
  /** Milliseconds that passed while nobody could see the exam. */
  readonly unseen: number;
  readonly at: number;
  readonly reviewing: boolean;
  readonly paused: boolean;
}

export interface Start extends Exam {
  readonly entries: readonly Entry[];
  readonly now: number;
  /** Milliseconds, or null without a clock. */
  readonly allowed: number | null;
}

const NOTHING: Work = {
  draft: {},
  flagged: false,
  struck: [],
  marked: [],
  confidence: null,
  spent: 0,
  checked: false,
};

export function begin(bank: Bank, { now, allowed, entries, ...start }: Start): Sitting {
  return {
    v: 1,
    ...start,
    entries: inSeededOrder(bank, entries, start.seed),
    work: {},
    started: now,
    deadline: allowed === null ? null : now + allowed,
    seen: now,
    unseen: 0,
    at: 0,
    reviewing: false,
    paused: false,
  };
}

/** Shuffled, the questions of one case study together and in their own order. */
function inSeededOrder(bank: Bank, entries: readonly Entry[], seed: number): Entry[] {
  const groups: Entry[][] = [];
  let last: string | null = null;
  for (const entry of entries) {
    const { scenario } = askedOf(bank, entry.question);
    if (scenario !== null && scenario === last) groups.at(-1)!.push(entry);
    else groups.push([entry]);
    last = scenario;
  }
  return shuffled(groups, seed).flat();
}

export function workOf(sitting: Sitting, question: string): Work {
  return Object.hasOwn(sitting.work, question) ? sitting.work[question]! : NOTHING;
}

export function draftOf(sitting: Sitting, question: string): Draft {
  return new Map(Object.entries(workOf(sitting, question).draft));
}

/** What the order of a question's options depends on: the sitting's seed and the question's id (by FNV-1a). */
export function optionSeed(seed: number, question: string): number {
  let hash = seed ^ 0x811c9dc5;
  for (const character of question) hash = Math.imul(hash ^ character.codePointAt(0)!, 0x01000193);
  return hash >>> 0;
}

export function current(sitting: Sitting): string {
  return sitting.entries[sitting.at]!.question;
}

function change(sitting: Sitting, question: string, changes: Partial<Work>): Sitting {
  const work = { ...workOf(sitting, question), ...changes };
  return { ...sitting, work: { ...sitting.work, [question]: work } };
}

/** Put a value in, or take it out with null; choosing an option takes back that it was crossed out. */
export function put(sitting: Sitting, question: Question, key: string, value: string | null): Sitting {
  const work = workOf(sitting, question.id);
  if (work.checked) return sitting;
  const draft = new Map(question.type === "multiple_choice" ? [] : Object.entries(work.draft));
  if (value === null) draft.delete(key);
  else draft.set(key, value);
  return change(sitting, question.id, {
    draft: Object.fromEntries(draft),
    struck: value === null ? work.struck : work.struck.filter((option) => option !== key),
  });
}

export function toggleFlag(sitting: Sitting, question: string): Sitting {
  return change(sitting, question, { flagged: !workOf(sitting, question).flagged });
}

/** Cross an option out, which also takes it out of the answer, or bring it back. */
export function toggleStruck(sitting: Sitting, question: string, option: string): Sitting {
  const { struck, draft, checked } = workOf(sitting, question);
  if (checked) return sitting;
  if (struck.includes(option)) {
    return change(sitting, question, { struck: struck.filter((other) => other !== option) });
  }
  const kept = Object.fromEntries(Object.entries(draft).filter(([key]) => key !== option));
  return change(sitting, question, { struck: [...struck, option], draft: kept });
}

export function toggleMarked(sitting: Sitting, question: string, sentence: number): Sitting {
  const { marked } = workOf(sitting, question);
  return change(sitting, question, {
    marked: marked.includes(sentence) ? marked.filter((other) => other !== sentence) : [...marked, sentence],
  });
}

export function setConfidence(sitting: Sitting, question: string, confidence: Confidence | null): Sitting {
  return change(sitting, question, { confidence });
}

/** Practice mode: check an answer that is whole; it cannot be changed after that. */
export function check(sitting: Sitting, question: Question): Sitting {
  if (sitting.mode !== "practice" || standing(sitting, question) !== "answered") return sitting;
  return change(sitting, question.id, { checked: true });
}

export function goTo(sitting: Sitting, at: number): Sitting {
  const last = sitting.entries.length - 1;
  return { ...sitting, at: Math.min(Math.max(at, 0), last), reviewing: at > last };
}

export function review(sitting: Sitting): Sitting {
  return { ...sitting, reviewing: true };
}

/** Only where no clock runs can one be stopped. */
export function pause(sitting: Sitting, paused: boolean): Sitting {
  return sitting.deadline === null ? { ...sitting, paused } : sitting;
}

/** The sitting at a later instant; what passed unseen was spent on no question. */
export function tick(sitting: Sitting, now: number, unseen: number): Sitting {
  const passed = Math.max(0, now - sitting.seen);
  const next = { ...sitting, seen: Math.max(sitting.seen, now), unseen: sitting.unseen + unseen };
  if (sitting.reviewing || sitting.paused || passed === 0) return next;
  const question = current(sitting);
  return change(next, question, {
    spent: workOf(sitting, question).spent + Math.max(0, passed - unseen),
  });
}

/** Milliseconds until the answers are handed in, or null without a clock. */
export function remaining(sitting: Sitting, now: number): number | null {
  return sitting.deadline === null ? null : Math.max(0, sitting.deadline - Math.max(now, sitting.seen));
}

export type Standing = "open" | "partial" | "answered";

export function standing(sitting: Sitting, question: Question): Standing {
  const draft = draftOf(sitting, question.id);
  if (draft.size === 0) return "open";
  return gap(question, draft) === null ? "answered" : "partial";
}

/** What goes into the log when the answers are handed in, at the latest at the deadline. */
export function handIn(bank: Bank, sitting: Sitting): Omit<LoggedAttempt, "id"> {
  const ended = Math.min(sitting.seen, sitting.deadline ?? Infinity);
  const { exam, kind, title, mode, seed, started, deadline } = sitting;
  return {
    exam,
    kind,
    title,
    mode,
    seed,
    started: new Date(started).toISOString(),
    ended: new Date(ended).toISOString(),
    allowed: deadline === null ? null : Math.round((deadline - started) / 1000),
    unseen: Math.round(sitting.unseen / 1000),
    results: sitting.entries.map(({ question: id, scored }) => {
      const { question } = askedOf(bank, id);
      const { draft, flagged, confidence, spent } = workOf(sitting, id);
      return {
        question: id,
        task: taskOf(question, exam) ?? "",
        scored,
        draft,
        correct: isRight(question, draftOf(sitting, id)),
        flagged,
        confidence,
        spent: Math.round(spent / 1000),
      };
    }),
  };
}

/** A stored sitting without the questions that have left the bank since, or null if it is no sitting. */
export function restored(bank: Bank, stored: unknown): Sitting | null {
  if (!isRecord(stored)) return null;
  const { v, id, exam, entries, work, started, deadline, seen, seed, at } = stored;
  const whole = v === 1 && typeof id === "string" && bank.rules.exams.some((known) => known.id === exam) &&
    Array.isArray(entries) && isRecord(work) && [seed, at].every(Number.isFinite) &&
    [started, seen, deadline ?? started].every(isInstant);
  if (!whole) return null;
  const asked = entries.filter((entry) => isRecord(entry) && bank.asked.has(String(entry["question"])));
  if (asked.length === 0) return null;
  return {
    v: 1,
    id,
    exam: String(exam),
    kind: oneOf(["form", "random", "diagnostic", "practice"], stored["kind"]) ?? "practice",
    title: String(stored["title"]),
    mode: oneOf(["exam", "practice"], stored["mode"]) ?? "exam",
    seed: Number(seed),
    entries: asked.map(({ question, scored }) => ({ question, scored: scored === true })),
    work: Object.fromEntries(Object.entries(work).map(([question, done]) => [question, restoredWork(done)])),
    started: Number(started),
    deadline: deadline === null ? null : Number(deadline),
    seen: Number(seen),
    unseen: Number(stored["unseen"]) || 0,
    at: Math.min(Math.max(Math.trunc(Number(at)), 0), asked.length - 1),
    reviewing: stored["reviewing"] === true,
    paused: stored["paused"] === true,
  };
}

function restoredWork(stored: unknown): Work {
  if (!isRecord(stored)) return NOTHING;
  const { draft, struck, marked } = stored;
  const isText = (value: unknown): value is string => typeof value === "string";
  return {
    draft: Object.fromEntries(
      Object.entries(isRecord(draft) ? draft : {}).flatMap(([key, value]) =>
        isText(value) ? [[key, value]] : []
      ),
    ),
    flagged: stored["flagged"] === true,
    struck: Array.isArray(struck) ? struck.filter(isText) : [],
    marked: Array.isArray(marked) ? marked.filter(Number.isInteger) : [],
    confidence: oneOf(["sure", "unsure", "guess"], stored["confidence"]),
    spent: Number(stored["spent"]) || 0,
    checked: stored["checked"] === true,
  };
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Milliseconds that a date can hold, with room to add to them. */
function isInstant(value: unknown): boolean {
  return Number.isFinite(value) && Math.abs(Number(value)) < 8e15;
}

function oneOf<T extends string>(known: readonly T[], value: unknown): T | null {
  return known.find((candidate) => candidate === value) ?? null;
}
