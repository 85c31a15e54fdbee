/** The versions of an event, and the steps from each to the next. */

export type Fields = Readonly<Record<string, unknown>>;

/** Makes an event of the next version; the version itself is counted up by the chain. */
export type Step = (event: Fields) => Fields;

/** `STEPS[0]` leads from version 1 to version 2. Version 1 is the first and, so far, the only one. */
export const STEPS: readonly Step[] = [];
export const VERSION = STEPS.length + 1;

export function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Whether something says that it is of a later version than the steps lead to. */
export function isNewer(value: unknown, steps: readonly Step[] = STEPS): boolean {
  return isFields(value) && Number.isInteger(value["v"]) && Number(value["v"]) > steps.length + 1;
}

/** The event in the version that the steps lead to; null if it is of no version that they know. */
export function migrated(value: unknown, steps: readonly Step[] = STEPS): Fields | null {
  if (!isFields(value)) return null;
  const { v } = value;
  if (typeof v !== "number" || !Number.isInteger(v) || v < 1 || v > steps.length + 1) return null;
  return steps.slice(v - 1).reduce<Fields>(
    (event, step, done) => ({ ...step(event), v: v + done + 1 }),
    value,
  );
}
