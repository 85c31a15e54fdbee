/** How the loader asks the runtime for a chart, and what a figure shows when there is none. */

/** Dispatched on a figure; the runtime listens on the document. */
export const MOUNT = "mlacourse:chart";

export function tellFailure(figure: Element, reason: string): void {
  const line = document.createElement("p");
  line.className = "chart-error";
  line.textContent =
    `This chart could not be drawn (${reason}). The description and the data below it still stand.`;
  const view = figure.querySelector(".chart-view");
  if (view) view.replaceWith(line);
  else figure.append(line);
}
