/** Puts the plan into an element and keeps the log, the settings that are typed and the focus together. */
import { render } from "preact";
import type { Course } from "../course.d.ts";
import { type Day, dayOf } from "../log/days.ts";
import type { EventLog } from "../log/log.ts";
import { entriesOf, ics } from "./calendar.ts";
import { type Draft, draftOf, firstDraft, type Range, settingsOf, withDaysOff } from "./draft.ts";
import { doneOf, type Learner, learnerOf, resultsOf } from "./learner.ts";
import { materialOf } from "./material.ts";
import { plan } from "./model.ts";
import { balance } from "./sentences.ts";
import { type Finding, findings, type Settings } from "./settings.ts";
import { todo } from "./today.ts";
import { type Actions, App } from "./view/app.tsx";

export interface Host {
  readonly log: EventLog;
  readonly now: () => Date;
  readonly save: (name: string, text: string) => void;
  /** The address of a page for somebody who is elsewhere; null if it has none, as in a folder. */
  readonly address: (href: string) => string | null;
}

export function mount(root: HTMLElement, course: Course, { log, now, save, address }: Host): void {
  let today: Day;
  let learner: Learner | null;
  let draft: Draft | null = null;
  let found: readonly Finding[] = [];
  let said = "";
  /** What was ticked on this page since the plan was made: it keeps its place, and the focus its. */
  let kept: ReadonlySet<string> = new Set();

  const show = (): void =>
    render(
      <App
        course={course}
        learner={learner}
        draft={draft}
        findings={found}
        outlook={draft && outlook(settingsOf(draft))}
        today={today}
        kept={kept}
        said={said}
        notice={log.notice()}
        actions={actions}
      />,
      root,
    );
  const read = (): void => {
    today = dayOf(now());
    learner = learnerOf(course, log.events(), today);
    if (!learner) draft ??= firstDraft(Object.keys(course.exams)[0]!, today);
    show();
  };
  const focus = (id: string): void => {
    const element = root.querySelector<HTMLElement>(`#${id}`);
    element?.focus({ preventScroll: true });
    element?.scrollIntoView({ block: "nearest" });
  };
  /** The first day to plan for settings that are made today. */
  const firstDay = ({ start }: Settings): Day => (start > today ? start : today);

  const outlook = (settings: Settings): string | null => {
    if (problems(settings).length > 0) return null;
    const { exam } = settings;
    const material = materialOf(course, exam);
    const events = log.events();
    const known = {
      first: firstDay(settings),
      results: resultsOf(events, exam),
      done: doneOf(course, exam, events),
    };
    return balance(plan(settings, material, known), settings, known.first);
  };
  const problems = (settings: Settings): Finding[] => {
    const all = findings(settings);
    if (all.length === 0 && settings.exam_date <= today) {
      return [{ field: "exam_date", weekday: null, words: "Day of the exam: it must come after today." }];
    }
    return all;
  };
  const make = (settings: Settings): void => {
    const chapters = materialOf(course, settings.exam).chapters.map(({ id }) => id);
    draft = null;
    kept = new Set();
    log.append({ type: "plan", settings, from: firstDay(settings), chapters });
  };

  const actions: Actions = {
    edit(changes) {
      if (draft) draft = { ...draft, ...changes };
      show();
    },
    addDaysOff() {
      if (!draft) return;
      const next = withDaysOff(draft);
      found = typeof next === "string" ? [{ field: "days_off", weekday: null, words: next }] : [];
      if (typeof next !== "string") draft = next;
      show();
      focus(typeof next === "string" ? "plan-findings" : "plan-days_off");
    },
    removeDaysOff({ from }: Range) {
      if (draft) draft = { ...draft, off: draft.off.filter((range) => range.from !== from) };
      show();
      focus("plan-days_off");
    },
    save() {
      if (!draft) return;
      const settings = settingsOf(draft);
      found = problems(settings);
      if (found.length > 0) {
        show();
        return focus("plan-findings");
      }
      said = "Your plan is made.";
      make(settings);
      focus("plan-heading");
    },
    cancel() {
      draft = null;
      found = [];
      show();
      focus("plan-heading");
    },
    open() {
      if (learner) draft = draftOf(learner.settings);
      said = "";
      show();
      focus("plan-heading");
    },
    replan() {
      if (!learner) return;
      said = "Planned anew: what is not done is laid out from today on.";
      make(learner.settings);
      focus("plan-heading");
    },
    tick(id, on) {
      said = "";
      kept = new Set([...kept, id]);
      const chapter = learner?.plan.items.get(id)?.kind === "read" ? id.slice("read/".length) : null;
      // The progress page ticks chapters too: one tick for both.
      if (chapter === null) log.append({ type: "done", item: id, on });
      else log.append({ type: "tick", what: "topic", item: chapter, on });
    },
    download() {
      if (!learner) return;
      const { plan, settings, material, former, logged } = learner;
      const link = ({ id }: { id: string }) => {
        const { href } = todo(learner!, id, 0, "");
        return href === null ? null : address(href);
      };
      save(
        `study-plan-${settings.exam}.ics`,
        ics(entriesOf(plan, settings, material, link, former), logged.t),
      );
    },
  };

  log.subscribe(read);
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") read();
  });
  addEventListener("beforeprint", () => {
    for (const fold of root.querySelectorAll("details")) fold.open = true;
  });

  root.replaceChildren();
  read();
}
