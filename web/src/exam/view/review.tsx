/** Before the answers are handed in: what is open, what is flagged, and the way back. */
import { gap } from "../../quiz/grade.ts";
import { plain } from "../../quiz/text.ts";
import { askedOf, type Bank } from "../bank.ts";
import { draftOf, type Sitting, standing, workOf } from "../model.ts";
import { count, STANDINGS } from "../words.ts";

interface Props {
  readonly bank: Bank;
  readonly sitting: Sitting;
  readonly goTo: (at: number) => void;
  readonly submit: () => void;
}

export function Review({ bank, sitting, goTo, submit }: Props) {
  const rows = sitting.entries.map(({ question: id }, index) => {
    const { question } = askedOf(bank, id);
    const state = standing(sitting, question);
    const { flagged } = workOf(sitting, id);
    const missing = state === "partial" ? gap(question, draftOf(sitting, id)) : null;
    return { id, index, state, flagged, missing, stem: plain(question.stem) };
  });
  const look = rows.filter(({ state, flagged }) => state !== "answered" || flagged);
  const open = rows.filter(({ state }) => state !== "answered").length;
  const flagged = rows.filter((row) => row.flagged).length;
  return (
    <div class="mx-review">
      <p>
        {open === 0
          ? `All ${count(rows.length, "question")} have an answer.`
          : `${
            count(open, "question")
          } of ${rows.length} without a whole answer. A blank counts as wrong; a guess costs nothing.`}
        {flagged > 0 && ` ${flagged} flagged.`}
      </p>
      {look.length > 0 && (
        <ul class="mx-open">
          {look.map(({ id, index, state, flagged, missing, stem }) => (
            <li key={id}>
              <button type="button" class="mx-link" onClick={() => goTo(index)}>Question {index + 1}</button>
              <span class="mx-state">{STANDINGS[state]}{flagged ? ", ⚑ flagged" : ""}</span>
              <span class="mx-stem">{missing ?? stem}</span>
            </li>
          ))}
        </ul>
      )}
      <div class="mq-actions">
        <button type="button" class="mq-button mq-primary" onClick={submit}>Hand in</button>
        <button type="button" class="mq-button" onClick={() => goTo(sitting.at)}>
          Back to question {sitting.at + 1}
        </button>
      </div>
    </div>
  );
}
