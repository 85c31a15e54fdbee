/** When a card comes back: FSRS with its default parameters, in whole days of the learner's. */
import { type Card, createEmptyCard, fsrs, State } from "ts-fsrs";

/** Again, hard, good, easy. */
export type Rating = 1 | 2 | 3 | 4;

export const RATINGS: readonly Rating[] = [1, 2, 3, 4];

/** On a day, or while the card is being learnt within the day, at an instant. */
export type Due = { readonly day: number } | { readonly at: number };

/** What is known of a learner's memory of a card. */
export interface Memory {
  readonly state: "learning" | "review" | "relearning";
  readonly stability: number;
  readonly difficulty: number;
  readonly step: number;
  readonly due: Due;
  /** Days of the first and the last review. */
  readonly first: number;
  readonly last: number;
}

export interface Moment {
  readonly instant: number;
  readonly day: number;
}

const SCHEDULER = fsrs({ enable_fuzz: false });
const STATES = { learning: State.Learning, review: State.Review, relearning: State.Relearning } as const;
const NAMES = {
  [State.Learning]: "learning",
  [State.Review]: "review",
  [State.Relearning]: "relearning",
} as const;
const DAY = 86_400_000;

/** The memory of a card after a rating; null stands for a card that was never rated. */
export function rated(memory: Memory | null, rating: Rating, { instant, day }: Moment): Memory {
  const today = memory ? Math.max(day, memory.last) : day;
  // ts-fsrs counts days of UTC: the learner's day is handed over as one.
  const now = new Date(today * DAY);
  const { card } = SCHEDULER.next(memory ? cardOf(memory) : createEmptyCard(now), now, rating);
  if (card.state === State.New) throw new Error("a card that was rated is not new");
  return {
    state: NAMES[card.state],
    stability: card.stability,
    difficulty: card.difficulty,
    step: card.learning_steps,
    due: card.state === State.Review
      ? { day: today + card.scheduled_days }
      : { at: instant + card.due.getTime() - now.getTime() },
    first: memory?.first ?? today,
    last: today,
  };
}

function cardOf(memory: Memory): Card {
  const last = new Date(memory.last * DAY);
  return {
    ...createEmptyCard(last),
    state: STATES[memory.state],
    stability: memory.stability,
    difficulty: memory.difficulty,
    learning_steps: memory.step,
    last_review: last,
  };
}
