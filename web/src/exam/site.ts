/** The mock exam on the site: waits for its questions, which come as a script that hands them over. */
import { openLog } from "../log/log.ts";
import { openSlot } from "../log/slot.ts";
import { readPreference, writePreference } from "../theme/preferences.ts";
import { bankOf, type ExamDocument } from "./bank.ts";
import { mount } from "./mount.tsx";

const HANDED_OVER = "mlacourse:exam-bank";

document.addEventListener(HANDED_OVER, (event) => {
  const root = document.querySelector<HTMLElement>("section[data-exam]");
  if (!root) return;
  const { detail }: CustomEventInit<ExamDocument> = event as CustomEvent<ExamDocument>;
  if (!detail) return;
  mount(root, bankOf(detail), {
    log: openLog(),
    slot: openSlot(),
    reading: () => ({ wall: Date.now(), steady: performance.now() }),
    readShortcuts: () => readPreference("mlacourse.exam-keys") !== "off",
    writeShortcuts: (on) => writePreference("mlacourse.exam-keys", on ? null : "off"),
  });
});
