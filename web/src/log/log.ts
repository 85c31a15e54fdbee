/** The learner's event log: append-only, in the browser's storage, shared by all tabs. Nothing else touches storage. */
import { type LogEvent, merged, type NewEvent, read } from "./events.ts";
import { deleteAll } from "./storage.ts";
import { MOST_EVENTS, thinned } from "./thin.ts";

export const KEY = "mlacourse.log.v1";

export interface EventLog {
  readonly events: () => readonly LogEvent[];
  readonly append: (event: NewEvent) => LogEvent;
  /** Appends an event under an id of its own, once: a second call with the same id changes nothing. */
  readonly appendOnce: (id: string, event: NewEvent) => void;
  /** Takes in events of another device; false, and nothing is changed, if the storage has no room for them. */
  readonly add: (events: readonly LogEvent[]) => boolean;
  /** Deletes all that the course keeps in this browser, in every tab; false if the browser refuses. */
  readonly deleteEverything: () => boolean;
  /** Calls back after every change, also one of another tab; returns the way to stop that. */
  readonly subscribe: (listener: () => void) => () => void;
  /** One line for the learner if something is not as it should be, else null. */
  readonly notice: () => string | null;
  /** Whether what is appended outlives the page. */
  readonly lasts: () => boolean;
}

/** What the log needs of a browser; tests bring their own. */
export interface Surroundings {
  /** May throw: some browsers forbid storage. */
  readonly storage: () => Storage;
  readonly now: () => Date;
  readonly newId: () => string;
  /** Calls back when another tab has written or deleted an entry (null stands for all of them). */
  readonly onForeignWrite: (listener: (key: string | null) => void) => void;
  /** Asks the browser not to clear the storage by itself. */
  readonly persist: () => void;
}

/** So many events are worth a promise of the browser; some browsers ask the learner for it. */
const WORTH_KEEPING = 20;
const SAME_MOMENT_MS = 100;

const NOT_KEPT =
  "This browser does not let the page store anything: what you do is kept until you leave this page.";
const FULL = "The browser's storage is full: what you do from now on is kept until you leave this page. " +
  "‘Your data’, under Practice, shows what is stored and saves a copy of it.";
const NEWER =
  "Your stored progress was written by a newer version of this course and is left as it is: what you do is kept " +
  "until you leave this page. Reload the page to get the newer version.";
const SET_ASIDE =
  "Part of your stored progress could not be read. It was set aside, not deleted, and a new list was begun.";
const STUCK =
  "Your stored progress cannot be read and is left as it is: what you do is kept until you leave this page.";
const THINNED =
  `Your progress has grown beyond what a browser keeps easily. What later entries replaced was dropped: ` +
  "of several answers to one question on one day, the last right and the last wrong one stay.";

export function openLog(around: Surroundings = browser()): EventLog {
  const listeners = new Set<() => void>();
  let events: readonly LogEvent[] = [];
  let notice: string | null = null;
  let storage: Storage | null = null;
  /** What is stored, as far as this tab has read or written it, and whether it lists exactly `events`. */
  let text: string | null = null;
  let inStep = false;

  const giveUp = (why: string): void => {
    storage = null;
    notice = why;
  };
  const thin = (): boolean => {
    const fewer = thinned(events);
    if (fewer.length === events.length) return false;
    events = fewer;
    inStep = false;
    notice ??= THINNED;
    return true;
  };
  const take = (incoming: readonly LogEvent[]): void => {
    events = merged(events, incoming);
    inStep = false;
    if (events.length > MOST_EVENTS) thin();
  };
  const write = (next: string): boolean => {
    if (!storage) return true;
    try {
      storage.setItem(KEY, next);
      text = next;
      inStep = true;
      return true;
    } catch {
      inStep = false;
      return false;
    }
  };
  /** Stores all events, at need without those that later ones have replaced. */
  const save = (): boolean => write(JSON.stringify(events)) || (thin() && write(JSON.stringify(events)));
  /** The same after one more event; a long list is not written out again for it. */
  const saveNext = (entry: LogEvent): boolean => {
    if (!inStep || text === null || events.length === 1) return save();
    return write(`${text.slice(0, -1)},${JSON.stringify(entry)}]`) || save();
  };

  /** Merges what is stored into memory; text that cannot be read goes under a key of its own. */
  const load = (stored: string): readonly LogEvent[] => {
    const reading = read(stored);
    if (reading.newer) {
      giveUp(NEWER);
      return [];
    }
    const wasEmpty = events.length === 0;
    take(reading.events);
    text = stored;
    inStep = wasEmpty && events.length === reading.events.length;
    if (reading.unreadable !== null) {
      try {
        storage?.setItem(`${KEY}.unreadable.${around.now().toISOString()}`, reading.unreadable);
        notice = SET_ASIDE;
        if (!save()) giveUp(STUCK);
      } catch {
        giveUp(STUCK);
      }
    }
    return reading.events;
  };
  /** Takes in what other tabs have written, or deleted; returns the events that were there if they are new here. */
  const synchronise = (): readonly LogEvent[] | null => {
    if (!storage) return null;
    try {
      const stored = storage.getItem(KEY);
      if (stored === text) return null;
      if (stored !== null) return load(stored);
      events = [];
      text = null;
      inStep = false;
    } catch {
      giveUp(NOT_KEPT);
    }
    return null;
  };
  const tell = (): void => listeners.forEach((listener) => listener());
  const askToPersist = (before: number): void => {
    if (storage && before < WORTH_KEEPING && events.length >= WORTH_KEEPING) around.persist();
  };

  const append = (id: string, event: NewEvent): LogEvent => {
    const given: LogEvent = {
      ...event,
      v: 1,
      id,
      t: instantAfter(events.at(-1), around.now()),
      type: event.type,
    };
    const entry = wellFormed(given);
    const before = events.length;
    if (isAfter(entry, events.at(-1))) events = [...events, entry];
    else take([entry]);
    if (!saveNext(entry)) giveUp(FULL);
    askToPersist(before);
    tell();
    return entry;
  };

  try {
    storage = around.storage();
    synchronise();
  } catch {
    giveUp(NOT_KEPT);
  }
  around.onForeignWrite((key) => {
    if (!storage || (key !== null && key !== KEY)) return;
    const theirs = synchronise();
    if (theirs) {
      // A tab that wrote at the same moment may have overwritten an event of this one.
      const ids = new Set(theirs.map(({ id }) => id));
      if (events.some(({ id }) => !ids.has(id)) && !save()) giveUp(FULL);
    }
    tell();
  });

  return {
    events: () => events,
    append(event) {
      synchronise();
      return append(around.newId(), event);
    },
    appendOnce(id, event) {
      synchronise();
      if (!events.some((known) => known.id === id)) append(id, event);
    },
    add(incoming) {
      synchronise();
      const [before, told] = [events, notice];
      take(incoming);
      if (!save()) {
        [events, notice, inStep] = [before, told, false];
        return false;
      }
      askToPersist(before.length);
      tell();
      return true;
    },
    deleteEverything() {
      try {
        const opened = around.storage();
        deleteAll(opened, KEY);
        [storage, events, text, inStep, notice] = [opened, [], null, false, null];
      } catch {
        return false;
      }
      tell();
      return true;
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    notice: () => notice,
    lasts: () => storage !== null,
  };
}

/**
 * The instant of an event that follows another: two within one millisecond would be ordered by their ids, that is by
 * chance. A clock that was put back by more is believed.
 */
function instantAfter(last: LogEvent | undefined, now: Date): string {
  const behind = last === undefined ? -1 : Date.parse(last.t) - now.getTime();
  return (behind >= 0 && behind < SAME_MOMENT_MS ? new Date(now.getTime() + behind + 1) : now).toISOString();
}

function isAfter(event: LogEvent, last: LogEvent | undefined): boolean {
  return last === undefined || Date.parse(last.t) < Date.parse(event.t);
}

/** A copy without halves of characters, which no file can carry. */
function wellFormed(event: LogEvent): LogEvent {
  const whole = (_: string, value: unknown) => typeof value === "string" ? value.toWellFormed() : value;
  return JSON.parse(JSON.stringify(event, whole));
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
    onForeignWrite(listener) {
      addEventListener("storage", (event) => {
        if (event.storageArea === localStorage) listener(event.key);
      });
      // A page that comes back by the Back button slept while others wrote.
      addEventListener("pageshow", (event) => {
        if (event.persisted) listener(null);
      });
    },
    persist: () => void navigator.storage?.persist?.().catch(() => false),
  };
}
