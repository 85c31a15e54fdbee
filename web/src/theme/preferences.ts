/** The reader's display choices; where storage is forbidden they last as long as the page. */

export type PreferenceKey =
  | "mlacourse.theme"
  | "mlacourse.slash"
  | "mlacourse.exam-keys"
  | "mlacourse.cards-keys";

export function readPreference(key: PreferenceKey): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

export function writePreference(key: PreferenceKey, value: string | null): void {
  try {
    if (value === null) localStorage.removeItem(key);
    else localStorage.setItem(key, value);
  } catch {
    // Private windows may refuse; the choice then holds for this page.
  }
}
