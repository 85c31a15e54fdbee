/** Writes to the log after the next picture: a long log takes a while to store, and no rating should wait for it. */
import type { LogEvent, NewEvent } from "../log/events.ts";
import type { EventLog } from "../log/log.ts";

export interface Writer {
  /** The log's events and those that are on their way into it. */
  readonly events: () => readonly LogEvent[];
  /** Takes an event in and returns the id that it will have. */
  readonly append: (event: NewEvent) => string;
  /** Writes at once what is on its way. */
  readonly flush: () => void;
  /** Whether the log is just taking in an event of this writer. */
  readonly busy: () => boolean;
}

interface Surroundings {
  readonly now: () => number;
  readonly newId: () => string;
  readonly afterPaint: (write: () => void) => void;
}

export function writer(log: EventLog, around: Surroundings): Writer {
  let waiting: readonly LogEvent[] = [];
  let busy = false;

  const flush = (): void => {
    busy = true;
    for (const event of waiting) {
      waiting = waiting.slice(1);
      log.appendOnce(event.id, event);
    }
    busy = false;
  };

  return {
    events: () => waiting.length === 0 ? log.events() : [...log.events(), ...waiting],
    append(event) {
      const entry = { ...event, v: 1, id: around.newId(), t: new Date(around.now()).toISOString() } as const;
      waiting = [...waiting, entry];
      around.afterPaint(flush);
      return entry.id;
    },
    flush,
    busy: () => busy,
  };
}
