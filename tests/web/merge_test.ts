import { deepStrictEqual, ok } from "node:assert/strict";
import fc from "fast-check";
import { lastAnswers } from "../../web/src/log/answers.ts";
import { lastResults } from "../../web/src/log/attempts.ts";
import { type LogEvent, merged, read } from "../../web/src/log/events.ts";
import { journal } from "../../web/src/log/journal.ts";
import { labsDone } from "../../web/src/log/labs.ts";
import { KEY, openLog } from "../../web/src/log/log.ts";
import { mistakes, openMistakes } from "../../web/src/log/mistakes.ts";
import { doneByHand, plans } from "../../web/src/log/plans.ts";
import { cardHistory } from "../../web/src/log/reviews.ts";
import { MOST_EVENTS, thinned } from "../../web/src/log/thin.ts";
import { ticked } from "../../web/src/log/ticks.ts";
import { migrated, STEPS, VERSION } from "../../web/src/log/versions.ts";
import { anyHistory, anyLog } from "./histories.ts";
import { SharedStorage } from "./storages.ts";

function answer(id: string, minute: number, fields: Record<string, unknown> = {}): LogEvent {
  const t = new Date(Date.UTC(2026, 0, 5, 9, minute)).toISOString();
  return { v: 1, id, t, type: "answer", quiz: "q", question: "a", correct: true, ...fields };
}

Deno.test("it makes no difference which device's log is merged into which", () => {
  fc.assert(fc.property(anyHistory(), anyHistory(), (one, other) => {
    deepStrictEqual(merged(one, other), merged(other, one));
  }));
});

Deno.test("it makes no difference in which order three logs meet", () => {
  fc.assert(fc.property(anyHistory(), anyHistory(), anyHistory(), (one, two, three) => {
    deepStrictEqual(merged(merged(one, two), three), merged(one, merged(two, three)));
    deepStrictEqual(merged(merged(one, two), three), merged(three, one, two));
  }));
});

Deno.test("merging a log once more changes nothing", () => {
  fc.assert(fc.property(anyHistory(), anyHistory(), (one, other) => {
    const both = merged(one, other);
    deepStrictEqual(merged(both, other), both);
    deepStrictEqual(merged(both, both), both);
  }));
});

Deno.test("a merge loses no id and invents none", () => {
  fc.assert(fc.property(anyHistory(), anyHistory(), (one, other) => {
    const ids = (list: readonly LogEvent[]) => new Set(list.map(({ id }) => id));
    deepStrictEqual(ids(merged(one, other)), ids([...one, ...other]));
    deepStrictEqual(merged(one, other).length, ids([...one, ...other]).size);
  }));
});

Deno.test("of two events with one id the earlier counts, on every device", () => {
  const [early, late] = [answer("lab-first", 1, { note: "b" }), answer("lab-first", 2, { note: "a" })];
  deepStrictEqual(merged([late], [early]), [early]);
  const [a, b] = [answer("same", 1, { note: "a" }), answer("same", 1, { note: "b" })];
  deepStrictEqual(merged([b], [a]), merged([a], [b]));
});

Deno.test("a long log is thinned of what later events replaced, and of nothing that a page reads", () => {
  const day = (instant: number) => new Date(instant).toDateString();
  fc.assert(fc.property(anyLog(80, 50), (events) => {
    const [all, fewer] = [merged(events), thinned(merged(events))];
    for (const quiz of ["quiz-0", "quiz-1", "quiz-2", "quiz-3"]) {
      deepStrictEqual(lastAnswers(fewer, quiz), lastAnswers(all, quiz));
    }
    deepStrictEqual(new Map([...lastResults(fewer)].sort()), new Map([...lastResults(all)].sort()));
    deepStrictEqual([...openMistakes(fewer)].sort(), [...openMistakes(all)].sort());
    const days = (log: readonly LogEvent[]) =>
      mistakes(log).map((
        { question, note, last, cleared },
      ) => [question, note, day(last.at), cleared === null])
        .sort();
    deepStrictEqual(days(fewer), days(all));
    deepStrictEqual(journal(fewer), journal(all));
    deepStrictEqual(labsDone(fewer), labsDone(all));
    deepStrictEqual(ticked(fewer, "tool"), ticked(all, "tool"));
    deepStrictEqual(cardHistory(fewer), cardHistory(all));
    deepStrictEqual(plans(fewer).map(({ t }) => t), plans(all).map(({ t }) => t));
    deepStrictEqual(doneByHand(fewer), doneByHand(all));
  }));
});

Deno.test("two devices that have thinned their logs agree with two that have not", () => {
  fc.assert(fc.property(anyLog(), anyLog(), (one, other) => {
    const separate = merged(one, other.map((event) => ({ ...event, id: `other-${event.id}` })));
    const half = separate.filter((_, index) => index % 2 === 0);
    deepStrictEqual(thinned(merged(thinned(half), separate)), thinned(separate));
    deepStrictEqual(thinned(thinned(separate)), thinned(separate));
  }));
});

Deno.test("of the answers to a question on one day the last right and the last wrong one stay", () => {
  const answers = [true, false, true, false, true].map((correct, n) => answer(`e${n}`, n, { correct }));
  deepStrictEqual(thinned(answers).map(({ id }) => id), ["e3", "e4"]);
});

Deno.test("a review that was taken back may go, taking it back stays, and no other review goes", () => {
  const review = (id: string, minute: number) => ({ ...answer(id, minute), type: "review", card: "c" });
  const undo = { ...answer("u", 9), type: "undo", event: "r1" };
  deepStrictEqual(thinned([review("r1", 1), review("r2", 2), review("r3", 3), undo]).map(({ id }) => id), [
    "r2",
    "r3",
    "u",
  ]);
});

function many(count: number, fields: (index: number) => Record<string, unknown>): string {
  return JSON.stringify(
    Array.from({ length: count }, (_, index) => answer(`e${index}`, index, fields(index))),
  );
}

Deno.test("a long log is thinned when it is opened, and the learner is told", () => {
  const shared = new SharedStorage();
  shared.content.set(KEY, many(MOST_EVENTS + 1, (index) => ({ question: `q${index % 10}` })));
  const log = openLog(shared.tab());
  ok(log.events().length < 100);
  ok(log.notice()?.includes("What later entries replaced was dropped"));
  log.append({ type: "answer" });
  deepStrictEqual(read(shared.content.get(KEY)!).events, log.events());
});

Deno.test("a long log of which all is needed is kept whole", () => {
  const shared = new SharedStorage();
  shared.content.set(KEY, many(MOST_EVENTS + 50, (index) => ({ type: "review", card: `c${index}` })));
  const log = openLog(shared.tab());
  log.append({ type: "answer" });
  deepStrictEqual(log.events().length, MOST_EVENTS + 51);
  deepStrictEqual(log.notice(), null);
});

Deno.test("a full storage is thinned before anything is given up", () => {
  const shared = new SharedStorage();
  const log = openLog(shared.tab());
  for (const question of ["a", "a", "a", "b"]) log.append({ type: "answer", quiz: "q", question });
  shared.room = shared.content.get(KEY)!.length;
  log.append({ type: "answer", quiz: "q", question: "c" });
  deepStrictEqual(log.lasts(), true);
  deepStrictEqual(read(shared.content.get(KEY)!).events.map(({ question }) => question), ["a", "b", "c"]);
});

Deno.test("an old event goes through every step to today's version, a newer one through none", () => {
  const steps = [
    ({ word, ...event }: Record<string, unknown>) => ({ ...event, words: [word] }),
    (event: Record<string, unknown>) => ({ ...event, seen: true }),
  ];
  const old = { ...answer("a", 1), word: "x" };
  const { word: _, ...rest } = old;
  deepStrictEqual(migrated(old, steps), { ...rest, v: 3, words: ["x"], seen: true });
  deepStrictEqual(migrated({ ...old, v: 3 }, steps), { ...old, v: 3 });
  for (const v of [4, 0, -1, 1.5, "1", null]) deepStrictEqual(migrated({ ...old, v }, steps), null);
  deepStrictEqual(read(JSON.stringify([old]), steps).events.map(({ words }) => words), [["x"]]);
  deepStrictEqual(VERSION, STEPS.length + 1);
});

Deno.test("a log that a newer version has written is left untouched, and told", () => {
  const shared = new SharedStorage();
  const theirs = JSON.stringify([answer("a", 1), { ...answer("b", 2), v: VERSION + 1 }]);
  shared.content.set(KEY, theirs);
  const log = openLog(shared.tab());
  log.append({ type: "answer" });
  deepStrictEqual([...shared.content], [[KEY, theirs]]);
  deepStrictEqual([log.events().length, log.lasts()], [1, false]);
  ok(log.notice()?.includes("newer version"));
});

Deno.test("a newer version that writes in another tab is told in this one", () => {
  const shared = new SharedStorage();
  const log = openLog(shared.tab());
  log.append({ type: "answer" });
  const theirs = JSON.stringify([{ ...answer("b", 2), v: VERSION + 1 }]);
  shared.as("another tab").setItem(KEY, theirs);
  log.append({ type: "answer" });
  deepStrictEqual(shared.content.get(KEY), theirs);
  deepStrictEqual(log.events().length, 2);
  ok(log.notice()?.includes("newer version"));
});
