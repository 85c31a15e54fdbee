/** Puts the feedback log into an element and keeps the page, the learner's remarks and the log together. */
import { render } from "preact";
import { type Bank, examOf } from "../exam/bank.ts";
import { attempts } from "../log/attempts.ts";
import type { EventLog } from "../log/log.ts";
import { type Mistake, mistakes, type Remark } from "../log/mistakes.ts";
import { type Chapter, FIRST_VIEW, type Kinds, kindsOf, type View } from "./model.ts";
import { App } from "./view/app.tsx";

const SAVED = "Saved.";
const MOVES_LATER = "Saved. It keeps its place here until you group the list again.";
const NOT_SAVED = "Kept until you leave this page: this browser does not store it.";

export function mount(root: HTMLElement, bank: Bank, chapters: readonly Chapter[], log: EventLog): void {
  const sat = attempts(log.events()).at(-1)?.exam;
  let exam = bank.rules.exams.find(({ id }) => id === sat) ?? bank.rules.exams[0]!;
  let view: View = FIRST_VIEW;
  let all: readonly Mistake[] = mistakes(log.events());
  let kinds: Kinds = kindsOf(all);
  let writing = false;
  const unsaved = new Map<string, Remark>();
  const saved = new Map<string, string>();

  const show = (): void =>
    render(
      <App
        bank={bank}
        exam={exam}
        chapters={chapters}
        mistakes={all}
        view={view}
        kinds={kinds}
        notice={log.notice()}
        saved={saved}
        actions={actions}
      />,
      root,
    );
  const of = (question: string): Mistake | undefined => all.find((mistake) => mistake.question === question);
  /** Writes without putting the list in a new order, since somebody is at work in it. */
  const write = (question: string, remark: Remark, dismissed: boolean): void => {
    writing = true;
    log.append({ type: "mistake", question, ...remark, ...(dismissed ? { dismissed } : {}) });
    writing = false;
  };

  const actions = {
    lookAt(id: string) {
      exam = examOf(bank, id);
      show();
    },
    arrange(changes: Partial<View>) {
      view = { ...view, ...changes };
      kinds = kindsOf(all);
      show();
    },
    edit(question: string, changes: Partial<Remark>) {
      const { kind, note } = { ...of(question), ...unsaved.get(question), ...changes };
      unsaved.set(question, { kind: kind ?? null, note: note ?? "" });
      if (saved.delete(question)) show();
    },
    save(question: string) {
      const remark = unsaved.get(question);
      const before = of(question);
      unsaved.delete(question);
      if (!remark || (remark.kind === before?.kind && remark.note === before.note)) return;
      write(question, remark, false);
      const moves = view.by === "kind" || view.kind !== "all";
      saved.set(
        question,
        !log.lasts() ? NOT_SAVED : moves && remark.kind !== before?.kind ? MOVES_LATER : SAVED,
      );
      show();
    },
    dismiss(question: string) {
      write(question, { kind: null, note: "" }, true);
      (root.querySelector<HTMLElement>("#mistakes-gone") ?? root).focus();
    },
  };
  const saveAll = (): void => {
    for (const question of [...unsaved.keys()]) actions.save(question);
  };

  log.subscribe(() => {
    all = mistakes(log.events());
    if (!writing) kinds = kindsOf(all);
    show();
  });
  addEventListener("pagehide", saveAll);
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") saveAll();
  });
  addEventListener("beforeprint", () => {
    for (const fold of root.querySelectorAll<HTMLDetailsElement>(".mm-revision details")) fold.open = true;
  });

  root.replaceChildren();
  root.tabIndex = -1;
  show();
}
