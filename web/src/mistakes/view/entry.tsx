/** One mistake: its question folded, what was answered and why not, and what the learner says about it. */
import { Component } from "preact";
import { Answered } from "../../exam/view/answered.tsx";
import { ERROR_KINDS, isErrorKind, type Remark } from "../../log/mistakes.ts";
import { type Entry, lastAnswer } from "../model.ts";
import { excerpt, howOften, KINDS, missing, onDay, standing, UNSAID } from "../words.ts";

export interface EntryActions {
  /** Notes a change that is not saved yet. */
  edit(question: string, changes: Partial<Remark>): void;
  /** Saves what was changed. */
  save(question: string): void;
}

interface Props {
  readonly entry: Entry;
  /** Where it is practised, or null where the exam does not ask it. */
  readonly practise: string | null;
  /** What is said after a save, or nothing. */
  readonly saved: string;
  readonly actions: EntryActions;
}

interface State {
  readonly opened: boolean;
}

/** Its content is made when it is first opened: a list of hundreds stays light. */
export class FoldedEntry extends Component<Props, State> {
  override state: State = { opened: false };

  override render() {
    const { mistake, asked, task } = this.props.entry;
    const facts = [
      ...(task === null ? [] : [`task ${task}`]),
      howOften(mistake),
      `last on ${onDay(mistake.last.at)}`,
      standing(mistake),
      ...(mistake.kind === null ? [] : [KINDS[mistake.kind]]),
    ];
    return (
      <details
        class="mx-answered"
        onToggle={({ currentTarget: { open } }) => open && this.setState({ opened: true })}
      >
        <summary>
          <span class="mm-stem">{excerpt(asked.question.stem)}</span>{" "}
          <span class="mx-state">{facts.join(" · ")}</span>
        </summary>
        {this.state.opened && <Content {...this.props} />}
      </details>
    );
  }
}

function Content({ entry, practise, saved, actions }: Props) {
  const { mistake, asked } = entry;
  const { draft, seed, state } = lastAnswer(entry);
  const said = {
    whole: mistake.last.guessed ? ": right, and you said that it was a guess." : ".",
    blank: ": none was given.",
    changed: " is not shown: the question has been changed since.",
  }[state];
  return (
    <>
      <p class="mx-note">Your answer of {onDay(mistake.last.at)}{said}</p>
      <Answered asked={asked} draft={draft} seed={seed} name={`mistake-${mistake.question}`} />
      <p class="mm-missing">
        {missing(mistake)} {practise !== null && <a href={practise}>Practise this question</a>}
      </p>
      <RemarkFields mistake={mistake} saved={saved} actions={actions} />
    </>
  );
}

/** Saved when the fields are left: a change of each arrow key or letter would fill the log. */
function RemarkFields(
  { mistake, saved, actions }: Pick<Props, "saved" | "actions"> & { mistake: Entry["mistake"] },
) {
  const { question, kind, note } = mistake;
  return (
    <div
      class="mm-remark"
      role="group"
      aria-label="What you say about it"
      onFocusOut={({ currentTarget, relatedTarget }) => {
        if (!(relatedTarget instanceof Node && currentTarget.contains(relatedTarget))) actions.save(question);
      }}
    >
      <label class="mx-field">
        What went wrong?{" "}
        <select
          class="mq-select"
          onChange={({ currentTarget: { value } }) =>
            actions.edit(question, { kind: isErrorKind(value) ? value : null })}
        >
          {[["", UNSAID], ...ERROR_KINDS.map((known) => [known, KINDS[known]])].map(([value, words]) => (
            <option key={value} value={value} selected={value === (kind ?? "")}>{words}</option>
          ))}
        </select>
      </label>
      <label class="mm-note">
        Your note
        <textarea
          rows={3}
          maxLength={1000}
          defaultValue={note}
          onInput={({ currentTarget: { value } }) => actions.edit(question, { note: value })}
        />
      </label>
      <p class="mx-note" role="status">{saved || "Saved when you leave these fields."}</p>
    </div>
  );
}
