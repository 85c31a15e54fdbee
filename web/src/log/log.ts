/** The learner's event log: append-only, in the browser's storage, shared by all tabs. Nothing else touches storage. */
import { type LogEvent, merged, MOST_EVENTS, type NewEvent, read } from "./events.ts";

export const KEY = "mlacourse.log.v1";

export interface EventLog {
  readonly events: () => readonly LogEvent[];
  readonly append: (event: NewEvent) => LogEvent;
  /** Appends an event under an id of its own, once: a second call with the same id changes nothing. */
  readonly appendOnce: (id: string, event: NewEvent) => void;
  /** Calls back after every change, also one of another tab; returns the way to stop that. */
  readonly subscribe: (listener: () => void) => () => void;
  /** One line for the learner if something is not as it should be, else null. */
  readonly notice: () => string | null;
  /** Whether what is appended outlives the tab. */
  readonly lasts: () => boolean;
}

/** What the log needs of a browser; tests bring their own. */
export interface Surroundings {
  /** May throw: some browsers forbid storage. */
  readonly storage: () => Storage;
  readonly now: () => Date;
  readonly newId: () => string;
  /** Calls back when another tab has written (with null when it has cleared everything). */
  readonly onForeignWrite: (listener: (key: string | null, value: string | null) => void) => void;
}

const NOT_KEPT =
  "This browser does not let the page store anything: your answers are kept until you close this tab.";
const FULL = "The browser's storage is full: answers from now on are kept until you close this tab.";
const SET_ASIDE =
  "Part of your stored answers could not be read. It was set aside, not deleted, and a new list was begun.";
const STUCK =
  "Your stored answers cannot be read and are left as they are: new answers are kept until you close this tab.";
const CAPPED = `The list of answers has reached its ${
  MOST_EVENTS.toLocaleString("en")
} entries: the oldest are dropped.`;

export function openLog(around: Surroundings = browser()): EventLog {
  const listeners = new Set<() => void>();
  let events: readonly LogEvent[] = [];
  let notice: string | null = null;
  let storage: Storage | null = null;

  /** Merges what is stored into memory; text that cannot be read goes under a key of its own. */
  const load = (stored: string | null): void => {
    const reading = read(stored);
    events = capped(merged(reading.events, events));
    if (reading.unreadable === null) return;
    try {
      storage?.setItem(`${KEY}.unreadable.${around.now().toISOString()}`, reading.unreadable);
      storage?.setItem(KEY, JSON.stringify(events));
      notice = SET_ASIDE;
    } catch {
      storage = null;
      notice = STUCK;
    }
  };

  const capped = (all: readonly LogEvent[]): readonly LogEvent[] => {
    if (all.length <= MOST_EVENTS) return all;
    notice = CAPPED;
    return all.slice(-MOST_EVENTS);
  };

  const save = (): void => {
    if (!storage) return;
    try {
      storage.setItem(KEY, JSON.stringify(events));
    } catch {
      storage = null;
      notice = FULL;
    }
  };

  const foreignWrite = (key: string | null, value: string | null): void => {
    if (!storage || (key !== null && key !== KEY)) return;
    if (value === null) {
      events = [];
    } else {
      load(value);
      const theirs = new Set(read(value).events.map((event) => event.id));
      if (events.some((event) => !theirs.has(event.id))) save();
    }
    listeners.forEach((listener) => listener());
  };

  try {
    storage = around.storage();
    load(storage.getItem(KEY));
  } catch {
    storage = null;
    notice = NOT_KEPT;
  }
  around.onForeignWrite(foreignWrite);

  const append = (id: string, event: NewEvent): LogEvent => {
    const entry: LogEvent = { ...event, v: 1, id, t: around.now().toISOString(), type: event.type };
    if (storage) {
      try {
        load(storage.getItem(KEY));
      } catch {
        storage = null;
        notice = NOT_KEPT;
      }
    }
    events = capped(merged(events, [entry]));
    save();
    listeners.forEach((listener) => listener());
    return entry;
  };

  return {
    events: () => events,
    append: (event) => append(around.newId(), event),
    appendOnce: append,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    notice: () => notice,
    lasts: () => storage !== null,
  };
}

export function newId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(12));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function browser(): Surroundings {
  return {
    storage: () => globalThis.localStorage,
    now: () => new Date(),
    newId,
    onForeignWrite: (listener) =>
      addEventListener("storage", (event) => {
        if (event.storageArea === localStorage) listener(event.key, event.newValue);
      }),
  };
}
