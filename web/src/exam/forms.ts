/** Which questions a form asks, in what proportion; `mlacourse.bank.forms` draws the same for the same seed. */
import type { ExamPlan } from "../exam.d.ts";
import { shuffled } from "../quiz/shuffle.ts";
import { domainOf } from "./bank.ts";

/** What is drawn as one: a question, or a case study with all its questions. */
export interface Unit {
  readonly id: string;
  readonly type: string;
  /** The task of each question. */
  readonly tasks: readonly string[];
  readonly questions: readonly string[];
}

export interface Entry {
  readonly question: string;
  readonly scored: boolean;
}

type Seats = Readonly<Record<string, number>>;

/** Splits `total` seats by weights with the largest-remainder method; ties go to the earlier key. */
export function apportion(total: number, weights: Seats): Map<string, number> {
  const entries = Object.entries(weights);
  const whole = entries.reduce((sum, [, weight]) => sum + weight, 0);
  if (!(whole > 0) || entries.some(([, weight]) => weight < 0)) {
    throw new Error(`Cannot split by the weights ${JSON.stringify(weights)}.`);
  }
  const shares = entries.map(([key, weight]) => {
    const exact = total * weight / whole;
    return { key, seats: Math.floor(exact), missing: Math.floor(exact) - exact };
  });
  let left = total - shares.reduce((sum, { seats }) => sum + seats, 0);
  const seats = new Map(shares.map(({ key, seats }) => [key, seats]));
  for (const { key, seats: floor } of shares.toSorted((one, other) => one.missing - other.missing)) {
    if (left-- > 0) seats.set(key, floor + 1);
  }
  return seats;
}

/**
 * Draws units for the seats of each domain, the types in their shares, spread over the tasks: the rarest type
 * first, each unit from the domain with the largest share of open seats and there from the task with the fewest
 * questions so far; seats that stay open are filled with any type. Seats are those of domains, or of whatever
 * `placeOf` makes of a task.
 */
export function draw(
  available: readonly Unit[],
  seats: ReadonlyMap<string, number>,
  types: Seats,
  seed: number,
  placeOf: (task: string) => string = domainOf,
): Unit[] {
  const total = [...seats.values()].reduce((sum, count) => sum + count, 0);
  const order = shuffled(available, seed);
  const open = new Map(seats);
  const byTask = new Map<string, number>();
  const drawn = new Set<Unit>();

  // Both are asked for a hundred thousand times where the bank is large.
  const place = new Map(order.flatMap(({ tasks }) => tasks.map((task) => [task, placeOf(task)])));
  const taken = new Map(order.map((unit) => {
    const wanted = new Map<string, number>();
    for (const task of unit.tasks) add(wanted, place.get(task)!, 1);
    return [unit, [...wanted]];
  }));
  const fits = (unit: Unit): boolean =>
    !drawn.has(unit) && taken.get(unit)!.every(([place, count]) => (open.get(place) ?? 0) >= count);
  const take = (wanted: (unit: Unit) => boolean): Unit | null => {
    let best: Unit | null = null;
    let bestFull = Infinity;
    let bestTask = Infinity;
    for (const unit of order) {
      if (!wanted(unit) || !fits(unit)) continue;
      const task = unit.tasks[0]!;
      const full = -(open.get(place.get(task)!) ?? 0) / (seats.get(place.get(task)!) ?? 1);
      const asked = byTask.get(task) ?? 0;
      if (full < bestFull || (full === bestFull && asked < bestTask)) {
        [best, bestFull, bestTask] = [unit, full, asked];
      }
    }
    if (best) {
      drawn.add(best);
      for (const task of best.tasks) {
        add(byTask, task, 1);
        add(open, place.get(task)!, -1);
      }
    }
    return best;
  };

  const quotas = [...apportion(total, types)].sort(([one], [other]) => types[one]! - types[other]!);
  for (const [type, quota] of quotas) {
    let left = quota;
    for (;;) {
      const unit = take((candidate) => candidate.type === type && candidate.questions.length <= left);
      if (!unit) break;
      left -= unit.questions.length;
    }
  }
  while (take(() => true));
  return [...drawn];
}

function add(counts: Map<string, number>, key: string, count: number): void {
  counts.set(key, (counts.get(key) ?? 0) + count);
}

/** A form for a seed: each domain as its weight asks, or as far as the bank goes; seats that count first. */
export function form(exam: ExamPlan, available: readonly Unit[], seed: number): Entry[] {
  const weights = Object.fromEntries(exam.domains.map(({ id, weight }) => [id, weight]));
  const scored = apportion(exam.scored, weights);
  const asked = draw(available, apportion(exam.questions, weights), exam.types, seed)
    .flatMap((unit) => unit.questions.map((question, index) => ({ question, task: unit.tasks[index]! })));
  const counting = new Set<string>();
  for (const { id } of exam.domains) {
    const ours = asked.filter(({ task }) => domainOf(task) === id).map(({ question }) => question);
    shuffled(ours, seed + 1).slice(0, scored.get(id)).forEach((question) => counting.add(question));
  }
  return asked.map(({ question }) => ({ question, scored: counting.has(question) }));
}

/** Up to `count` questions of these units, as even over the tasks as they allow; all of them count. */
export function practiceSet(available: readonly Unit[], count: number, seed: number): Entry[] {
  const byTask = new Map<string, Unit[]>();
  for (const unit of shuffled(available, seed)) {
    byTask.set(unit.tasks[0]!, [...(byTask.get(unit.tasks[0]!) ?? []), unit]);
  }
  const entries: Entry[] = [];
  const queues = [...byTask.keys()].sort().map((task) => byTask.get(task)!);
  for (let round = 0; queues.some((queue) => queue.length > round); round++) {
    for (const queue of queues) {
      const unit = queue[round];
      if (!unit || entries.length + unit.questions.length > count) continue;
      entries.push(...unit.questions.map((question) => ({ question, scored: true })));
    }
  }
  return entries;
}
