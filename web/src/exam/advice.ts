/** What to do after an exam: three things, the one that gains most first. */
import type { ExamPlan } from "../exam.d.ts";
import type { LoggedAttempt } from "../log/attempts.ts";
import type { Bank } from "./bank.ts";
import { estimate, isBlank, pace } from "./score.ts";
import type { Choice } from "./sets.ts";

export interface Advice {
  readonly words: string;
  /** A place to read. */
  readonly link: { readonly href: string; readonly label: string } | null;
  /** Something to sit. */
  readonly sit: { readonly label: string; readonly choice: Partial<Choice> } | null;
}

const ADVICE = 3;

export function advice(bank: Bank, exam: ExamPlan, attempt: LoggedAttempt): Advice[] {
  const { results } = attempt;
  const wrong = results.filter(({ correct }) => !correct);
  const found: Advice[] = [];

  const worst = costliestTask(exam, attempt);
  if (worst) {
    const question = wrong.find(({ task }) => task === worst.id)!.question;
    const learn = bank.asked.get(question)?.question.learn_link ?? null;
    found.push({
      words: `Read up on task ${worst.id}, ${worst.title}: ${worst.wrong} of ${worst.total} wrong, ` +
        "and nowhere can you gain more points.",
      link: learn,
      sit: { label: `Practise task ${worst.id}`, choice: { what: "task", task: worst.id } },
    });
  }
  const sure = wrong.filter(({ confidence }) => confidence === "sure").length;
  if (sure > 0) {
    found.push({
      words: `You were sure of ${sure} ${sure === 1 ? "answer that was" : "answers that were"} wrong. ` +
        "Read the reasons first: what you believe firmly is what you will answer again.",
      link: { href: "#exam-questions", label: "To the questions" },
      sit: null,
    });
  }
  const { median, given, blank } = pace(results, exam);
  if (blank > 0) {
    found.push({
      words: `${blank} ${blank === 1 ? "question stayed" : "questions stayed"} without an answer. ` +
        "A guess costs nothing: put something in first, flag it, and come back.",
      link: null,
      sit: null,
    });
  }
  if (wrong.some((result) => !isBlank(result))) {
    found.push({
      words: "Answer again what you got wrong, in a few days and without looking at this report.",
      link: null,
      sit: { label: "Practise my mistakes", choice: { what: "mistakes", mode: "practice" } },
    });
  }
  if (median > given) {
    found.push({
      words:
        `You took ${Math.round(median)} s for the middle question; the exam gives ${Math.round(given)} s. ` +
        "Sit the next one with the real clock.",
      link: null,
      sit: { label: "Sit a form with real timing", choice: { what: "random", time: 1, mode: "exam" } },
    });
  }
  const score = estimate(attempt, exam);
  found.push(
    score?.verdict === "above"
      ? {
        words: "Sit one more form on another day: two in a row above the line are worth more than one.",
        link: null,
        sit: { label: "Sit a random form", choice: { what: "random", time: 1, mode: "exam" } },
      }
      : {
        words: "Sit a form under real timing to see where you stand over all domains.",
        link: null,
        sit: { label: "Sit a random form", choice: { what: "random", time: 1, mode: "exam" } },
      },
  );
  found.push(
    {
      words:
        "Read the reasons of the wrong options too, also where you were right: each is a question of its own.",
      link: { href: "#exam-questions", label: "To the questions" },
      sit: null,
    },
    {
      words: "Take the diagnostic, two questions of each task, to find out what has not been asked here.",
      link: null,
      sit: { label: "Take the diagnostic", choice: { what: "diagnostic", time: 1, mode: "exam" } },
    },
  );
  return found.slice(0, ADVICE);
}

/** The task whose wrong answers weigh most: its share of wrong answers times its domain's weight. */
function costliestTask(exam: ExamPlan, { results }: LoggedAttempt) {
  const tasks = exam.domains.flatMap(({ weight, tasks }) =>
    tasks.map(({ id, title }) => {
      const asked = results.filter(({ task }) => task === id);
      const wrong = asked.filter(({ correct }) => !correct).length;
      return { id, title, wrong, total: asked.length, cost: weight * wrong / (asked.length + 1) };
    })
  );
  const worst = tasks.reduce((one, other) => (other.cost > one.cost ? other : one));
  return worst.wrong > 0 ? worst : null;
}
