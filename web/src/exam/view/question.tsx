/** One question on the screen, with everything that may be done to it before it is answered. */
import type { Option } from "../../bank.d.ts";
import { Inputs } from "../../quiz/answers.tsx";
import { gap, instruction, isRight, type Question as Asked } from "../../quiz/grade.ts";
import { Inline, Prose } from "../../quiz/inline.tsx";
import { More } from "../../quiz/source.tsx";
import { plain } from "../../quiz/text.ts";
import { Verdict } from "../../quiz/verdict.tsx";
import { askedOf, type Bank } from "../bank.ts";
import { draftOf, optionSeed, type Sitting, standing, workOf } from "../model.ts";
import { sentences } from "../sentences.ts";
import type { Confidence } from "../../log/attempts.ts";
import { CONFIDENCES } from "../words.ts";

export interface QuestionActions {
  put(question: Asked, key: string, value: string | null): void;
  strike(question: string, option: string): void;
  mark(question: string, sentence: number): void;
  toggleMarking(): void;
  flag(question: string): void;
  confide(question: string, confidence: Confidence): void;
  check(question: Asked): void;
}

interface Props {
  readonly bank: Bank;
  readonly sitting: Sitting;
  readonly id: string;
  /** Whether the stem shows its sentences as buttons. */
  readonly marking: boolean;
  readonly actions: QuestionActions;
}

export function Question({ bank, sitting, id, marking, actions }: Props) {
  const { question, scenario } = askedOf(bank, id);
  const work = workOf(sitting, id);
  const draft = draftOf(sitting, id);
  const name = `exam-${id}`;
  const beside = "options" in question
    ? (option: Option) => (
      <button
        type="button"
        class="mx-strike"
        aria-pressed={work.struck.includes(option.id)}
        onClick={() => actions.strike(id, option.id)}
      >
        Cross out<span class="mq-hidden">: {plain(option.text)}</span>
      </button>
    )
    : undefined;
  return (
    <div class={scenario === null ? "mx-single" : "mx-with-scenario"}>
      {scenario !== null && <Scenario text={scenario} />}
      <fieldset
        class="mq-question"
        id={name}
        aria-labelledby="exam-heading"
        aria-describedby={`${name}-stem`}
      >
        <div class="mq-stem" id={`${name}-stem`}>
          <Stem
            text={question.stem}
            marked={work.marked}
            marking={marking}
            mark={(n) => actions.mark(id, n)}
          />
        </div>
        {work.checked
          ? <Verdict outcome={isRight(question, draft) ? "right" : "wrong"} id={`${name}-verdict`} />
          : <p class="mq-task" id={`${name}-task`}>{instruction(question)}</p>}
        <Inputs
          key={id}
          question={question}
          attempt={{ seed: optionSeed(sitting.seed, id), draft, checked: work.checked }}
          name={name}
          put={(key, value) => actions.put(question, key, value)}
          {...(beside ? { beside } : {})}
          struck={work.struck}
        />
        <p class="mq-hint" role="status">
          {standing(sitting, question) === "partial" ? gap(question, draft) : null}
        </p>
        {work.checked && <More question={question} newTab />}
      </fieldset>
      <Confide name={name} chosen={work.confidence} choose={(level) => actions.confide(id, level)} />
      <div class="mq-actions mx-tools">
        {sitting.mode === "practice" && !work.checked && (
          <button
            type="button"
            class="mq-button"
            aria-disabled={standing(sitting, question) !== "answered"}
            onClick={() => actions.check(question)}
          >
            Check
          </button>
        )}
        <button type="button" class="mq-button" aria-pressed={work.flagged} onClick={() => actions.flag(id)}>
          {work.flagged ? "⚑ Flagged" : "⚐ Flag"}
        </button>
        <button type="button" class="mq-button" aria-pressed={marking} onClick={actions.toggleMarking}>
          Mark sentences
        </button>
      </div>
    </div>
  );
}

function Scenario({ text }: { text: string }) {
  return (
    <section class="mq-scenario mx-scenario" aria-label="Scenario of the case study" tabIndex={0}>
      <p class="mq-case-title">Case study</p>
      <Prose text={text} />
    </section>
  );
}

interface StemProps {
  readonly text: string;
  readonly marked: readonly number[];
  readonly marking: boolean;
  readonly mark: (sentence: number) => void;
}

/** The stem; its marked sentences are highlighted, and all are buttons while sentences are being marked. */
function Stem({ text, marked, marking, mark }: StemProps) {
  if (!marking && marked.length === 0) return <Prose text={text} />;
  let next = 0;
  return (
    <>
      {sentences(text).map((paragraph, index) => (
        <p key={index}>
          {paragraph.map((sentence) => {
            const number = next++;
            const on = marked.includes(number);
            const words = <Inline text={sentence} />;
            return [
              marking
                ? (
                  <button
                    key="mark"
                    type="button"
                    class="mx-sentence"
                    aria-pressed={on}
                    onClick={() => mark(number)}
                  >
                    {words}
                  </button>
                )
                : on
                ? <mark key="mark">{words}</mark>
                : words,
              " ",
            ];
          })}
        </p>
      ))}
    </>
  );
}

interface ConfideProps {
  readonly name: string;
  readonly chosen: Confidence | null;
  readonly choose: (level: Confidence) => void;
}

function Confide({ name, chosen, choose }: ConfideProps) {
  return (
    <fieldset class="mx-choices mx-confide">
      <legend>How sure are you? (optional)</legend>
      {(["sure", "unsure", "guess"] as const).map((level) => (
        <label key={level}>
          <input
            type="radio"
            name={`${name}-confidence`}
            checked={chosen === level}
            onChange={() => choose(level)}
          />
          {CONFIDENCES[level]}
        </label>
      ))}
    </fieldset>
  );
}
