/** The page about a learner's data on the site. */
import { openLog } from "../log/log.ts";
import { mountTransfer } from "./mount.tsx";

function start(): void {
  const root = document.querySelector<HTMLElement>("section[data-app='transfer']");
  if (root) mountTransfer(root, openLog(), { whole: true });
}

if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
else start();
