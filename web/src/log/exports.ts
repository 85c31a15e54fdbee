/** When a copy of the log was saved last, and whether it is time for another. */
import { dayOf, daysBetween } from "./days.ts";
import type { LogEvent } from "./events.ts";

/** Days: some browsers delete a site's storage after a week without a visit. */
const FRESH = 7;

export interface ExportState {
  /** Days since the last copy was saved in this browser; null if none was. */
  readonly age: number | null;
  /** Entries since then. */
  readonly newer: number;
  /** The learner should be asked for a copy. */
  readonly due: boolean;
}

export function exportState(events: readonly LogEvent[], now: Date): ExportState {
  const at = events.findLastIndex(({ type }) => type === "export");
  const since = events.slice(at + 1);
  const days = (event: LogEvent) => Math.max(0, daysBetween(dayOf(event.t), dayOf(now)));
  const age = at === -1 ? null : days(events[at]!);
  const oldest = since[0];
  return {
    age,
    newer: since.length,
    due: oldest !== undefined && (age ?? days(oldest)) >= FRESH,
  };
}
