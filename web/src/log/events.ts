/** What the log holds: events with an envelope that never changes, and what may be kept of a stored text. */
import { type Fields, isFields, isNewer, migrated, type Step, STEPS } from "./versions.ts";

export interface LogEvent {
  readonly v: 1;
  readonly id: string;
  /** Instant, ISO 8601 in UTC. */
  readonly t: string;
  readonly type: string;
  readonly [field: string]: unknown;
}

/** What a feature hands in; the log adds the envelope. */
export interface NewEvent {
  readonly type: string;
  readonly [field: string]: unknown;
}

/** Readable events of a stored text, and the rest as text (null if there is no rest). */
export interface Reading {
  readonly events: readonly LogEvent[];
  readonly unreadable: string | null;
  /** Written by a later version of the course: then nothing of it is read, and nothing may be changed. */
  readonly newer: boolean;
}

export function read(stored: string | null, steps: readonly Step[] = STEPS): Reading {
  if (stored === null) return { events: [], unreadable: null, newer: false };
  let content: unknown;
  try {
    content = JSON.parse(stored);
  } catch {
    return { events: [], unreadable: stored, newer: false };
  }
  if (!Array.isArray(content)) return { events: [], unreadable: stored, newer: false };
  if (content.some((entry) => isNewer(entry, steps))) return { events: [], unreadable: null, newer: true };
  const strange: unknown[] = [];
  const events: LogEvent[] = [];
  for (const entry of content) {
    const event = migrated(entry, steps);
    if (event && isEvent(event)) events.push(event);
    else strange.push(entry);
  }
  return {
    events: merged(events),
    unreadable: strange.length > 0 ? JSON.stringify(strange) : null,
    newer: false,
  };
}

/** Whether the envelope is whole. */
export function isEvent(event: Fields): event is Fields & LogEvent {
  const { id, t, type } = event;
  return typeof id === "string" && id !== "" && typeof type === "string" && typeof t === "string" &&
    !Number.isNaN(Date.parse(t));
}

/**
 * All events, each id once, in the order of their instants (then ids), so that every tab and every device agrees.
 * In whichever order lists are merged, and however often, the result is the same.
 */
export function merged(...lists: readonly (readonly LogEvent[])[]): LogEvent[] {
  const byId = new Map<string, LogEvent>();
  for (const list of lists) {
    for (const event of list) {
      const known = byId.get(event.id);
      byId.set(event.id, known === undefined ? event : first(known, event));
    }
  }
  return [...byId.values()].map((event) => ({ event, at: Date.parse(event.t) }))
    .sort((one, other) => one.at - other.at || (one.event.id < other.event.id ? -1 : 1))
    .map(({ event }) => event);
}

/** Of two events with one id the earlier; of one instant the one whose text comes first. */
function first(one: LogEvent, other: LogEvent): LogEvent {
  if (one === other) return one;
  const difference = Date.parse(one.t) - Date.parse(other.t);
  if (difference !== 0) return difference < 0 ? one : other;
  return JSON.stringify(one) === JSON.stringify(other) || canonical(one) <= canonical(other) ? one : other;
}

/** JSON text that does not depend on the order of the fields. */
function canonical(value: unknown): string {
  return JSON.stringify(
    value,
    (_, part: unknown) =>
      isFields(part)
        ? Object.fromEntries(Object.entries(part).sort(([one], [other]) => one < other ? -1 : 1))
        : part,
  );
}
