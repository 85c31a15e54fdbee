/** The part of a question that is answered: options, steps or lines, with native inputs. */
import type { ComponentChildren } from "preact";
import type { Matching, MultipleChoice, MultipleResponse, Option, Ordering } from "../bank.d.ts";
import { choiceFeedback, type Feedback, inRightOrder, matchFeedback, orderFeedback } from "./feedback.ts";
import { places, type Question } from "./grade.ts";
import { Inline, Prose } from "./inline.tsx";
import type { Attempt } from "./model.ts";
import { Icon } from "./icon.tsx";
import { shuffled } from "./shuffle.ts";
import { plain } from "./text.ts";

interface Props<Q> {
  readonly question: Q;
  readonly attempt: Pick<Attempt, "seed" | "draft" | "checked">;
  /** Start of the ids of this question's elements. */
  readonly name: string;
  readonly put: (key: string, value: string | null) => void;
  /** What stands beside an option that is still open, such as a button of its own. */
  readonly beside?: (option: Option) => ComponentChildren;
  /** Ids of options that were crossed out. */
  readonly struck?: readonly string[];
}

/** The inputs that fit the question. */
export function Inputs({ question, ...props }: Props<Question>) {
  if (question.type === "ordering") return <Steps question={question} {...props} />;
  if (question.type === "matching") return <Lines question={question} {...props} />;
  return <Options question={question} {...props} />;
}

const TONE_ICON = { good: "right", bad: "wrong", missed: "right", plain: null } as const;

function Reason({ feedback, id }: { feedback: Feedback; id: string }) {
  const icon = TONE_ICON[feedback.tone];
  return (
    <div class="mq-reason" id={id}>
      <p class="mq-mark">{icon && <Icon name={icon} />}{feedback.words}</p>
      <Prose text={feedback.why} />
    </div>
  );
}

function Row({ feedback, children }: { feedback: Feedback | undefined; children: ComponentChildren }) {
  return <li class="mq-row" data-tone={feedback?.tone}>{children}</li>;
}

function Options({ question, attempt, name, put, beside, struck }: Props<MultipleChoice | MultipleResponse>) {
  return (
    <ul class="mq-rows">
      {shuffled(question.options, attempt.seed).map((option) => {
        const { id, text } = option;
        const said = attempt.checked ? choiceFeedback(option, attempt.draft) : undefined;
        return (
          <Row key={id} feedback={said}>
            <label class="mq-option">
              <input
                type={question.type === "multiple_choice" ? "radio" : "checkbox"}
                name={name}
                value={id}
                checked={attempt.draft.has(id)}
                disabled={attempt.checked}
                aria-describedby={said && `${name}-${id}-why`}
                onChange={(event) => put(id, event.currentTarget.checked ? "on" : null)}
              />
              <span class={struck?.includes(id) ? "mq-struck" : undefined}>
                <Inline text={text} />
              </span>
            </label>
            {!said && beside?.(option)}
            {said && <Reason feedback={said} id={`${name}-${id}-why`} />}
          </Row>
        );
      })}
    </ul>
  );
}

interface PickProps {
  readonly label: string;
  readonly labelledBy: string;
  readonly value: string;
  readonly empty: string;
  readonly entries: readonly (readonly [value: string, words: string])[];
  readonly choose: (value: string | null) => void;
}

function Pick({ label, labelledBy, value, empty, entries, choose }: PickProps) {
  return (
    <select
      class="mq-select"
      aria-label={label}
      aria-describedby={labelledBy}
      value={value}
      onChange={(event) => choose(event.currentTarget.value || null)}
    >
      <option value="">{empty}</option>
      {entries.map(([key, words]) => <option key={key} value={key}>{words}</option>)}
    </select>
  );
}

function Steps({ question, attempt, name, put }: Props<Ordering>) {
  if (attempt.checked) return <CheckedSteps question={question} attempt={attempt} name={name} put={put} />;
  const count = places(question);
  const entries = Array.from({ length: count }, (_, index) => [`${index + 1}`, `${index + 1}`] as const);
  return (
    <ul class="mq-rows">
      {shuffled(question.responses, attempt.seed).map(({ id, text }) => (
        <Row key={id} feedback={undefined}>
          <div class="mq-step">
            <Pick
              label={`Position of: ${plain(text)}`}
              labelledBy={`${name}-task`}
              value={attempt.draft.get(id) ?? ""}
              empty={count < question.responses.length ? "Not used" : "Position"}
              entries={entries}
              choose={(value) => put(id, value)}
            />
            <span>
              <Inline text={text} />
            </span>
          </div>
        </Row>
      ))}
    </ul>
  );
}

function CheckedSteps({ question, attempt, name }: Props<Ordering>) {
  return (
    <ul class="mq-rows">
      {inRightOrder(question).map((response) => {
        const { id, text, position } = response;
        const said = orderFeedback(response, attempt.draft);
        return (
          <Row key={id} feedback={said}>
            <div class="mq-step">
              <span class="mq-place" aria-hidden="true">{position ?? "–"}</span>
              <span>
                <Inline text={text} />
              </span>
            </div>
            <Reason feedback={said} id={`${name}-${id}-why`} />
          </Row>
        );
      })}
    </ul>
  );
}

function Lines({ question, attempt, name, put }: Props<Matching>) {
  const entries = shuffled(question.responses, attempt.seed).map(({ id, text }) =>
    [id, plain(text)] as const
  );
  return (
    <ul class="mq-rows">
      {question.prompts.map((prompt) => {
        const { id, text } = prompt;
        const said = attempt.checked ? matchFeedback(prompt, question, attempt.draft) : undefined;
        return (
          <Row key={id} feedback={said}>
            <div class="mq-match">
              <span>
                <Inline text={text} />
              </span>
              {!said && (
                <Pick
                  label={`Response for: ${plain(text)}`}
                  labelledBy={`${name}-task`}
                  value={attempt.draft.get(id) ?? ""}
                  empty="Choose…"
                  entries={entries}
                  choose={(value) => put(id, value)}
                />
              )}
            </div>
            {said && <Reason feedback={said} id={`${name}-${id}-why`} />}
          </Row>
        );
      })}
    </ul>
  );
}
