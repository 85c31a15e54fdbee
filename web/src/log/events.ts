/** What the log holds: events with an envelope that never changes, and what may be kept of a stored text. */

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

/** 10,000 answers are a year of hard work, and about 2 MB of the 5 MB a browser gives a site. */
export const MOST_EVENTS = 10_000;

/** Readable events of a stored text, and the rest as text (null if there is no rest). */
export interface Reading {
  readonly events: readonly LogEvent[];
  readonly unreadable: string | null;
}

export function read(stored: string | null): Reading {
  if (stored === null) return { events: [], unreadable: null };
  let content: unknown;
  try {
    content = JSON.parse(stored);
  } catch {
    return { events: [], unreadable: stored };
  }
  if (!Array.isArray(content)) return { events: [], unreadable: stored };
  const strange = content.filter((entry) => !isEvent(entry));
  return {
    events: merged(content.filter(isEvent)),
    unreadable: strange.length > 0 ? JSON.stringify(strange) : null,
  };
}

function isEvent(entry: unknown): entry is LogEvent {
  if (typeof entry !== "object" || entry === null) return false;
  const { v, id, t, type } = entry as Record<string, unknown>;
  return v === 1 && typeof id === "string" && id !== "" && typeof type === "string" &&
    typeof t === "string" &&
    !Number.isNaN(Date.parse(t));
}

/** All events, each id once, in the order of their instants (then ids, so that every tab agrees). */
export function merged(...lists: readonly (readonly LogEvent[])[]): LogEvent[] {
  const byId = new Map<string, LogEvent>();
  for (const event of lists.flat()) if (!byId.has(event.id)) byId.set(event.id, event);
  const key = (event: LogEvent) => Date.parse(event.t);
  return [...byId.values()].sort((one, other) => key(one) - key(other) || (one.id < other.id ? -1 : 1));
}
