/** One card: its front, then its back and how well it was known. */
import type { CardDocument, ServedCard } from "../../cards.d.ts";
import { Inline, Prose } from "../../quiz/inline.tsx";
import { More } from "../../quiz/source.tsx";
import type { Learner } from "../learner.ts";
import { overview, queue } from "../queue.ts";
import { type Moment, rated, type Rating, RATINGS } from "../schedule.ts";
import { count as given, type Session } from "../session.ts";
import { count, counts, interval, MEANINGS, NAMES, todayLine } from "../words.ts";

export interface ReviewActions {
  show(): void;
  rate(rating: Rating): void;
  suspend(): void;
  undo(): void;
  toDecks(): void;
  setShortcuts(on: boolean): void;
}

interface Props {
  readonly bank: CardDocument;
  readonly learner: Learner;
  readonly now: Moment;
  readonly session: Session;
  readonly shortcuts: boolean;
  readonly actions: ReviewActions;
}

export function Review(props: Props) {
  const { bank, session, actions } = props;
  const card = bank.cards.find(({ id }) => id === session.card);
  return (
    <>
      {card ? <Card {...props} card={card} /> : <Finished {...props} />}
      <div class="mq-actions mc-tools">
        <button
          type="button"
          class="mq-button mc-small"
          aria-disabled={session.done.length === 0}
          onClick={actions.undo}
        >
          Undo
        </button>
        {card && (
          <button type="button" class="mq-button mc-small" onClick={actions.suspend}>
            Suspend this card
          </button>
        )}
        <button type="button" class="mq-button mc-small mc-end" onClick={actions.toDecks}>
          Back to the decks
        </button>
      </div>
      <Shortcuts on={props.shortcuts} set={actions.setShortcuts} />
    </>
  );
}

function Card(props: Props & { card: ServedCard }) {
  const { card, session, learner, now, actions } = props;
  return (
    <>
      <p class="mc-bar">
        <span>{card.chapter_title}</span> <span>{counts(queue(session.deck, learner, now))}</span>
      </p>
      <h2 class="mc-front" id="cards-heading" tabIndex={-1}>
        <Inline text={card.front} />
      </h2>
      {session.shown ? <Answer {...props} /> : (
        <div class="mq-actions">
          <button type="button" class="mq-button mq-primary" onClick={actions.show}>Show the answer</button>
        </div>
      )}
    </>
  );
}

function Answer({ card, learner, now, shortcuts, actions }: Props & { card: ServedCard }) {
  const memory = learner.memories.get(card.id) ?? null;
  return (
    <>
      <div class="mc-back" id="cards-answer" role="group" aria-label="Answer" tabIndex={-1}>
        <Prose text={card.back} />
      </div>
      <div class="mc-ratings" role="group" aria-label="How well did you know it?">
        {RATINGS.map((rating) => (
          <button
            key={rating}
            type="button"
            class="mq-button mc-rate"
            aria-keyshortcuts={shortcuts ? String(rating) : undefined}
            onClick={() => actions.rate(rating)}
          >
            {NAMES[rating]}
            <span class="mq-hidden">in</span>{" "}
            <span class="mc-when">{interval(rated(memory, rating, now), now)}</span>
          </button>
        ))}
      </div>
      <More question={card} newTab={false} />
    </>
  );
}

function Finished({ session, learner, now }: Props) {
  const view = overview(session.deck, learner, now);
  const done = given(session);
  return (
    <>
      <h2 class="mc-heading" id="cards-heading" tabIndex={-1}>Done for today</h2>
      <p>{done > 0 && `You gave ${count(done, "answer")}.`} {todayLine(view, now.day)}</p>
    </>
  );
}

function Shortcuts({ on, set }: { on: boolean; set: (on: boolean) => void }) {
  return (
    <details class="mc-shortcuts">
      <summary>Keyboard shortcuts</summary>
      <label>
        <input type="checkbox" checked={on} onChange={(event) => set(event.currentTarget.checked)} />
        Use single keys as shortcuts
      </label>
      <ul>
        <li>
          <kbd>Space</kbd> or <kbd>Enter</kbd> show the answer, then rate it Good
        </li>
        {RATINGS.map((rating) => (
          <li key={rating}>
            <kbd>{rating}</kbd> {NAMES[rating]}: {MEANINGS[rating]}
          </li>
        ))}
        <li>
          <kbd>u</kbd> undo, <kbd>s</kbd> suspend this card
        </li>
      </ul>
    </details>
  );
}
