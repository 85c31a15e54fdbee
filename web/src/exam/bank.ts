/** The exam's questions as they are looked up: by id, and as what can be drawn for an exam. */
import type { QuizDocument } from "../bank.d.ts";
import type { ExamPlan, ExamRules } from "../exam.d.ts";
import { type Question, questionsOf } from "../quiz/grade.ts";
import type { Unit } from "./forms.ts";

export interface ExamDocument {
  readonly rules: ExamRules;
  readonly questions: QuizDocument["questions"];
}

export interface Asked {
  readonly question: Question;
  /** The scenario of its case study, or null. */
  readonly scenario: string | null;
}

export interface Bank {
  readonly rules: ExamRules;
  readonly asked: ReadonlyMap<string, Asked>;
  /** What can be drawn, by exam, in the order of the ids. */
  readonly units: ReadonlyMap<string, readonly Unit[]>;
}

export function bankOf({ rules, questions }: ExamDocument): Bank {
  const asked = new Map<string, Asked>();
  for (const item of questions) {
    const scenario = item.type === "case_study" ? item.scenario : null;
    for (const question of questionsOf([item])) asked.set(question.id, { question, scenario });
  }
  return { rules, asked, units: new Map(rules.exams.map((exam) => [exam.id, unitsOf(questions, exam)])) };
}

function unitsOf(questions: ExamDocument["questions"], exam: ExamPlan): Unit[] {
  const units: Unit[] = [];
  for (const item of questions) {
    const parts = questionsOf([item]);
    const tasks = parts.flatMap((question) => taskOf(question, exam.id) ?? []);
    if (!exam.types[item.type] || tasks.length < parts.length) continue;
    units.push({ id: item.id, type: item.type, tasks, questions: parts.map(({ id }) => id) });
  }
  return units.sort((one, other) => (one.id < other.id ? -1 : 1));
}

/** The task that a question counts for: that of the first skill it names. */
export function taskOf(question: Question, exam: string): string | null {
  const skill = question.exams[exam]?.[0];
  return skill === undefined ? null : skill.split(".").slice(0, 2).join(".");
}

export function domainOf(task: string): string {
  return task.split(".")[0]!;
}

export function examOf(bank: Bank, id: string): ExamPlan {
  const exam = bank.rules.exams.find((candidate) => candidate.id === id);
  if (!exam) throw new Error(`There is no exam '${id}'.`);
  return exam;
}

/** The exams that the bank has questions for. */
export function examsOf(bank: Bank): ExamPlan[] {
  return bank.rules.exams.filter(({ id }) => bank.units.get(id)?.length);
}

export function askedOf(bank: Bank, id: string): Asked {
  const asked = bank.asked.get(id);
  if (!asked) throw new Error(`The bank has no question '${id}'.`);
  return asked;
}
