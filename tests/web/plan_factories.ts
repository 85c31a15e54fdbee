/** A course to plan and events of a learner, for the tests. */
import type { Course } from "../../web/src/course.d.ts";
import type { LogEvent } from "../../web/src/log/events.ts";
import type { Settings } from "../../web/src/plan/settings.ts";

export const METRICS = "02_modeling/06_metrics_and_thresholds";
export const DRIFT = "04_monitoring_security/01_drift";

/** The two chapters of the site as it began, as the vectors hold them. */
export const COURSE: Course =
  JSON.parse(Deno.readTextFileSync(new URL("../vectors/plan.json", import.meta.url))).courses.today;

export const SETTINGS: Settings = {
  exam: "mla-c01",
  start: "2026-11-23",
  exam_date: "2027-02-01",
  hours: [1.5, 1.5, 1.5, 1.5, 1.5, 3, 0],
  days_off: [],
};

export function event(type: string, t: string, fields: object = {}): LogEvent {
  return { v: 1, id: `${type}-${t}`, t, type, ...fields };
}

export function planned(
  t = "2026-11-23T08:00:00Z",
  changes: Partial<Settings> = {},
  more: object = {},
): LogEvent {
  return event("plan", t, { settings: { ...SETTINGS, ...changes }, ...more });
}

/** A sitting with one question after the other right or wrong, by task. */
export function sat(
  t: string,
  results: Readonly<Record<string, readonly boolean[]>>,
  fields: object = {},
): LogEvent {
  const rows = Object.entries(results).flatMap(([task, answers]) =>
    answers.map((correct, number) => ({
      question: `q-${task}-${number}`,
      task,
      scored: true,
      draft: {},
      correct,
      flagged: false,
      confidence: null,
      spent: 60,
    }))
  );
  return event("attempt", t, {
    exam: "mla-c01",
    kind: "diagnostic",
    title: "Diagnostic",
    mode: "exam",
    seed: 1,
    started: t,
    ended: t,
    allowed: 3000,
    unseen: 0,
    results: rows,
    ...fields,
  });
}
