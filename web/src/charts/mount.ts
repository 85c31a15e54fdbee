/** One chart: from the specification in its figure to a view with controls, colours and a table. */
import type { Spec } from "vega-typings";
import { colours, onColourChange } from "./colours.ts";
import { bindings, controls, unbound } from "./controls.ts";
import { closures } from "./expression.ts";
import { failures } from "./failure.ts";
import { parse, View } from "./runtime.ts";
import { fillTable } from "./table.ts";
import { themed } from "./theme.ts";
import { showTooltip } from "./tooltip.ts";
import { followWidth } from "./width.ts";

export async function mount(figure: HTMLElement): Promise<void> {
  const place = figure.querySelector<HTMLElement>(".chart-view");
  const source = figure.querySelector("script[type='application/json']")?.textContent;
  if (!place || !source) throw new Error("the page holds no chart here");

  const spec: Spec = JSON.parse(source);
  const stage = named(figure, place);
  const font = getComputedStyle(place).fontFamily;
  const { logger, first } = failures();
  const view = new View(parse(themed(unbound(spec), colours(place), font), undefined, { ast: true }), {
    container: stage,
    expr: closures,
    loader: nothingElse,
    logger,
    renderer: "canvas",
    tooltip: showTooltip,
    watchPixelRatio: true,
  });
  await view.runAsync();
  const failure = first();
  if (failure) {
    view.finalize();
    throw failure;
  }

  for (const attribute of ["role", "aria-roledescription", "aria-label"]) stage.removeAttribute(attribute);
  await followWidth(view, place, stage);
  controls(figure, view, bindings(spec));
  onColourChange(() => {
    for (const [name, value] of Object.entries(colours(place))) view.signal(name, value);
    view.runAsync();
  });
  fillTable(figure, source, (set) => view.data(set));
}

/** Gives the view a name and a description, and returns an element inside it whose own ARIA is not read. */
function named(figure: HTMLElement, place: HTMLElement): HTMLElement {
  const title = figure.querySelector("figcaption");
  const description = figure.querySelector<HTMLElement>(".chart-alt");
  place.setAttribute("role", "img");
  place.setAttribute("aria-label", title?.textContent?.trim() || "Chart");
  if (description) {
    description.id ||= `${figure.id}-alt`;
    place.setAttribute("aria-describedby", description.id);
  }
  const stage = document.createElement("div");
  stage.ariaHidden = "true";
  place.replaceChildren(stage);
  place.style.aspectRatio = "auto";
  return stage;
}

/** A chart brings its data along: nothing is loaded from anywhere. */
const nothingElse = {
  load: (address: string) => Promise.reject(new Error(`charts load nothing, not even ${address}`)),
  sanitize: (address: string) => Promise.reject(new Error(`charts link nowhere, not even ${address}`)),
  http: () => Promise.reject(new Error("charts load nothing")),
  file: () => Promise.reject(new Error("charts load nothing")),
};
