/** Cards and a log for the tests. */
import fc from "fast-check";
import type { CardDocument, ServedCard } from "../../web/src/cards.d.ts";
import type { Moment, Rating } from "../../web/src/cards/schedule.ts";
import type { LogEvent, NewEvent } from "../../web/src/log/events.ts";

// Every run takes the same cases.
fc.configureGlobal({ seed: 20261123 });

export const DAY = 86_400_000;
export const START = Date.UTC(2026, 10, 23, 12);

/** Days of UTC, so that no test depends on where it runs. */
export function utcDay(instant: number): number {
  return Math.floor(instant / DAY);
}

export function moment(instant: number): Moment {
  return { instant, day: utcDay(instant) };
}

export function card(id: string, changes: Partial<ServedCard> = {}): ServedCard {
  return {
    id,
    front: `Front of ${id}`,
    back: `Back of ${id}`,
    chapter: "02_modeling/06_metrics",
    chapter_title: "Metrics",
    tasks: { "mla-c01": ["2.3"] },
    services: [],
    learn_link: { href: "#here", label: "Here" },
    sources: [{ url: "https://example.org/page", checked: "2026-11-23" }],
    ...changes,
  };
}

export function bank(...cards: ServedCard[]): CardDocument {
  return {
    cards,
    exams: [{ id: "mla-c01", tasks: [{ id: "2.3", title: "Analyze" }, { id: "4.1", title: "Monitor" }] }],
    downloads: [],
  };
}

/** So many cards `c0`, `c1`, …; their names also name an object's own parts. */
export function cards(count: number): ServedCard[] {
  return Array.from({ length: count }, (_, index) => card(index === 0 ? "constructor" : `c${index}`));
}

let events = 0;

export function event(instant: number, fields: NewEvent): LogEvent {
  return { v: 1, id: `e${String(++events).padStart(6, "0")}`, t: new Date(instant).toISOString(), ...fields };
}

export function review(instant: number, card: string, rating: number): LogEvent {
  return event(instant, { type: "review", card, rating });
}

export const anyRating: fc.Arbitrary<Rating> = fc.constantFrom(1, 2, 3, 4);

/** What learners do, each some time after the one before: minutes, or days. */
export interface Deed {
  readonly wait: number;
  readonly does: "rate" | "suspend" | "lift" | "undo" | "limit";
  readonly rating: Rating;
  readonly pick: number;
}

export const anyDeeds: fc.Arbitrary<Deed[]> = fc.array(
  fc.record({
    wait: fc.oneof(fc.integer({ min: 1000, max: 20 * 60_000 }), fc.integer({ min: DAY / 2, max: 30 * DAY })),
    does: fc.constantFrom("rate", "rate", "rate", "rate", "suspend", "lift", "undo", "limit"),
    rating: anyRating,
    pick: fc.nat(50),
  }),
  { maxLength: 60, size: "max" },
);
