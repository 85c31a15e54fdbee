/** The learner's days: they begin at four in the morning, so that an evening's cards belong to one day. */

const FIRST_HOUR = 4;
const DAY = 86_400_000;

/** The number of the day that an instant belongs to on this computer's clock; days count up from 1 January 1970. */
export function localDay(instant: number): number {
  const date = new Date(instant);
  const midnight = Date.UTC(date.getFullYear(), date.getMonth(), date.getDate());
  return midnight / DAY - (date.getHours() < FIRST_HOUR ? 1 : 0);
}
