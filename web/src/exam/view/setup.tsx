/** The first screen: what to sit, how long, with or without feedback. */
import type { ComponentChildren } from "preact";
import { type Bank, examOf, examsOf } from "../bank.ts";
import { type Choice, mistakes, ofExam, type Past, plan, weakTasks, type What } from "../sets.ts";
import { count, minutes } from "../words.ts";

export interface SetupActions {
  choose(changes: Partial<Choice>): void;
  start(): void;
}

interface Props {
  readonly bank: Bank;
  readonly choice: Choice;
  readonly past: Past;
  readonly seed: number;
  readonly actions: SetupActions;
}

const TIMES: readonly (readonly [number | null, string])[] = [
  [1, "Real timing"],
  [1.25, "1.25 times the real time"],
  [1.5, "1.5 times the real time"],
  [2, "Twice the real time"],
  [null, "No clock, can be paused"],
];

export function Setup(props: Props) {
  const { bank, choice, past, seed, actions } = props;
  const planned = plan(bank, choice, past, seed);
  const asked = planned.entries.length;
  const time = choice.time === null ? "no clock" : minutes(planned.time * choice.time);
  return (
    <form
      class="mx-setup"
      onSubmit={(event) => {
        event.preventDefault();
        actions.start();
      }}
    >
      <h2 class="mx-heading" id="exam-heading" tabIndex={-1}>Choose your exam</h2>
      <Exams {...props} />
      <WhatToSit {...props} />
      <fieldset class="mx-choices">
        <legend>Feedback</legend>
        {([["exam", "Exam mode: at the end"], [
          "practice",
          "Practice mode: after each answer, if you ask",
        ]] as const)
          .map(([mode, words]) => (
            <Radio
              key={mode}
              name="mode"
              on={choice.mode === mode}
              choose={() => actions.choose({ mode })}
            >
              {words}
            </Radio>
          ))}
      </fieldset>
      <label class="mx-field">
        Time{" "}
        <select
          class="mq-select"
          value={String(choice.time)}
          onChange={({ currentTarget: { value } }) =>
            actions.choose({ time: value === "null" ? null : Number(value) })}
        >
          {TIMES.map(([factor, words]) => <option key={words} value={String(factor)}>{words}</option>)}
        </select>
      </label>
      <div class="mq-actions">
        <button
          type="submit"
          class="mq-button mq-primary"
          aria-disabled={asked === 0}
          aria-describedby="exam-plan"
        >
          Start
        </button>
        <p id="exam-plan" role="status">
          {asked === 0
            ? "The bank has no questions for this yet."
            : `${planned.title}: ${count(asked, "question")}, ${time}.`}
          {planned.whole !== null && asked > 0 && asked < planned.whole &&
            ` A whole one has ${planned.whole}; the bank does not have enough yet${
              emptyDomains(props, planned.entries)
            }.`}
        </p>
      </div>
    </form>
  );
}

/** `, and none of domain 1 and 3`, or nothing. */
function emptyDomains({ bank, choice }: Props, entries: readonly { question: string }[]): string {
  const exam = examOf(bank, choice.exam);
  const asked = new Set(
    entries.map(({ question }) => bank.asked.get(question)?.question.exams[exam.id]?.[0]?.split(".")[0]),
  );
  const empty = exam.domains.filter(({ id }) => !asked.has(id)).map(({ id }) => id);
  return empty.length === 0
    ? ""
    : `, and none of ${empty.length === 1 ? "domain" : "domains"} ${empty.join(" and ")}`;
}

function Exams({ bank, choice, actions }: Props) {
  const known = examsOf(bank);
  if (known.length < 2) return null;
  return (
    <fieldset class="mx-choices">
      <legend>Exam</legend>
      {known.map((exam) => (
        <Radio
          key={exam.id}
          name="exam"
          on={choice.exam === exam.id}
          choose={() => actions.choose(ofExam(exam))}
        >
          {exam.id.toUpperCase()}
        </Radio>
      ))}
    </fieldset>
  );
}

function WhatToSit({ bank, choice, past, actions }: Props) {
  const exam = examOf(bank, choice.exam);
  const { questions_per_task: perTask } = bank.rules.diagnostic;
  const wrong = mistakes(bank, exam.id, past);
  const weak = weakTasks(bank, exam.id, past);
  const what = (value: What, words: string, off: boolean, field: ComponentChildren = null) => (
    <div class="mx-what">
      <Radio name="what" on={choice.what === value} off={off} choose={() => actions.choose({ what: value })}>
        {words}
      </Radio>
      {choice.what === value && field}
    </div>
  );
  const select = (
    label: string,
    value: string,
    change: (value: string) => void,
    entries: [string, string][],
  ) => (
    <select
      class="mq-select"
      aria-label={label}
      value={value}
      onChange={(event) => change(event.currentTarget.value)}
    >
      {entries.map(([key, words]) => <option key={key} value={key}>{words}</option>)}
    </select>
  );
  const most = select(
    "Most questions",
    String(choice.count),
    (value) => actions.choose({ count: Number(value) }),
    [
      ["10", "up to 10 questions"],
      ["20", "up to 20 questions"],
      ["30", "up to 30 questions"],
      ["65", "up to 65 questions"],
    ],
  );
  const tasks = exam.domains.flatMap((domain) => domain.tasks);
  return (
    <fieldset class="mx-choices mx-whats">
      <legend>Questions</legend>
      {what(
        "form",
        "A fixed form",
        exam.forms.every(({ entries }) => entries.length === 0),
        select(
          "Form",
          choice.form,
          (form) => actions.choose({ form }),
          exam.forms.filter(({ entries }) => entries.length > 0)
            .map(({ name, entries }) => [name, `Form ${name}: ${count(entries.length, "question")}`]),
        ),
      )}
      {what(
        "random",
        "A random form",
        false,
        <label>
          Number{" "}
          <input
            class="mx-number"
            type="number"
            min="1"
            max="999999"
            value={choice.number}
            onChange={(event) => {
              const number = Math.trunc(Number(event.currentTarget.value));
              if (number >= 1 && number <= 999_999) actions.choose({ number });
            }}
          />
        </label>,
      )}
      {what("diagnostic", `The diagnostic: ${count(perTask, "question")} of each task`, false)}
      {what("domain", "One domain", false, [
        select(
          "Domain",
          choice.domain,
          (domain) => actions.choose({ domain }),
          exam.domains.map(({ id, title }) => [id, `${id} ${title}`]),
        ),
        most,
      ])}
      {what("task", "One task", false, [
        select("Task", choice.task, (task) =>
          actions.choose({ task }), tasks.map(({ id, title }) => [id, `${id} ${title}`])),
        most,
      ])}
      {what("mistakes", `My mistakes and guesses (${wrong})`, wrong === 0, most)}
      {what(
        "weak",
        weak.length ? `My weak areas (${weak.join(", ")})` : "My weak areas",
        weak.length === 0,
        most,
      )}
      {choice.named.length > 0 &&
        what("named", `The questions of the link (${choice.named.length})`, false)}
      {wrong === 0 && weak.length === 0 && (
        <p class="mx-note">
          Mistakes and weak areas come from the quizzes and exams you have answered in this browser.
        </p>
      )}
    </fieldset>
  );
}

interface RadioProps {
  readonly name: string;
  readonly on: boolean;
  readonly off?: boolean;
  readonly choose: () => void;
  readonly children: ComponentChildren;
}

function Radio({ name, on, off = false, choose, children }: RadioProps) {
  return (
    <label>
      <input type="radio" name={`exam-${name}`} checked={on} disabled={off} onChange={choose} />
      <span>{children}</span>
    </label>
  );
}
