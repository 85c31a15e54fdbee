/** Mutated progress files: none throws, none that is refused changes anything, none that is taken in breaks a reader. */
import { deepStrictEqual, match, ok } from "node:assert/strict";
import { lastAnswers } from "../../web/src/log/answers.ts";
import { attempts, lastResults } from "../../web/src/log/attempts.ts";
import { read } from "../../web/src/log/events.ts";
import { exportState } from "../../web/src/log/exports.ts";
import { journal } from "../../web/src/log/journal.ts";
import { labsDone } from "../../web/src/log/labs.ts";
import { KEY, openLog } from "../../web/src/log/log.ts";
import { mistakes } from "../../web/src/log/mistakes.ts";
import { doneByHand, plans } from "../../web/src/log/plans.ts";
import { cardHistory } from "../../web/src/log/reviews.ts";
import { outcomes } from "../../web/src/log/outcomes.ts";
import { thinned } from "../../web/src/log/thin.ts";
import { ticked } from "../../web/src/log/ticks.ts";
import { readBytes, written } from "../../web/src/transfer/file.ts";
import { readLink } from "../../web/src/transfer/link.ts";
import { preview } from "../../web/src/transfer/preview.ts";
import { freshLines, remarks } from "../../web/src/transfer/words.ts";
import { SharedStorage } from "./storages.ts";
import { event, everyKind, file, HOSTILE, ORIGIN } from "./transfers.ts";

const FILES = 700;
const NOW = new Date("2026-11-23T12:00:00Z");

/** Numbers below `most`, the same ones for a seed (mulberry32). */
type Draw = (most: number) => number;

function drawing(seed: number): Draw {
  let state = seed;
  return (most) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return Math.floor(((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32 * most);
  };
}

const one = <Entry>(draw: Draw, entries: readonly Entry[]): Entry => entries[draw(entries.length)]!;

const SOURCES = [file(), JSON.stringify(everyKind()), file(everyKind(HOSTILE[0])), file(everyKind("ü–🎓"))];
const bytesOf = (text: string) => new TextEncoder().encode(text);

function flipped(draw: Draw): Uint8Array {
  const bytes = bytesOf(one(draw, SOURCES));
  for (let flips = 1 + draw(6); flips > 0; flips--) bytes[draw(bytes.length)]! ^= 1 << draw(8);
  return bytes;
}

function torn(draw: Draw): Uint8Array {
  const bytes = bytesOf(one(draw, SOURCES));
  const [from, to] = [draw(bytes.length), draw(bytes.length)];
  const [start, end] = [bytes.slice(0, from), bytes.slice(to)];
  return draw(3) === 0 ? start : new Uint8Array([...start, ...end]);
}

type Node = Record<string, unknown> | unknown[];

/** Every record and list in a value. */
function nodes(value: unknown): Node[] {
  if (typeof value !== "object" || value === null) return [];
  return [value as Node, ...Object.values(value).flatMap(nodes)];
}

const nested = (depth: number): unknown => JSON.parse("[".repeat(depth) + "]".repeat(depth));
const VALUES: readonly (() => unknown)[] = [
  () => null,
  () => true,
  () => 0,
  () => -1,
  () => 1.5,
  () => 2 ** 60,
  () => "",
  () => ({}),
  () => [],
  () => ({ length: 1e9 }),
  () => ({ toString: "x", valueOf: 1 }),
  () => nested(200),
  () => Array(6_000).fill(1),
  () => "x".repeat(250_000),
  () => "\ud800",
  () => "2026-99-99T00:00:00.000Z",
  () => "-271821-04-20T00:00:00.000Z",
  () => JSON.parse('{"__proto__": {"polluted": true}}'),
  () => JSON.parse('{"constructor": {"prototype": {"polluted": true}}}'),
  ...HOSTILE.map((words) => () => words),
];
const NAMES = [
  "__proto__",
  "constructor",
  "prototype",
  "toString",
  "hasOwnProperty",
  "v",
  "id",
  "t",
  "type",
  "x",
];

function bent(draw: Draw): Uint8Array {
  const content = JSON.parse(one(draw, SOURCES));
  for (let changes = 1 + draw(3); changes > 0; changes--) {
    const node = one(draw, nodes(content));
    const key = one(draw, Object.keys(node).concat("none"));
    const value = draw(2) === 0 ? one(draw, VALUES)() : structuredClone(one(draw, nodes(content)));
    const put = (name: string, what: unknown) =>
      Object.defineProperty(node, name, {
        value: what,
        writable: true,
        enumerable: true,
        configurable: true,
      });
    if (Array.isArray(node)) {
      if (draw(2) === 0) node.splice(draw(node.length + 1), draw(2), value);
      else node.push(...structuredClone(node));
    } else if (draw(4) === 0) delete node[key];
    else if (draw(3) === 0) put(one(draw, NAMES), value);
    else put(key, value);
  }
  return bytesOf(JSON.stringify(content));
}

/** The right shape, with strange words everywhere. */
function worded(draw: Draw): Uint8Array {
  const words = Array.from({ length: 1 + draw(3) }, () => one(draw, HOSTILE)).join(
    one(draw, ["", " ", "\n"]),
  );
  const events = everyKind(words).filter(() => draw(3) > 0);
  return bytesOf(draw(2) === 0 ? file(events) : JSON.stringify(events));
}

const MUTATIONS = { flipped, torn, bent, worded };

function readEverything(events: Parameters<typeof mistakes>[0]): void {
  for (const { quiz } of events) lastAnswers(events, String(quiz));
  const readers = [
    attempts,
    cardHistory,
    doneByHand,
    journal,
    labsDone,
    lastResults,
    mistakes,
    outcomes,
    plans,
    thinned,
  ];
  for (const reader of readers) reader(events);
  for (const kind of ["tool", "milestone", "topic"] as const) ticked(events, kind);
  exportState(events, NOW);
}

for (const [name, mutate] of Object.entries(MUTATIONS)) {
  Deno.test(`${FILES} ${name} files are taken in whole or refused whole`, () => {
    const counts = { taken: 0, refused: 0 };
    for (let seed = 1; seed <= FILES; seed++) {
      const shared = new SharedStorage();
      const log = openLog(shared.tab());
      log.append({ ...event("mine", 0, { quiz: "q", question: "a", correct: true, seed: 1 }) });
      const before = [shared.content.get(KEY), log.events()];
      const reading = readBytes(mutate(drawing(seed)));
      if ("refused" in reading) {
        counts.refused++;
        match(reading.refused, /^[^\n<>]{1,200}$/);
        deepStrictEqual([shared.content.get(KEY), log.events()], before);
        continue;
      }
      counts.taken++;
      const found = preview(log.events(), reading.incoming, NOW);
      freshLines(found);
      remarks(found);
      ok(log.add(reading.incoming.events));
      deepStrictEqual(log.events().length, 1 + found.fresh.length);
      const stored = read(shared.content.get(KEY)!);
      deepStrictEqual([stored.events, stored.unreadable, stored.newer], [log.events(), null, false]);
      readEverything(log.events());
      const again = readBytes(bytesOf(written(log.events(), ORIGIN).text));
      ok("incoming" in again && again.incoming.events.length === log.events().length);
    }
    for (const key of ["polluted", "deep", "length"]) deepStrictEqual(key in {}, false);
    console.log(`${name}: ${counts.taken} taken in, ${counts.refused} refused`);
    ok(counts.taken > 0 && (counts.refused > 0 || name === "worded"));
  });
}

Deno.test("700 mutated links are taken in or refused, and none throws", () => {
  const text = JSON.stringify(everyKind());
  const whole = btoa(text).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
  for (let seed = 1; seed <= FILES; seed++) {
    const draw = drawing(seed);
    const signs = [...whole];
    for (let changes = 1 + draw(4); changes > 0; changes--) {
      signs[draw(signs.length)] = one(draw, ["A", "-", "_", "%", "🎓", "", "\u0000"]);
    }
    const reading = readLink(
      `#import=${signs.join("").slice(0, draw(3) === 0 ? draw(signs.length) : undefined)}`,
      NOW,
    );
    if ("refused" in reading) match(reading.refused, /^[^\n<>]{1,200}$/);
    else readEverything(reading.incoming.events);
  }
});
