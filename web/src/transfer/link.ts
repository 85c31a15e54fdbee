/** Events in the address of a page: a notebook has no way to the site's storage, but it can show a link. */
import type { LogEvent } from "../log/events.ts";
import { type Reading, readList } from "./file.ts";

const PAGE = "practice/progress.html";
const MARK = "#import=";
/** Characters: the shortest limit of a browser is 80,000. */
const LONGEST = 80_000;
const NOTEBOOK = { device: null, exported: null, site: null };
const BROKEN = "The link is damaged, or a part of it is missing. Copy it again from the notebook.";

/** The link that offers events to the site's log; of too many it carries the latest. */
export function linkTo(site: string, events: readonly LogEvent[]): string {
  const start = `${site}/${PAGE}${MARK}`;
  for (let from = 0;; from += Math.ceil((events.length - from) / 4)) {
    const link = start + encoded(JSON.stringify(events.slice(from)));
    if (link.length <= LONGEST || from >= events.length) return link;
  }
}

export function isLink(hash: string): boolean {
  return hash.startsWith(MARK);
}

/** The events in an address; those without an instant get `now`. */
export function readLink(hash: string, now: Date): Reading {
  const code = hash.slice(MARK.length);
  if (code.length > LONGEST) {
    return { refused: "The link is too long to come from a notebook of this course." };
  }
  let list: unknown;
  try {
    list = JSON.parse(decoded(code));
  } catch {
    return { refused: BROKEN };
  }
  if (!Array.isArray(list) || list.length === 0) return { refused: BROKEN };
  return readList(list, NOTEBOOK, now.toISOString());
}

function encoded(text: string): string {
  const bytes = new TextEncoder().encode(text);
  const binary = Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
  return btoa(binary).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

function decoded(code: string): string {
  if (!/^[\w-]+$/.test(code)) throw new Error("Not base64url.");
  const binary = atob(code.replaceAll("-", "+").replaceAll("_", "/"));
  return new TextDecoder("utf-8", { fatal: true }).decode(
    Uint8Array.from(binary, (sign) => sign.charCodeAt(0)),
  );
}
