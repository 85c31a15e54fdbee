/** Lets a chart follow the width of its place, on phones too. */
import type { View } from "vega-typings";

/**
 * Charts are compiled to read their container's width whenever the window is resized. Their place can change
 * without the window, when a menu opens or a fold is turned, so they are told then as well.
 */
export async function followWidth(view: View, place: HTMLElement, stage: HTMLElement): Promise<void> {
  let width = place.clientWidth;
  let fitting = fit(view, place, stage);
  await fitting;
  new ResizeObserver(() => {
    if (place.clientWidth === width) return;
    width = place.clientWidth;
    fitting = fitting.then(() => fit(view, place, stage));
  }).observe(place);
}

/**
 * How wide labels are is known only in the reader's own font, so a chart of several views may stick out a little.
 * Its width is a line in the width of its container: two trials say how narrow the container must seem.
 */
async function fit(view: View, place: HTMLElement, stage: HTMLElement): Promise<void> {
  const room = place.clientWidth;
  const drawn = async (container: number): Promise<number> => {
    stage.style.width = `${container}px`;
    view.resize();
    dispatchEvent(new Event("resize"));
    await view.runAsync();
    return stage.querySelector("canvas")?.offsetWidth ?? 0;
  };
  const excess = await drawn(room) - room;
  if (excess <= 0) return;
  const slope = (room + excess - await drawn(room - 2 * excess)) / (2 * excess);
  await drawn(slope > 0 ? Math.max(1, Math.floor(room - excess / slope)) : room);
}
