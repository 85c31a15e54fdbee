/** What the log says about flashcards. */
import type { LogEvent } from "./events.ts";

export interface Review {
  readonly id: string;
  /** Instant, ISO 8601 in UTC. */
  readonly t: string;
  readonly rating: 1 | 2 | 3 | 4;
}

export interface CardHistory {
  /** The reviews that stand, by card, in their order. */
  readonly reviews: ReadonlyMap<string, readonly Review[]>;
  readonly suspended: ReadonlySet<string>;
  /** The learner's limit of new cards a day, or null where none was set. */
  readonly newPerDay: number | null;
}

/** A limit beyond which a number of new cards a day is a slip of the pen. */
export const MOST_NEW = 999;

/** The history of every card; entries of another shape are passed over. */
export function cardHistory(events: readonly LogEvent[]): CardHistory {
  const undone = new Set(events.filter(({ type }) => type === "undo").map(({ event }) => event));
  const reviews = new Map<string, Review[]>();
  const suspended = new Set<string>();
  let newPerDay: number | null = null;
  for (const event of events) {
    const { type, card, on, new_per_day: limit } = event;
    const rated = undone.has(event.id) ? null : reviewOf(event);
    if (rated) {
      const before = reviews.get(rated.card);
      if (before) before.push(rated.review);
      else reviews.set(rated.card, [rated.review]);
    } else if (type === "suspend" && typeof card === "string" && typeof on === "boolean") {
      if (on) suspended.add(card);
      else suspended.delete(card);
    } else if (type === "deck" && isLimit(limit)) newPerDay = limit;
  }
  return { reviews, suspended, newPerDay };
}

/** The review that an event tells of, and its card; null for any other event. */
export function reviewOf({ type, card, id, t, rating }: LogEvent): { card: string; review: Review } | null {
  return type === "review" && typeof card === "string" && isRating(rating)
    ? { card, review: { id, t, rating } }
    : null;
}

function isRating(value: unknown): value is Review["rating"] {
  return value === 1 || value === 2 || value === 3 || value === 4;
}

export function isLimit(value: unknown): value is number {
  return typeof value === "number" && Number.isInteger(value) && value >= 0 && value <= MOST_NEW;
}
