import { deepStrictEqual, match, ok } from "node:assert/strict";
import fc from "fast-check";
import { labsDone } from "../../web/src/log/labs.ts";
import { openLog } from "../../web/src/log/log.ts";
import type { Reading } from "../../web/src/transfer/file.ts";
import { isLink, linkTo, readLink } from "../../web/src/transfer/link.ts";
import { anyLog } from "./histories.ts";
import { SharedStorage } from "./storages.ts";
import { event, everyKind } from "./transfers.ts";

const SITE = "https://example.org/course";
const NOW = new Date("2026-11-23T12:00:00.000Z");
const VECTOR = JSON.parse(Deno.readTextFileSync(new URL("../vectors/lab_link.json", import.meta.url)));

function hashOf(link: string): string {
  return new URL(link).hash;
}

function link(content: unknown): string {
  const code = btoa(JSON.stringify(content));
  return `#import=${code.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "")}`;
}

function taken(reading: Reading) {
  ok("incoming" in reading, "refused" in reading ? reading.refused : "");
  return reading.incoming.events;
}

function reason(hash: string): string {
  const reading = readLink(hash, NOW);
  return "refused" in reading ? reading.refused : "";
}

Deno.test("what a notebook links to is what the page reads", () => {
  fc.assert(fc.property(anyLog(20), (events) => {
    fc.pre(events.length > 0 && events.every(({ type }) => type !== "export"));
    const address = linkTo(SITE, events);
    ok(address.startsWith(`${SITE}/practice/progress.html#import=`));
    ok(isLink(hashOf(address)));
    deepStrictEqual(new Set(taken(readLink(hashOf(address), NOW))), new Set(events));
  }));
});

Deno.test("a lab's link, as Python writes it, gets its instant when it is confirmed", () => {
  const [lab] = taken(readLink(hashOf(VECTOR.link), NOW));
  deepStrictEqual(labsDone([lab!]), new Map([[VECTOR.lab, { since: NOW.toISOString(), by: "notebook" }]]));
});

Deno.test("a lab's link that is followed again adds nothing, on another device neither", () => {
  const [here, there] = [openLog(new SharedStorage().tab()), openLog(new SharedStorage().tab())];
  const follow = (log: typeof here, hour: number) =>
    log.add(taken(readLink(hashOf(VECTOR.link), new Date(NOW.getTime() + hour * 3_600_000))));
  follow(here, 0);
  follow(here, 1);
  deepStrictEqual(here.events().map(({ t }) => t), [NOW.toISOString()]);
  follow(there, 2);
  there.add(here.events());
  here.add(there.events());
  deepStrictEqual(there.events(), here.events());
  deepStrictEqual(here.events().length, 1);
});

Deno.test("a link that is broken says so, whatever is wrong with it", () => {
  const whole = link(everyKind());
  const broken = [
    "#import=",
    "#import=%20",
    "#import=ä",
    "#import=!!!",
    "#import=eA",
    `${whole}.`,
    whole.slice(0, -9),
    link([]),
    link({}),
    link(7),
    link(null),
  ];
  for (const hash of broken) match(reason(hash), /damaged, or a part of it is missing/);
  match(reason(link([7])), /Entry 1 of 1: it is no record/);
  match(reason(link([{ ...event("a", 0, {}), id: 7 }])), /'id' is no name/);
  match(reason(link([{ ...event("a", 0, {}), v: 2 }])), /newer version/);
  match(reason(`#import=${"A".repeat(80_001)}`), /too long/);
});

Deno.test("a link whose bytes are packed or no text is broken too", () => {
  const packed = btoa("\x78\x9c\xff\xfe").replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
  match(reason(`#import=${packed}`), /damaged/);
});

Deno.test("of more answers than an address can carry a link takes the latest", () => {
  const many = Array.from(
    { length: 2_000 },
    (_, index) =>
      event(`answer-${index}`, index, { quiz: "q", question: `q${index}`, correct: true, seed: index }),
  );
  const address = linkTo(SITE, many);
  ok(address.length <= 80_000);
  const events = taken(readLink(hashOf(address), NOW));
  ok(events.length > 300);
  deepStrictEqual(events, many.slice(-events.length));
});

Deno.test("other places on a page are no links", () => {
  for (const hash of ["", "#", "#journal", "#importance", "#import"]) deepStrictEqual(isLink(hash), false);
});
