/** Sentences about copies, imports and storage. */
import { count } from "../exam/words.ts";
import type { ExportState } from "../log/exports.ts";
import type { Inventory } from "../log/inventory.ts";
import { isKnown, named } from "./kinds.ts";
import type { Origin } from "./file.ts";
import type { Preview } from "./preview.ts";

const DAY = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "long", year: "numeric" });

function day(instant: string): string {
  return DAY.format(new Date(instant));
}

export function entries(number: number): string {
  return `${number.toLocaleString("en")} ${number === 1 ? "entry" : "entries"}`;
}

/** When the last copy was saved, and what has come since. */
export function copyLine({ age, newer }: ExportState): string {
  const saved = age === null
    ? "No copy has been saved from this browser yet."
    : `The last copy was saved ${
      age === 0 ? "today" : age === 1 ? "yesterday" : `${count(age, "day")} ago`
    }.`;
  if (newer === 0) return age === null ? "There is nothing to save yet." : `${saved} Nothing has come since.`;
  return age === null
    ? `${saved} There is something to save: ${entries(newer)}.`
    : `${saved} Since then: ${entries(newer)}.`;
}

/** Why a copy is asked for, or null. */
export function reminder({ due, age }: ExportState): string | null {
  if (!due) return null;
  return age === null
    ? "You have worked for a week or more without a copy. Browsers may delete what a site keeps: save one now."
    : "Your copy is a week old or more. Browsers may delete what a site keeps: save a new one now.";
}

/** `It was saved on 22 November 2026 with Firefox on Windows.` */
export function originLine({ device, exported, site }: Origin, here: string | null): string | null {
  if (exported === null) return null;
  const where = site !== null && here !== null && site !== here ? `, from ${site}` : "";
  return `It was saved on ${day(exported)}${device === null ? "" : ` with ${device}`}${where}.`;
}

/** What would come in: a sentence, and a line for each kind. */
export function freshLines(
  { fresh, kinds, span }: Preview,
): { readonly sentence: string; readonly kinds: string[] } {
  const [first, last] = span === null ? ["", ""] : [day(span[0]), day(span[1])];
  const when = first === last ? `of ${first}` : `from ${first} to ${last}`;
  const strange = kinds.filter(([type]) => !isKnown(type)).reduce((sum, [, number]) => sum + number, 0);
  return {
    sentence: `${entries(fresh.length)} ${fresh.length === 1 ? "is" : "are"} new here, ${when}:`,
    kinds: [
      ...kinds.filter(([type]) => isKnown(type)).map(([type, number]) => named(type, number)),
      ...(strange > 0 ? [named("", strange)] : []),
    ],
  };
}

/** What else there is to know before one agrees. */
export function remarks({ known, changed, future }: Preview): string[] {
  const are = (number: number) => number === 1 ? "is" : "are";
  return [
    ...(known > 0 ? [`${entries(known)} ${are(known)} here already and will not be added twice.`] : []),
    ...(changed > 0
      ? [`${entries(changed)} ${are(changed)} here with other content. Of each, the earlier one counts.`]
      : []),
    ...(future > 0
      ? [
        `${entries(future)} ${are(future)} dated in the future and will count as your latest. ` +
        "Was the clock of that device wrong?",
      ]
      : []),
  ];
}

/** What the browser keeps, in a sentence. */
export function keptLine(events: number, { size, sitting, aside }: Inventory): string {
  if (size === 0) return "This browser keeps nothing yet.";
  const parts = [
    entries(events),
    ...(sitting ? ["an exam under way"] : []),
    ...(aside > 0
      ? [`${count(aside, "part")} that could not be read and ${aside === 1 ? "was" : "were"} set aside`]
      : []),
  ];
  const last = parts.pop()!;
  const list = parts.length > 0 ? `${parts.join(", ")} and ${last}` : last;
  return `This browser keeps ${list}. With your display settings, that takes ${kilobytes(size)}.`;
}

/** `3 KB`: browsers count two bytes for each character. */
function kilobytes(characters: number): string {
  return `${Math.ceil(2 * characters / 1000).toLocaleString("en")} KB`;
}

/** What the browser has promised; null while it has not answered. */
export type Promised = "promised" | "not promised" | "unknown";

export const PROMISES: Readonly<Record<Promised, string>> = {
  "promised": "The browser has promised not to clear it by itself.",
  "not promised":
    "The browser may clear it by itself, when the disk is full or when you have not been here for a while.",
  "unknown": "Whether the browser may clear it by itself, it does not say.",
};
