/** Colours and the search shortcut, chosen by the reader and kept for the next page. */
import { readPreference, writePreference } from "./preferences.ts";

export function startDisplaySettings(): void {
  const chosen = readPreference("mlacourse.theme") ?? "auto";
  for (const radio of document.querySelectorAll<HTMLInputElement>('input[name="theme"]')) {
    radio.checked = radio.value === chosen;
    radio.addEventListener("change", () => applyTheme(radio.value));
  }
  const slash = document.querySelector<HTMLInputElement>('input[name="slash"]');
  if (!slash) return;
  slash.checked = readPreference("mlacourse.slash") !== "off";
  slash.addEventListener("change", () => writePreference("mlacourse.slash", slash.checked ? null : "off"));
}

function applyTheme(theme: string): void {
  if (theme === "auto") delete document.documentElement.dataset["theme"];
  else document.documentElement.dataset["theme"] = theme;
  writePreference("mlacourse.theme", theme === "auto" ? null : theme);
}
