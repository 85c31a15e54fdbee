/** The entries of this browser's storage that are the course's; other sites may share the storage. */

const PREFIX = "mlacourse.";

export function ownKeys(storage: Storage): string[] {
  return Array.from({ length: storage.length }, (_, index) => storage.key(index) ?? "")
    .filter((key) => key.startsWith(PREFIX));
}

/** Deletes all of them; the one that other tabs watch goes last, so that they find nothing else any more. */
export function deleteAll(storage: Storage, watched: string): void {
  for (const key of ownKeys(storage)) if (key !== watched) storage.removeItem(key);
  storage.removeItem(watched);
}
