/** The flashcards on their page of the site. */
import type { CardDocument } from "../cards.d.ts";
import { whenHandedOver } from "../data.ts";
import { openLog } from "../log/log.ts";
import { readPreference, writePreference } from "../theme/preferences.ts";
import { mount } from "./mount.tsx";

whenHandedOver<{ card_bank: CardDocument }>(["card_bank"], ({ card_bank: bank }) => {
  const root = document.querySelector<HTMLElement>("section[data-app='cards']");
  if (!root) return;
  mount(root, bank, {
    log: openLog(),
    now: Date.now,
    hash: location.hash,
    readShortcuts: () => readPreference("mlacourse.cards-keys") !== "off",
    writeShortcuts: (on) => writePreference("mlacourse.cards-keys", on ? null : "off"),
  });
});
