/** The progress file: how it is written, and the strict way in which it is read. */
import { type LogEvent, merged } from "../log/events.ts";
import { isFields, isNewer, VERSION } from "../log/versions.ts";
import { checked, isInstant, NEWER } from "./checks.ts";

export const FORMAT = "mlacourse-progress";
/** Bytes: a browser keeps some 5 MB for a site. */
export const LARGEST_FILE = 12_000_000;
const MOST_ENTRIES = 50_000;

/** Where a file comes from, as far as it says so. */
export interface Origin {
  /** Browser and system: `Firefox on Windows`. */
  readonly device: string | null;
  readonly exported: string | null;
  readonly site: string | null;
}

export interface Incoming extends Origin {
  readonly events: readonly LogEvent[];
}

/** What was read, or in one line why it was refused. */
export type Reading = { readonly incoming: Incoming } | { readonly refused: string };

export interface Written {
  readonly text: string;
  readonly events: number;
  /** Entries that no reader would take in, so that they stay out. */
  readonly left: number;
}

/** Whether an event may travel: what a browser notes of its own copies is nothing to another one. */
export function travels({ type }: LogEvent): boolean {
  return type !== "export";
}

/** The file's text, one line for each event. */
export function written(events: readonly LogEvent[], { device, exported, site }: Origin): Written {
  const own = events.filter(travels);
  const sound = own.filter((event) => "event" in checked(event));
  const head = JSON.stringify({
    format: FORMAT,
    version: VERSION,
    exported,
    ...(site !== null && { site }),
    ...(device !== null && { device }),
  });
  const lines = sound.map((event) => JSON.stringify(event)).join(",\n");
  return {
    text: `${head.slice(0, -1)},"events":[\n${lines}\n]}\n`,
    events: sound.length,
    left: own.length - sound.length,
  };
}

/** `mlacourse-progress-2026-11-23.json` */
export function fileName(day: string): string {
  return `${FORMAT}-${day}.json`;
}

const NO_FILE = "It is not a progress file of this course.";

export function readBytes(bytes: Uint8Array): Reading {
  if (bytes.length > LARGEST_FILE) return { refused: tooLarge(bytes.length) };
  try {
    return readText(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    return { refused: `${NO_FILE} Its bytes are no text.` };
  }
}

export function tooLarge(size: number): string {
  const megabytes = (bytes: number) => `${Math.round(bytes / 1e6)} MB`;
  return `It has ${megabytes(size)}; a progress file has at most ${megabytes(LARGEST_FILE)}.`;
}

/** Reads a progress file, or a plain list of events as the browser stores it. */
export function readText(text: string): Reading {
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch {
    return { refused: `${NO_FILE} Its text breaks off or is damaged.` };
  }
  if (Array.isArray(content)) return readList(content, { device: null, exported: null, site: null });
  if (!isFields(content) || content["format"] !== FORMAT) return { refused: NO_FILE };
  const { version, exported, site = null, device = null, events } = content;
  if (typeof version !== "number" || !Number.isInteger(version) || version < 1) {
    return { refused: `Its 'version' is not one of 1 to ${VERSION}.` };
  }
  if (version > VERSION) return { refused: NEWER };
  if (!isInstant(exported)) return { refused: "Its 'exported' is no date and time." };
  if (site !== null && !isSite(site)) return { refused: "Its 'site' is no address of a site." };
  if (device !== null && !isDevice(device)) return { refused: "Its 'device' is no name of a browser." };
  if (!Array.isArray(events)) return { refused: "It has no list of 'events'." };
  return readList(events, { device, exported, site });
}

/** Reads a list of events; `now` is the instant of those that have none. */
export function readList(list: readonly unknown[], origin: Origin, now: string | null = null): Reading {
  if (list.length > MOST_ENTRIES) {
    return { refused: `It has ${list.length} entries; a progress file has at most ${MOST_ENTRIES}.` };
  }
  if (list.some((entry) => isNewer(entry))) return { refused: NEWER };
  const events: LogEvent[] = [];
  for (const [index, entry] of list.entries()) {
    const result = checked(entry, now);
    if ("wrong" in result) return { refused: `Entry ${index + 1} of ${list.length}: ${result.wrong}.` };
    if (travels(result.event)) events.push(result.event);
  }
  return { incoming: { ...origin, events: merged(events) } };
}

function isDevice(value: unknown): value is string {
  return typeof value === "string" && /^[A-Za-z0-9][A-Za-z0-9 .()-]{0,59}$/.test(value);
}

function isSite(value: unknown): value is string {
  return typeof value === "string" && value.length <= 200 && /^https?:\/\/[\w.:/~%-]+$/.test(value);
}
