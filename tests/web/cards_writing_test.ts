import { deepStrictEqual, ok } from "node:assert/strict";
import { writer } from "../../web/src/cards/writing.ts";
import type { LogEvent } from "../../web/src/log/events.ts";
import { openLog } from "../../web/src/log/log.ts";

function open() {
  const stored = new Map<string, string>();
  const log = openLog({
    storage: () =>
      ({
        getItem: (key: string) => stored.get(key) ?? null,
        setItem: (key: string, text: string) => void stored.set(key, text),
      }) as Storage,
    now: () => new Date(Date.UTC(2026, 10, 23)),
    newId: () => "unused",
    onForeignWrite: () => {},
    persist: () => {},
  });
  const paints: (() => void)[] = [];
  let ids = 0;
  const written = writer(log, {
    now: () => Date.UTC(2026, 10, 23),
    newId: () => `e${++ids}`,
    afterPaint: (write) => void paints.push(write),
  });
  return { log, written, paint: () => paints.splice(0).forEach((write) => write()) };
}

const ids = (events: readonly LogEvent[]) => events.map(({ id }) => id);

Deno.test("an event counts at once and is stored after the next picture", () => {
  const { log, written, paint } = open();
  deepStrictEqual(written.append({ type: "review", card: "a", rating: 3 }), "e1");
  deepStrictEqual([ids(written.events()), ids(log.events())], [["e1"], []]);
  paint();
  deepStrictEqual([ids(written.events()), ids(log.events())], [["e1"], ["e1"]]);
  deepStrictEqual(log.events()[0]?.["card"], "a");
});

Deno.test("several events before a picture are stored in their order, each once", () => {
  const { log, written, paint } = open();
  written.append({ type: "review", card: "a", rating: 3 });
  written.append({ type: "undo", event: "e1" });
  paint();
  deepStrictEqual(ids(log.events()), ["e1", "e2"]);
});

Deno.test("a page that is left stores at once what is on its way", () => {
  const { log, written, paint } = open();
  written.append({ type: "review", card: "a", rating: 3 });
  written.flush();
  deepStrictEqual(ids(log.events()), ["e1"]);
  paint();
  deepStrictEqual(ids(log.events()), ["e1"]);
});

Deno.test("who listens to the log finds every event once, while they are stored one by one", () => {
  const { log, written, paint } = open();
  const seen: string[][] = [];
  log.subscribe(() => {
    ok(written.busy());
    seen.push(ids(written.events()));
  });
  written.append({ type: "review", card: "a", rating: 3 });
  written.append({ type: "review", card: "b", rating: 3 });
  paint();
  ok(seen.length > 0);
  for (const list of seen) deepStrictEqual(list, ["e1", "e2"]);
  ok(!written.busy());
});
