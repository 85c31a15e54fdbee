import { deepStrictEqual, match, notDeepStrictEqual, ok } from "node:assert/strict";
import fc from "fast-check";
import { lastAnswers } from "../../web/src/log/answers.ts";
import { type LogEvent, merged, MOST_EVENTS, read } from "../../web/src/log/events.ts";
import { KEY, openLog, type Surroundings } from "../../web/src/log/log.ts";

/** Storage that several tabs share, as in a browser: a write tells the other tabs. */
class SharedStorage {
  readonly content = new Map<string, string>();
  room = Infinity;
  private readonly tabs: ((key: string | null, value: string | null) => void)[] = [];

  tab(start = 0): Surroundings {
    const own = this.tabs.length;
    let ticks = start;
    const tell = (key: string | null, value: string | null) =>
      this.tabs.forEach((listener, tab) => tab !== own && listener(key, value));
    this.tabs.push(() => {});
    const storage = {
      getItem: (key: string) => this.content.get(key) ?? null,
      setItem: (key: string, value: string) => {
        if (value.length > this.room) throw new DOMException("full", "QuotaExceededError");
        this.content.set(key, value);
        tell(key, value);
      },
    };
    return {
      storage: () => storage as Storage,
      now: () => new Date(Date.UTC(2026, 10, 23) + 1000 * ++ticks),
      newId: () => `${own}-${ticks}`,
      onForeignWrite: (listener) => this.tabs[own] = listener,
    };
  }

  clear(): void {
    this.content.clear();
    this.tabs.forEach((listener) => listener(null, null));
  }
}

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
  shared.clear();
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
  const strange = [{ v: 2, id: "new", t: "2026-01-01", type: "x" }, 7, null, { id: "no-version" }];
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

Deno.test("beyond the cap the oldest go, and this is told", () => {
  const shared = new SharedStorage();
  const many = Array.from({ length: MOST_EVENTS }, (_, index) => event(`e${index}`, index));
  shared.content.set(KEY, JSON.stringify(many));
  const log = openLog(shared.tab());
  deepStrictEqual(log.notice(), null);
  log.append({ type: "answer" });
  deepStrictEqual(log.events().length, MOST_EVENTS);
  deepStrictEqual(log.events()[0]?.id, "e1");
  match(log.notice() ?? "", /10,000/);
});

Deno.test("merging knows no order: every tab gets the same list", () => {
  const events = fc.array(
    fc.tuple(fc.nat(20), fc.nat(3)).map(([id, second]) => event(`e${id}`, second + id % 3)),
  );
  fc.assert(fc.property(events, events, (one, other) => {
    const unique = (list: LogEvent[]) => merged(list);
    const ids = (list: readonly LogEvent[]) => new Set(list.map(({ id }) => id));
    deepStrictEqual(ids(merged(one, other)), ids(merged(other, one)));
    deepStrictEqual(merged(merged(one, other)), merged(one, other));
    deepStrictEqual(unique(one).length, ids(one).size);
  }));
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
