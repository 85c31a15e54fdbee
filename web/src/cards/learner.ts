/** What the learner knows of every card, computed from the log; nothing of it is stored. */
import type { LogEvent } from "../log/events.ts";
import { cardHistory, type Review } from "../log/reviews.ts";
import { type Memory, rated } from "./schedule.ts";

export interface Learner {
  /** Of every card that was rated. */
  readonly memories: ReadonlyMap<string, Memory>;
  readonly suspended: ReadonlySet<string>;
  readonly newPerDay: number;
}

export const NEW_PER_DAY = 10;

/**
 * A function that returns the learner of a log, and replays only what changed since its last call: a year of
 * reviews is replayed once.
 */
export function replayer(dayOf: (instant: number) => number): (events: readonly LogEvent[]) => Learner {
  let known = new Map<string, { readonly reviews: readonly Review[]; readonly memory: Memory }>();

  return (events) => {
    const { reviews, suspended, newPerDay } = cardHistory(events);
    const next: typeof known = new Map();
    for (const [card, history] of reviews) {
      const before = known.get(card);
      const start = before && continues(history, before.reviews) ? before : null;
      let memory = start?.memory ?? null;
      for (const { rating, t } of history.slice(start?.reviews.length ?? 0)) {
        const instant = Date.parse(t);
        memory = rated(memory, rating, { instant, day: dayOf(instant) });
      }
      if (memory) next.set(card, { reviews: history, memory });
    }
    known = next;
    return {
      memories: new Map([...next].map(([card, { memory }]) => [card, memory])),
      suspended,
      newPerDay: newPerDay ?? NEW_PER_DAY,
    };
  };
}

function continues(history: readonly Review[], before: readonly Review[]): boolean {
  return before.length <= history.length && before.every(({ id }, index) => history[index]?.id === id);
}
