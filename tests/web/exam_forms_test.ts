import { deepStrictEqual, ok, throws } from "node:assert/strict";
import fc from "fast-check";
import { bankOf } from "../../web/src/exam/bank.ts";
import { apportion, form, practiceSet } from "../../web/src/exam/forms.ts";
import { firstChoice, NO_PAST, plan, weakTasks, type What } from "../../web/src/exam/sets.ts";
import { wilson } from "../../web/src/exam/score.ts";
import { at, bank, caseStudy, EXAM, RULES } from "./exam_factories.ts";
import { choice } from "./factories.ts";

const VECTORS = JSON.parse(Deno.readTextFileSync(new URL("../vectors/exam.json", import.meta.url)));

Deno.test("seats are split as Python splits them", () => {
  for (const { total, weights, seats } of VECTORS.apportion) {
    deepStrictEqual(Object.fromEntries(apportion(total, weights)), seats);
  }
});

Deno.test("every seat is given, each share within one seat of the exact one", () => {
  const weights = fc.dictionary(fc.string({ minLength: 1 }), fc.nat(1000), { minKeys: 1 })
    .filter((all) => Object.values(all).some((weight) => weight > 0));
  fc.assert(fc.property(fc.nat(500), weights, (total, all) => {
    const seats = apportion(total, all);
    const whole = Object.values(all).reduce((sum, weight) => sum + weight, 0);
    deepStrictEqual([...seats.values()].reduce((sum, count) => sum + count, 0), total);
    for (const [key, count] of seats) ok(Math.abs(count - total * all[key]! / whole) < 1);
  }));
});

Deno.test("weights that mean nothing are refused", () => {
  for (const weights of [{}, { a: 0 }, { a: 2, b: -1 }]) throws(() => apportion(10, weights), /Cannot split/);
});

Deno.test("forms are drawn as Python draws them", () => {
  const exam = { ...EXAM, ...VECTORS.exam };
  for (const { units, seed, entries } of VECTORS.forms) deepStrictEqual(form(exam, units, seed), entries);
});

Deno.test("Wilson's interval is that of SciPy", () => {
  for (const { right, total, low, high } of VECTORS.wilson) {
    const interval = wilson({ right, total });
    ok(
      Math.abs(interval.low - low) < 1e-12 && Math.abs(interval.high - high) < 1e-12,
      `${right} of ${total}`,
    );
  }
});

Deno.test("a practice set is even over the tasks, and a case study is never torn", () => {
  const questions = [
    ...["1.1", "1.2"].flatMap((task) => [1, 2, 3, 4].map((n) => at(choice(), `q-${task}-${n}`, task))),
    caseStudy("case", "1.1", 3),
  ];
  const from = bankOf({ rules: RULES, questions });
  const units = from.units.get("mla-c01")!;
  fc.assert(fc.property(fc.nat(12), fc.nat(), (count, seed) => {
    const asked = practiceSet(units, count, seed).map(({ question }) => question);
    ok(asked.length <= count && new Set(asked).size === asked.length);
    ok([0, 3].includes(asked.filter((id) => id.startsWith("case")).length));
  }));
});

Deno.test("no choice crashes on a bank with empty tasks, or with nothing at all", () => {
  const all: What[] = ["form", "random", "diagnostic", "domain", "task", "mistakes", "weak", "named"];
  for (const tasks of [[], ["2.3"], ["2.3", "4.1"]]) {
    const from = bank(3, tasks);
    for (const what of all) {
      const planned = plan(from, { ...firstChoice(from, 1), what }, NO_PAST, 1);
      ok(planned.entries.length <= from.asked.size);
    }
  }
});

Deno.test("the diagnostic asks two questions of each task in 50 minutes", () => {
  const from = bank(8);
  const planned = plan(from, { ...firstChoice(from, 1), what: "diagnostic" }, NO_PAST, 1);
  deepStrictEqual([planned.entries.length, planned.time], [24, 50 * 60_000]);
  const tasks = planned.entries.map(({ question }) => question.split("-")[1]!);
  ok(new Set(tasks).size === 12);
});

Deno.test("open mistakes are practised, and weak tasks are those that went worst", () => {
  const from = bank(4);
  const open = new Set(["q-1.1-0", "q-1.2-0", "gone"]);
  const last = new Map([
    ["q-1.1-0", false],
    ["q-1.2-0", true],
    ["q-1.2-1", true],
    ["q-2.3-0", false],
    ["q-2.3-1", false],
    ["gone", false],
  ]);
  const past = { last, open };
  const planned = plan(from, { ...firstChoice(from, 1), what: "mistakes" }, past, 1);
  deepStrictEqual(planned.entries.map(({ question }) => question).sort(), ["q-1.1-0", "q-1.2-0"]);
  deepStrictEqual(weakTasks(from, "mla-c01", past), ["2.3", "1.1"]);
});

Deno.test("questions that are named are asked, a case study whole, and never more than an exam has", () => {
  const questions = [at(choice(), "one", "1.1"), at(choice(), "two", "1.1"), caseStudy("case", "1.1", 3)];
  const from = bankOf({ rules: RULES, questions });
  const named = ["case-1", "two", "gone"];
  const planned = plan(from, { ...firstChoice(from, 1), what: "named", named }, NO_PAST, 1);
  deepStrictEqual(planned.entries.map(({ question }) => question).sort(), [
    "case-0",
    "case-1",
    "case-2",
    "two",
  ]);
  const large = bank(8);
  const all = { ...firstChoice(large, 1), what: "named", named: [...large.asked.keys()] } as const;
  deepStrictEqual(plan(large, all, NO_PAST, 1).entries.length, 65);
});
