/** What a learner has ticked by hand: tools mastered, milestones reached, chapters read. */
import type { LogEvent } from "./events.ts";

export type Tickable = "tool" | "milestone" | "topic";

/** The instant since when each thing is ticked, by its name; the last word counts. */
export function ticked(events: readonly LogEvent[], kind: Tickable): ReadonlyMap<string, string> {
  const since = new Map<string, string>();
  for (const { type, t, what, item, on } of events) {
    if (type !== "tick" || what !== kind || typeof item !== "string") continue;
    if (on === false) since.delete(item);
    else if (on === true && !since.has(item)) since.set(item, t);
  }
  return since;
}
