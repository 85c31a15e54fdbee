import { deepStrictEqual } from "node:assert/strict";
import fc from "fast-check";
import { cardsOf, choiceIn, decks, KINDS, searcher } from "../../web/src/cards/decks.ts";
import { bank, card } from "./cards_factories.ts";

const BANK = bank(
  card("recall", { back: "TP / (TP + FN), the **share** that is `found`.", services: ["SageMaker Clarify"] }),
  card("psi", {
    chapter: "04_monitoring/01_drift",
    chapter_title: "Drift",
    tasks: { "mla-c01": ["4.1", "2.3"], "mla-c02": ["4.1"] },
    services: ["Amazon CloudWatch", "SageMaker Clarify"],
  }),
);

Deno.test("decks are listed in the order of the course and the exams, services by name, with their sizes", () => {
  deepStrictEqual(decks(BANK, "chapter"), [
    { key: "02_modeling/06_metrics", title: "Metrics", size: 1 },
    { key: "04_monitoring/01_drift", title: "Drift", size: 1 },
  ]);
  deepStrictEqual(decks(BANK, "task").map(({ title, size }) => [title, size]), [
    ["MLA-C01 2.3 Analyze", 2],
    ["MLA-C01 4.1 Monitor", 1],
  ]);
  deepStrictEqual(decks(BANK, "service").map(({ title, size }) => [title, size]), [
    ["Amazon CloudWatch", 1],
    ["SageMaker Clarify", 2],
  ]);
});

Deno.test("a deck holds as many cards as its entry says", () => {
  for (const by of KINDS.filter((kind) => kind !== "all")) {
    for (const { key, size } of decks(BANK, by)) deepStrictEqual(cardsOf(BANK, { by, key }).length, size);
  }
  deepStrictEqual(cardsOf(BANK, { by: "all", key: "" }), BANK.cards);
});

Deno.test("a search finds every word in front, back, chapter and services, whatever the case and the marks", () => {
  const found = (words: string) => searcher(BANK.cards)(words).map(({ id }) => id);
  deepStrictEqual(found("SHARE that is found"), ["recall"]);
  deepStrictEqual(found("drift cloudwatch"), ["psi"]);
  deepStrictEqual(found("clarify"), ["recall", "psi"]);
  deepStrictEqual(found("  "), ["recall", "psi"]);
  deepStrictEqual(found("recall drift"), []);
});

Deno.test("an address may name a deck that exists; any other begins with all cards", () => {
  deepStrictEqual(choiceIn(BANK, "#chapter=04_monitoring/01_drift"), {
    by: "chapter",
    key: "04_monitoring/01_drift",
  });
  deepStrictEqual(choiceIn(BANK, "#task=mla-c01%204.1"), { by: "task", key: "mla-c01 4.1" });
  for (const hash of ["", "#", "#chapter=x", "#all=x", "#how-to-rate", "#__proto__=x", "#service"]) {
    deepStrictEqual(choiceIn(BANK, hash), { by: "all", key: "" });
  }
});

Deno.test("no address and no search makes anything throw", () => {
  fc.assert(fc.property(fc.string(), (text) => {
    choiceIn(BANK, `#${text}`);
    searcher(BANK.cards)(text);
  }));
});
