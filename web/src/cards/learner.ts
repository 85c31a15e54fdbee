/** What the learner knows of every card, computed from the log; nothing of it is stored. */
import type { LogEvent } from "../log/events.ts";
import { cardHistory, type Review, reviewOf } from "../log/reviews.ts";
import { type Memory, rated } from "./schedule.ts";

export interface Learner {
  /** Of every card that was rated. */
  readonly memories: ReadonlyMap<string, Memory>;
  readonly suspended: ReadonlySet<string>;
  readonly newPerDay: number;
}

export const NEW_PER_DAY = 10;

/** What is known of a card, and from which of its reviews. */
interface Known {
  readonly reviews: readonly Review[];
  readonly memory: Memory;
}

/**
 * A function that returns the learner of a log, and replays only what changed since its last call: a year of
 * reviews is replayed once, and a rating that follows on a year costs no more than the first one.
 */
export function replayer(dayOf: (instant: number) => number): (events: readonly LogEvent[]) => Learner {
  let known = new Map<string, Known>();
  let seen: readonly string[] = [];
  let learner: Learner = { memories: new Map(), suspended: new Set(), newPerDay: NEW_PER_DAY };

  const replay = (before: Memory | null, reviews: readonly Review[]): Memory | null =>
    reviews.reduce<Memory | null>((memory, { rating, t }) => {
      const instant = Date.parse(t);
      return rated(memory, rating, { instant, day: dayOf(instant) });
    }, before);

  return (events) => {
    const more = reviewsAfter(seen, events);
    seen = events.map(({ id }) => id);
    if (more) {
      const memories = new Map(learner.memories);
      for (const { card, review } of more) {
        const before = known.get(card);
        const memory = replay(before?.memory ?? null, [review]);
        if (!memory) continue;
        known.set(card, { reviews: [...before?.reviews ?? [], review], memory });
        memories.set(card, memory);
      }
      return learner = { ...learner, memories };
    }
    const { reviews, suspended, newPerDay } = cardHistory(events);
    const next: typeof known = new Map();
    for (const [card, history] of reviews) {
      const before = known.get(card);
      const start = before && continues(history, before.reviews) ? before : null;
      const memory = replay(start?.memory ?? null, history.slice(start?.reviews.length ?? 0));
      if (memory) next.set(card, { reviews: history, memory });
    }
    known = next;
    const memories = new Map([...next].map(([card, { memory }]) => [card, memory]));
    return learner = { memories, suspended, newPerDay: newPerDay ?? NEW_PER_DAY };
  };
}

/** The reviews at the end of a log that has grown by nothing else and takes none of them back, or null. */
function reviewsAfter(seen: readonly string[], events: readonly LogEvent[]) {
  if (seen.length > events.length || !seen.every((id, index) => events[index]?.id === id)) return null;
  const undone = new Set(events.filter(({ type }) => type === "undo").map(({ event }) => event));
  const more = [];
  for (const event of events.slice(seen.length)) {
    const one = reviewOf(event);
    if (!one || undone.has(event.id)) return null;
    more.push(one);
  }
  return more;
}

function continues(history: readonly Review[], before: readonly Review[]): boolean {
  return before.length <= history.length && before.every(({ id }, index) => history[index]?.id === id);
}
