/** Which work there is time for. */
import { apportion } from "../exam/forms.ts";
import { type Cut, type Item, item, sum } from "./items.ts";
import type { Chapter, Material } from "./material.ts";
import { DIAGNOSTIC_MINUTES, fullSteps, NUMBERS, PHASES, PROJECTS, REVISION, wholeSteps } from "./rules.ts";
import { handOut } from "./shares.ts";

/** Work in its order, and what there is no time for. */
export interface Work {
  readonly items: readonly Item[];
  readonly cuts: readonly Cut[];
  readonly leftOut: readonly string[];
}

export type Done = ReadonlySet<string>;
type Weights = readonly number[];

/** In a task with too little time the first gets its time first. */
const PIECES = ["quiz", "read", "exercises"] as const;
const { step: STEP, set_minutes: SET } = NUMBERS;
const LEARNING = PHASES.map(({ id }) => id).filter((id) => id !== PROJECTS);
const MOCK = /^mock\/[1-9][0-9]{0,2}$/;

/** The work for `free` minutes before the revision, after what comes `first`; the weights are those of the topics. */
export function learning(
  free: number,
  material: Material,
  weights: Weights,
  done: Done,
  first: readonly Item[],
): Work {
  const start = [...first, ...diagnostic(free, done)];
  let left = free - sum(start);
  const open = new Map(material.chapters.map((chapter) => [chapter.id, pieces(chapter, done)]));
  const byTask = material.topics.map(({ id }) =>
    material.chapters.filter(({ task }) => task === id).flatMap((chapter) => open.get(chapter.id)!)
  );
  const needed = byTask.map(sum);
  const given = needed.map(() => 0);
  for (const index of handOut(left / STEP, weights, needed.map((minutes) => minutes / STEP))) {
    given[index]! += STEP;
  }
  const cuts = material.topics.map(({ id }, index) => ({
    task: id,
    needed: needed[index]!,
    given: given[index]!,
  }))
    .filter((cut) => cut.given < cut.needed);
  const planned = byTask.flatMap((all, index) => within(given[index]!, all));
  left -= sum(planned);

  const chosen = projects(Math.floor(left / 2), material, open);
  left -= sum(chosen);
  const sets = practiceSets(Math.floor(left / SET), material, weights, done);
  left -= sum(sets);
  const last = LEARNING.at(-1);
  const items = [
    ...start,
    ...LEARNING.flatMap((id) => [
      ...material.chapters.filter(({ phase, task }) => phase === id && task !== null)
        .flatMap((chapter) => planned.filter((piece) => piece.chapter === chapter.id)),
      ...sets.filter(({ phase }) => phase === id && phase !== last),
    ]),
    ...chosen,
    ...spread(sets.filter(({ phase }) => phase === last), left),
  ];
  const fitting = new Set(chosen.map(({ chapter }) => chapter));
  const leftOut = material.chapters
    .filter(({ id, task }) => task === null && open.get(id)!.length > 0 && !fitting.has(id))
    .map(({ id }) => id);
  return { items, cuts, leftOut };
}

/** Fills `free` minutes of the revision with the tasks that the course covers, half an hour at a time. */
export function revision(
  free: number,
  material: Material,
  weights: Weights,
  done: Done,
  first: readonly Item[],
): readonly Item[] {
  const number = Math.floor((free - sum(first)) / SET);
  const taught = new Set(material.chapters.map(({ task }) => task));
  const most = material.topics.map(({ id, questions }) => taught.has(id) || questions > 0 ? number : 0);
  const names = material.topics.map(({ id }) => unused(`revise/${id}`, done));
  const revised = handOut(number, weights, most).map((index) =>
    item(names[index]!(), "revise", SET, { phase: REVISION, task: material.topics[index]!.id })
  );
  return [...first, ...revised];
}

/** The mock exams that were sat and not gone over yet, `minutes` for each. */
export function reviews(done: Done, minutes: number): Item[] {
  return [...done].filter((id) => MOCK.test(id)).map((id) => `review/${id}`).filter((id) => !done.has(id))
    .sort()
    .map((id) => item(id, "review", minutes));
}

/** Gives `prefix/1`, `prefix/2`, … without the names of what is done, one at each call. */
export function unused(prefix: string, done: Done): () => string {
  let number = 0;
  return () => {
    do number++; while (done.has(`${prefix}/${number}`));
    return `${prefix}/${number}`;
  };
}

function diagnostic(free: number, done: Done): Item[] {
  const minutes = wholeSteps(DIAGNOSTIC_MINUTES);
  if (done.has("diagnostic") || minutes * NUMBERS.diagnostic_share > free) return [];
  return [item("diagnostic", "diagnostic", minutes)];
}

/** What is still to do of a chapter, in the order of doing. */
function pieces({ id, phase, task, ...minutes }: Chapter, done: Done): Item[] {
  return (["read", "exercises", "quiz"] as const)
    .map((kind) => item(`${kind}/${id}`, kind, minutes[kind], { phase, chapter: id, task }))
    .filter((piece) => piece.minutes > 0 && !done.has(piece.id));
}

/** The pieces as far as the minutes go, each kind shortened evenly before the next gets anything. */
function within(minutes: number, all: readonly Item[]): Item[] {
  const steps = new Map<string, number>();
  let left = minutes;
  for (const kind of PIECES) {
    const wanted = all.filter((piece) => piece.kind === kind);
    const now = Math.min(left, sum(wanted));
    if (now === 0) continue;
    const weights = Object.fromEntries(wanted.map((piece) => [piece.id, piece.minutes]));
    for (const [id, count] of apportion(now / STEP, weights)) steps.set(id, count);
    left -= now;
  }
  return all.map((piece) => ({ ...piece, minutes: (steps.get(piece.id) ?? 0) * STEP }))
    .filter((piece) => piece.minutes > 0);
}

/** The projects that fit, each as a whole. */
function projects(free: number, { chapters }: Material, open: ReadonlyMap<string, Item[]>): Item[] {
  let left = free;
  return chapters.flatMap(({ id, task }) => {
    const all = open.get(id)!;
    if (task !== null || sum(all) > left) return [];
    left -= sum(all);
    return all;
  });
}

/** The items with gaps between them, so that they are spread evenly over the time that is left. */
function spread(items: readonly Item[], free: number): Item[] {
  const gap = fullSteps(free / items.length);
  return items.flatMap((each) => [each, item("", "gap", gap)]);
}

/**
 * Practice sets by weight, as far as the bank has questions that no set has asked yet. The first of a task belongs
 * to its own phase, the next to the next phase, and so on: practice comes back.
 */
function practiceSets(number: number, { topics }: Material, weights: Weights, done: Done): Item[] {
  const most = topics.map(({ id, questions }) =>
    Math.ceil(questions / NUMBERS.set_questions) -
    [...done].filter((name) => name.startsWith(`practice/${id}/`)).length
  );
  const names = topics.map(({ id }) => unused(`practice/${id}`, done));
  const phases = topics.map(({ phase }) => LEARNING.indexOf(phase));
  return handOut(number, weights, most).map((index) => {
    const { id: task, questions } = topics[index]!;
    const phase = LEARNING[Math.min(phases[index]!++, LEARNING.length - 1)]!;
    return item(names[index]!(), "practice", SET, {
      phase,
      task,
      questions: Math.min(NUMBERS.set_questions, questions),
    });
  });
}
