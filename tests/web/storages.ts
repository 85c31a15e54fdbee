/** A browser's storage in memory, which several tabs share: a write tells the other tabs. */
import type { Surroundings } from "../../web/src/log/log.ts";

type Listener = (key: string | null, value: string | null) => void;

export class SharedStorage {
  readonly content = new Map<string, string>();
  /** Characters that an entry may have. */
  room = Infinity;
  /** How often a tab asked the browser to keep the storage. */
  asked = 0;
  private readonly tabs = new Map<string, Listener>();

  /** The storage as one tab sees it; `tab` names the tab. */
  as(tab: string): Storage {
    const { content } = this;
    const tell = (key: string, value: string | null) =>
      this.tabs.forEach((listener, other) => other !== tab && listener(key, value));
    return {
      get length() {
        return content.size;
      },
      key: (index) => [...content.keys()][index] ?? null,
      getItem: (key) => content.get(key) ?? null,
      setItem: (key, value) => {
        if (value.length > this.room) throw new DOMException("full", "QuotaExceededError");
        content.set(key, value);
        tell(key, value);
      },
      removeItem: (key) => {
        content.delete(key);
        tell(key, null);
      },
      clear: () => {
        content.clear();
        this.tabs.forEach((listener, other) => other !== tab && listener(null, null));
      },
    };
  }

  listen(tab: string, listener: Listener): void {
    this.tabs.set(tab, listener);
  }

  /** The tab is gone and hears nothing any more. */
  close(tab: string): void {
    this.tabs.delete(tab);
  }

  /** Surroundings of a log in a new tab; its clock starts so many seconds after midnight of 2026-11-23, UTC. */
  tab(start = 0): Surroundings {
    const name = String(this.tabs.size);
    this.listen(name, () => {});
    let seconds = start;
    const storage = this.as(name);
    return {
      storage: () => storage,
      now: () => new Date(Date.UTC(2026, 10, 23) + 1000 * ++seconds),
      newId: () => `${name}-${seconds}`,
      onForeignWrite: (listener) => this.listen(name, listener),
      persist: () => void this.asked++,
    };
  }
}
