/** The exam while it runs: clock, one question or the review, and the way through. */
import { askedOf, type Bank } from "../bank.ts";
import { current, type Sitting as Running, standing } from "../model.ts";
import { MODES } from "../words.ts";
import { Clock } from "./clock.tsx";
import { Navigator } from "./navigator.tsx";
import { Question, type QuestionActions } from "./question.tsx";
import { Review } from "./review.tsx";

export interface SittingActions extends QuestionActions {
  goTo(at: number): void;
  review(): void;
  pause(paused: boolean): void;
  submit(): void;
  setShortcuts(on: boolean): void;
}

interface Props {
  readonly bank: Bank;
  readonly sitting: Running;
  readonly remaining: () => number | null;
  readonly notices: readonly string[];
  readonly marking: boolean;
  readonly shortcuts: boolean;
  readonly actions: SittingActions;
}

export function Sitting(props: Props) {
  const { bank, sitting, notices, actions } = props;
  const { at, entries, reviewing, paused } = sitting;
  const answered = entries.filter(({ question }) =>
    standing(sitting, askedOf(bank, question).question) === "answered"
  );
  return (
    <>
      <header class="mx-bar">
        <p>{sitting.title}, {MODES[sitting.mode]}: {answered.length} of {entries.length} answered</p>
        <Time {...props} />
      </header>
      {notices.map((notice) => <p key={notice} class="mq-notice">{notice}</p>)}
      <h2 class="mx-heading" id="exam-heading" tabIndex={-1}>
        {paused
          ? "Paused"
          : reviewing
          ? "Review before you hand in"
          : `Question ${at + 1} of ${entries.length}`}
      </h2>
      {paused
        ? <p>The question is hidden. Continue whenever you like.</p>
        : reviewing
        ? <Review bank={bank} sitting={sitting} goTo={actions.goTo} submit={actions.submit} />
        : (
          <Question
            bank={bank}
            sitting={sitting}
            id={current(sitting)}
            marking={props.marking}
            actions={actions}
          />
        )}
      {!paused && !reviewing && <Steps {...props} />}
      {!paused && <Navigator bank={bank} sitting={sitting} goTo={actions.goTo} />}
      {!paused && <Shortcuts on={props.shortcuts} set={actions.setShortcuts} />}
    </>
  );
}

function Time({ sitting, remaining, actions }: Props) {
  if (sitting.deadline !== null) return <Clock remaining={() => remaining() ?? 0} />;
  return (
    <button type="button" class="mq-button mx-small" onClick={() => actions.pause(!sitting.paused)}>
      {sitting.paused ? "Continue" : "Pause"}
    </button>
  );
}

function Steps({ sitting, actions }: Props) {
  const { at, entries } = sitting;
  const last = at === entries.length - 1;
  return (
    <div class="mq-actions mx-steps">
      <button type="button" class="mq-button" aria-disabled={at === 0} onClick={() => actions.goTo(at - 1)}>
        Previous
      </button>
      <button
        type="button"
        class="mq-button mq-primary"
        onClick={() => (last ? actions.review() : actions.goTo(at + 1))}
      >
        {last ? "Review" : "Next"}
      </button>
      {!last && (
        <button type="button" class="mq-button mx-end" onClick={actions.review}>Review and hand in</button>
      )}
    </div>
  );
}

function Shortcuts({ on, set }: { on: boolean; set: (on: boolean) => void }) {
  return (
    <details class="mx-shortcuts">
      <summary>Keyboard shortcuts</summary>
      <label>
        <input type="checkbox" checked={on} onChange={(event) => set(event.currentTarget.checked)} />
        Use single keys as shortcuts
      </label>
      <ul>
        <li>
          <kbd>n</kbd> next, <kbd>p</kbd> previous, <kbd>r</kbd> review
        </li>
        <li>
          <kbd>f</kbd> flag, <kbd>m</kbd> mark sentences
        </li>
        <li>
          <kbd>1</kbd> to <kbd>9</kbd> choose an option, with <kbd>Shift</kbd> cross it out
        </li>
      </ul>
    </details>
  );
}
