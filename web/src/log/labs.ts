/** Labs that were done: their last check said so in a notebook, or the learner ticked them. */
import type { LogEvent } from "./events.ts";

export interface LabDone {
  /** The instant since when it is done. */
  readonly since: string;
  readonly by: "notebook" | "hand";
}

/** The labs that are done, by lab; the last word counts, and what a notebook has checked stays checked by it. */
export function labsDone(events: readonly LogEvent[]): ReadonlyMap<string, LabDone> {
  const done = new Map<string, LabDone>();
  for (const { type, t, lab, passed, by } of events) {
    if (type !== "lab" || typeof lab !== "string" || (by !== "notebook" && by !== "hand")) continue;
    if (passed === false) done.delete(lab);
    else if (passed === true && done.get(lab)?.by !== "notebook") {
      done.set(lab, { since: done.get(lab)?.since ?? t, by });
    }
  }
  return done;
}
