/** The feedback log: mistakes beside their questions, grouped, filtered and sorted, and what they have in common. */
import type { Course } from "../course.d.ts";
import type { ExamPlan } from "../exam.d.ts";
import { type Asked, type Bank, domainOf, taskOf } from "../exam/bank.ts";
import { optionSeed } from "../exam/model.ts";
import { DAYS_TO_CLEAR, ERROR_KINDS, type ErrorKind, type Mistake } from "../log/mistakes.ts";
import { type Draft, fromAnswer, type Question } from "../quiz/grade.ts";

export type Chapter = Pick<Course["chapters"][number], "id" | "title" | "href">;

export interface Entry {
  readonly mistake: Mistake;
  readonly asked: Asked;
  /** Its task in the exam that is looked at, or null if it is none of that exam's. */
  readonly task: string | null;
  /** The chapter that it leads to, or null if readers cannot open it. */
  readonly chapter: Chapter | null;
}

export interface Found {
  readonly open: readonly Entry[];
  /** The last cleared first. */
  readonly cleared: readonly Entry[];
  /** Open mistakes whose questions have left the bank, the last first. */
  readonly gone: readonly Mistake[];
}

/** The mistakes beside their questions. */
export function found(
  bank: Bank,
  exam: string,
  chapters: readonly Chapter[],
  all: readonly Mistake[],
): Found {
  const byAddress = new Map(chapters.map((chapter) => [chapter.href, chapter]));
  const entries = all.flatMap((mistake): Entry[] => {
    const asked = bank.asked.get(mistake.question);
    if (!asked) return [];
    const [page] = asked.question.learn_link.href.split("#");
    return [{
      mistake,
      asked,
      task: taskOf(asked.question, exam),
      chapter: byAddress.get(page!) ?? null,
    }];
  });
  return {
    open: entries.filter(({ mistake }) => mistake.cleared === null),
    cleared: entries.filter(({ mistake }) => mistake.cleared !== null)
      .sort((one, other) => other.mistake.cleared! - one.mistake.cleared!),
    gone: all.filter(({ question, cleared, dismissed }) =>
      !bank.asked.has(question) && cleared === null && !dismissed
    )
      .sort((one, other) => other.last.at - one.last.at),
  };
}

export type Grouping = "task" | "chapter" | "kind";
export type Order = "recent" | "oldest" | "often";

/** How the open mistakes are shown. */
export interface View {
  readonly by: Grouping;
  /** Only this kind of error, those of which nothing was said, or all. */
  readonly kind: ErrorKind | "unsaid" | "all";
  readonly order: Order;
}

export const FIRST_VIEW: View = { by: "task", kind: "all", order: "recent" };

/** The kind of error by question, as it was when the list was last put in order: a list does not move under hands. */
export type Kinds = ReadonlyMap<string, ErrorKind | null>;

export function kindsOf(all: readonly Mistake[]): Kinds {
  return new Map(all.map(({ question, kind }) => [question, kind]));
}

export interface Group {
  /** Of a task, a chapter or a kind; empty for what has none. */
  readonly id: string;
  readonly entries: readonly Entry[];
}

/** The open mistakes in groups, in the order of the exam, of the course or of the kinds; empty groups are left out. */
export function grouped(
  open: readonly Entry[],
  { by, kind, order }: View,
  kinds: Kinds,
  exam: ExamPlan,
  chapters: readonly Chapter[],
): Group[] {
  const kindOf = ({ mistake }: Entry) => kinds.get(mistake.question) ?? null;
  const of: Record<Grouping, (entry: Entry) => string | null> = {
    task: ({ task }) => task,
    chapter: ({ chapter }) => chapter?.id ?? null,
    kind: kindOf,
  };
  const places: Record<Grouping, readonly string[]> = {
    task: exam.domains.flatMap(({ tasks }) => tasks.map(({ id }) => id)),
    chapter: chapters.map(({ id }) => id),
    kind: ERROR_KINDS,
  };
  const groups = new Map<string, Entry[]>([...places[by], ""].map((id) => [id, []]));
  for (const entry of open) {
    if (kind !== "all" && (kindOf(entry) ?? "unsaid") !== kind) continue;
    groups.get(of[by](entry) ?? "")?.push(entry);
  }
  return [...groups].filter(([, entries]) => entries.length > 0)
    .map(([id, entries]) => ({ id, entries: entries.sort(ORDERS[order]) }));
}

const ORDERS: Record<Order, (one: Entry, other: Entry) => number> = {
  recent: ({ mistake: one }, { mistake: other }) => other.last.at - one.last.at,
  oldest: ({ mistake: one }, { mistake: other }) => one.last.at - other.last.at,
  often: ({ mistake: one }, { mistake: other }) =>
    other.wrong + other.guessed - one.wrong - one.guessed || other.last.at - one.last.at,
};

/** A section to read again. */
export interface Section {
  readonly href: string;
  readonly label: string;
  readonly chapter: Chapter | null;
  readonly count: number;
  /** Its open mistakes, each times its domain's weight in percent. */
  readonly weight: number;
}

/** The sections that open mistakes lead to; first the one whose mistakes, each times its domain's weight, are most. */
export function revision(open: readonly Entry[], exam: ExamPlan): Section[] {
  const weights = new Map(exam.domains.map(({ id, weight }) => [id, weight]));
  const sections = new Map<string, Section>();
  for (const { asked, task, chapter } of open) {
    const { href, label } = asked.question.learn_link;
    const before = sections.get(href) ?? { href, label, chapter, count: 0, weight: 0 };
    const weight = task === null ? 0 : weights.get(domainOf(task)) ?? 0;
    sections.set(href, { ...before, count: before.count + 1, weight: before.weight + weight });
  }
  return [...sections.values()].sort((one, other) =>
    other.weight - one.weight || other.count - one.count || (one.href < other.href ? -1 : 1)
  );
}

/** Something that more than half of the open mistakes share; `of` is how many it was looked for in. */
export type Pattern =
  | { readonly kind: ErrorKind; readonly count: number; readonly of: number; readonly task: Share | null }
  | { readonly kind: null; readonly of: number; readonly task: Share };

export interface Share {
  readonly id: string;
  readonly count: number;
}

/** Fewer mistakes than this show no pattern. */
export const FEWEST_FOR_PATTERN = 8;
/** Fewer of a kind than this are not looked at by task. */
const FEWEST_BY_TASK = 4;

/**
 * What more than half have in common: a kind of error among those that have one, and the task of more than half of
 * that kind; else a task. Null where there are too few, or nothing stands out.
 */
export function pattern(open: readonly Entry[]): Pattern | null {
  const said = open.filter(({ mistake }) => mistake.kind !== null);
  const kind = said.length < FEWEST_FOR_PATTERN ? null : most(said, ({ mistake }) => mistake.kind);
  if (kind) {
    const ours = said.filter(({ mistake }) => mistake.kind === kind.id);
    const task = ours.length < FEWEST_BY_TASK ? null : most(ours, ({ task }) => task);
    return { kind: kind.id, count: kind.count, of: said.length, task };
  }
  const task = open.length < FEWEST_FOR_PATTERN ? null : most(open, ({ task }) => task);
  return task && { kind: null, of: open.length, task };
}

/** The value that more than half of the entries have, or null. */
function most<Value extends string>(
  entries: readonly Entry[],
  of: (entry: Entry) => Value | null,
): { readonly id: Value; readonly count: number } | null {
  const counts = new Map<Value, number>();
  for (const entry of entries) {
    const value = of(entry);
    if (value !== null) counts.set(value, (counts.get(value) ?? 0) + 1);
  }
  for (const [id, count] of counts) if (2 * count > entries.length) return { id, count };
  return null;
}

/** What was put in the last time that it was not right; `changed` if it no longer fits the question. */
export function lastAnswer({ mistake, asked: { question } }: Entry): {
  readonly draft: Draft;
  readonly seed: number;
  readonly state: "whole" | "blank" | "changed";
} {
  const { given } = mistake.last;
  if (given.where === "exam") {
    const entries = Object.entries(given.draft);
    const known = new Set(partsOf(question));
    const fits = entries.every(([part]) => known.has(part));
    const state = entries.length === 0 ? "blank" : fits ? "whole" : "changed";
    return { draft: new Map(fits ? entries : []), seed: optionSeed(given.seed, question.id), state };
  }
  const draft = fromAnswer(question, given.response);
  const seed = typeof given.seed === "number" ? given.seed : 0;
  return { draft: draft ?? new Map(), seed, state: draft ? "whole" : "changed" };
}

/** The ids of what is answered: options, steps or lines. */
function partsOf(question: Question): string[] {
  switch (question.type) {
    case "ordering":
      return question.responses.map(({ id }) => id);
    case "matching":
      return question.prompts.map(({ id }) => id);
    default:
      return question.options.map(({ id }) => id);
  }
}

/** On how many more days it has to be answered right. */
export function daysLeft({ rightOn }: Mistake): number {
  return DAYS_TO_CLEAR - rightOn.length;
}
