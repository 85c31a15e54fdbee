/* Written by `deno task build` from web/schema/exam.schema.json; edit the model in src/mlacourse/bank. */

/**
 * Everything about the mock exam but its questions.
 */
export interface ExamRules {
  exams: ExamPlan[];
  diagnostic: Diagnostic;
}
/**
 * One exam: its mechanics, its domains, the shares of question types, and its fixed forms.
 */
export interface ExamPlan {
  id: string;
  title: string;
  questions: number;
  scored: number;
  minutes: number;
  lowest_score: number;
  highest_score: number;
  pass_score: number;
  domains: ExamDomain[];
  types: {
    [k: string]: number;
  };
  forms: FixedForm[];
}
/**
 * A domain and its weight in percent.
 */
export interface ExamDomain {
  id: string;
  title: string;
  weight: number;
  tasks: ExamTask[];
}
/**
 * A task statement.
 */
export interface ExamTask {
  id: string;
  title: string;
}
/**
 * A form that is the same for everybody.
 */
export interface FixedForm {
  name: string;
  entries: FormEntry[];
}
/**
 * A question of a form; those that do not count are named in the report only.
 */
export interface FormEntry {
  question: string;
  scored: boolean;
}
/**
 * The short test before a plan is made.
 */
export interface Diagnostic {
  questions_per_task: number;
  minutes: number;
}
