import { deepStrictEqual, ok } from "node:assert/strict";
import fc from "fast-check";
import { localDay } from "../../web/src/cards/day.ts";
import { type Learner, NEW_PER_DAY, replayer } from "../../web/src/cards/learner.ts";
import { introduced, next, overview, queue, standing } from "../../web/src/cards/queue.ts";
import { rated, RATINGS } from "../../web/src/cards/schedule.ts";
import * as session from "../../web/src/cards/session.ts";
import { type LogEvent, merged } from "../../web/src/log/events.ts";
import { anyDeeds, cards, DAY, type Deed, event, moment, review, START, utcDay } from "./cards_factories.ts";

const replay = (events: readonly LogEvent[]): Learner => replayer(utcDay)(events);

/** A learner who does all that, always with the card that is asked; `look` sees every step. */
function live(
  deeds: readonly Deed[],
  look: (now: session.Session, learner: Learner, instant: number) => void,
): LogEvent[] {
  const deck = cards(12);
  const replayed = replayer(utcDay);
  const log: LogEvent[] = [];
  const write = (entry: LogEvent): Learner => {
    log.push(entry);
    return replayed(log);
  };
  let instant = START;
  let learner = replayed(log);
  let now = session.begin(deck, learner, moment(instant));
  for (const { wait, does, rating, pick } of deeds) {
    instant += wait;
    now = session.turn(session.refreshed(now, learner, moment(instant)));
    look(now, learner, instant);
    const last = now.done.at(-1);
    const other = deck[pick % deck.length]!.id;
    if (does === "limit") learner = write(event(instant, { type: "deck", new_per_day: pick % 4 }));
    else if (does === "lift") learner = write(event(instant, { type: "suspend", card: other, on: false }));
    else if (does === "undo" && last) {
      learner = write(
        last.does === "review"
          ? event(instant, { type: "undo", event: last.event })
          : event(instant, { type: "suspend", card: last.card, on: false }),
      );
      now = session.back(now);
    } else if (does === "suspend" && now.card !== null) {
      learner = write(event(instant, { type: "suspend", card: now.card, on: true }));
      now = session.after(now, { does: "suspend", card: now.card }, learner, moment(instant));
    } else if (does === "rate" && now.card !== null) {
      const entry = review(instant, now.card, rating);
      learner = write(entry);
      const done = { does: "review", card: now.card, event: entry.id } as const;
      now = session.after(now, done, learner, moment(instant));
    }
  }
  return log;
}

Deno.test("an undo restores exactly what was before the rating", () => {
  fc.assert(fc.property(anyDeeds, fc.constantFrom(...RATINGS), (deeds, rating) => {
    const log = live(deeds, () => {});
    const later = START + 2000 * DAY;
    const before = replay(log);
    const [first] = cards(1);
    const last = review(later, first!.id, rating);
    const taken = event(later + 1, { type: "undo", event: last.id });
    deepStrictEqual(replay([...log, last, taken]), before);
    deepStrictEqual(replay([taken, ...log, last]), before);
  }));
});

Deno.test("the order in which two devices' events are merged is irrelevant", () => {
  fc.assert(fc.property(anyDeeds, anyDeeds, (deeds, others) => {
    const [mine, theirs] = [live(deeds, () => {}), live(others, () => {})];
    deepStrictEqual(replay(merged(mine, theirs)), replay(merged(theirs, mine)));
    deepStrictEqual(replay(merged(theirs, mine, theirs)), replay(merged(mine, theirs)));
  }));
});

Deno.test("no more new cards are asked on a day than its limit allows", () => {
  fc.assert(fc.property(anyDeeds, (deeds) => {
    live(deeds, ({ card }, learner, instant) => {
      if (card === null || learner.memories.has(card)) return;
      ok(introduced(learner, utcDay(instant)) < learner.newPerDay);
    });
  }));
});

Deno.test("a suspended card is never asked", () => {
  fc.assert(fc.property(anyDeeds, (deeds) => {
    live(deeds, ({ card }, learner) => ok(card === null || !learner.suspended.has(card)));
  }));
});

Deno.test("a card is asked whenever one is for today", () => {
  fc.assert(fc.property(anyDeeds, (deeds) => {
    live(deeds, ({ card, deck }, learner, instant) => {
      deepStrictEqual(card === null, overview(deck, learner, moment(instant)).today === 0);
    });
  }));
});

Deno.test("a replay that goes on gives what a whole one gives", () => {
  fc.assert(
    fc.property(anyDeeds, (deeds) => {
      const log = live(deeds, () => {});
      const going = replayer(utcDay);
      for (let end = 0; end <= log.length; end++) {
        deepStrictEqual(going(log.slice(0, end)), replay(log.slice(0, end)));
      }
      deepStrictEqual(going(log.slice(0, 1)), replay(log.slice(0, 1)));
    }),
    { numRuns: 30 },
  );
});

Deno.test("a review that was taken back before it arrived counts for nothing", () => {
  const late = review(START + 1000, "c1", 3);
  const log = [review(START, "c1", 3), event(START, { type: "undo", event: late.id })];
  const going = replayer(utcDay);
  going(log);
  deepStrictEqual(going([...log, late]), replay(log.slice(0, 1)));
});

Deno.test("entries of another shape are passed over", () => {
  const strange = [
    { type: "review", card: 7, rating: 3 },
    { type: "review", card: "c1", rating: 5 },
    { type: "review", card: "c1", rating: "3" },
    { type: "review", rating: 3 },
    { type: "undo", event: { toString: "x" } },
    { type: "suspend", card: "c1", on: "yes" },
    { type: "deck", new_per_day: -1 },
    { type: "deck", new_per_day: 2.5 },
    { type: "deck", new_per_day: "9" },
    { type: "rate", card: "c1", rating: 3 },
  ].map((fields) => event(START, fields));
  deepStrictEqual(replay(strange), { memories: new Map(), suspended: new Set(), newPerDay: NEW_PER_DAY });
});

Deno.test("no instant that a log may hold makes the replay throw", () => {
  const instants = ["+275760-09-13T00:00:00.000Z", "-271821-04-20T00:00:00.000Z", "1970-01-01T00:00:00.000Z"];
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.constantFrom(...instants), fc.constantFrom(...RATINGS))), (steps) => {
      const log = steps.map(([t, rating]) => ({ ...review(0, "c1", rating), t }));
      const learner = replayer(localDay)(merged(log));
      queue(cards(3), learner, moment(START));
    }),
  );
});

Deno.test("a clock that was set back makes no day negative", () => {
  const [first, second] = [rated(null, 3, moment(START + 5 * DAY)), moment(START)];
  deepStrictEqual(rated(first, 3, second).last, first.last);
});

Deno.test("the longest overdue card comes first, then the weakest memory, then a new one", () => {
  const log = [
    review(START - 40 * DAY, "c1", 4),
    review(START - 40 * DAY, "c2", 4),
    review(START - 40 * DAY + 60_000, "c2", 4),
    review(START - 60 * DAY, "c3", 4),
  ];
  const learner = replay(log);
  const todays = queue(cards(6), learner, moment(START));
  deepStrictEqual(todays, { learning: [], due: ["c3", "c1", "c2"], fresh: ["constructor", "c4", "c5"] });
  deepStrictEqual(next(todays, learner, moment(START)), "c3");
});

Deno.test("a card that is being learnt comes when its minutes have passed, or when nothing else is left", () => {
  const learner = replay([review(START, "c1", 1)]);
  const now = (instant: number) => next(queue(cards(3), learner, moment(instant)), learner, moment(instant));
  deepStrictEqual(now(START + 30_000), "constructor");
  deepStrictEqual(now(START + 60_000), "c1");
  const alone = queue([{ id: "c1" }], learner, moment(START));
  deepStrictEqual(next(alone, learner, moment(START)), "c1");
});

Deno.test("the overview counts what a deck holds and says when it goes on", () => {
  const log = [
    event(START, { type: "deck", new_per_day: 1 }),
    review(START - DAY, "c1", 4),
    review(START, "c2", 4),
    event(START, { type: "suspend", card: "c3", on: true }),
  ];
  const seen = overview(cards(6), replay(log), moment(START));
  deepStrictEqual([seen.size, seen.unseen, seen.suspended, seen.today], [6, 3, 1, 0]);
  deepStrictEqual(seen.next, { day: utcDay(START) + 7, count: 1 });
});

Deno.test("the last setting of a card and of the limit counts", () => {
  const log = [
    event(START, { type: "suspend", card: "c1", on: true }),
    event(START, { type: "deck", new_per_day: 3 }),
    event(START + 1, { type: "suspend", card: "c1", on: false }),
    event(START + 1, { type: "deck", new_per_day: 0 }),
  ];
  const learner = replay(log);
  deepStrictEqual([learner.suspended.size, learner.newPerDay], [0, 0]);
  deepStrictEqual(standing(learner, "c1", utcDay(START)), { is: "new" });
});

Deno.test("a card that another tab has answered gives way to the next, one that is still for today stays", () => {
  const deck = cards(3);
  const begun = session.turn(session.begin(deck, replay([]), moment(START)));
  const stays = session.refreshed(begun, replay([review(START, "c2", 3)]), moment(START));
  deepStrictEqual([stays.card, stays.shown], ["constructor", true]);
  const gone = session.refreshed(begun, replay([review(START, "constructor", 4)]), moment(START));
  deepStrictEqual([gone.card, gone.shown], ["c1", false]);
});

Deno.test("what was done is taken back one by one, and each card is asked again", () => {
  const deck = cards(4);
  const learner = replay([
    review(START, "constructor", 4),
    event(START, { type: "suspend", card: "c1", on: true }),
  ]);
  const begun = session.begin(deck, replay([]), moment(START));
  const one = session.after(
    begun,
    { does: "review", card: "constructor", event: "e" },
    learner,
    moment(START),
  );
  const two = session.after(one, { does: "suspend", card: "c1" }, learner, moment(START));
  deepStrictEqual([two.card, session.count(two)], ["c2", 1]);
  const back = session.back(session.turn(two));
  deepStrictEqual([back.card, back.shown, session.count(back)], ["c1", false, 1]);
  deepStrictEqual(session.back(back), begun);
});

Deno.test("going back without anything done changes nothing", () => {
  const begun = session.begin(cards(2), replay([]), moment(START));
  deepStrictEqual(session.back(begun), begun);
});

Deno.test("a day begins at four in the morning", () => {
  const at = (hour: number, minute: number) => localDay(new Date(2026, 10, 23, hour, minute).getTime());
  deepStrictEqual(at(4, 0), at(23, 59));
  deepStrictEqual(at(4, 0) - at(3, 59), 1);
  deepStrictEqual(localDay(new Date(2026, 10, 24, 3, 59).getTime()), at(4, 0));
  deepStrictEqual(at(12, 0), Date.UTC(2026, 10, 23) / DAY);
});

Deno.test("ten thousand reviews are replayed once, and then only what is new", () => {
  const log = Array.from(
    { length: 10_000 },
    (_, index) => review(START + index * 3_000_000, `c${(index * 7919) % 2000}`, 1 + index % 4),
  );
  let days = 0;
  const going = replayer((instant) => {
    days++;
    return utcDay(instant);
  });
  going(log);
  deepStrictEqual(days, 10_000);
  going([...log, review(START + 10_001 * 3_000_000, "c1", 3)]);
  deepStrictEqual(days, 10_001);
});
