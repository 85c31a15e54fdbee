/** A progress file with an event of every kind, and texts that a hostile one would carry. */
import type { LogEvent } from "../../web/src/log/events.ts";
import { written } from "../../web/src/transfer/file.ts";

export const ORIGIN = {
  device: "Firefox on Windows",
  exported: "2026-11-22T12:00:00.000Z",
  site: "https://example.org/course/",
};

export const HOSTILE: readonly string[] = [
  "<script>globalThis.hit = 1</script>",
  "<img src=x onerror='globalThis.hit = 1'>",
  '"><svg onload=globalThis.hit=1>',
  "</script><script>globalThis.hit = 1</script>",
  "javascript:globalThis.hit=1",
  "__proto__",
  "constructor",
  "\u202egnp.exe\u2066",
  "a\u0000b\u0007",
  "${globalThis.hit = 1}{{hit}}",
  "'; DROP TABLE events; --",
];

export function event(id: string, minute: number, fields: Record<string, unknown>): LogEvent {
  const t = new Date(Date.UTC(2026, 10, 3, 9, minute)).toISOString();
  return { v: 1, id, t, type: "answer", ...fields };
}

/** One event of each kind, with these words wherever a learner or a file could put words. */
export function everyKind(words = "words"): LogEvent[] {
  const result = {
    question: words,
    task: words,
    scored: true,
    draft: { a: "on", [words]: words },
    correct: false,
    flagged: false,
    confidence: null,
    spent: 60,
  };
  const attempt = {
    exam: "mla-c01",
    kind: "form",
    title: words,
    mode: "exam",
    seed: 1,
    started: "2026-11-03T09:00:00.000Z",
    ended: "2026-11-03T11:10:00.000Z",
    allowed: 7800,
    unseen: 0,
    results: [result, { ...result, correct: true, confidence: "guess" }],
  };
  const settings = {
    exam: "mla-c01",
    start: "2026-11-03",
    exam_date: "2027-01-20",
    hours: [1],
    days_off: [words],
  };
  const fields: Record<string, unknown>[] = [
    { type: "answer", quiz: words, question: words, response: [words], correct: true, seed: 7 },
    { type: "attempt", ...attempt },
    { type: "mistake", question: words, kind: "misread", note: words },
    { type: "review", card: words, rating: 3 },
    { type: "undo", event: words },
    { type: "suspend", card: words, on: true },
    { type: "deck", new_per_day: 10 },
    { type: "plan", settings },
    { type: "done", item: words, on: true },
    { type: "lab", lab: words, chapter: words, passed: true, by: "notebook" },
    { type: "tick", what: "tool", item: words, on: true },
    { type: "journal", entry: words, date: "2026-11-03", text: words },
    { type: "of-next-year", payload: { deep: [words] } },
  ];
  return fields.map((one, index) => event(`event-${index}-${words.slice(0, 40)}`, index, one));
}

export function file(events: readonly LogEvent[] = everyKind()): string {
  return written(events, ORIGIN).text;
}
