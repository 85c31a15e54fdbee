/** Single-key shortcuts of a running exam; they can be switched off, and never act inside a field. */

export type Key =
  | { readonly does: "next" | "previous" | "review" | "flag" | "marking" }
  | { readonly does: "choose" | "strike"; readonly place: number };

interface Press {
  readonly key: string;
  readonly code: string;
  readonly shiftKey: boolean;
  readonly ctrlKey: boolean;
  readonly altKey: boolean;
  readonly metaKey: boolean;
}

const LETTERS: Readonly<Record<string, "next" | "previous" | "review" | "flag" | "marking">> = {
  n: "next",
  p: "previous",
  r: "review",
  f: "flag",
  m: "marking",
};

/** What a key press asks for, or null. Digits go by their place, since Shift makes other characters of them. */
export function keyFor(press: Press): Key | null {
  if (press.ctrlKey || press.altKey || press.metaKey) return null;
  const digit = /^(?:Digit|Numpad)([1-9])$/.exec(press.code)?.[1];
  if (digit !== undefined) return { does: press.shiftKey ? "strike" : "choose", place: Number(digit) - 1 };
  const does = Object.hasOwn(LETTERS, press.key) ? LETTERS[press.key] : undefined;
  return does === undefined || press.shiftKey ? null : { does };
}

/** Whether typing in this element means something of its own. */
export function takesText(element: EventTarget | null): boolean {
  return element instanceof HTMLSelectElement || element instanceof HTMLTextAreaElement ||
    (element instanceof HTMLInputElement && !["radio", "checkbox", "button"].includes(element.type)) ||
    (element instanceof HTMLElement && element.isContentEditable);
}
