/** Tooltips as the browser's own: a convenience, since nothing stands only there. */
import type { TooltipHandler } from "vega-typings";
import type { Words } from "./expression.ts";

export const showTooltip: TooltipHandler = (handler, _event, item, words: Words | null) => {
  const place: HTMLElement = handler.element();
  place.title = words ? text(words(item as unknown as Parameters<Words>[0])) : "";
};

function text(value: unknown): string {
  if (value == null) return "";
  if (typeof value !== "object") return String(value);
  return Object.entries(value).map(([name, entry]) => `${name}: ${entry}`).join("\n");
}
