import { deepStrictEqual, match, ok } from "node:assert/strict";
import fc from "fast-check";
import { type LogEvent, merged } from "../../web/src/log/events.ts";
import { type Line, today } from "../../web/src/today/model.ts";
import { anyEvent } from "./histories.ts";
import { answer, COURSE, event, noon } from "./progress_factories.ts";

const TODAY = "2026-11-23"; // a Monday

function lines(events: LogEvent[], day = TODAY): Line[] {
  return today(COURSE, merged(events), new Date(noon(day)));
}

function line(id: string, events: LogEvent[], day = TODAY): Line | undefined {
  return lines(events, day).find((one) => one.id === id);
}

function plan(examDate: string, hours = 2): LogEvent {
  const settings = {
    exam: "mla-c01",
    start: TODAY,
    exam_date: examDate,
    hours: Array(7).fill(hours),
    days_off: [],
  };
  return event("plan", noon("2026-11-22"), { settings });
}

function reviews(day: string): LogEvent {
  return event("review", noon(day), { card: "card-a", rating: 1 });
}

Deno.test("a log that says nothing gets no line", () => {
  deepStrictEqual(lines([]), []);
  deepStrictEqual(lines([event("tick", noon(TODAY), { what: "tool", item: "s3", on: true })]), []);
});

Deno.test("cards are counted for those who have begun with cards", () => {
  deepStrictEqual(line("cards", [answer("q-2.3-0", TODAY, true)]), undefined);
  deepStrictEqual(line("cards", [reviews("2026-11-20")]), {
    id: "cards",
    words: "1 card to repeat.",
    link: { href: "practice/flashcards.html", label: "Review cards" },
  });
});

Deno.test("open mistakes are those of questions that the course still has", () => {
  const wrong = [
    answer("q-2.3-0", TODAY, false),
    answer("gone", TODAY, false),
    answer("constructor", TODAY, false),
  ];
  match(line("mistakes", wrong)!.words, /^1 open mistake\.$/);
  deepStrictEqual(line("mistakes", [answer("gone", TODAY, false)]), undefined);
});

Deno.test("the weakest task and the last chapter lead to where one goes on", () => {
  const events = [answer("q-2.1-0", "2026-11-20", true), answer("q-2.3-0", "2026-11-21", false)];
  deepStrictEqual(line("weakest", events)!.link, {
    href: "practice/mock_exam.html#task=2.3&exam=mla-c01",
    label: "Practise it",
  });
  deepStrictEqual(line("last", events), {
    id: "last",
    words: "Your last answer was 2 days ago.",
    link: { href: "https://course.invalid/chapters/metrics.html", label: "Back to Metrics" },
  });
});

Deno.test("a plan tells the days that are left and the work of today, each piece with its link", () => {
  const found = lines([plan("2027-01-18")]);
  deepStrictEqual(found[0], {
    id: "plan",
    words: "56 days to your exam.",
    link: { href: "practice/plan.html", label: "Your plan" },
  });
  ok(found.length > 1 && found.length <= 7);
  for (const { words, link } of found.slice(1)) {
    match(words, /^\d+ (min|h)( \d+ min)?:$/);
    ok(link !== null && link.label !== "" && link.href !== "");
  }
});

Deno.test("work that is done leaves the list, and the last piece says so", () => {
  const all = lines([plan("2027-01-18")]).slice(1);
  const done = (pieces: Line[]) => pieces.map(({ id }) => event("done", noon(TODAY), { item: id, on: true }));
  deepStrictEqual(lines([plan("2027-01-18"), ...done(all.slice(1))]).map(({ id }) => id), [
    "plan",
    all[0]!.id,
  ]);
  match(line("plan", [plan("2027-01-18"), ...done(all)])!.words, /Today's work is done\.$/);
});

Deno.test("what earlier days left is counted, and after the exam the plan is silent", () => {
  match(
    line("overdue", [plan("2027-01-18")], "2026-11-30")!.words,
    /^\d+ pieces? of earlier days not done yet\.$/,
  );
  match(line("plan", [plan("2027-01-18")], "2027-01-17")!.words, /^1 day to your exam\./);
  match(line("plan", [plan("2027-01-18")], "2027-01-18")!.words, /^Your exam is today\./);
  deepStrictEqual(lines([plan("2027-01-18")], "2027-01-19"), []);
});

Deno.test("cards stand in one line, whether or not they are planned", () => {
  const planned = lines([plan("2027-01-18")]).filter(({ id }) => id.startsWith("cards"));
  const counted = lines([plan("2027-01-18"), reviews("2026-11-20")]).filter(({ id }) =>
    id.startsWith("cards")
  );
  deepStrictEqual([planned.length, counted.length], [1, 1]);
});

Deno.test("any log gives lines with words and links, and never fails", () => {
  fc.assert(fc.property(fc.array(anyEvent(), { maxLength: 60 }), (events) => {
    for (const { words, link } of lines(events)) ok(words !== "" && link?.href !== "");
  }));
});
