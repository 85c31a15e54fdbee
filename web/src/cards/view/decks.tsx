/** The first screen: which cards, how many new ones a day, and what is for today. */
import type { CardDocument } from "../../cards.d.ts";
import { isLimit, MOST_NEW } from "../../log/reviews.ts";
import { cardsOf, type Choice, decks, type Kind, KINDS } from "../decks.ts";
import type { Learner } from "../learner.ts";
import { overview } from "../queue.ts";
import type { Moment } from "../schedule.ts";
import { count, seenLine, todayLine } from "../words.ts";

export interface DecksActions {
  choose(choice: Choice): void;
  setNewPerDay(limit: number): void;
  start(): void;
  browse(): void;
}

interface Props {
  readonly bank: CardDocument;
  readonly learner: Learner;
  readonly now: Moment;
  readonly choice: Choice;
  readonly actions: DecksActions;
}

const WORDS: Readonly<Record<Kind, string>> = {
  all: "All cards",
  chapter: "One chapter",
  task: "One task of the exam",
  service: "One AWS service",
};

export function Decks(props: Props) {
  const { bank, learner, now, choice, actions } = props;
  const view = overview(cardsOf(bank, choice), learner, now);
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        actions.start();
      }}
    >
      <h2 class="mc-heading" id="cards-heading" tabIndex={-1}>Choose your cards</h2>
      <fieldset class="mc-choices">
        <legend>Deck</legend>
        {KINDS.map((by) => <DeckKind key={by} {...props} by={by} />)}
      </fieldset>
      <NewPerDay limit={learner.newPerDay} set={actions.setNewPerDay} />
      <p id="cards-today">{todayLine(view, now.day)} {seenLine(view)}</p>
      <div class="mq-actions">
        <button
          type="submit"
          class="mq-button mq-primary"
          aria-disabled={view.today === 0}
          aria-describedby="cards-today"
        >
          Start
        </button>
        <button type="button" class="mq-button" onClick={actions.browse}>Search all cards</button>
      </div>
      <ul class="mc-downloads">
        {bank.downloads.map(({ href, label }) => (
          <li key={href}>
            <a href={href} download="">{label}</a>
          </li>
        ))}
      </ul>
    </form>
  );
}

function DeckKind({ bank, choice, actions, by }: Props & { by: Kind }) {
  const known = decks(bank, by);
  const on = choice.by === by;
  const size = by === "all" ? ` (${bank.cards.length.toLocaleString("en")})` : "";
  return (
    <div class="mc-kind">
      <label>
        <input
          type="radio"
          name="cards-deck"
          checked={on}
          disabled={by !== "all" && known.length === 0}
          onChange={() => actions.choose({ by, key: known[0]?.key ?? "" })}
        />
        <span>{WORDS[by]}{size}</span>
      </label>
      {on && by !== "all" && (
        <select
          class="mq-select"
          aria-label={WORDS[by]}
          value={choice.key}
          onChange={(event) => actions.choose({ by, key: event.currentTarget.value })}
        >
          {known.map((deck) => (
            <option key={deck.key} value={deck.key}>{deck.title}: {count(deck.size, "card")}</option>
          ))}
        </select>
      )}
    </div>
  );
}

function NewPerDay({ limit, set }: { limit: number; set: (limit: number) => void }) {
  return (
    <label class="mc-field">
      New cards a day{" "}
      <input
        class="mc-number"
        type="number"
        min="0"
        max={MOST_NEW}
        value={limit}
        onChange={({ currentTarget: field }) => {
          const wanted = field.valueAsNumber;
          if (isLimit(wanted)) set(wanted);
          else field.value = String(limit);
        }}
      />
    </label>
  );
}
