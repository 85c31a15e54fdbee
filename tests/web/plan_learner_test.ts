/** The plan as the log gives it: what it knew, what is done, what is due today, how far behind. */
import { deepStrictEqual, match, ok } from "node:assert/strict";
import fc from "fast-check";
import type { LogEvent } from "../../web/src/log/events.ts";
import { doneByHand, plans } from "../../web/src/log/plans.ts";
import { learnerOf, resultsOf } from "../../web/src/plan/learner.ts";
import { todaysItems } from "../../web/src/plan/today.ts";
import { weeksOf } from "../../web/src/plan/weeks.ts";
import { COURSE, DRIFT, event, METRICS, planned, sat, SETTINGS } from "./plan_factories.ts";

const DAY = "2026-11-24";

function learner(...events: LogEvent[]) {
  return learnerOf(COURSE, events, DAY)!;
}

Deno.test("the last plan of a shape that can be followed counts", () => {
  const broken = [
    { settings: null },
    { settings: { ...SETTINGS, hours: [1, 2] } },
    { settings: { ...SETTINGS, exam_date: "2027-02-30" } },
    { settings: { ...SETTINGS, days_off: ["Monday"] } },
    { settings: { ...SETTINGS, exam_date: "2029-02-01" } },
    { settings: { ...SETTINGS, hours: [0, 0, 0, 0, 0, 0, 0] } },
    { settings: { ...SETTINGS, exam: "mla-c09" } },
    { settings: SETTINGS, from: "2028-01-01" },
    {},
  ];
  const events = [
    planned(),
    ...broken.map((fields, number) => event("plan", `2026-11-23T09:0${number}:00Z`, fields)),
  ];
  deepStrictEqual(learner(...events).logged.place, 0);
  deepStrictEqual(learnerOf(COURSE, events.slice(1), DAY), null);
});

Deno.test("no event makes the page throw", () => {
  const values = fc.oneof(fc.jsonValue(), fc.constantFrom(SETTINGS, "2026-11-23", METRICS, true));
  const strange = fc.record({
    type: fc.constantFrom("plan", "done", "tick", "review", "attempt", "answer"),
    settings: values,
    from: values,
    chapters: values,
    item: values,
    on: values,
  }, { requiredKeys: ["type"] }).map((fields): LogEvent => ({
    ...fields,
    v: 1,
    id: "e",
    t: "2026-11-23T10:00:00Z",
  }));
  fc.assert(
    fc.property(fc.array(strange, { maxLength: 5 }), (events) => {
      const made = learnerOf(COURSE, [planned(), ...events], DAY);
      if (made) weeksOf(made, "");
      todaysItems(COURSE, events, DAY);
      plans(events);
      doneByHand(events);
    }),
    { seed: 20261123 },
  );
});

Deno.test("a plan knows what was answered before it, and tells that more was answered since", () => {
  const before = sat("2026-11-22T10:00:00Z", { "2.3": [false, false], "4.1": [true, true] });
  const after = sat("2026-11-23T10:00:00Z", { "2.3": [true, true] });
  const made = learner(before, planned(), after);
  deepStrictEqual(Object.fromEntries(made.results), {
    "2.3": { right: 0, total: 2 },
    "4.1": { right: 2, total: 2 },
  });
  ok(made.newResults);
  ok(!learner(before, planned()).newResults);
  const plain = learner(planned());
  const minutes = (of: typeof made, task: string) =>
    [...of.plan.items.values()].filter((item) => item.task === task && item.kind === "revise").length;
  ok(minutes(made, "2.3") > minutes(plain, "2.3"));
});

Deno.test("of several answers to a question the last counts, and only those for the same exam", () => {
  const results = resultsOf([
    sat("2026-11-20T10:00:00Z", { "2.3": [false, false] }),
    sat("2026-11-21T10:00:00Z", { "2.3": [true] }),
    sat("2026-11-22T10:00:00Z", { "2.3": [false], "4.1": [false] }, { exam: "mla-c02" }),
  ], "mla-c01");
  deepStrictEqual(Object.fromEntries(results), { "2.3": { right: 1, total: 2 } });
});

Deno.test("what the log shows is done by itself, and a tick that is taken back outweighs it", () => {
  const quiz = COURSE.chapters.find(({ id }) => id === METRICS)!.questions;
  const { done } = learner(
    planned(),
    sat("2026-11-23T09:00:00Z", { "2.3": [true] }),
    sat("2026-11-23T10:00:00Z", { "2.3": [true] }, { kind: "form", title: "Form B" }),
    sat("2026-11-23T11:00:00Z", { "2.3": [true] }, { kind: "form", title: "Form A", exam: "mla-c02" }),
    event("tick", "2026-11-23T12:00:00Z", { what: "topic", item: DRIFT, on: true }),
    event("review", "2026-11-23T12:30:00Z", { card: "c", rating: 3 }),
    ...quiz.map((question, number) =>
      event("answer", `2026-11-23T13:00:${10 + number}Z`, {
        quiz: METRICS,
        question,
        response: ["a"],
        seed: 1,
      })
    ),
    event("done", "2026-11-23T14:00:00Z", { item: "diagnostic", on: false }),
    event("done", "2026-11-23T14:00:01Z", { item: `exercises/${METRICS}`, on: true }),
  );
  deepStrictEqual([...done].sort(), [
    "cards/2026-11-23",
    `exercises/${METRICS}`,
    "mock/2",
    `quiz/${METRICS}`,
    `read/${DRIFT}`,
  ]);
});

Deno.test("ticking does not move the plan; planning anew lays out what is left under the same names", () => {
  const tick = event("done", "2026-11-23T20:00:00Z", { item: "diagnostic", on: true });
  const before = learner(planned());
  deepStrictEqual(learner(planned(), tick).plan, before.plan);
  const again = learner(planned(), tick, planned("2026-11-26T08:00:00Z", {}, { from: "2026-11-26" }));
  deepStrictEqual(again.plan.days[0]?.date, "2026-11-26");
  ok(!again.plan.items.has("diagnostic") && again.plan.items.has(`read/${METRICS}`));
  deepStrictEqual(again.behind.items, []);
});

Deno.test("chapters that are new wait for the next plan", () => {
  const made = learner(planned(undefined, {}, { chapters: [METRICS] }));
  deepStrictEqual([made.newChapters, made.plan.items.has(`read/${DRIFT}`)], [1, false]);
});

Deno.test("today's items have words, a time, and a way to the work", () => {
  const today = todaysItems(COURSE, [planned()], "2026-11-23")!;
  deepStrictEqual(today.todos.map(({ words, minutes, href }) => [words, minutes, href]), [
    ["Flashcards", 10, "practice/flashcards.html"],
    ["Diagnostic", 50, "practice/mock_exam.html#diagnostic=&exam=mla-c01"],
    ["Read: Metrics and thresholds", 30, `chapters/${METRICS}.html`],
  ]);
  deepStrictEqual([today.daysLeft, today.behind.since, today.next], [70, null, "2026-11-24"]);
  const places = new Set<string>();
  const made = learner(planned());
  for (const week of weeksOf(made, "")) {
    for (const { todos } of week.days) {
      todos.forEach(({ href }) => places.add(href?.split(/[#?]/)[0] ?? "none"));
    }
  }
  deepStrictEqual(
    places,
    new Set([
      "flashcards.html",
      "mock_exam.html",
      "mistakes.html",
      `chapters/${METRICS}.html`,
      `chapters/${DRIFT}.html`,
    ]),
  );
});

Deno.test("without a plan there is nothing for today; before, at and after its days it says which", () => {
  deepStrictEqual(todaysItems(COURSE, [], DAY), null);
  const later = todaysItems(COURSE, [planned(undefined, { start: "2026-12-07" })], DAY)!;
  deepStrictEqual([later.todos, later.from], [[], "2026-12-07"]);
  deepStrictEqual(todaysItems(COURSE, [planned()], "2027-02-01")!.daysLeft, 0);
  deepStrictEqual(todaysItems(COURSE, [planned()], "2027-02-03")!.daysLeft, -2);
});

Deno.test("what is overdue comes first the oldest, and what is done is not overdue", () => {
  const done = event("done", "2026-11-24T08:00:00Z", { item: "diagnostic", on: true });
  const today = todaysItems(COURSE, [planned(), done], "2026-11-27")!;
  deepStrictEqual(today.overdue[0]?.words, "Read: Metrics and thresholds");
  deepStrictEqual(today.behind.since, "2026-11-24");
  ok(today.overdue.every(({ id }) => !id.startsWith("cards/")));
});

Deno.test("weeks run from the start, name their topics, and count work without the cards", () => {
  const weeks = weeksOf(learner(planned()), "");
  deepStrictEqual(weeks.length, 10);
  deepStrictEqual([weeks[0]!.first, weeks[0]!.last, weeks[9]!.last], [
    "2026-11-23",
    "2026-11-29",
    "2027-01-31",
  ]);
  match(weeks[0]!.topics.join("; "), /Modeling; Monitoring/);
  deepStrictEqual(weeks[9]!.topics, ["Revision and timed practice"]);
  const [first] = weeks;
  const items = new Set(first!.days.flatMap(({ todos }) => todos.map(({ id }) => id)));
  deepStrictEqual(first!.items, [...items].filter((id) => !id.startsWith("cards/")).length);
  const parts = first!.days.flatMap(({ todos }) => todos).filter(({ id }) => id === `read/${METRICS}`);
  deepStrictEqual(parts.map(({ part }) => part), [{ number: 1, of: 2 }, { number: 2, of: 2 }]);
});
