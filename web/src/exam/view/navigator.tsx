/** Every question of the sitting, with what became of it so far in shape, word and colour. */
import { askedOf, type Bank } from "../bank.ts";
import { type Sitting, standing, workOf } from "../model.ts";
import { STANDINGS } from "../words.ts";

interface Props {
  readonly bank: Bank;
  readonly sitting: Sitting;
  readonly goTo: (at: number) => void;
}

export function Navigator({ bank, sitting, goTo }: Props) {
  return (
    <nav class="mx-navigator" aria-label="Questions of this exam">
      <ol>
        {sitting.entries.map(({ question }, index) => {
          const state = standing(sitting, askedOf(bank, question).question);
          const { flagged } = workOf(sitting, question);
          const here = index === sitting.at && !sitting.reviewing;
          return (
            <li key={question}>
              <button
                type="button"
                class="mx-place"
                data-standing={state}
                aria-current={here ? "step" : undefined}
                aria-label={`Question ${index + 1}, ${STANDINGS[state]}${flagged ? ", flagged" : ""}`}
                onClick={() => goTo(index)}
              >
                <span aria-hidden="true">{index + 1}</span>
                <span class="mx-sign" aria-hidden="true">
                  {state === "answered" ? "●" : state === "partial" ? "◐" : "○"}
                  {flagged && "⚑"}
                </span>
              </button>
            </li>
          );
        })}
      </ol>
      <p class="mx-key" aria-hidden="true">
        ● answered ◐ not complete ○ no answer ⚑ flagged; the outlined one is shown
      </p>
    </nav>
  );
}
