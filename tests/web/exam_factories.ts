/** A bank and a sitting for the tests. */
import type { CaseStudy } from "../../web/src/bank.d.ts";
import type { ExamPlan, ExamRules } from "../../web/src/exam.d.ts";
import { type Bank, bankOf } from "../../web/src/exam/bank.ts";
import { begin, type Sitting, type Start } from "../../web/src/exam/model.ts";
import type { Question } from "../../web/src/quiz/grade.ts";
import { choice, matching, ordering, response } from "./factories.ts";

const TASKS = ["1.1", "1.2", "1.3", "2.1", "2.2", "2.3", "3.1", "3.2", "3.3", "4.1", "4.2", "4.3"];
const WEIGHTS = [28, 26, 22, 24];

export const EXAM: ExamPlan = {
  id: "mla-c01",
  title: "The exam",
  questions: 65,
  scored: 50,
  minutes: 130,
  lowest_score: 100,
  highest_score: 1000,
  pass_score: 720,
  domains: ["1", "2", "3", "4"].map((id, index) => ({
    id,
    title: `Domain ${id}`,
    weight: WEIGHTS[index]!,
    tasks: TASKS.filter((task) => task.startsWith(id)).map((task) => ({ id: task, title: `Task ${task}` })),
  })),
  types: { multiple_choice: 68, multiple_response: 16, ordering: 5, matching: 5, case_study: 6 },
  forms: [],
};

export const RULES: ExamRules = { exams: [EXAM], diagnostic: { questions_per_task: 2, minutes: 50 } };

export function at<Q extends Question>(question: Q, id: string, task: string): Q {
  return { ...question, id, exams: { "mla-c01": [`${task}.K1`] } };
}

/** `perTask` questions of each of these tasks, of changing types. */
export function bank(perTask = 2, tasks: readonly string[] = TASKS): Bank {
  const make = [() => choice(), () => response(), () => ordering(), () => matching()];
  const questions = tasks.flatMap((task) =>
    Array.from({ length: perTask }, (_, index) => at(make[index % 4]!(), `q-${task}-${index}`, task))
  );
  return bankOf({ rules: RULES, questions });
}

export function caseStudy(id: string, task: string, size = 2): CaseStudy {
  const questions = Array.from({ length: size }, (_, index) => at(choice(), `${id}-${index}`, task));
  return { id, type: "case_study", scenario: `Scenario of ${id}`, questions };
}

export const NOW = Date.UTC(2026, 10, 23, 12);

export function sitting(from: Bank, changes: Partial<Start> = {}): Sitting {
  const entries = [...from.asked.keys()].map((question) => ({ question, scored: true }));
  return begin(from, {
    id: "s1",
    exam: "mla-c01",
    kind: "form",
    title: "Form A",
    mode: "exam",
    seed: 1,
    entries,
    now: NOW,
    allowed: 130 * 60_000,
    ...changes,
  });
}
