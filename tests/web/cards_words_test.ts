import { deepStrictEqual } from "node:assert/strict";
import { keyFor } from "../../web/src/cards/keys.ts";
import { overview } from "../../web/src/cards/queue.ts";
import { replayer } from "../../web/src/cards/learner.ts";
import { rated, RATINGS } from "../../web/src/cards/schedule.ts";
import { days, interval, seenLine, todayLine, whenDue } from "../../web/src/cards/words.ts";
import type { LogEvent } from "../../web/src/log/events.ts";
import { cards, DAY, event, moment, review, START, utcDay } from "./cards_factories.ts";

function lines(size: number, log: LogEvent[]): [string, string] {
  const view = overview(cards(size), replayer(utcDay)(log), moment(START));
  return [todayLine(view, utcDay(START)), seenLine(view)];
}

Deno.test("a new card's buttons name minutes for three ratings and days for the fourth", () => {
  const now = moment(START);
  deepStrictEqual(RATINGS.map((rating) => interval(rated(null, rating, now), now)), [
    "1 minute",
    "6 minutes",
    "10 minutes",
    "8 days",
  ]);
});

Deno.test("long intervals are told in months and years", () => {
  deepStrictEqual([1, 31, 32, 76, 365, 548].map(days), [
    "1 day",
    "31 days",
    "1.1 months",
    "2.5 months",
    "12 months",
    "1.5 years",
  ]);
  deepStrictEqual([whenDue(8, 7), whenDue(11, 7)], ["tomorrow", "in 4 days"]);
});

Deno.test("the line for today says what is there, or why nothing is and when there will be something", () => {
  const none = event(START, { type: "deck", new_per_day: 0 });
  deepStrictEqual(lines(0, []), ["The course has no cards yet.", ""]);
  deepStrictEqual(lines(2, []), ["Today: 2 new, 0 learning, 0 due.", "2 of 2 cards not seen yet."]);
  deepStrictEqual(
    lines(3, [none, review(START - 7 * DAY, "c1", 4), review(START - 7 * DAY, "c2", 4)])[0],
    "Nothing is left for today. 2 cards are due tomorrow. " +
      "Today's new cards are done; for more, raise the number of new cards a day.",
  );
  deepStrictEqual(
    lines(2, ["constructor", "c1"].map((card) => event(START, { type: "suspend", card, on: true }))),
    [
      "Nothing is left for today.",
      "0 of 2 cards not seen yet, 2 are suspended.",
    ],
  );
});

const press = (key: string, code = "", more = {}) => ({
  key,
  code,
  shiftKey: false,
  ctrlKey: false,
  altKey: false,
  metaKey: false,
  repeat: false,
  ...more,
});

Deno.test("keys show, rate, undo and suspend", () => {
  deepStrictEqual(keyFor(press(" "), false), { does: "show" });
  deepStrictEqual(keyFor(press("Enter"), true), { does: "rate", rating: 3 });
  deepStrictEqual(keyFor(press("2", "Digit2"), true), { does: "rate", rating: 2 });
  deepStrictEqual(keyFor(press("4", "Numpad4"), true), { does: "rate", rating: 4 });
  deepStrictEqual(keyFor(press("u"), false), { does: "undo" });
  deepStrictEqual(keyFor(press("s"), true), { does: "suspend" });
});

Deno.test("no key rates a card whose back does not show", () => {
  deepStrictEqual(keyFor(press("3", "Digit3"), false), null);
});

Deno.test("keys of the browser, keys that are held down and other keys do nothing", () => {
  for (
    const more of [{ ctrlKey: true }, { metaKey: true }, { altKey: true }, { shiftKey: true }, {
      repeat: true,
    }]
  ) {
    deepStrictEqual(keyFor(press("s", "KeyS", more), true), null);
    deepStrictEqual(keyFor(press(" ", "Space", more), true), null);
  }
  deepStrictEqual(keyFor(press("5", "Digit5"), true), null);
  deepStrictEqual(keyFor(press("x", "KeyX"), true), null);
});
