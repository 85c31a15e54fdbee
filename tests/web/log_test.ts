import { deepStrictEqual, match, notDeepStrictEqual, ok } from "node:assert/strict";
import fc from "fast-check";
import { lastAnswers } from "../../web/src/log/answers.ts";
import { type LogEvent, read } from "../../web/src/log/events.ts";
import { KEY, openLog } from "../../web/src/log/log.ts";
import { SharedStorage } from "./storages.ts";

/** Tests repeat: every run draws the same inputs. */
fc.configureGlobal({ seed: 20261123 });

function event(id: string, second = 0): LogEvent {
  return { v: 1, id, t: new Date(Date.UTC(2026, 0, 1, 0, 0, second)).toISOString(), type: "answer" };
}

function stored(shared: SharedStorage): LogEvent[] {
  return JSON.parse(shared.content.get(KEY) ?? "[]");
}

Deno.test("an appended event carries the envelope and is there after a reload", () => {
  const shared = new SharedStorage();
  const entry = openLog(shared.tab()).append({ type: "answer", quiz: "q", v: 9, id: "mine", t: "never" });
  deepStrictEqual([entry.v, entry.id, entry.type, entry["quiz"]], [1, "0-0", "answer", "q"]);
  match(entry.t, /^2026-11-23T/);
  deepStrictEqual(openLog(shared.tab()).events(), [entry]);
});

Deno.test("what another tab writes is merged, by id, and told", () => {
  const shared = new SharedStorage();
  const [one, other] = [openLog(shared.tab()), openLog(shared.tab(100))];
  let told = 0;
  const stop = one.subscribe(() => told++);
  other.append({ type: "answer" });
  one.append({ type: "answer" });
  deepStrictEqual(one.events(), other.events());
  deepStrictEqual(one.events().length, 2);
  deepStrictEqual(told, 2);
  stop();
  other.append({ type: "answer" });
  deepStrictEqual(told, 2);
});

Deno.test("an event that another tab overwrote is written again", () => {
  const shared = new SharedStorage();
  const mine = openLog(shared.tab());
  mine.append({ type: "answer" });
  const around = shared.tab();
  around.storage().setItem(KEY, JSON.stringify([event("theirs")]));
  deepStrictEqual(stored(shared).map(({ id }) => id), ["theirs", "0-0"]);
});

Deno.test("a log that the learner cleared in another tab stays cleared", () => {
  const shared = new SharedStorage();
  const log = openLog(shared.tab());
  log.append({ type: "answer" });
  shared.as("another tab").clear();
  deepStrictEqual(log.events(), []);
});

Deno.test("unreadable content is set aside and told, never thrown away", () => {
  for (const broken of ["{", '{"a": 1}', '"text"', "null", "<script>alert(1)</script>"]) {
    const shared = new SharedStorage();
    shared.content.set(KEY, broken);
    const log = openLog(shared.tab());
    match(log.notice() ?? "", /set aside, not deleted/);
    log.append({ type: "answer" });
    const aside = [...shared.content].filter(([key]) => key.startsWith(`${KEY}.unreadable.`));
    deepStrictEqual(aside.map(([, text]) => text), [broken]);
    deepStrictEqual(stored(shared).length, 1);
  }
});

Deno.test("readable entries are kept beside strange ones", () => {
  const strange = [{ v: 0, id: "old", t: "2026-01-01", type: "x" }, 7, null, { id: "no-version" }];
  const reading = read(JSON.stringify([event("a"), ...strange, event("b", 1)]));
  deepStrictEqual(reading.events.map(({ id }) => id), ["a", "b"]);
  deepStrictEqual(JSON.parse(reading.unreadable!), strange);
});

Deno.test("events of a type that this version does not know are kept", () => {
  const shared = new SharedStorage();
  shared.content.set(KEY, JSON.stringify([{ ...event("later"), type: "of-next-year", payload: [1] }]));
  const log = openLog(shared.tab());
  log.append({ type: "answer" });
  deepStrictEqual(stored(shared)[0], { ...event("later"), type: "of-next-year", payload: [1] });
});

Deno.test("no stored text makes the log throw", () => {
  fc.assert(fc.property(fc.oneof(fc.json(), fc.string(), fc.json().map((text) => `[${text}]`)), (text) => {
    const shared = new SharedStorage();
    shared.content.set(KEY, text);
    const log = openLog(shared.tab());
    log.append({ type: "answer" });
    ok(log.events().length >= 1);
    lastAnswers(log.events(), "q");
  }));
});

Deno.test("forbidden storage is told, and answers live on in memory", () => {
  const log = openLog({
    ...new SharedStorage().tab(),
    storage: () => {
      throw new DOMException("denied", "SecurityError");
    },
  });
  log.append({ type: "answer" });
  deepStrictEqual(log.events().length, 1);
  match(log.notice() ?? "", /does not let the page store anything/);
});

Deno.test("full storage is told, keeps what it holds, and answers live on in memory", () => {
  const shared = new SharedStorage();
  const log = openLog(shared.tab());
  log.append({ type: "answer" });
  shared.room = 10;
  const before = shared.content.get(KEY);
  log.append({ type: "answer" });
  deepStrictEqual(log.events().length, 2);
  deepStrictEqual(shared.content.get(KEY), before);
  match(log.notice() ?? "", /full/);
});

Deno.test("unreadable content that cannot be set aside is left where it is", () => {
  const shared = new SharedStorage();
  shared.content.set(KEY, "{broken");
  shared.room = 3;
  const log = openLog(shared.tab());
  shared.room = Infinity;
  log.append({ type: "answer" });
  deepStrictEqual(shared.content.get(KEY), "{broken");
  deepStrictEqual(log.events().length, 1);
  notDeepStrictEqual(log.notice(), null);
});

Deno.test("the last answer to each question counts, and strange answers are passed over", () => {
  const answer = (id: string, second: number, fields: object): LogEvent => ({
    ...event(id, second),
    quiz: "q",
    question: "a",
    response: ["x"],
    seed: 1,
    ...fields,
  });
  const last = lastAnswers([
    answer("1", 1, {}),
    answer("2", 2, { response: ["y"], seed: 2 }),
    answer("3", 3, { seed: "3" }),
    answer("4", 4, { question: 4 }),
    answer("5", 5, { quiz: "another", response: ["z"] }),
    answer("6", 6, { type: "card", response: ["w"] }),
  ], "q");
  deepStrictEqual([...last], [["a", { response: ["y"], seed: 2 }]]);
});

Deno.test("an event under an id of its own is appended once, however often", () => {
  const shared = new SharedStorage();
  const [one, other] = [openLog(shared.tab()), openLog(shared.tab(100))];
  one.appendOnce("attempt-1", { type: "attempt", title: "first" });
  other.appendOnce("attempt-1", { type: "attempt", title: "second" });
  one.appendOnce("attempt-1", { type: "attempt", title: "third" });
  deepStrictEqual(stored(shared).map(({ id, title }) => [id, title]), [["attempt-1", "first"]]);
});

Deno.test("the log says whether it outlives the tab", () => {
  const shared = new SharedStorage();
  const log = openLog(shared.tab());
  deepStrictEqual(log.lasts(), true);
  shared.room = 3;
  log.append({ type: "answer" });
  deepStrictEqual(log.lasts(), false);
});

Deno.test("events of another device are added, and what is already there is not", () => {
  const shared = new SharedStorage();
  const log = openLog(shared.tab());
  const mine = log.append({ type: "answer" });
  let told = 0;
  log.subscribe(() => told++);
  deepStrictEqual(log.add([event("theirs"), mine]), true);
  deepStrictEqual(stored(shared).map(({ id }) => id), ["theirs", "0-0"]);
  deepStrictEqual(told, 1);
});

Deno.test("events for which there is no room are refused whole, and the log goes on", () => {
  const shared = new SharedStorage();
  const log = openLog(shared.tab());
  log.append({ type: "answer" });
  const before = [shared.content.get(KEY), log.events()];
  shared.room = 300;
  deepStrictEqual(log.add(Array.from({ length: 20 }, (_, index) => event(`e${index}`))), false);
  deepStrictEqual([shared.content.get(KEY), log.events()], before);
  deepStrictEqual([log.notice(), log.lasts()], [null, true]);
  log.append({ type: "answer" });
  deepStrictEqual(stored(shared).length, 2);
});

Deno.test("deleting everything empties the storage of the course and every tab, and nothing else", () => {
  const shared = new SharedStorage();
  shared.content.set("another.site", "stays");
  for (const key of ["mlacourse.theme", "mlacourse.sitting.v1", `${KEY}.unreadable.x`]) {
    shared.content.set(key, "gone");
  }
  const [one, other] = [openLog(shared.tab()), openLog(shared.tab(100))];
  one.append({ type: "answer" });
  deepStrictEqual(other.deleteEverything(), true);
  deepStrictEqual([...shared.content], [["another.site", "stays"]]);
  deepStrictEqual([one.events(), other.events()], [[], []]);
  one.append({ type: "answer" });
  deepStrictEqual(stored(shared).length, 1);
});

Deno.test("a tab that slept through a deletion brings nothing back", () => {
  const shared = new SharedStorage();
  const log = openLog(shared.tab());
  log.append({ type: "answer" });
  shared.content.clear();
  log.append({ type: "answer" });
  deepStrictEqual(stored(shared).map(({ id }) => id), ["0-1"]);
});

Deno.test("a browser that refuses to delete is told", () => {
  const log = openLog({
    ...new SharedStorage().tab(),
    storage: () => {
      throw new DOMException("denied", "SecurityError");
    },
  });
  deepStrictEqual(log.deleteEverything(), false);
});

Deno.test("the browser is asked to keep the storage once there is something to lose, and once only", () => {
  const shared = new SharedStorage();
  const log = openLog(shared.tab());
  for (let number = 0; number < 19; number++) log.append({ type: "answer" });
  deepStrictEqual(shared.asked, 0);
  for (let number = 0; number < 5; number++) log.append({ type: "answer" });
  deepStrictEqual(shared.asked, 1);
  openLog(shared.tab(1000)).append({ type: "answer" });
  deepStrictEqual(shared.asked, 1);
});

Deno.test("half a character in a note becomes the sign for a damaged one, which every file can carry", () => {
  const log = openLog(new SharedStorage().tab());
  const { note, kinds } = log.append({ type: "mistake", note: "\ud83d!", kinds: ["\udc00"] });
  deepStrictEqual([note, kinds], ["\ufffd!", ["\ufffd"]]);
});

Deno.test("an event whose clock was set back is stored in its place", () => {
  const shared = new SharedStorage();
  const early = openLog(shared.tab());
  const late = openLog(shared.tab(500));
  late.append({ type: "answer", n: 1 });
  early.append({ type: "answer", n: 2 });
  late.append({ type: "answer", n: 3 });
  deepStrictEqual(stored(shared).map(({ n }) => n).sort(), [1, 2, 3]);
  deepStrictEqual(openLog(shared.tab()).events().map(({ n }) => n), [2, 1, 3]);
});

Deno.test("events of one moment stay in the order in which they came, whatever their ids", () => {
  const shared = new SharedStorage();
  const instants = [1000, 1000, 1000, 990, 1001].values();
  const ids = ["e", "d", "c", "b", "a"].values();
  const log = openLog({
    ...shared.tab(),
    now: () => new Date(Date.UTC(2026, 10, 23) + instants.next().value!),
    newId: () => ids.next().value!,
  });
  for (const type of ["1", "2", "3", "4", "5"]) log.append({ type });
  deepStrictEqual(stored(shared).map(({ type }) => type), ["1", "2", "3", "4", "5"]);
});

Deno.test("what is stored is what the tab holds, however the events come", () => {
  const step = fc.record({ tab: fc.nat(2), seconds: fc.nat(5), add: fc.boolean() });
  fc.assert(fc.property(fc.array(step, { maxLength: 30, size: "max" }), (steps) => {
    const shared = new SharedStorage();
    const logs = [0, 3, 6].map((start) => openLog(shared.tab(start)));
    steps.forEach(({ tab, seconds, add }, index) => {
      if (add) logs[tab]!.add([event(`added-${index}`, seconds)]);
      else logs[tab]!.appendOnce(`event-${index}`, { type: "answer", index });
    });
    for (const log of logs) deepStrictEqual(read(shared.content.get(KEY) ?? null).events, log.events());
    deepStrictEqual(logs[0]!.events().length, steps.length);
  }));
});
