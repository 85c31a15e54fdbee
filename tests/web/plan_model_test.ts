/** Days, settings, calendar and sentences of the study plan, and how long planning takes. */
import { deepStrictEqual, match, ok } from "node:assert/strict";
import fc from "fast-check";
import { dayOf } from "../../web/src/log/days.ts";
import { ics } from "../../web/src/plan/calendar.ts";
import { draftOf, firstDraft, settingsOf, withDaysOff } from "../../web/src/plan/draft.ts";
import { materialOf } from "../../web/src/plan/material.ts";
import { plan } from "../../web/src/plan/model.ts";
import {
  balance,
  behindLine,
  fullDay,
  missingLine,
  remedy,
  span,
  spareLine,
} from "../../web/src/plan/sentences.ts";
import { addDays, findings, studyDays, weekday } from "../../web/src/plan/settings.ts";
import { COURSE, SETTINGS } from "./plan_factories.ts";

const MATERIAL = materialOf(COURSE, "mla-c01");
const WHOLE = JSON.parse(Deno.readTextFileSync(new URL("../vectors/plan.json", import.meta.url))).materials[
  "whole mla-c01"
];

Deno.test("a day and the next differ by one, also where the clock is changed, in whatever zone this runs", () => {
  const days = fc.integer({ min: 0, max: 4000 }).map((count) => addDays("2024-01-01", count));
  fc.assert(
    fc.property(days, (day) => {
      const [year, month, date] = day.split("-").map(Number) as [number, number, number];
      const noon = new Date(year, month - 1, date, 12);
      deepStrictEqual(dayOf(noon), day);
      deepStrictEqual(weekday(day), (noon.getDay() + 6) % 7);
      deepStrictEqual(addDays(day, 1), dayOf(new Date(year, month - 1, date + 1, 12)));
      deepStrictEqual(addDays(addDays(day, 400), -400), day);
    }),
    { seed: 20261123 },
  );
});

Deno.test("the days on which clocks change are study days like others", () => {
  for (const change of ["2027-03-14", "2027-03-28", "2027-10-31", "2027-11-07"]) {
    const settings = {
      ...SETTINGS,
      start: addDays(change, -7),
      exam_date: addDays(change, 7),
      hours: Array(7).fill(1),
    };
    deepStrictEqual(
      studyDays(settings, settings.start).map(({ date }) => date).filter((day) => day === change),
      [
        change,
      ],
    );
    deepStrictEqual(plan(settings, MATERIAL).days.length, 14);
  }
});

Deno.test("settings that give no plan say why, field by field", () => {
  const words = (changes: object) => findings({ ...SETTINGS, ...changes }).map(({ words }) => words);
  deepStrictEqual(words({}), []);
  deepStrictEqual(words({ exam_date: "2026-11-23" }), ["Day of the exam: it must come after the first day."]);
  match(words({ exam_date: "2028-11-23" })[0]!, /731 days away. Plan 400 days at most/);
  deepStrictEqual(words({ start: "", exam_date: "2027-02-30" }), [
    "First day: choose a day of the calendar.",
    "Day of the exam: choose a day of the calendar.",
  ]);
  deepStrictEqual(findings({ ...SETTINGS, hours: [1, NaN, 1, -1, 1, 25, 1] }).map(({ weekday }) => weekday), [
    1,
    3,
    5,
  ]);
  match(words({ hours: [0, 0, 0, 0, 0, 0, 0] })[0]!, /No day before the exam has time/);
  deepStrictEqual(words({ exam: "mla-c09" }), ["Choose one of the exams."]);
});

Deno.test("what is typed becomes settings and comes back as it was typed", () => {
  const draft = firstDraft("mla-c01", "2026-11-23");
  deepStrictEqual(settingsOf(draft), SETTINGS);
  deepStrictEqual(draftOf(settingsOf(draft)), { ...draft });
  const off = withDaysOff({ ...draft, from: "2026-12-24", to: "2027-01-02" });
  ok(typeof off === "object");
  deepStrictEqual(settingsOf(off).days_off.length, 10);
  const more = withDaysOff({ ...off, from: "2027-01-03" });
  ok(typeof more === "object");
  deepStrictEqual(more.off, [{ from: "2026-12-24", to: "2027-01-03" }]);
  match(String(withDaysOff({ ...draft, from: "2026-12-24", to: "2026-12-23" })), /must not come before/);
  match(String(withDaysOff(draft)), /choose the first day/);
  match(String(withDaysOff({ ...draft, from: "2026-12-24", to: "2028-12-24" })), /120 days at most/);
});

Deno.test("the calendar's lines have 75 octets at most, end in CRLF, and tear no character", () => {
  const entry = { uid: "a@b", date: "2026-11-23", cancelled: false, description: "" };
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 120 }), (summary) => {
      const text = ics([{ ...entry, summary }], "2026-11-23T08:00:00Z");
      ok(text.endsWith("\r\n") && !/[^\r]\n|\r[^\n]/.test(text));
      for (const line of text.split("\r\n")) {
        ok(new TextEncoder().encode(line).length <= 75);
        ok(line.isWellFormed());
      }
      deepStrictEqual(ics([{ ...entry, summary }], "2026-11-23T08:00:00Z"), text);
    }),
    { seed: 20261123 },
  );
});

Deno.test("a later plan has the larger sequence, and nothing in the file depends on when it is saved", () => {
  const sequence = (stamp: string) =>
    Number(ics([], stamp) && ics([ENTRY], stamp).match(/SEQUENCE:(\d+)/)![1]);
  ok(sequence("2026-11-23T08:00:01Z") > sequence("2026-11-23T08:00:00Z"));
  deepStrictEqual(sequence("2025-01-01T00:00:00Z"), 0);
  match(ics([ENTRY], "2026-11-23T08:00:00.123Z"), /DTSTAMP:20261123T080000Z\r\n/);
});

const ENTRY = { uid: "a@b", date: "2026-12-31", summary: "s", description: "", cancelled: false };

Deno.test("an entry lasts the whole day, over the end of a year too", () => {
  match(ics([ENTRY], "2026-11-23T08:00:00Z"), /DTSTART;VALUE=DATE:20261231\r\nDTEND;VALUE=DATE:20270101\r\n/);
});

Deno.test("sentences say what is cut, spare, missing and late", () => {
  const short = plan(SETTINGS, WHOLE);
  match(
    balance(short, SETTINGS, SETTINGS.start),
    /^A plan of 10 weeks, 105 h of study. The chapters take \d+ h; there is room for \d+ h\.$/,
  );
  match(remedy(short, SETTINGS.start), /^About \d+ h( 30 min)? more a week would hold everything/);
  deepStrictEqual(spareLine(short), null);
  const ample = plan(SETTINGS, MATERIAL);
  match(balance(ample, SETTINGS, SETTINGS.start), /and all fit\.$/);
  match(spareLine(ample)!, /^\d+ h before the revision are spare, \d+ days of them whole/);
  match(missingLine(MATERIAL)!, /no chapter yet for 10 of the 12 tasks of MLA-C01/);
  deepStrictEqual(missingLine(WHOLE), null);
  deepStrictEqual(span(1) + span(7) + span(16), "1 day1 week2 weeks and 2 days");
  deepStrictEqual(fullDay("2027-02-01"), "Monday 1 February 2027");
  deepStrictEqual(behindLine({ items: [], minutes: 0, since: null }), "You are up to date.");
  deepStrictEqual(
    behindLine({ items: ["a"], minutes: 50, since: "2026-11-23" }),
    "You are behind by 1 item, 50 min. The oldest was due on Monday 23 November.",
  );
});
