/** The feedback log: what stands out, what to read again, every open mistake, and what is behind you. */
import type { ExamPlan } from "../../exam.d.ts";
import { type Bank, examsOf } from "../../exam/bank.ts";
import { count } from "../../exam/words.ts";
import type { Mistake } from "../../log/mistakes.ts";
import { type Chapter, type Entry, type Found, found, type Kinds, pattern, type View } from "../model.ts";
import { excerpt, noPatternLine, onDay, patternLine } from "../words.ts";
import { Cut } from "./cut.tsx";
import { Open, type OpenActions } from "./open.tsx";
import { Revision } from "./revision.tsx";

export interface Actions extends OpenActions {
  lookAt(exam: string): void;
  dismiss(question: string): void;
}

interface Props {
  readonly bank: Bank;
  readonly exam: ExamPlan;
  readonly chapters: readonly Chapter[];
  readonly mistakes: readonly Mistake[];
  readonly view: View;
  readonly kinds: Kinds;
  readonly notice: string | null;
  /** What is said after a save, by question. */
  readonly saved: ReadonlyMap<string, string>;
  readonly actions: Actions;
}

export function App(props: Props) {
  const { bank, exam, chapters, mistakes, notice, actions } = props;
  const { open, cleared, gone } = found(bank, exam.id, chapters, mistakes);
  return (
    <div class="mlacourse-quiz mlacourse-exam mlacourse-mistakes">
      {notice !== null && <p class="mq-notice">{notice}</p>}
      <Summary open={open} cleared={cleared} exam={exam} />
      <Exams bank={bank} exam={exam} lookAt={actions.lookAt} />
      {open.length > 0 && (
        <>
          <Revision open={open} exam={exam} />
          <Open {...props} open={open} />
        </>
      )}
      <Cleared entries={cleared} />
      <Gone mistakes={gone} dismiss={actions.dismiss} />
    </div>
  );
}

function Summary({ open, cleared, exam }: Pick<Found, "open" | "cleared"> & { exam: ExamPlan }) {
  const seen = pattern(open);
  const said = open.filter(({ mistake }) => mistake.kind !== null).length;
  const line = seen ? patternLine(seen) : noPatternLine(open.length, said);
  if (open.length === 0) {
    return (
      <p>
        You have no open mistakes{cleared.length > 0 ? ": all of them are cleared" : " yet"}. They come from
        the quizzes and exams that you answer in this browser.{" "}
        <a href="mock_exam.html#diagnostic">Take the diagnostic</a> to find out where you stand.
      </p>
    );
  }
  return (
    <>
      <p>
        <strong>{count(open.length, "open mistake")}</strong>
        {cleared.length > 0 && `, ${cleared.length} cleared`}. {line}
      </p>
      <div class="mq-actions">
        <a class="mq-button mq-primary" href={`mock_exam.html#mistakes&exam=${exam.id}`}>Practise them</a>
      </div>
    </>
  );
}

function Exams({ bank, exam, lookAt }: { bank: Bank; exam: ExamPlan; lookAt: (exam: string) => void }) {
  const known = examsOf(bank);
  if (known.length < 2) return null;
  return (
    <label class="mx-field mm-exam">
      Tasks and weights of{" "}
      <select class="mq-select" value={exam.id} onChange={(event) => lookAt(event.currentTarget.value)}>
        {known.map(({ id }) => <option key={id} value={id}>{id.toUpperCase()}</option>)}
      </select>
    </label>
  );
}

function Cleared({ entries }: { entries: readonly Entry[] }) {
  if (entries.length === 0) return null;
  return (
    <details class="mm-cleared">
      <summary>Cleared ({entries.length})</summary>
      <Cut
        items={entries}
        most={20}
        name="mm-lines"
        item={({ mistake, asked }) => (
          <li key={mistake.question}>
            {excerpt(asked.question.stem)} <span class="mx-state">cleared on {onDay(mistake.cleared!)}</span>
            {" "}
            <a href={asked.question.learn_link.href}>{asked.question.learn_link.label}</a>
          </li>
        )}
      />
    </details>
  );
}

function Gone({ mistakes, dismiss }: { mistakes: readonly Mistake[]; dismiss: (question: string) => void }) {
  if (mistakes.length === 0) return null;
  return (
    <section aria-labelledby="mistakes-gone">
      <h2 class="mx-heading" id="mistakes-gone" tabIndex={-1}>No longer in the course</h2>
      <p class="mx-note">
        You missed these questions, and they have left the course since. There is nothing to practise: take
        them off the list when you like.
      </p>
      <Cut
        items={mistakes}
        most={10}
        name="mm-lines"
        item={({ question, last }) => (
          <li key={question}>
            <code>{question}</code> <span class="mx-state">last on {onDay(last.at)}</span>{" "}
            <button type="button" class="mx-link" onClick={() => dismiss(question)}>
              Take off the list<span class="mq-hidden">question {question}</span>
            </button>
          </li>
        )}
      />
    </section>
  );
}
