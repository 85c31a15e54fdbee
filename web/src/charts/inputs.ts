/** The kinds of control a chart may have, each a native input with a label. */
import type { Binding } from "vega-typings";

export interface Control {
  readonly element: HTMLElement;
  /** Shows a value that came from elsewhere: the start, or a selection in the chart. */
  readonly show: (value: unknown) => void;
}

export interface Setup {
  readonly id: string;
  readonly label: string;
  readonly bind: Binding;
  readonly value: unknown;
  readonly change: (value: unknown) => void;
}

interface Option {
  readonly value: unknown;
  readonly label: string;
}

export function control(setup: Setup): Control {
  switch ("input" in setup.bind ? setup.bind.input : undefined) {
    case "range":
      return range(setup);
    case "select":
      return select(setup);
    case "radio":
      return radios(setup);
    case "checkbox":
      return checkbox(setup);
    default:
      return field(setup);
  }
}

function range({ id, label, bind, value, change }: Setup): Control {
  const { min = 0, max = 100, step } = bind as { min?: number; max?: number; step?: number };
  const input = element("input", {
    id,
    type: "range",
    min: `${min}`,
    max: `${max}`,
    step: `${step ?? "any"}`,
  });
  const shown = element("span", { className: "chart-value", ariaHidden: "true" });
  const show = (next: unknown) => {
    const number = Number(next);
    input.value = String(number);
    shown.textContent = step === undefined
      ? String(Number(number.toPrecision(3)))
      : number.toFixed(decimals(step));
  };
  input.addEventListener("input", () => {
    show(input.value);
    change(input.valueAsNumber);
  });
  show(value);
  return { element: box(labelled(id, label), shown, input), show };
}

function decimals(step: number): number {
  return String(step).split(".")[1]?.length ?? 0;
}

function select({ id, label, bind, value, change }: Setup): Control {
  const options = optionsOf(bind);
  const input = element("select", { id });
  input.append(...options.map((option, index) => new Option(option.label, String(index))));
  const show = (next: unknown) => {
    input.selectedIndex = indexOf(options, next);
  };
  input.addEventListener("change", () => change(options[input.selectedIndex]?.value));
  show(value);
  return { element: box(labelled(id, label), input), show };
}

function radios({ id, label, bind, value, change }: Setup): Control {
  const options = optionsOf(bind);
  const group = element("fieldset", { className: "chart-control" });
  group.append(element("legend", { textContent: label }));
  const inputs = options.map((option, index) => {
    const input = element("input", { type: "radio", name: id, id: `${id}-${index}` });
    input.addEventListener("change", () => change(option.value));
    group.append(choice(input, option.label));
    return input;
  });
  const show = (next: unknown) =>
    inputs.forEach((input, index) => input.checked = index === indexOf(options, next));
  show(value);
  return { element: group, show };
}

function checkbox({ id, label, value, change }: Setup): Control {
  const input = element("input", { id, type: "checkbox" });
  const show = (next: unknown) => {
    input.checked = Boolean(next);
  };
  input.addEventListener("change", () => change(input.checked));
  show(value);
  return { element: box(choice(input, label)), show };
}

/** A text, number, date or colour field. */
function field({ id, label, bind, value, change }: Setup): Control {
  const type = ("input" in bind && bind.input) || "text";
  const input = element("input", { id, type });
  const show = (next: unknown) => {
    if (document.activeElement !== input) input.value = next == null ? "" : String(next);
  };
  input.addEventListener("input", () => change(type === "number" ? input.valueAsNumber : input.value));
  show(value);
  return { element: box(labelled(id, label), input), show };
}

function optionsOf(bind: Binding): Option[] {
  const { options = [], labels = [] } = bind as { options?: unknown[]; labels?: string[] };
  return options.map((value, index) => ({
    value,
    label: labels[index] ?? (value === null ? "All" : String(value)),
  }));
}

function indexOf(options: readonly Option[], value: unknown): number {
  return options.findIndex((option) => (option.value ?? null) === (value ?? null));
}

function element<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  properties: Partial<HTMLElementTagNameMap[K]>,
): HTMLElementTagNameMap[K] {
  return Object.assign(document.createElement(tag), properties);
}

function labelled(id: string, text: string): HTMLLabelElement {
  return element("label", { htmlFor: id, textContent: text });
}

function choice(input: HTMLInputElement, text: string): HTMLLabelElement {
  const label = element("label", { className: "chart-choice" });
  label.append(input, text);
  return label;
}

function box(...content: HTMLElement[]): HTMLElement {
  const div = element("div", { className: "chart-control" });
  div.append(...content);
  return div;
}
