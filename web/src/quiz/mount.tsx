/** Puts a quiz into an element and keeps the page, the state and the focus together. */
import { render } from "preact";
import type { QuizDocument } from "../bank.d.ts";
import * as model from "./model.ts";
import { newSeed } from "./shuffle.ts";
import { type Actions, Quiz, type WayToSite } from "./view.tsx";

export interface Host {
  readonly newTab: boolean;
  readonly past: ReadonlyMap<string, model.Past>;
  readonly notice: () => string | null;
  readonly record: (answer: model.Answered) => void;
  /** What leads from a notebook to the site with what was recorded so far; null if nothing does. */
  readonly wayToSite: () => WayToSite | null;
}

let mounted = 0;

/** Shows the quiz in `root`, in place of what stands there; returns the way to take it away. */
export function mount(root: Element, quiz: QuizDocument, host: Host): () => void {
  const prefix = `quiz-${++mounted}`;
  let state = model.start(quiz, newSeed, host.past);

  const show = (next: model.QuizState): void => {
    state = next;
    render(
      <Quiz
        state={state}
        actions={actions}
        prefix={prefix}
        notice={host.notice()}
        newTab={host.newTab}
        wayToSite={host.wayToSite()}
      />,
      root,
    );
  };
  const focus = (selector: string): void => root.querySelector<HTMLElement>(selector)?.focus();
  const focusInputs = (id: string): void => focus(`#${prefix}-${id} :is(input, select)`);

  const actions: Actions = {
    put: (id, key, value) => show(model.put(state, id, key, value)),
    check(id) {
      const next = model.check(state, id);
      const answer = model.answered(next, id);
      if (answer) host.record(answer);
      show(next);
      if (answer) focus(`#${prefix}-${id}-verdict`);
    },
    retry(id) {
      show(model.retry(state, id, newSeed()));
      focusInputs(id);
    },
    retryWrong() {
      const first = model.wrong(state)[0];
      show(model.retryWrong(state, newSeed));
      if (first) focusInputs(first.id);
    },
  };

  root.replaceChildren();
  show(state);
  return () => render(null, root);
}
