/** What a learner can sit: forms, the diagnostic, and practice sets out of their own past. */
import type { ExamPlan } from "../exam.d.ts";
import type { Kind, Mode } from "../log/attempts.ts";
import { askedOf, type Bank, domainOf, examOf, taskOf } from "./bank.ts";
import { draw, type Entry, form, practiceSet, type Unit } from "./forms.ts";

export type What = "form" | "random" | "diagnostic" | "domain" | "task" | "mistakes" | "weak" | "named";

/** What is chosen on the first screen; every field keeps its value while another is chosen. */
export interface Choice {
  readonly exam: string;
  readonly what: What;
  readonly form: string;
  /** The number that a random form depends on. */
  readonly number: number;
  readonly domain: string;
  readonly task: string;
  /** The ids that a link has named. */
  readonly named: readonly string[];
  /** Most questions of a practice set. */
  readonly count: number;
  /** Factor on the real time, or null for no clock. */
  readonly time: number | null;
  readonly mode: Mode;
}

export interface Plan {
  readonly kind: Kind;
  readonly title: string;
  readonly entries: readonly Entry[];
  /** Questions that it would have with a bank large enough, or null if any number is whole. */
  readonly whole: number | null;
  /** Real time in milliseconds. */
  readonly time: number;
}

/** What the learner did before. */
export interface Past {
  /** Whether each question was right the last time. */
  readonly last: ReadonlyMap<string, boolean>;
  /** The questions that are open mistakes. */
  readonly open: ReadonlySet<string>;
}

export const NO_PAST: Past = { last: new Map(), open: new Set() };

const WEAK_TASKS = 3;
const MINUTE = 60_000;

export function firstChoice(bank: Bank, number: number): Choice {
  return {
    ...ofExam(bank.rules.exams[0]!),
    what: "form",
    number,
    named: [],
    count: 20,
    time: 1,
    mode: "exam",
  };
}

/** What is chosen first of an exam's own things. */
export function ofExam(exam: ExamPlan): Pick<Choice, "exam" | "form" | "domain" | "task"> {
  const domain = exam.domains[0]!;
  const form = exam.forms.find(({ entries }) => entries.length > 0)?.name ?? "";
  return { exam: exam.id, form, domain: domain.id, task: domain.tasks[0]!.id };
}

/** The questions of a choice; `seed` orders a practice set, forms have seeds of their own. */
export function plan(bank: Bank, choice: Choice, past: Past, seed: number): Plan {
  const exam = examOf(bank, choice.exam);
  const units = bank.units.get(exam.id) ?? [];
  const each = exam.minutes * MINUTE / exam.questions;
  const whole = (kind: Kind, title: string, entries: readonly Entry[]): Plan => ({
    kind,
    title,
    entries,
    whole: exam.questions,
    time: each * entries.length,
  });
  const practice = (title: string, wanted: (unit: Unit) => boolean, most = choice.count): Plan => {
    const entries = practiceSet(units.filter(wanted), most, seed);
    return { kind: "practice", title, entries, whole: null, time: each * entries.length };
  };

  switch (choice.what) {
    case "form": {
      const fixed = exam.forms.find(({ name }) => name === choice.form);
      return whole("form", `Form ${choice.form}`, fixed?.entries ?? []);
    }
    case "random":
      return whole("random", `Random form ${choice.number}`, form(exam, units, choice.number));
    case "diagnostic":
      return diagnostic(bank, exam, units, choice.number);
    case "domain":
      return practice(
        `Domain ${choice.domain}`,
        (unit) => unit.tasks.some((task) => domainOf(task) === choice.domain),
      );
    case "task":
      return practice(`Task ${choice.task}`, (unit) => unit.tasks.includes(choice.task));
    case "mistakes":
      return practice("My mistakes", (unit) => unit.questions.some((id) => past.open.has(id)));
    case "weak": {
      const weak = weakTasks(bank, exam.id, past);
      return practice("Weak areas", (unit) => unit.tasks.some((task) => weak.includes(task)));
    }
    case "named":
      return practice(
        "Chosen questions",
        (unit) => unit.questions.some((id) => choice.named.includes(id)),
        exam.questions,
      );
  }
}

/** Single questions, as many of each task as the rules say. */
function diagnostic(bank: Bank, exam: ExamPlan, units: readonly Unit[], seed: number): Plan {
  const { questions_per_task: perTask, minutes } = bank.rules.diagnostic;
  const tasks = exam.domains.flatMap((domain) => domain.tasks.map(({ id }) => id));
  const single = units.filter(({ questions }) => questions.length === 1);
  const seats = new Map(tasks.map((task) => [task, perTask]));
  const drawn = draw(single, seats, exam.types, seed, (task) => task);
  const entries = drawn.flatMap(({ questions }) => questions.map((question) => ({ question, scored: true })));
  const whole = perTask * tasks.length;
  return {
    kind: "diagnostic",
    title: "Diagnostic",
    entries,
    whole,
    time: minutes * MINUTE * entries.length / whole,
  };
}

/** How many open mistakes the exam's questions have. */
export function mistakes(bank: Bank, exam: string, past: Past): number {
  return (bank.units.get(exam) ?? []).flatMap(({ questions }) => questions)
    .filter((question) => past.open.has(question)).length;
}

/** The tasks that went worst so far, the worst first; few answers pull a share towards one half. */
export function weakTasks(bank: Bank, exam: string, past: Past): string[] {
  const counts = new Map<string, { right: number; total: number }>();
  for (const [id, correct] of past.last) {
    const task = bank.asked.has(id) ? taskOf(askedOf(bank, id).question, exam) : null;
    if (task === null) continue;
    const { right, total } = counts.get(task) ?? { right: 0, total: 0 };
    counts.set(task, { right: right + (correct ? 1 : 0), total: total + 1 });
  }
  const share = ({ right, total }: { right: number; total: number }) => (right + 1) / (total + 2);
  return [...counts].filter(([, count]) => count.right < count.total)
    .sort(([first, one], [second, other]) => share(one) - share(other) || (first < second ? -1 : 1))
    .slice(0, WEAK_TASKS).map(([task]) => task);
}
