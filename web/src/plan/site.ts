/** The study plan on the site. */
import type { Course } from "../course.d.ts";
import { whenHandedOver } from "../data.ts";
import { download } from "../download.ts";
import { openLog } from "../log/log.ts";
import { mount } from "./mount.tsx";

whenHandedOver<{ course: Course }>(["course"], ({ course }) => {
  const root = document.querySelector<HTMLElement>("section[data-app='plan']");
  if (!root) return;
  mount(root, course, {
    log: openLog(),
    now: () => new Date(),
    save: (name, text) => download(name, text, "text/calendar"),
    address(href) {
      const { protocol, href: address } = new URL(href, document.baseURI);
      return protocol.startsWith("http") ? address : null;
    },
  });
});
