/** Native, labelled controls for a chart's bound signals, in place of the ones Vega would make. */
import type { Binding, Spec, View } from "vega-typings";
import { control } from "./inputs.ts";

export interface Bound {
  readonly signal: string;
  readonly bind: Binding;
}

/** The bound signals of a chart. */
export function bindings(spec: Spec): Bound[] {
  return (spec.signals ?? []).flatMap((signal) =>
    "bind" in signal && signal.bind ? [{ signal: signal.name, bind: signal.bind }] : []
  );
}

/** The chart without its bindings, so that Vega makes no controls itself. */
export function unbound(spec: Spec): Spec {
  const signals = (spec.signals ?? []).map((signal) => {
    const { bind: _bind, ...rest } = { bind: undefined, ...signal };
    return rest;
  });
  return { ...spec, signals };
}

/** Puts the controls into the figure's form and ties them to the view, both ways. */
export function controls(figure: HTMLElement, view: View, bounds: readonly Bound[]): void {
  const form = figure.querySelector<HTMLFormElement>("form.chart-controls");
  if (!form) return;
  form.hidden = bounds.length === 0;
  form.addEventListener("submit", (event) => event.preventDefault());
  form.replaceChildren(...bounds.map(({ signal, bind }) => {
    const { element, show } = control({
      id: `${figure.id}-${signal}`,
      label: label(bind, signal),
      bind,
      value: view.signal(signal),
      change: oncePerFrame((value) => view.signal(signal, value).runAsync()),
    });
    view.addSignalListener(signal, (_name, value) => show(value));
    return element;
  }));
}

/** The author's words, without the colon that Vega's own layout would want. */
function label(bind: Binding, signal: string): string {
  return ("name" in bind && bind.name ? bind.name : signal.replaceAll("_", " ")).replace(/[\s:]+$/, "");
}

/** A slider can report more often than the screen shows: only the last value before a frame counts. */
function oncePerFrame(change: (value: unknown) => void): (value: unknown) => void {
  let waiting = false;
  let last: unknown;
  return (value) => {
    last = value;
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(() => {
      waiting = false;
      change(last);
    });
  };
}
