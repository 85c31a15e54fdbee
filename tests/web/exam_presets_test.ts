import { deepStrictEqual, match, ok } from "node:assert/strict";
import fc from "fast-check";
import { bankOf } from "../../web/src/exam/bank.ts";
import { hashOf, MOST_NAMED, presetOf } from "../../web/src/exam/presets.ts";
import { firstChoice, NO_PAST, type Past, plan } from "../../web/src/exam/sets.ts";
import { at, bank, EXAM, RULES } from "./exam_factories.ts";
import { choice } from "./factories.ts";

const FORM = { name: "A", entries: [{ question: "q-1.1-0", scored: true }] };
const OTHER = { ...EXAM, id: "mla-c02", forms: [{ name: "B", entries: FORM.entries }] };
const FROM = bankOf({
  rules: { ...RULES, exams: [{ ...EXAM, forms: [FORM, { name: "B", entries: [] }] }, OTHER] },
  questions: [at(choice(), "q-1.1-0", "1.1"), {
    ...at(choice(), "both", "1.1"),
    exams: { "mla-c01": ["1.1.K1"], "mla-c02": ["1.1.1"] },
  }],
});
const PAST: Past = { last: new Map([["q-1.1-0", false]]), open: new Set(["q-1.1-0"]) };

Deno.test("a link chooses what the page can be asked for", () => {
  const chosen = (hash: string) => presetOf(hash, FROM, PAST)?.choice;
  const first = { exam: "mla-c01", form: "A", domain: "1", task: "1.1" };
  deepStrictEqual(chosen("#mistakes"), { ...first, what: "mistakes", mode: "practice" });
  deepStrictEqual(chosen("#weak"), { ...first, what: "weak" });
  deepStrictEqual(chosen("#diagnostic"), { ...first, what: "diagnostic" });
  deepStrictEqual(chosen("#task=2.3"), { ...first, what: "task", task: "2.3" });
  deepStrictEqual(chosen("#domain=2"), { ...first, what: "domain", domain: "2" });
  deepStrictEqual(chosen("#form=A"), { ...first, what: "form", form: "A" });
  deepStrictEqual(chosen("#form=B&exam=mla-c02")?.exam, "mla-c02");
  deepStrictEqual(chosen("#questions=both,q-1.1-0"), {
    ...first,
    what: "named",
    named: ["both", "q-1.1-0"],
    mode: "practice",
  });
});

Deno.test("a link without a wish chooses nothing and says nothing", () => {
  for (const hash of ["", "#"]) deepStrictEqual(presetOf(hash, FROM, PAST), null);
});

Deno.test("a link that cannot be followed chooses nothing and says why", () => {
  const cases: [string, RegExp][] = [
    ["#nonsense", /does not know what the link/],
    ["#constructor=1", /does not know what the link/],
    ["#task=9.9", /a task that MLA-C01 does not have/],
    ["#task=", /a task that/],
    ["#domain=x", /a domain that MLA-C01 does not have/],
    ["#form=B", /a form that there is not/],
    ["#questions=gone", /questions that the course does not have/],
    ["#diagnostic&exam=none", /an exam that the course does not have/],
  ];
  for (const [hash, words] of cases) {
    const preset = presetOf(hash, FROM, PAST)!;
    deepStrictEqual(preset.choice, null);
    match(preset.notice!, words);
    match(preset.notice!, /Choose below\.$/);
  }
  match(presetOf("#mistakes", FROM, NO_PAST)!.notice!, /you have none/);
  match(presetOf("#weak", FROM, NO_PAST)!.notice!, /none can be seen yet/);
});

Deno.test("questions that have left are counted, each once", () => {
  const preset = presetOf("#questions=both,gone,gone,also-gone", FROM, PAST)!;
  deepStrictEqual(preset.choice?.named, ["both"]);
  match(preset.notice!, /^2 of the questions/);
  match(presetOf("#questions=both,q-1.1-0&exam=mla-c02", FROM, PAST)!.notice!, /^1 of the questions/);
});

Deno.test("no address makes the page throw, and whatever is chosen can be sat", () => {
  const part = fc.constantFrom(
    "mistakes",
    "weak",
    "task=2.3",
    "questions=both",
    "exam=mla-c02",
    "%",
    "=",
    "&&",
  );
  const hash = fc.oneof(fc.string(), fc.array(part).map((parts) => parts.join("&")));
  fc.assert(
    fc.property(hash, (text) => {
      const preset = presetOf(`#${text}`, FROM, PAST);
      if (preset?.choice) plan(FROM, { ...firstChoice(FROM, 1), ...preset.choice }, PAST, 1);
      else ok(preset === null || preset.notice);
    }),
    { seed: 1, numRuns: 500 },
  );
});

Deno.test("what a link is written from is what it chooses", () => {
  const from = bank(8);
  const ids = [...from.asked.keys()];
  fc.assert(
    fc.property(fc.shuffledSubarray(ids, { minLength: 1 }), (wanted) => {
      const preset = presetOf(hashOf(wanted, "mla-c01"), from, NO_PAST)!;
      deepStrictEqual(new Set(preset.choice!.named), new Set(wanted.slice(0, MOST_NAMED)));
      deepStrictEqual(preset.notice, null);
    }),
    { seed: 1 },
  );
});
