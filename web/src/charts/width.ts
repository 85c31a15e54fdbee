/** Keeps a chart as wide as its place, on phones too. */
import type { Spec, View } from "vega-typings";

interface Size {
  readonly signal: string;
  readonly value: number;
}

/**
 * Follows the width of `stage`: a chart that was compiled for its container takes all of it;
 * one of several views shrinks when it would stick out, and never grows past its own size.
 */
export async function followWidth(view: View, stage: HTMLElement, spec: Spec): Promise<void> {
  const fixed = fixedWidths(spec);
  const fit = fixed.length > 0 ? () => shrink(view, stage, fixed) : () => fill(view, stage);
  await fit();
  let width = stage.clientWidth;
  new ResizeObserver(() => {
    if (stage.clientWidth === width) return;
    width = stage.clientWidth;
    fit();
  }).observe(stage);
}

async function fill(view: View, stage: HTMLElement): Promise<void> {
  await view.signal("width", stage.clientWidth).runAsync();
}

/** The drawing's width is a line in the scale of its views, so two trials give the scale that fits. */
async function shrink(view: View, stage: HTMLElement, sizes: readonly Size[]): Promise<void> {
  const drawn = async (scale: number): Promise<number> => {
    for (const { signal, value } of sizes) view.signal(signal, value * scale);
    await view.resize().runAsync();
    return stage.querySelector("canvas")?.offsetWidth ?? 0;
  };
  const full = await drawn(1);
  if (full <= stage.clientWidth) return;
  const half = await drawn(0.5);
  const scale = 1 - (full - stage.clientWidth) / (2 * (full - half));
  await drawn(Math.max(0.1, Math.floor(scale * 100) / 100));
}

/** Widths of the views of a chart that was not compiled for its container. */
function fixedWidths(spec: Spec): Size[] {
  const sizes = (spec.signals ?? []).flatMap((signal) =>
    /(^|_)(child_?)?width$/i.test(signal.name) && "value" in signal && typeof signal.value === "number"
      ? [{ signal: signal.name, value: signal.value }]
      : []
  );
  return typeof spec.width === "number" ? [...sizes, { signal: "width", value: spec.width }] : sizes;
}
