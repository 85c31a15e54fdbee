import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import fc from "fast-check";
import { isDay } from "../../web/src/log/days.ts";
import { type LogEvent, merged } from "../../web/src/log/events.ts";
import { journal } from "../../web/src/log/journal.ts";
import { labsDone } from "../../web/src/log/labs.ts";
import { ticked } from "../../web/src/log/ticks.ts";
import { fileName, markdown } from "../../web/src/progress/markdown.ts";
import { type Progress, progressOf } from "../../web/src/progress/model.ts";
import { ago, glance, opening, practiceAddress } from "../../web/src/progress/words.ts";
import { anyEvent } from "./histories.ts";
import { answer, CHAPTER, COURSE, event, exam, LISTS, noon } from "./progress_factories.ts";

const NOW = new Date(noon("2026-11-23"));

function progress(...events: LogEvent[]): Progress {
  return progressOf(COURSE, LISTS, merged(events), { exam: "mla-c01", now: NOW });
}

function reached(...events: LogEvent[]): string[] {
  return progress(...events).computed.filter((milestone) => milestone.reached !== null).map(({ id }) => id);
}

function note(entry: string, date: string, text: string | null, t = "2026-11-23T10:00:00Z"): LogEvent {
  return event("journal", t, { entry, date, text });
}

Deno.test("a tick holds until it is taken back, and keeps its first day", () => {
  const tick = (day: number, on: unknown, item: unknown = "s3") =>
    event("tick", noon(`2026-11-0${day}`), { what: "tool", item, on });
  const first = [tick(1, true), tick(2, true)];
  deepStrictEqual([...ticked(first, "tool")], [["s3", noon("2026-11-01")]]);
  strictEqual(ticked([...first, tick(3, false)], "tool").size, 0);
  strictEqual(ticked([...first, tick(4, "yes"), tick(5, true, 7)], "tool").size, 1);
  strictEqual(ticked(first, "milestone").size, 0);
});

Deno.test("a lab that a notebook has checked stays checked by it until it is ticked off", () => {
  const lab = (day: number, by: unknown, passed = true) =>
    event("lab", noon(`2026-11-0${day}`), { lab: "first-endpoint", chapter: CHAPTER, passed, by });
  deepStrictEqual(labsDone([lab(1, "hand"), lab(2, "notebook"), lab(3, "hand")]).get("first-endpoint"), {
    since: noon("2026-11-01"),
    by: "notebook",
  });
  strictEqual(labsDone([lab(1, "notebook"), lab(2, "hand", false)]).size, 0);
  strictEqual(labsDone([lab(1, "somebody")]).size, 0);
});

Deno.test("the last version of a note counts, and a note that is brought back keeps its place", () => {
  const events = [
    note("a", "2026-11-01", "one", "2026-11-01T10:00:00Z"),
    note("b", "2026-11-01", "two", "2026-11-01T11:00:00Z"),
    note("c", "2026-10-30", "older", noon("2026-11-01")),
    note("a", "2026-11-01", null, "2026-11-02T10:00:00Z"),
  ];
  deepStrictEqual(journal(events).map(({ text }) => text), ["two", "older"]);
  const back = [...events, note("a", "2026-11-01", "one, changed", "2026-11-02T11:00:00Z")];
  deepStrictEqual(journal(back).map(({ text }) => text), ["two", "one, changed", "older"]);
});

Deno.test("a note without a day of the calendar is passed over", () => {
  for (const date of ["2026-02-30", "2026-13-01", "23.11.2026", "", 7, null]) {
    deepStrictEqual(journal([event("journal", "2026-11-23T10:00:00Z", { entry: "a", date, text: "x" })]), []);
  }
  ok(isDay("2028-02-29"));
});

Deno.test("a chapter knows how much of its quiz was answered and how it went the last time", () => {
  const { parts } = progress(
    answer("q-2.3-0", "2026-11-20", false),
    answer("q-2.3-0", "2026-11-21", true),
    answer("q-2.1-0", "2026-11-21", false),
    event("tick", noon("2026-11-21"), { what: "topic", item: CHAPTER, on: true }),
  );
  const { read, questions, answered, right, labs } = parts[0]!.chapters[0]!;
  deepStrictEqual([read, questions, answered, right], [noon("2026-11-21"), 3, 2, 1]);
  deepStrictEqual(labs.map(({ title, done }) => [title, done]), [["Deploy", null]]);
  deepStrictEqual(parts.map(({ chapters }) => chapters.length), [1, 1]);
});

Deno.test("a quiz is finished when its last question was answered, right or wrong", () => {
  const events = [answer("q-2.3-0", "2026-11-20", true), answer("q-2.3-1", "2026-11-21", false)];
  deepStrictEqual(reached(...events), []);
  deepStrictEqual(reached(...events, answer("q-2.1-0", "2026-11-22", false)), ["first-quiz"]);
});

Deno.test("a hundred cards are reviews that stand", () => {
  const reviews = Array.from(
    { length: 100 },
    (_, number) =>
      event("review", `2026-11-20T12:00:${String(number % 60).padStart(2, "0")}Z`, {
        card: `card-${number % 9}`,
        rating: 3,
      }),
  );
  deepStrictEqual(reached(...reviews), ["many-cards"]);
  deepStrictEqual(reached(...reviews, event("undo", noon("2026-11-21"), { event: reviews[0]!.id })), []);
});

Deno.test("a whole form at the pass line is above it, a short one is not, and two in a row count once more", () => {
  const passing = (day: string) => exam(day, { right: 35 }); // 35 of 50 that count: 730
  deepStrictEqual(reached(exam("2026-11-01", { total: 64, kind: "random" })), ["first-exam"]);
  deepStrictEqual(reached(exam("2026-11-01", { right: 34 })), ["first-exam"]); // 712
  deepStrictEqual(
    reached(passing("2026-11-01"), exam("2026-11-02", { right: 34 }), passing("2026-11-03")),
    ["first-exam", "above"],
  );
  deepStrictEqual(reached(passing("2026-11-01"), passing("2026-11-02")), [
    "first-exam",
    "above",
    "twice-above",
  ]);
  deepStrictEqual(reached(exam("2026-11-01", { kind: "diagnostic", total: 24 })), ["diagnostic"]);
  deepStrictEqual(reached(exam("2026-11-01", { kind: "practice", total: 65 })), []);
});

Deno.test("milestones, ticks and notes do not depend on the order in which devices are merged", () => {
  const events = fc.array(anyEvent(), { maxLength: 60 });
  fc.assert(fc.property(events, events, (one, other) => {
    deepStrictEqual(progress(...merged(one, other)), progress(...merged(other, one)));
  }));
});

Deno.test("names that every object has are names like any other", () => {
  for (const name of ["constructor", "__proto__", "toString"]) {
    const events = [
      answer(name, "2026-11-20", true),
      { ...exam("2026-11-20"), exam: name },
      event("tick", noon("2026-11-20"), { what: "tool", item: name, on: true }),
    ];
    deepStrictEqual(reached(...events), ["first-exam"]);
    match(glance(progress(...events)), /^Nothing has been answered/);
  }
});

Deno.test("the file holds every part, and no text of the course or a note becomes its markup", () => {
  const hostile = {
    ...COURSE,
    chapters: COURSE.chapters.map((chapter) => ({ ...chapter, title: "A | <b>b</b> *c* # d" })),
  };
  const events = merged([
    answer("q-2.3-0", "2026-11-20", true),
    note("a", "2026-11-21", "# Not a heading\n<script>alert(1)</script>\r\n- **mine**"),
    event("tick", noon("2026-11-22"), { what: "milestone", item: "first-endpoint", on: true }),
    event("lab", noon("2026-11-22"), {
      lab: "first-endpoint",
      chapter: CHAPTER,
      passed: true,
      by: "notebook",
    }),
  ]);
  const text = markdown(progressOf(hostile, LISTS, events, { exam: "mla-c01", now: NOW }));
  match(text, /^# Progress, 23 November 2026\n\n## Mastery, MLA-C01\n/);
  match(
    text,
    /\n\| 2\.3 Task 2\.3 \| 66\u00a0%, growing \| 1 of 1 right, last asked 3 days ago; few answers: a first impression \|\n/,
  );
  match(text, /\n\| A \\\| \\<b\\>b\\<\/b\\> \\\*c\\\* \\# d \| /);
  match(text, /\n- First endpoint deployed, 22 November 2026\n/);
  match(text, /\n- Deploy, 22 November 2026, checked in the notebook\n/);
  match(
    text,
    /\n### 21 November 2026\n\n> # Not a heading\n> \\<script>alert\(1\)\\<\/script>\n> - \*\*mine\*\*\n$/,
  );
  deepStrictEqual(text.match(/^#+ .*$/gm)!.length, 8);
  strictEqual(fileName({ today: "2026-11-23" }), "ml-engineer-progress-2026-11-23.md");
});

Deno.test("an empty file says so in every part", () => {
  const text = markdown(progress());
  deepStrictEqual(text.match(/None yet\./g)!.length, 3);
  match(text, /## Journal\n\nNo notes\.\n$/);
});

Deno.test("days are told as people tell them", () => {
  deepStrictEqual(
    ["2026-11-24", "2026-11-23", "2026-11-22", "2026-11-11", "2026-06-01"].map((day) =>
      ago(day, "2026-11-23")
    ),
    ["today", "today", "yesterday", "12 days ago", "on 1 June 2026"],
  );
});

Deno.test("the first sentences name the weakest task of those that were asked about", () => {
  match(glance(progress()), /^Nothing has been answered in this browser yet\./);
  match(
    glance(progress(answer("q-2.3-0", "2026-11-23", false), ...[0, 1].map((n) => exam(`2026-11-2${n}`)))),
    /^1 of 12 tasks is firm\. 10 have not been asked about yet\. The weakest so far is 2\.3, Task 2\.3: 33\u00a0%\.$/,
  );
});

Deno.test("a practice link carries its task and exam, and a long note is told by its opening", () => {
  strictEqual(practiceAddress("task", "2.3", "mla-c01"), "mock_exam.html#task=2.3&exam=mla-c01");
  strictEqual(opening(`  First line \nsecond`), "First line");
  strictEqual(opening("x".repeat(60)), `${"x".repeat(40)}…`);
});
