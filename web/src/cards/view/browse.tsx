/** All cards, to search and to read. */
import type { ServedCard } from "../../cards.d.ts";
import { Inline, Prose } from "../../quiz/inline.tsx";
import { More } from "../../quiz/source.tsx";
import { plain } from "../../quiz/text.ts";
import type { Learner } from "../learner.ts";
import { type Standing, standing } from "../queue.ts";
import type { Moment } from "../schedule.ts";
import { count, STANDINGS, standingWords } from "../words.ts";

export interface Find {
  readonly words: string;
  readonly is: Standing["is"] | "any";
  /** Reading: the backs are open too. */
  readonly reading: boolean;
  /** At most so many are on the page. */
  readonly most: number;
}

/** More than anybody reads without another search, and few enough to be on the page at once. */
const STEP = 50;
export const FIND: Find = { words: "", is: "any", reading: false, most: STEP };

export interface BrowseActions {
  find(changes: Partial<Find>): void;
  setSuspended(card: string, on: boolean): void;
  toDecks(): void;
}

interface Props {
  readonly learner: Learner;
  readonly now: Moment;
  readonly find: Find;
  readonly found: (words: string) => readonly ServedCard[];
  readonly actions: BrowseActions;
}

export function Browse(props: Props) {
  const { learner, now, find, actions } = props;
  const found = props.found(find.words).filter(({ id }) =>
    find.is === "any" || standing(learner, id, now.day).is === find.is
  );
  return (
    <>
      <h2 class="mc-heading" id="cards-heading" tabIndex={-1}>All cards</h2>
      <form class="mc-find" role="search" onSubmit={(event) => event.preventDefault()}>
        <label class="mc-field">
          Words to look for{" "}
          <input
            class="mc-words"
            type="search"
            value={find.words}
            onInput={(event) => actions.find({ words: event.currentTarget.value, most: STEP })}
          />
        </label>
        <label class="mc-field">
          Which{" "}
          <select
            class="mq-select"
            value={find.is}
            onChange={(event) => actions.find({ is: event.currentTarget.value as Find["is"], most: STEP })}
          >
            {STANDINGS.map(([is, words]) => <option key={is} value={is}>{words}</option>)}
          </select>
        </label>
        <label class="mc-check">
          <input
            type="checkbox"
            checked={find.reading}
            onChange={(event) => actions.find({ reading: event.currentTarget.checked })}
          />
          Read the answers too
        </label>
      </form>
      <p role="status">{found.length === 0 ? "No card is like that." : `${count(found.length, "card")}.`}</p>
      <ul class="mc-list">
        {found.slice(0, find.most).map((card) => <Entry key={card.id} {...props} card={card} />)}
      </ul>
      <div class="mq-actions">
        {found.length > find.most && (
          <button
            type="button"
            class="mq-button"
            onClick={() => actions.find({ most: find.most + STEP })}
          >
            Show more
          </button>
        )}
        <button type="button" class="mq-button" onClick={actions.toDecks}>Back to the decks</button>
      </div>
    </>
  );
}

function Entry({ card, learner, now, find, actions }: Props & { card: ServedCard }) {
  const is = standing(learner, card.id, now.day);
  const suspended = is.is === "suspended";
  return (
    <li>
      <details class="mc-entry" open={find.reading}>
        <summary>
          <Inline text={card.front} />
        </summary>
        <Prose text={card.back} />
        <More question={card} newTab={false} />
        <div class="mq-actions">
          <p class="mc-note">{card.chapter_title}, {standingWords(is, now.day)}</p>
          <button
            type="button"
            class="mq-button mc-small"
            onClick={() => actions.setSuspended(card.id, !suspended)}
          >
            {suspended ? "Ask it again" : "Suspend"}
            <span class="mq-hidden">{plain(card.front)}</span>
          </button>
        </div>
      </details>
    </li>
  );
}
