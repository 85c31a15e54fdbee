/** The study plan follows the same rules as in Python: every case of tests/vectors/plan.json has the same result. */
import { deepStrictEqual, ok } from "node:assert/strict";
import type { Course } from "../../web/src/course.d.ts";
import { entriesOf } from "../../web/src/plan/calendar.ts";
import type { Plan } from "../../web/src/plan/items.ts";
import { type Material, materialOf } from "../../web/src/plan/material.ts";
import { behind, plan } from "../../web/src/plan/model.ts";
import RULES from "../../web/src/plan/rules.json" with { type: "json" };
import type { Settings } from "../../web/src/plan/settings.ts";
import { handOut, type Tally, weakness } from "../../web/src/plan/shares.ts";
import { duration, titleOf } from "../../web/src/plan/words.ts";

interface Case {
  readonly course: string;
  readonly settings: Settings;
  readonly first: string;
  readonly results: Record<string, Tally>;
  readonly done: string[];
  readonly plan: unknown;
  readonly behind: unknown;
}

const VECTORS = JSON.parse(Deno.readTextFileSync(new URL("../vectors/plan.json", import.meta.url)));
const CASES: readonly Case[] = VECTORS.plans;

function materialFor(name: string, exam: string): Material {
  return VECTORS.materials[`${name} ${exam}`];
}

/** A plan in the few words of the vectors. */
function plain({ revision, items, days, cuts, left_out }: Plan): unknown {
  const shown = [...items.values()].filter(({ kind }) => kind !== "cards" && kind !== "rest");
  const places = new Map(shown.map(({ id }, place) => [id, place]));
  const at = (id: string) => places.get(id) ?? (id.startsWith("rest/") ? -2 : -1);
  return {
    revision,
    items: shown.map(({ id, minutes, whole }) => [id, minutes, whole]),
    days: days.map(({ date, minutes, sessions }) => [
      date,
      minutes,
      ...sessions.map(({ item, minutes }) => [at(item), minutes]),
    ]),
    cuts,
    left_out,
  };
}

Deno.test("the numbers are those of Python", () => deepStrictEqual(RULES, VECTORS.rules));

Deno.test("what a course has for an exam is what Python finds", () => {
  for (const [name, course] of Object.entries<Course>(VECTORS.courses)) {
    for (const exam of ["mla-c01", "mla-c02"]) {
      const expected = VECTORS.materials[`${name} ${exam}`];
      if (expected) deepStrictEqual(materialOf(course, exam), expected);
    }
  }
});

Deno.test("weakness and shares are those of Python", () => {
  for (const { right, total, weakness: expected } of VECTORS.weakness) {
    deepStrictEqual(weakness({ right, total }), expected);
  }
  for (const { total, weights, most, order } of VECTORS.hand_out) {
    deepStrictEqual(handOut(total, weights, most), order);
  }
});

Deno.test("there are forty plans and more, and each is the one that Python makes", () => {
  ok(CASES.length >= 40);
  for (const { course, settings, first, results, done, plan: expected } of CASES) {
    const known = { first, results: new Map(Object.entries(results)), done: new Set(done) };
    deepStrictEqual(plain(plan(settings, materialFor(course, settings.exam), known)), expected);
  }
});

Deno.test("how far behind somebody is, is what Python says", () => {
  for (const { course, settings, first, results, done, behind: expected } of CASES) {
    const made = plan(settings, materialFor(course, settings.exam), {
      results: new Map(Object.entries(results)),
    });
    deepStrictEqual(behind(made, new Set(done), first), expected);
  }
});

Deno.test("items have the same fields and names as in Python, days the same calendar entries", () => {
  const material = materialFor("half", "mla-c01");
  const settings = { ...CASES[0]!.settings, exam_date: "2026-12-14" };
  const made = plan(settings, material);
  deepStrictEqual([...made.items.values()], VECTORS.items);
  const titles = [...made.items.values()].map((item) => [item.id, titleOf(item, material)]);
  deepStrictEqual(Object.fromEntries(titles), VECTORS.titles);
  const link = (item: { chapter: string | null }) =>
    item.chapter ? `https://example.org/${item.chapter}.html` : null;
  const former = ["2026-11-20", "2026-11-28", "2026-11-29", "2026-12-06", "2027-01-02"];
  deepStrictEqual(entriesOf(made, settings, material, link, former), VECTORS.entries);
});

Deno.test("durations are written as Python writes them", () => {
  for (const [minutes, words] of Object.entries(VECTORS.durations)) {
    deepStrictEqual(duration(Number(minutes)), words);
  }
});
