/** Today's lines on the front page, for a learner who has a log. */
import { h, render } from "preact";
import type { Course } from "../course.d.ts";
import { whenHandedOver } from "../data.ts";
import { openLog } from "../log/log.ts";
import { today } from "./model.ts";
import { Today } from "./view.tsx";

whenHandedOver<{ course: Course }>(["course"], ({ course }) => {
  const root = document.querySelector<HTMLElement>("section[data-app='today']");
  if (!root) return;
  const log = openLog();
  let shown = false;
  const show = (): void => {
    const lines = today(course, log.events(), new Date());
    if (lines.length === 0 && !shown) return;
    if (!shown) root.replaceChildren();
    shown = true;
    render(h(Today, { lines, notice: log.notice() }), root);
  };
  log.subscribe(show);
  show();
});
