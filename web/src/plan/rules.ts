/** The plan's numbers; `mlacourse.plan` holds them, says the rules in words, and follows the same. */
import RULES from "./rules.json" with { type: "json" };

export interface ExamRules {
  readonly questions: number;
  readonly minutes: number;
  /** Number of skills by task. */
  readonly skills: Readonly<Record<string, number>>;
}

export const NUMBERS = RULES.numbers;
export const PHASES: readonly { readonly id: string; readonly title: string }[] = RULES.phases;
export const PROJECTS = RULES.projects;
export const REVISION = RULES.revision;
export const FORMS: readonly string[] = RULES.forms;
export const DIAGNOSTIC_MINUTES = RULES.diagnostic_minutes;
export const EXAMS: Readonly<Record<string, ExamRules>> = RULES.exams;

export function examRules(exam: string): ExamRules {
  const rules = EXAMS[exam];
  if (!rules) throw new Error(`There is no exam '${exam}'.`);
  return rules;
}

export function wholeSteps(minutes: number): number {
  return Math.ceil(minutes / NUMBERS.step) * NUMBERS.step;
}

export function fullSteps(minutes: number): number {
  return Math.floor(minutes / NUMBERS.step) * NUMBERS.step;
}
