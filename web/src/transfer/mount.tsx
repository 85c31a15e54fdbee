/** Puts saving, bringing in and deleting into an element, and offers what the page's address brings. */
import { render } from "preact";
import { download } from "../download.ts";
import { dayOf } from "../log/days.ts";
import { exportState } from "../log/exports.ts";
import { inventory } from "../log/inventory.ts";
import type { EventLog } from "../log/log.ts";
import { deviceName } from "./device.ts";
import {
  fileName,
  type Incoming,
  LARGEST_FILE,
  readBytes,
  type Reading,
  tooLarge,
  travels,
  written,
} from "./file.ts";
import { isLink, readLink } from "./link.ts";
import { preview } from "./preview.ts";
import { type Actions, App } from "./view/app.tsx";
import { isConfirmed } from "./view/deletion.tsx";
import type { Offered } from "./view/offer.tsx";
import type { Place, Said } from "./view/status.tsx";
import { entries, type Promised } from "./words.ts";

interface Options {
  /** Also what is kept, and how to delete it. */
  readonly whole?: boolean;
}

/** What waits for the learner's yes. */
interface Source {
  readonly file: string | null;
  /** Read again when the learner agrees: an entry without an instant gets that one. */
  readonly read: () => Reading;
}

const NOTHING = "Nothing was changed.";

export function mountTransfer(root: HTMLElement, log: EventLog, { whole = false }: Options = {}): void {
  const site = siteAddress();
  let source: Source | null = null;
  let offered: Offered | null = null;
  let said: Said | null = null;
  let promised: Promised = "unknown";
  let typed: string | null = null;

  const show = (): void =>
    render(
      <App
        events={log.events().filter(travels).length}
        copy={exportState(log.events(), new Date())}
        offered={offered}
        kept={whole ? { inventory: inventory(), promised, typed } : null}
        said={said}
        notice={log.notice()}
        actions={actions}
      />,
      root,
    );
  const focus = (id: string): void => root.querySelector<HTMLElement>(`#transfer-${id}`)?.focus();
  const say = (place: Place, text: string, refused = false): void => {
    said = { place, text, refused };
    show();
  };

  const offer = (next: Source): void => {
    const what = next.file === null ? "The link" : `The file “${next.file}”`;
    const place = next.file === null ? "offer" : "in";
    const reading = next.read();
    close();
    if ("refused" in reading) {
      forget(next);
      say(place, `${what} was not taken over. ${reading.refused} ${NOTHING}`, true);
    } else if (!setOffer(next, reading.incoming)) {
      forget(next);
      say(place, `${what} holds nothing that is not here already. ${NOTHING}`);
    } else {
      said = null;
      show();
      focus("offer");
    }
  };
  /** Shows what would come in; false if there is nothing. */
  const setOffer = (next: Source, incoming: Incoming): boolean => {
    const found = preview(log.events(), incoming, new Date());
    if (found.fresh.length + found.changed === 0) return false;
    source = next;
    offered = { file: next.file, incoming, preview: found, site };
    return true;
  };
  const close = (): void => {
    source = null;
    offered = null;
  };
  /** Takes the link out of the address, so that a reload does not offer it again. */
  const forget = ({ file }: Source): void => {
    if (file === null) history.replaceState(history.state, "", location.pathname + location.search);
  };
  const fromAddress = (): void => {
    const { hash } = location;
    if (isLink(hash)) offer({ file: null, read: () => readLink(hash, new Date()) });
  };

  const actions: Actions = {
    save(place) {
      const now = new Date();
      const origin = { device: deviceName(navigator.userAgent), exported: now.toISOString(), site };
      const { text, events, left } = written(log.events(), origin);
      const name = fileName(dayOf(now));
      download(name, text, "application/json");
      log.append({ type: "export", events });
      const odd = left === 0 ? "" : ` ${entries(left)} in a form that nobody could read in again stayed out.`;
      say(place, `A copy of ${entries(events)} went to your downloads as ${name}.${odd}`);
    },
    async choose(file) {
      if (file.size > LARGEST_FILE) {
        return offer({ file: file.name, read: () => ({ refused: tooLarge(file.size) }) });
      }
      let reading: Reading;
      try {
        reading = readBytes(new Uint8Array(await file.arrayBuffer()));
      } catch {
        reading = { refused: "The browser could not read it." };
      }
      offer({ file: file.name, read: () => reading });
    },
    accept() {
      const [from, number, reading] = [source, offered?.preview.fresh.length ?? 0, source?.read()];
      if (!from || !reading || "refused" in reading) return;
      if (!log.add(reading.incoming.events)) {
        return say("offer", `The browser has no room for ${entries(number)}. ${NOTHING}`, true);
      }
      forget(from);
      close();
      say("offer", number > 0 ? `${entries(number)} added.` : "The earlier ones count now.");
      focus("said-offer");
    },
    decline() {
      if (source) forget(source);
      close();
      say("offer", NOTHING);
      focus("said-offer");
    },
    async askToKeep() {
      const kept = await navigator.storage.persist().catch(() => false);
      promised = kept ? "promised" : "not promised";
      say(
        "storage",
        kept ? "It has promised." : "It has not promised. Some browsers do once you come often. Save copies.",
      );
    },
    typeWord(word) {
      const opens = typed === null && word !== null;
      typed = word;
      said = null;
      show();
      if (opens) focus("word");
      if (word === null) root.querySelector<HTMLElement>(".tf-danger")?.focus();
    },
    deleteAll() {
      if (!isConfirmed(typed)) return focus("word");
      const done = log.deleteEverything();
      typed = null;
      close();
      say("deletion", done ? "Everything is deleted." : `The browser refused. ${NOTHING}`, !done);
      focus("said-deletion");
    },
  };

  log.subscribe(() => {
    if (source && offered && !setOffer(source, offered.incoming)) close();
    show();
  });
  addEventListener("hashchange", fromAddress);
  // A file that misses the page's own field would otherwise be opened in place of the page.
  addEventListener("dragover", (event) => {
    if (event.dataTransfer?.types.includes("Files")) event.preventDefault();
  });
  addEventListener("drop", (event) => {
    const file = event.dataTransfer?.files[0];
    if (!file) return;
    event.preventDefault();
    actions.choose(file);
  });
  void promise().then((answer) => {
    promised = answer;
    show();
  });

  root.replaceChildren();
  show();
  fromAddress();
}

async function promise(): Promise<Promised> {
  try {
    return await navigator.storage.persisted() ? "promised" : "not promised";
  } catch {
    return "unknown";
  }
}

/** The address of the site that this page belongs to; a folder of somebody's disk is nobody's business. */
function siteAddress(): string | null {
  return location.protocol.startsWith("http") ? new URL("..", location.href).href : null;
}
