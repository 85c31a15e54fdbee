/** Whether this browser keeps a log: without one, a page has no use for the scripts that read it. */
import { KEY } from "./log.ts";

export function isLogKept(storage: () => Storage = () => globalThis.localStorage): boolean {
  try {
    return storage().getItem(KEY) !== null;
  } catch {
    return false;
  }
}
