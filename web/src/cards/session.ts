/** A sitting with the cards of one deck: which card is asked, whether its back shows, and what can be taken back. */
import { next, queue } from "./queue.ts";
import type { Learner } from "./learner.ts";
import type { Moment } from "./schedule.ts";

/** What the learner did last, newest at the end. */
export type Done =
  | { readonly does: "review"; readonly card: string; readonly event: string }
  | { readonly does: "suspend"; readonly card: string };

export interface Session {
  readonly deck: readonly { readonly id: string }[];
  readonly card: string | null;
  readonly shown: boolean;
  readonly done: readonly Done[];
}

export function begin(deck: Session["deck"], learner: Learner, now: Moment): Session {
  return asked({ deck, card: null, shown: false, done: [] }, learner, now);
}

/** Shows the back. */
export function turn(session: Session): Session {
  return session.card === null ? session : { ...session, shown: true };
}

/** Goes on after the learner's answer is in the log, which `learner` knows already. */
export function after(session: Session, done: Done, learner: Learner, now: Moment): Session {
  return asked({ ...session, done: [...session.done, done] }, learner, now);
}

/** Goes back to the card of the last answer, which was taken back. */
export function back(session: Session): Session {
  const last = session.done.at(-1);
  return last ? { ...session, card: last.card, shown: false, done: session.done.slice(0, -1) } : session;
}

/** Keeps the card on the screen as long as it is still for today: another tab may have answered it. */
export function refreshed(session: Session, learner: Learner, now: Moment): Session {
  const { learning, due, fresh } = queue(session.deck, learner, now);
  const still = session.card !== null && [learning, due, fresh].some((list) => list.includes(session.card!));
  return still ? session : asked(session, learner, now);
}

/** How many ratings were given and stand. */
export function count({ done }: Session): number {
  return done.filter(({ does }) => does === "review").length;
}

function asked(session: Session, learner: Learner, now: Moment): Session {
  const card = next(queue(session.deck, learner, now), learner, now);
  return { ...session, card, shown: false };
}
