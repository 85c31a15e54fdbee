/** What a link asks the exam's page for, after the `#`: `mistakes`, `task=2.3`, `questions=one,two&exam=mla-c02`. */
import type { ExamPlan } from "../exam.d.ts";
import { type Bank, domainOf } from "./bank.ts";
import { type Choice, mistakes, ofExam, type Past, weakTasks } from "./sets.ts";

/** A link names as many questions as a practice set can ask. */
export const MOST_NAMED = 65;

export interface Preset {
  /** What is chosen, or null if the link cannot be followed. */
  readonly choice: Partial<Choice> | null;
  /** A sentence for the learner where the link cannot be followed, or not wholly. */
  readonly notice: string | null;
}

type Asked = (exam: ExamPlan, value: string, bank: Bank, past: Past) => Partial<Choice> | string;

const KNOWN: Readonly<Record<string, Asked>> = {
  mistakes: (exam, _, bank, past) =>
    mistakes(bank, exam.id, past) > 0
      ? { what: "mistakes", mode: "practice" }
      : "The link asks for your open mistakes, and you have none.",
  weak: (exam, _, bank, past) =>
    weakTasks(bank, exam.id, past).length > 0
      ? { what: "weak" }
      : "The link asks for your weak areas, and none can be seen yet.",
  diagnostic: () => ({ what: "diagnostic" }),
  domain: (exam, value) =>
    exam.domains.some(({ id }) => id === value)
      ? { what: "domain", domain: value }
      : `The link asks for a domain that ${exam.id.toUpperCase()} does not have.`,
  task: (exam, value) =>
    exam.domains.find(({ id }) => id === domainOf(value))?.tasks.some(({ id }) => id === value)
      ? { what: "task", task: value }
      : `The link asks for a task that ${exam.id.toUpperCase()} does not have.`,
  form: (exam, value) =>
    exam.forms.some(({ name, entries }) => name === value && entries.length > 0)
      ? { what: "form", form: value }
      : "The link asks for a form that there is not, or not yet.",
  questions: (exam, value, bank) => {
    const wanted = new Set(value.split(","));
    const known = (bank.units.get(exam.id) ?? []).flatMap(({ questions }) => questions)
      .filter((question) => wanted.has(question));
    return known.length > 0
      ? { what: "named", named: known, mode: "practice" }
      : "The link asks for questions that the course does not have.";
  },
};

/** The choice behind what stands after the `#`; null if nothing does. */
export function presetOf(hash: string, bank: Bank, past: Past): Preset | null {
  const asked = hash.replace(/^#/, "");
  if (asked === "") return null;
  const values = new URLSearchParams(asked);
  const name = Object.keys(KNOWN).find((known) => values.has(known));
  if (name === undefined) return refused("This page does not know what the link to it asks for.");
  const exam = values.has("exam")
    ? bank.rules.exams.find(({ id }) => id === values.get("exam"))
    : bank.rules.exams[0];
  if (!exam) return refused("The link asks for an exam that the course does not have.");
  const found = KNOWN[name]!(exam, values.get(name) ?? "", bank, past);
  if (typeof found === "string") return refused(found);
  const missing = name === "questions" ? new Set(values.get(name)!.split(",")).size - found.named!.length : 0;
  return {
    choice: { ...ofExam(exam), ...found },
    notice: missing > 0 ? `${missing} of the questions that the link asks for are not in this exam.` : null,
  };
}

function refused(reason: string): Preset {
  return { choice: null, notice: `${reason} Choose below.` };
}

/** What stands after the `#` of a link that asks for these questions, or for the first of them. */
export function hashOf(questions: readonly string[], exam: string): string {
  return `#questions=${questions.slice(0, MOST_NAMED).map(encodeURIComponent).join(",")}&exam=${
    encodeURIComponent(exam)
  }`;
}
