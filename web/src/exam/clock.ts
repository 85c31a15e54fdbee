/**
 * The exam's own time. It follows the wall clock forward, never back: a wall clock that was set back is passed
 * over in favour of the time that has run since, so the time that remains never grows and never stands still.
 */

/** What the two clocks of a browser say, in milliseconds. */
export interface Reading {
  /** Date.now(): may be set by anybody, goes on while the machine sleeps. */
  readonly wall: number;
  /** performance.now(): cannot be set, begins anew with each page. */
  readonly steady: number;
}

export interface Clock {
  readonly now: number;
  readonly steady: number;
}

/** The page ticks every second; browsers stretch that to a minute where it is hidden. */
const LONGEST_TICK = 90_000;
/** Clocks are set right by a second now and then; nobody needs to hear of that. */
const SMALLEST_JUMP = 5_000;

/** A clock that begins at the last instant stored, or at the wall clock if that is later. */
export function startClock(stored: number | null, { wall, steady }: Reading): Clock {
  return { now: Math.max(wall, stored ?? wall), steady };
}

/** The clock after a reading, and the milliseconds that passed unseen: page closed, machine asleep, clock set. */
export function advance(clock: Clock, { wall, steady }: Reading): { clock: Clock; unseen: number } {
  const ran = Math.max(0, steady - clock.steady);
  const now = Math.max(clock.now + ran, wall);
  const passed = now - clock.now;
  const unseen = passed > LONGEST_TICK || passed - ran > SMALLEST_JUMP ? passed : 0;
  return { clock: { now, steady }, unseen };
}

/** The milliseconds that passed between the last instant stored and the opening of the page, if worth a word. */
export function unseenBefore(stored: number, clock: Clock): number {
  const passed = clock.now - stored;
  return passed > LONGEST_TICK ? passed : 0;
}
