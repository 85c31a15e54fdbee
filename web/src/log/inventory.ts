/** What the course keeps in this browser beside the log, for the learner to see. */
import { SLOT } from "./slot.ts";
import { ownKeys } from "./storage.ts";

export interface Inventory {
  /** Characters that everything takes together, the log too. */
  readonly size: number;
  /** An exam is under way. */
  readonly sitting: boolean;
  /** Parts that could not be read and were set aside. */
  readonly aside: number;
}

/** Null where the browser forbids storage. */
export function inventory(storage: () => Storage = () => globalThis.localStorage): Inventory | null {
  try {
    const keys = ownKeys(storage());
    const size = (key: string) => key.length + (storage().getItem(key) ?? "").length;
    return {
      size: keys.reduce((sum, key) => sum + size(key), 0),
      sitting: keys.includes(SLOT),
      aside: keys.filter((key) => key.includes(".unreadable")).length,
    };
  } catch {
    return null;
  }
}
