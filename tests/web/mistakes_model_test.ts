import { deepStrictEqual, match, ok } from "node:assert/strict";
import fc from "fast-check";
import { type Bank, bankOf, domainOf } from "../../web/src/exam/bank.ts";
import { ERROR_KINDS, type ErrorKind, type Mistake } from "../../web/src/log/mistakes.ts";
import {
  type Entry,
  FEWEST_FOR_PATTERN,
  FIRST_VIEW,
  found,
  grouped,
  kindsOf,
  lastAnswer,
  pattern,
  revision,
} from "../../web/src/mistakes/model.ts";
import { excerpt, missing, noPatternLine, patternLine } from "../../web/src/mistakes/words.ts";
import { at, bank, EXAM, RULES } from "./exam_factories.ts";
import { choice, matching, response } from "./factories.ts";

const NOON = Date.UTC(2026, 10, 23, 12);
const FROM: Bank = withSections(4);
const CHAPTERS = ["a", "b"].map((id) => ({ id, title: `Chapter ${id}`, href: `chapters/${id}.html` }));

/** Questions of each task that lead to two sections in each of two chapters, and some to a page that is no chapter. */
function withSections(perTask: number): Bank {
  const questions = [...bank(perTask).asked.values()].map(({ question }, index) => ({
    ...question,
    learn_link: {
      href: `chapters/${["a", "b", "none"][index % 3]}.html#section-${index % 2}`,
      label: "A section",
    },
  }));
  return bankOf({ rules: RULES, questions });
}

function mistake(question: string, changes: Partial<Mistake> = {}): Mistake {
  return {
    question,
    wrong: 1,
    guessed: 0,
    last: { at: NOON, guessed: false, given: { where: "exam", draft: {}, seed: 1 } },
    rightOn: [],
    cleared: null,
    kind: null,
    note: "",
    dismissed: false,
    ...changes,
  };
}

const anyMistakes = fc.subarray([...FROM.asked.keys(), "gone-1", "gone-2"], { minLength: 1 }).chain((ids) =>
  fc.tuple(...ids.map((id) =>
    fc.record({
      kind: fc.option(fc.constantFrom<ErrorKind>(...ERROR_KINDS)),
      cleared: fc.option(fc.constant(NOON)),
      dismissed: fc.boolean(),
      wrong: fc.integer({ min: 1, max: 5 }),
    }).map((changes) => mistake(id, changes))
  ))
);

const open = (all: readonly Mistake[]) => found(FROM, "mla-c01", CHAPTERS, all).open;
/** Open mistakes of a task, with these kinds. */
const inTask = (task: string, ...kinds: (ErrorKind | null)[]): readonly Entry[] =>
  open(kinds.map((kind, index) => mistake(`q-${task}-${index}`, { kind })));

Deno.test("every mistake is open, cleared, gone or dismissed, and stands in one group", () => {
  fc.assert(
    fc.property(anyMistakes, (all) => {
      const { open, cleared, gone } = found(FROM, "mla-c01", CHAPTERS, all);
      const rest = all.filter(({ question, cleared, dismissed }) =>
        question.startsWith("gone") && (cleared !== null || dismissed)
      );
      deepStrictEqual(open.length + cleared.length + gone.length + rest.length, all.length);
      for (const by of ["task", "chapter", "kind"] as const) {
        for (const order of ["recent", "oldest", "often"] as const) {
          const groups = grouped(open, { by, kind: "all", order }, kindsOf(all), EXAM, CHAPTERS);
          const ids = groups.flatMap(({ entries }) => entries.map(({ mistake }) => mistake.question));
          deepStrictEqual(ids.toSorted(), open.map(({ mistake }) => mistake.question).sort());
        }
      }
    }),
    { seed: 1 },
  );
});

Deno.test("groups come in the order of the exam, of the course and of the kinds, and what has none comes last", () => {
  const all = ["q-4.3-0", "q-1.1-0", "q-1.1-1", "q-1.1-2"].map((id, index) =>
    mistake(id, { kind: (["careless", null, "misread", "careless"] as const)[index]! })
  );
  const ids = (by: "task" | "chapter" | "kind") =>
    grouped(open(all), { ...FIRST_VIEW, by }, kindsOf(all), EXAM, CHAPTERS).map(({ id }) => id);
  deepStrictEqual(ids("task"), ["1.1", "4.3"]);
  deepStrictEqual(ids("chapter"), ["a", "b", ""]);
  deepStrictEqual(ids("kind"), ["misread", "careless", ""]);
});

Deno.test("a question without a task in the exam that is looked at is kept, in a group of its own", () => {
  const entries = found(FROM, "mla-c02", CHAPTERS, [mistake("q-1.1-0")]).open;
  deepStrictEqual(entries[0]!.task, null);
  deepStrictEqual(grouped(entries, FIRST_VIEW, new Map(), EXAM, CHAPTERS).map(({ id }) => id), [""]);
});

Deno.test("sections come by their mistakes, each times its domain's weight, in whatever order the mistakes come", () => {
  const weights = new Map(EXAM.domains.map(({ id, weight }) => [id, weight]));
  fc.assert(
    fc.property(anyMistakes, fc.infiniteStream(fc.nat()), (all, keys) => {
      const entries = open(all);
      const sections = revision(entries, EXAM);
      for (const { href, count, weight } of sections) {
        const ours = entries.filter(({ asked }) => asked.question.learn_link.href === href);
        deepStrictEqual(count, ours.length);
        deepStrictEqual(weight, ours.reduce((sum, { task }) => sum + weights.get(domainOf(task!))!, 0));
      }
      deepStrictEqual(
        sections.map(({ weight }) => weight).toSorted((a, b) => b - a),
        sections.map(({ weight }) => weight),
      );
      const shuffled = entries.map((entry) => ({ entry, key: keys.next().value! }))
        .sort((one, other) => one.key - other.key).map(({ entry }) => entry);
      deepStrictEqual(revision(shuffled, EXAM), sections);
    }),
    { seed: 1 },
  );
});

Deno.test("a pattern is what more than half share, told with true counts, or nothing", () => {
  fc.assert(
    fc.property(anyMistakes, (all) => {
      const entries = open(all);
      const seen = pattern(entries);
      if (!seen) return;
      ok(seen.of >= FEWEST_FOR_PATTERN);
      const said = entries.filter(({ mistake }) => mistake.kind !== null);
      if (seen.kind === null) {
        const count = entries.filter(({ task }) => task === seen.task.id).length;
        deepStrictEqual([seen.of, seen.task.count], [entries.length, count]);
        ok(2 * count > entries.length);
      } else {
        const ours = said.filter(({ mistake }) => mistake.kind === seen.kind);
        deepStrictEqual([seen.of, seen.count], [said.length, ours.length]);
        ok(2 * ours.length > said.length);
        if (seen.task) {
          const count = ours.filter(({ task }) => task === seen.task!.id).length;
          deepStrictEqual(seen.task.count, count);
          ok(2 * count > ours.length);
        }
      }
      match(patternLine(seen), /^[A-Z\d].*\d.*\.$/);
    }),
    { seed: 1, numRuns: 300 },
  );
});

Deno.test("the sentence names kind and task, a task alone, or waits for more", () => {
  const misread = inTask("3.1", "misread", "misread", "misread", "misread");
  const others = inTask("1.1", "misread", "careless", "careless");
  deepStrictEqual(pattern([...misread, ...others]), null);
  deepStrictEqual(
    patternLine(pattern([...misread, ...others, ...inTask("2.1", "careless")])!),
    "Of the 8 open mistakes whose kind you named, 5 are misread constraints, 4 of them in task 3.1.",
  );
  const large = withSections(9);
  const unsaid =
    found(large, "mla-c01", CHAPTERS, [...large.asked.keys()].slice(0, 9).map((id) => mistake(id))).open;
  deepStrictEqual(patternLine(pattern(unsaid)!), "9 of your 9 open mistakes are in task 1.1.");
  deepStrictEqual(noPatternLine(7, 0), null);
  match(noPatternLine(9, 0)!, /^Name the kind of error of 8 of them/);
  match(noPatternLine(9, 5)!, /of 3 more of them/);
  deepStrictEqual(noPatternLine(20, 8), null);
});

Deno.test("the last answer is shown as it was given, or not at all where the question has changed", () => {
  const from = bankOf({ rules: RULES, questions: [at(choice(), "c", "1.1"), at(matching(), "m", "1.1")] });
  const answered = (question: string, given: Mistake["last"]["given"]) => {
    const all = [mistake(question, { last: { at: NOON, guessed: false, given } })];
    const { draft, seed, state } = lastAnswer(found(from, "mla-c01", [], all).open[0]!);
    return [Object.fromEntries(draft), typeof seed, state];
  };
  deepStrictEqual(answered("c", { where: "quiz", response: ["a"], seed: 3 }), [
    { a: "on" },
    "number",
    "whole",
  ]);
  deepStrictEqual(answered("c", { where: "quiz", response: ["z"], seed: "x" }), [{}, "number", "changed"]);
  deepStrictEqual(answered("m", { where: "quiz", response: null, seed: 3 }), [{}, "number", "changed"]);
  deepStrictEqual(answered("c", { where: "exam", draft: { a: "on" }, seed: 3 }), [
    { a: "on" },
    "number",
    "whole",
  ]);
  deepStrictEqual(answered("c", { where: "exam", draft: {}, seed: 3 })[2], "blank");
  deepStrictEqual(answered("c", { where: "exam", draft: { z: "on" }, seed: 3 }), [{}, "number", "changed"]);
});

Deno.test("what is missing is said in days", () => {
  deepStrictEqual(missing(mistake("q")), "To clear it, answer it right on 2 different days.");
  match(
    missing(mistake("q", { rightOn: ["2026-11-20"] })),
    /^Right on 20 November 2026\..* one other day\.$/,
  );
});

Deno.test("an excerpt ends with a word, and holds no marks", () => {
  fc.assert(
    fc.property(fc.lorem({ maxCount: 60 }), (text) => {
      const short = excerpt(text);
      ok(short.length <= 121);
      if (short.endsWith("…")) ok(text.startsWith(short.slice(0, -1)));
    }),
    { seed: 1 },
  );
  deepStrictEqual(excerpt("Use `f1`, **not** accuracy."), "Use f1, not accuracy.");
  deepStrictEqual(excerpt(response().stem), response().stem);
});
