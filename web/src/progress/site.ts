/** The progress page on the site. */
import type { Course } from "../course.d.ts";
import { whenHandedOver } from "../data.ts";
import { download } from "../download.ts";
import { newId, openLog } from "../log/log.ts";
import type { ProgressLists } from "../progress.d.ts";
import { mountTransfer } from "../transfer/mount.tsx";
import { mount } from "./mount.tsx";

whenHandedOver<{ course: Course; progress_lists: ProgressLists }>(
  ["course", "progress_lists"],
  ({ course, progress_lists: lists }) => {
    const root = document.querySelector<HTMLElement>("section[data-app='progress']");
    if (!root) return;
    const [page, transfer] = [document.createElement("div"), document.createElement("div")];
    root.replaceChildren(page, transfer);
    const log = openLog();
    mount(page, course, lists, {
      log,
      now: () => new Date(),
      newId,
      save: (name, text) => download(name, text, "text/markdown"),
    });
    mountTransfer(transfer, log);
  },
);
