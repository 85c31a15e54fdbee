/** What an import would change, before anything is changed. */
import { type LogEvent, merged } from "../log/events.ts";
import type { Incoming } from "./file.ts";

export interface Preview {
  /** Entries that are not here yet. */
  readonly fresh: readonly LogEvent[];
  /** Entries that are here already and stay as they are. */
  readonly known: number;
  /** Entries of an id that is here with other content, of which the one to come is the earlier and counts. */
  readonly changed: number;
  /** How many new entries of each kind, the most frequent first. */
  readonly kinds: readonly (readonly [type: string, count: number])[];
  /** Instants of the first and the last new entry; null if there is none. */
  readonly span: readonly [first: string, last: string] | null;
  /** Entries dated after now: they would count as the latest for as long as that lasts. */
  readonly future: number;
}

/** Clocks of two devices differ by less. */
const SLACK = 86_400_000;

export function preview(here: readonly LogEvent[], { events }: Incoming, now: Date): Preview {
  const mine = new Map(here.map((event) => [event.id, event]));
  const fresh = events.filter(({ id }) => !mine.has(id));
  const changed = events.filter((event) => {
    const own = mine.get(event.id);
    return own !== undefined && merged([own], [event])[0] !== own;
  }).length;
  const counts = new Map<string, number>();
  for (const { type } of fresh) counts.set(type, (counts.get(type) ?? 0) + 1);
  return {
    fresh,
    known: events.length - fresh.length - changed,
    changed,
    kinds: [...counts].sort(([, one], [, other]) => other - one),
    span: fresh.length > 0 ? [fresh[0]!.t, fresh.at(-1)!.t] : null,
    future: fresh.filter(({ t }) => Date.parse(t) > now.getTime() + SLACK).length,
  };
}
