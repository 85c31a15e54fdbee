/** How time is split over the tasks of an exam. */

export interface Tally {
  readonly right: number;
  readonly total: number;
}

/**
 * How weak somebody is in a task, between 0 and 1: the share of wrong answers, drawn towards one half, so that two
 * answers do not say more than they can (the mean of a uniform prior after them).
 */
export function weakness({ right, total }: Tally): number {
  return (total - right + 1) / (total + 2);
}

/**
 * Gives `total` units one by one by weight (Webster's method), to nobody more than their `most`; returns who got
 * each unit, in the order of giving. The unit goes to the largest weight / (2 · units so far + 1), in a tie to the
 * first: whoever weighs more never gets less.
 */
export function handOut(total: number, weights: readonly number[], most: readonly number[]): number[] {
  const given = weights.map(() => 0);
  const order: number[] = [];
  while (order.length < total) {
    let best = -1;
    let claim = -Infinity;
    for (let index = 0; index < weights.length; index++) {
      if (given[index]! >= most[index]!) continue;
      const own = weights[index]! / (2 * given[index]! + 1);
      if (own > claim) [best, claim] = [index, own];
    }
    if (best < 0) break;
    given[best]! += 1;
    order.push(best);
  }
  return order;
}
