import { deepStrictEqual, match, ok } from "node:assert/strict";
import fc from "fast-check";
import { merged, read } from "../../web/src/log/events.ts";
import { exportState } from "../../web/src/log/exports.ts";
import { KEY, openLog } from "../../web/src/log/log.ts";
import { VERSION } from "../../web/src/log/versions.ts";
import { checked } from "../../web/src/transfer/checks.ts";
import { deviceName } from "../../web/src/transfer/device.ts";
import {
  fileName,
  LARGEST_FILE,
  readBytes,
  type Reading,
  readText,
  written,
} from "../../web/src/transfer/file.ts";
import { preview } from "../../web/src/transfer/preview.ts";
import {
  copyLine,
  freshLines,
  keptLine,
  originLine,
  remarks,
  reminder,
} from "../../web/src/transfer/words.ts";
import { anyLog } from "./histories.ts";
import { SharedStorage } from "./storages.ts";
import { event, everyKind, file, HOSTILE, ORIGIN } from "./transfers.ts";

function taken(reading: Reading) {
  ok("incoming" in reading, "refused" in reading ? reading.refused : "");
  return reading.incoming;
}

function reason(text: string): string {
  const reading = readText(text);
  ok("refused" in reading);
  return reading.refused;
}

/** A file whose head or first event has other fields. */
function changed(head: Record<string, unknown>, first: Record<string, unknown> = {}): string {
  const content = JSON.parse(file());
  Object.assign(content.events[0], first);
  return JSON.stringify({ ...content, ...head });
}

Deno.test("what is saved is read in again, event for event", () => {
  const { events, ...origin } = taken(readText(file()));
  deepStrictEqual(events, everyKind());
  deepStrictEqual(origin, ORIGIN);
});

Deno.test("whatever a log holds, its copy can be read in again", () => {
  const stored = fc.oneof(fc.json(), anyLog().map((events) => JSON.stringify(events)));
  fc.assert(fc.property(stored, fc.string({ unit: "binary" }), (text, note) => {
    const shared = new SharedStorage();
    shared.content.set(KEY, text);
    const log = openLog(shared.tab());
    log.append({ type: "mistake", question: "q", kind: null, note });
    const copy = written(log.events(), ORIGIN);
    deepStrictEqual(taken(readText(copy.text)).events.length, copy.events);
    ok(copy.events >= 1);
  }));
});

Deno.test("an entry that nobody could read in again stays out of the copy, and is counted", () => {
  const { events, left, text } = written(
    [...everyKind(), event("odd", 99, { type: "review", card: 7 })],
    ORIGIN,
  );
  deepStrictEqual([events, left], [everyKind().length, 1]);
  taken(readText(text));
});

Deno.test("what a browser notes of its copies does not travel", () => {
  const saved = event("saved", 50, { type: "export", events: 3 });
  deepStrictEqual(taken(readText(file([...everyKind(), saved]))).events, everyKind());
  deepStrictEqual(taken(readText(JSON.stringify([saved]))).events, []);
});

Deno.test("the list that the browser stores is read in too", () => {
  const { events, device } = taken(readText(JSON.stringify(everyKind())));
  deepStrictEqual([events, device], [everyKind(), null]);
});

Deno.test("an entry of an older version goes through every step to today's, a newer one is refused", () => {
  const steps = [({ word, ...old }: Record<string, unknown>) => ({ ...old, words: [word] })];
  const old = event("old", 0, { type: "of-last-year", word: "x" });
  const result = checked(old, null, steps);
  ok("event" in result);
  deepStrictEqual([result.event.v, result.event["words"]], [2, ["x"]]);
  deepStrictEqual(checked({ ...old, v: 3 }, null, steps), { wrong: "it is of a newer version" });
});

Deno.test("hostile words in every field come in as words", () => {
  for (const words of HOSTILE.filter((words) => !words.includes("__proto__") && words !== "constructor")) {
    deepStrictEqual(taken(readText(file(everyKind(words)))).events, merged(everyKind(words)));
  }
});

Deno.test("each thing that is wrong with a file has its reason in one line", () => {
  const deep = JSON.parse("[".repeat(20) + "]".repeat(20));
  const cases: [string, RegExp][] = [
    ["", /breaks off or is damaged/],
    ["{", /breaks off or is damaged/],
    ["null", /not a progress file/],
    ['"text"', /not a progress file/],
    ["{}", /not a progress file/],
    [changed({ format: "other" }), /not a progress file/],
    [changed({ version: "1" }), /'version' is not one of 1 to 1/],
    [changed({ version: 0 }), /'version' is not one of 1 to 1/],
    [changed({ version: VERSION + 1 }), /newer version/],
    [changed({ exported: "yesterday" }), /'exported' is no date/],
    [changed({ exported: "2026-02-30T00:00:00.000Z" }), /'exported' is no date/],
    [changed({ site: "javascript:alert(1)" }), /'site' is no address/],
    [changed({ device: "<b>Firefox</b>" }), /'device' is no name/],
    [changed({ events: {} }), /no list of 'events'/],
    [changed({ events: Array(50_001).fill(0) }), /has 50001 entries; a progress file has at most 50000/],
    [changed({ events: [7] }), /Entry 1 of 1: it is no record/],
    [changed({}, { v: VERSION + 1 }), /newer version/],
    [changed({}, { v: 0 }), /Entry 1 of 13: its version 'v' is not one of 1 to 1/],
    [changed({}, { id: "" }), /Entry 1 of 13: its 'id' is no name/],
    [changed({}, { id: "x".repeat(201) }), /its 'id' is no name/],
    [changed({}, { type: "<b>" }), /its 'type' is no name/],
    [changed({}, { t: "2026-13-01T00:00:00.000Z" }), /its time 't' is no date/],
    [changed({}, { t: null }), /its time 't' is no date/],
    [changed({}, { question: 7 }), /'question', which 'answer' needs/],
    [changed({}, { correct: "yes" }), /'correct', which 'answer' needs/],
    [changed({}, { type: "attempt", results: [{}] }), /'results', which 'attempt' needs/],
    [changed({}, { more: deep }), /nested too deeply/],
    [changed({}, { more: Array(6_000).fill(0) }), /too many values/],
    [changed({}, { more: "x".repeat(200_001) }), /text that is too long/],
    [changed({}, { more: "\ud800" }), /damaged character/],
    [changed({}, { ["\ud800"]: 1 }), /damaged character/],
    [changed({}).replace('"seed":7', '"seed":1e999'), /number that is too large/],
    [changed({}).replace('"seed":7', '"__proto__":{"polluted":true}'), /forbidden name/],
    [changed({}).replace('"seed":7', '"a":{"constructor":{"prototype":{}}}'), /forbidden name/],
  ];
  for (const [text, expected] of cases) {
    match(reason(text), expected);
    match(reason(text), /^[^\n]{1,200}$/);
  }
  deepStrictEqual(({} as Record<string, unknown>)["polluted"], undefined);
});

Deno.test("a file that is too large or no text is refused before it is looked into", () => {
  const refused = (bytes: Uint8Array) => {
    const reading = readBytes(bytes);
    return "refused" in reading ? reading.refused : "";
  };
  match(refused(new Uint8Array(LARGEST_FILE + 1)), /at most 12 MB/);
  match(refused(new Uint8Array([0xff, 0xfe, 0x00])), /bytes are no text/);
  taken(readBytes(new TextEncoder().encode(`\ufeff${file()}`)));
});

const NOW = new Date("2026-11-23T12:00:00Z");

function previewed(here: Parameters<typeof preview>[0], text: string) {
  return preview(here, taken(readText(text)), NOW);
}

Deno.test("a preview says in words what would come in", () => {
  const answers = [1, 2, 3].map((n) =>
    event(`a${n}`, n * 2000, { quiz: "q", question: "a", correct: true, seed: 1 })
  );
  const more = [
    event("r", 9, { type: "review", card: "c", rating: 1 }),
    event("x", 10, { type: "new-kind" }),
  ];
  const found = previewed([answers[0]!], file([...answers, ...more]));
  deepStrictEqual(freshLines(found), {
    sentence: "4 entries are new here, from 3 November 2026 to 7 November 2026:",
    kinds: ["2 answers", "1 card review", "1 entry of a kind that this version does not show"],
  });
  deepStrictEqual(remarks(found), ["1 entry is here already and will not be added twice."]);
});

Deno.test("a preview tells of entries that differ and of entries from the future", () => {
  const mine = event("a", 5, { type: "tick", what: "tool", item: "boto3", on: true });
  const [earlier, later] = [{ ...mine, t: "2026-11-01T00:00:00.000Z" }, {
    ...mine,
    t: "2026-11-20T00:00:00.000Z",
  }];
  match(remarks(previewed([mine], file([earlier])))[0]!, /1 entry is here with other content/);
  deepStrictEqual(previewed([mine], file([later])).changed, 0);
  const future = { ...mine, id: "b", t: "2099-01-01T00:00:00.000Z" };
  match(remarks(previewed([mine], file([future])))[0]!, /1 entry is dated in the future/);
});

Deno.test("a preview of what is here already is empty", () => {
  const { fresh, changed, known, span } = previewed(everyKind(), file());
  deepStrictEqual([fresh.length, changed, known, span], [0, 0, everyKind().length, null]);
});

Deno.test("what a preview calls new is what an import adds", () => {
  fc.assert(fc.property(anyLog(), anyLog(), (here, there) => {
    const shared = new SharedStorage();
    shared.content.set(KEY, JSON.stringify(here));
    const log = openLog(shared.tab());
    const incoming = taken(readText(file(there)));
    const { fresh } = preview(log.events(), incoming, NOW);
    const before = log.events().length;
    ok(log.add(incoming.events));
    deepStrictEqual(log.events().length, before + fresh.length);
    deepStrictEqual(read(shared.content.get(KEY)!).events, log.events());
    const again = preview(log.events(), incoming, NOW);
    deepStrictEqual([again.fresh.length, again.changed], [0, 0]);
  }));
});

Deno.test("an origin is told as far as it is known", () => {
  const here = "https://example.org/course/";
  deepStrictEqual(
    originLine(ORIGIN, here),
    "It was saved on 22 November 2026 with Firefox on Windows.",
  );
  match(originLine(ORIGIN, "https://a.example/")!, /, from https:\/\/example\.org\/course\/\.$/);
  deepStrictEqual(originLine({ device: null, exported: null, site: null }, here), null);
});

Deno.test("a browser is named in words that tell nobody apart", () => {
  const agents: Record<string, string> = {
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:131.0) Gecko/20100101 Firefox/131.0": "Firefox on Windows",
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Safari/537.36":
      "Chrome on Linux",
    "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/130.0.0.0 Safari/537.36 Edg/130.0":
      "Edge on Windows",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Version/18.0 Safari/604.1":
      "Safari on an iPhone",
    "": "A browser",
  };
  for (const [agent, name] of Object.entries(agents)) {
    deepStrictEqual(deviceName(agent), name);
    taken(readText(written([], { ...ORIGIN, device: name }).text));
  }
  deepStrictEqual(fileName("2026-11-23"), "mlacourse-progress-2026-11-23.json");
});

const day = (number: number) => new Date(2026, 10, number, 12);
const at = (number: number, type = "answer") => ({
  ...event(`e${number}${type}`, 0, { type }),
  t: day(number).toISOString(),
});

Deno.test("a copy is asked for after seven days with something new, and not before", () => {
  const state = (events: Parameters<typeof exportState>[0]) => exportState(events, day(23));
  deepStrictEqual(state([]), { age: null, newer: 0, due: false });
  deepStrictEqual(state([at(17)]), { age: null, newer: 1, due: false });
  deepStrictEqual(state([at(16)]), { age: null, newer: 1, due: true });
  deepStrictEqual(state([at(10), at(16, "export")]), { age: 7, newer: 0, due: false });
  deepStrictEqual(state([at(10), at(16, "export"), at(22)]), { age: 7, newer: 1, due: true });
  deepStrictEqual(state([at(10), at(17, "export"), at(22)]), { age: 6, newer: 1, due: false });
  deepStrictEqual(state([at(24, "export"), at(25)]), { age: 0, newer: 1, due: false });
  deepStrictEqual(
    copyLine(state([at(10), at(16, "export"), at(22)])),
    "The last copy was saved 7 days ago. Since then: 1 entry.",
  );
  deepStrictEqual(copyLine(state([])), "There is nothing to save yet.");
  match(reminder(state([at(16)]))!, /a week or more without a copy/);
  deepStrictEqual(reminder(state([at(17)])), null);
});

Deno.test("what is kept is said in a sentence", () => {
  deepStrictEqual(keptLine(0, { size: 0, sitting: false, aside: 0 }), "This browser keeps nothing yet.");
  deepStrictEqual(
    keptLine(1200, { size: 94_000, sitting: true, aside: 1 }),
    "This browser keeps 1,200 entries, an exam under way and 1 part that could not be read and was set aside. " +
      "With your display settings, that takes 188 KB.",
  );
});
