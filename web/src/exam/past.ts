/** What the log says about the learner's past. */
import { lastResults } from "../log/attempts.ts";
import type { EventLog } from "../log/log.ts";
import { openMistakes } from "../log/mistakes.ts";
import { NO_PAST, type Past } from "./sets.ts";

/** Reads the past of a log: once for each state of the log, however often it is asked for. */
export function pastOf(log: Pick<EventLog, "events">): () => Past {
  let known: readonly unknown[] | null = null;
  let past = NO_PAST;
  return () => {
    const events = log.events();
    if (events !== known) past = { last: lastResults(events), open: openMistakes(events) };
    known = events;
    return past;
  };
}
