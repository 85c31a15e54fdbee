/** The chart runtime: mounts each figure that the loader names. One chart's error stays its own. */
import { MOUNT, tellFailure } from "./event.ts";
import { mount } from "./mount.ts";

document.addEventListener(MOUNT, async ({ target }) => {
  if (!(target instanceof HTMLElement)) return;
  try {
    await mount(target);
  } catch (error) {
    tellFailure(target, error instanceof Error ? error.message : String(error));
  }
});
