/** What may come into the log from outside: bounds for every value, whoever wrote it. */
import { isEvent, type LogEvent } from "../log/events.ts";
import { type Fields, isFields, isNewer, migrated, type Step, STEPS } from "../log/versions.ts";
import { wrongField } from "./kinds.ts";

const DEEPEST = 8;
const MOST_VALUES = 5_000;
const LONGEST_TEXT = 200_000;
const LONGEST_NAME = 200;
/** Names that mean something else to JavaScript than to the person who wrote the file. */
const FORBIDDEN: readonly string[] = ["__proto__", "constructor", "prototype"];
const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{3})?Z$/;
const TYPE = /^[A-Za-z][\w-]{0,39}$/;

export type Checked = { readonly event: LogEvent } | { readonly wrong: string };

export const NEWER = "It was written by a newer version of this course. Reload this page, then try again.";

/** An event from outside in today's version, or what is wrong with it; `now` is the instant of one that has none. */
export function checked(
  value: unknown,
  now: string | null = null,
  steps: readonly Step[] = STEPS,
): Checked {
  if (!isFields(value)) return { wrong: "it is no record with fields" };
  const strange = strangeValue(value);
  if (strange !== null) return { wrong: strange };
  if (isNewer(value, steps)) return { wrong: "it is of a newer version" };
  const today = migrated(value, steps);
  if (!today) return { wrong: `its version 'v' is not one of 1 to ${steps.length + 1}` };
  const event: Fields = Object.hasOwn(today, "t") ? today : { ...today, t: now };
  const { id, type, t } = event;
  if (typeof id !== "string" || id === "" || id.length > LONGEST_NAME) {
    return { wrong: "its 'id' is no name" };
  }
  if (typeof type !== "string" || !TYPE.test(type)) return { wrong: "its 'type' is no name" };
  if (!isInstant(t) || !isEvent(event)) return { wrong: "its time 't' is no date and time" };
  const field = wrongField(event);
  return field === null
    ? { event }
    : { wrong: `'${field}', which '${type}' needs, is missing or of the wrong kind` };
}

/** `2026-11-23T09:00:00.000Z`, on a day that the calendar has. */
export function isInstant(value: unknown): value is string {
  if (typeof value !== "string" || !INSTANT.test(value)) return false;
  const at = new Date(value);
  return !Number.isNaN(at.getTime()) && at.toISOString().slice(0, 19) === value.slice(0, 19);
}

/** What no field of any event may hold, in words; null if there is nothing of the kind. */
function strangeValue(event: Fields): string | null {
  let values = 0;
  const look = (value: unknown, depth: number): string | null => {
    if (depth > DEEPEST) return "its fields are nested too deeply";
    if (++values > MOST_VALUES) return "it has too many values";
    if (typeof value === "string") return strangeText(value, LONGEST_TEXT);
    if (typeof value === "number") {
      return Number.isFinite(value) ? null : "it holds a number that is too large";
    }
    if (typeof value !== "object" || value === null) return null;
    if (Array.isArray(value)) return firstOf(value, (entry) => look(entry, depth + 1));
    return firstOf(
      Object.entries(value),
      ([field, entry]) =>
        FORBIDDEN.includes(field)
          ? "it has a field with a forbidden name"
          : strangeText(field, LONGEST_NAME) ?? look(entry, depth + 1),
    );
  };
  return look(event, 0);
}

function strangeText(text: string, longest: number): string | null {
  if (text.length > longest) return "it holds a text that is too long";
  return text.isWellFormed() ? null : "it holds a damaged character";
}

function firstOf<Entry>(entries: readonly Entry[], look: (entry: Entry) => string | null): string | null {
  for (const entry of entries) {
    const found = look(entry);
    if (found !== null) return found;
  }
  return null;
}
