/** The mock exam on the site. */
import { whenHandedOver } from "../data.ts";
import { openLog } from "../log/log.ts";
import { openSlot } from "../log/slot.ts";
import { readPreference, writePreference } from "../theme/preferences.ts";
import { bankOf, type ExamDocument } from "./bank.ts";
import { mount } from "./mount.tsx";

whenHandedOver<{ exam_bank: ExamDocument }>(["exam_bank"], (documents) => {
  const root = document.querySelector<HTMLElement>("section[data-app='exam']");
  if (!root) return;
  mount(root, bankOf(documents.exam_bank), {
    log: openLog(),
    slot: openSlot(),
    reading: () => ({ wall: Date.now(), steady: performance.now() }),
    readShortcuts: () => readPreference("mlacourse.exam-keys") !== "off",
    writeShortcuts: (on) => writePreference("mlacourse.exam-keys", on ? null : "off"),
  });
});
