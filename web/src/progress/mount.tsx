/** Puts the page into an element and keeps the log, the view and the focus together. */
import { render } from "preact";
import type { Course } from "../course.d.ts";
import type { LogEvent } from "../log/events.ts";
import type { EventLog } from "../log/log.ts";
import { plans } from "../log/plans.ts";
import type { ProgressLists } from "../progress.d.ts";
import { day } from "../quiz/words.ts";
import { fileName, markdown } from "./markdown.ts";
import { type Progress, progressOf } from "./model.ts";
import { type Actions, App } from "./view/app.tsx";
import type { JournalState } from "./view/journal.tsx";
import type { Order } from "./view/mastery.tsx";

export interface Host {
  readonly log: EventLog;
  readonly now: () => Date;
  readonly newId: () => string;
  readonly save: (name: string, text: string) => void;
}

export function mount(
  root: HTMLElement,
  course: Course,
  lists: ProgressLists,
  { log, now, ...host }: Host,
): void {
  let exam = plannedExam(course, log.events());
  let order: Order = "guide";
  let journal: JournalState = { editing: null, removed: null, said: "", all: false };
  let progress: Progress;

  const show = (): void =>
    render(
      <App
        progress={progress}
        exams={course.exams}
        order={order}
        journal={journal}
        notice={log.notice()}
        actions={actions}
      />,
      root,
    );
  const read = (): void => {
    progress = progressOf(course, lists, log.events(), { exam, now: now() });
    show();
  };
  const tell = (next: Partial<JournalState>): void => {
    journal = { ...journal, said: "", removed: null, ...next };
    show();
  };
  const focus = (selector: string): void => root.querySelector<HTMLElement>(selector)?.focus();
  const tick = (what: "tool" | "milestone" | "topic") => (item: string, on: boolean): void =>
    void log.append({ type: "tick", what, item, on });
  const note = (entry: string, date: string, text: string | null): void =>
    void log.append({ type: "journal", entry, date, text });

  const actions: Actions = {
    setExam(next) {
      exam = next;
      read();
    },
    setOrder(next) {
      order = next;
      show();
    },
    setRead: tick("topic"),
    setTool: tick("tool"),
    setMilestone: tick("milestone"),
    setLab: (lab, chapter, on) => void log.append({ type: "lab", lab, chapter, passed: on, by: "hand" }),
    add(date, text) {
      if (text.trim() === "") return;
      note(host.newId(), date, text);
      tell({ said: `The note of ${day(date)} was added.` });
    },
    edit(entry) {
      const before = journal.editing;
      tell({ editing: entry });
      focus(entry === null ? `[data-edit="${before}"]` : `[data-note="${entry}"] textarea`);
    },
    save(entry, date, text) {
      if (text.trim() === "") return;
      note(entry, date, text);
      tell({ editing: null, said: `The note of ${day(date)} was changed.` });
      focus(`[data-edit="${entry}"]`);
    },
    remove(gone) {
      note(gone.entry, gone.date, null);
      tell({ removed: gone, said: `The note of ${day(gone.date)} was deleted.` });
      focus("#progress-undo");
    },
    restore() {
      const { removed } = journal;
      if (!removed) return;
      note(removed.entry, removed.date, removed.text);
      tell({ said: `The note of ${day(removed.date)} is back.`, all: true });
      focus(`[data-edit="${removed.entry}"]`);
    },
    showAll: () => tell({ all: true }),
    download: () => host.save(fileName(progress), markdown(progress)),
  };

  log.subscribe(read);
  addEventListener("beforeunload", (event) => {
    const unsaved = [...root.querySelectorAll("textarea")].some(({ value, defaultValue }) =>
      value !== defaultValue
    );
    if (unsaved) event.preventDefault();
  });
  addEventListener("beforeprint", () => {
    for (const fold of root.querySelectorAll("details")) fold.open = true;
  });

  read();
}

/** The exam that the learner plans for, or the first. */
function plannedExam({ exams }: Course, events: readonly LogEvent[]): string {
  const planned = plans(events).at(-1)?.settings.exam;
  return planned !== undefined && Object.hasOwn(exams, planned) ? planned : Object.keys(exams)[0]!;
}
