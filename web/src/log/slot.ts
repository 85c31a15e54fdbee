/**
 * The exam that is under way, kept beside the log until it is handed in, and which of the learner's tabs has it.
 *
 * A tab that opens asks the others through the storage; the one that has the exam answers. Every write looks first
 * whether the exam is still this tab's, so that two tabs cannot overwrite each other.
 */
import { newId } from "./log.ts";

export const SLOT = "mlacourse.sitting.v1";
export const TABS = "mlacourse.sitting.tab";

/** A living tab answers within a few milliseconds. */
const PATIENCE = 300;

export type Saved = "saved" | "taken" | "refused";

export interface Slot {
  /** What is stored, or null; text that cannot be read counts as nothing. */
  readonly read: () => unknown;
  /** Makes the stored exam this tab's, unless another tab answers that it has it. */
  readonly claim: () => Promise<boolean>;
  /** Makes it this tab's, whoever has it. */
  readonly take: () => void;
  /** Stores if the exam is this tab's. */
  readonly save: (content: unknown) => Saved;
  readonly isMine: () => boolean;
  readonly clear: () => void;
  /** Puts away an exam that cannot be gone on with, under a key of its own. */
  readonly setAside: () => void;
  /** Lets any other tab have it without asking: this page is being left. */
  readonly release: () => void;
  /** Calls back when another tab has taken, changed or cleared the exam. */
  readonly subscribe: (listener: () => void) => void;
}

export interface SlotSurroundings {
  /** May throw: some browsers forbid storage. */
  readonly storage: () => Storage;
  readonly tab: string;
  readonly wait: (milliseconds: number) => Promise<void>;
  readonly onForeignWrite: (listener: (key: string | null, value: string | null) => void) => void;
}

interface Word {
  readonly tab: string;
  readonly says: "ask" | "here" | "take";
}

export function openSlot(around: SlotSurroundings = browser()): Slot {
  const listeners = new Set<() => void>();
  const { tab } = around;
  let mine = false;
  /** The last write of this tab went through. */
  let written = false;
  let answered = false;
  let words = 0;

  const stored = (): { owner: unknown; content: unknown } | null => {
    try {
      const content: unknown = JSON.parse(around.storage().getItem(SLOT) ?? "null");
      return typeof content === "object" && content !== null && "owner" in content && "content" in content
        ? content
        : null;
    } catch {
      return null;
    }
  };
  const write = (owner: string | null, content: unknown): boolean => {
    try {
      around.storage().setItem(SLOT, JSON.stringify({ owner, content }));
      written = true;
    } catch {
      written = false;
    }
    return written;
  };
  /** The learner has deleted in another tab what this one had written. */
  const isDeleted = (): boolean => {
    try {
      return mine && written && around.storage().getItem(SLOT) === null;
    } catch {
      return false;
    }
  };
  const say = (says: Word["says"]): void => {
    try {
      around.storage().setItem(TABS, JSON.stringify({ tab, says, number: ++words }));
    } catch {
      // Without storage there is nothing that two tabs could share.
    }
  };
  const take = (): void => {
    const now = stored();
    mine = true;
    if (now) write(tab, now.content);
    say("take");
  };

  around.onForeignWrite((key, value) => {
    if (key === TABS && value !== null) {
      const { says } = heard(value);
      if (says === "ask" && mine) say("here");
      if (says === "here") answered = true;
      if (says === "take") mine = false;
    }
    if (isDeleted()) mine = false;
    if (key === SLOT || key === null || (key === TABS && !mine)) listeners.forEach((listener) => listener());
  });

  return {
    read: () => stored()?.content ?? null,
    async claim() {
      const now = stored();
      if (now && now.owner !== null && now.owner !== tab) {
        answered = false;
        say("ask");
        await around.wait(PATIENCE);
        if (mine) return true;
        if (answered) return false;
      }
      take();
      return true;
    },
    take,
    save(content) {
      const now = stored();
      if (isDeleted() || (now && now.owner !== tab)) {
        mine = false;
        return "taken";
      }
      mine = true;
      return write(tab, content) ? "saved" : "refused";
    },
    isMine: () => mine,
    clear() {
      if (stored()?.owner !== tab) return;
      mine = false;
      written = false;
      try {
        around.storage().removeItem(SLOT);
      } catch {
        // Then it was never stored.
      }
    },
    setAside() {
      try {
        const storage = around.storage();
        storage.setItem(`${SLOT}.unreadable`, storage.getItem(SLOT) ?? "");
        storage.removeItem(SLOT);
      } catch {
        // Then it stays where it is.
      }
      mine = false;
    },
    release() {
      const now = stored();
      if (now?.owner === tab) write(null, now.content);
      mine = false;
    },
    subscribe: (listener) => void listeners.add(listener),
  };
}

function heard(value: string): Partial<Word> {
  try {
    const word: unknown = JSON.parse(value);
    return typeof word === "object" && word !== null ? word : {};
  } catch {
    return {};
  }
}

function browser(): SlotSurroundings {
  return {
    storage: () => globalThis.localStorage,
    tab: newId(),
    wait: (milliseconds) => new Promise((done) => setTimeout(done, milliseconds)),
    onForeignWrite: (listener) =>
      addEventListener("storage", (event) => {
        if (event.storageArea === localStorage) listener(event.key, event.newValue);
      }),
  };
}
