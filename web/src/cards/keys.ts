/** Single-key shortcuts of a review; they can be switched off, and never act inside a field. */
import { type Rating, RATINGS } from "./schedule.ts";

export type Key =
  | { readonly does: "show" | "undo" | "suspend" }
  | { readonly does: "rate"; readonly rating: Rating };

interface Press {
  readonly key: string;
  readonly code: string;
  readonly shiftKey: boolean;
  readonly ctrlKey: boolean;
  readonly altKey: boolean;
  readonly metaKey: boolean;
  readonly repeat: boolean;
}

/** What a key press asks for, or null; a key that is held down asks once. */
export function keyFor(press: Press, shown: boolean): Key | null {
  if (press.ctrlKey || press.altKey || press.metaKey || press.shiftKey || press.repeat) return null;
  if (press.key === " " || press.key === "Enter") {
    return shown ? { does: "rate", rating: 3 } : { does: "show" };
  }
  if (press.key === "u") return { does: "undo" };
  if (press.key === "s") return { does: "suspend" };
  const digit = Number(/^(?:Digit|Numpad)([1-4])$/.exec(press.code)?.[1]);
  const rating = RATINGS.find((known) => known === digit);
  return rating && shown ? { does: "rate", rating } : null;
}

/** Whether Space and Enter do something of their own here. */
export function isControl(element: EventTarget | null): boolean {
  return element instanceof Element &&
    element.closest("a, button, summary, input, select, textarea") !== null;
}
