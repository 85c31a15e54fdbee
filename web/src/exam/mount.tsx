/** Puts the exam into an element and keeps the page, the clock, the storage and the focus together. */
import { render } from "preact";
import { attempts } from "../log/attempts.ts";
import { type EventLog, newId } from "../log/log.ts";
import type { Slot } from "../log/slot.ts";
import type { Question } from "../quiz/grade.ts";
import { newSeed, shuffled } from "../quiz/shuffle.ts";
import { askedOf, type Bank } from "./bank.ts";
import { advance, type Clock, type Reading, startClock, unseenBefore } from "./clock.ts";
import { keyFor, takesText } from "./keys.ts";
import * as model from "./model.ts";
import { pastOf } from "./past.ts";
import { presetOf } from "./presets.ts";
import { type Choice, firstChoice, NO_PAST, plan } from "./sets.ts";
import { App, type Screen } from "./view/app.tsx";
import type { Filter } from "./view/report.tsx";
import { duration } from "./words.ts";

export interface Host {
  readonly log: EventLog;
  readonly slot: Slot;
  readonly reading: () => Reading;
  readonly readShortcuts: () => boolean;
  readonly writeShortcuts: (on: boolean) => void;
}

const NOT_STORED =
  "This browser does not store your answers: they are kept until you leave this page. Its storage is full or switched off.";
const UNREADABLE =
  "An exam that was under way cannot be gone on with: its questions have left the course, or what was stored is damaged. " +
  "It was set aside, not deleted.";
const UNDER_WAY = "An exam is under way. What the link asks for is chosen when you have handed it in.";
const TIME_UP = "Time was up: your answers were handed in as they stood.";
/** Seconds between two notes of the time; answers are stored at once. */
const HEARTBEAT = 10;

export function mount(root: HTMLElement, bank: Bank, { log, slot, reading, ...host }: Host): void {
  const seed = newSeed();
  let choice: Choice = firstChoice(bank, 1 + seed % 999_999);
  let screen: Screen = { name: "setup" };
  let clock: Clock = startClock(null, reading());
  let marking = false;
  let shortcuts = host.readShortcuts();
  let notice: string | null = null;
  let notStored = false;
  let beats = 0;

  const past = pastOf(log);
  const setUp = () => screen.name === "setup";
  const notices = (): string[] => [
    ...new Set([notice, notStored ? NOT_STORED : null, log.notice()].filter((line) => line !== null)),
  ];
  const show = (): void =>
    render(
      <App
        bank={bank}
        screen={screen}
        choice={choice}
        past={setUp() ? past() : NO_PAST}
        attempts={setUp() ? attempts(log.events()) : []}
        seed={seed}
        notices={notices()}
        marking={marking}
        shortcuts={shortcuts}
        remaining={() => screen.name === "sitting" ? model.remaining(screen.sitting, instant()) : null}
        actions={actions}
      />,
      root,
    );
  const focusHeading = (): void => {
    const heading = root.querySelector<HTMLElement>("#exam-heading");
    heading?.focus({ preventScroll: true });
    heading?.scrollIntoView({ block: "nearest" });
  };
  const go = (next: Screen): void => {
    screen = next;
    root.dataset["screen"] = next.name;
    show();
    focusHeading();
  };

  /** The instant now, without noting it. */
  const instant = (): number => advance(clock, reading()).clock.now;

  /** Notes the time in the sitting, and tells what passed unseen. */
  const timed = (sitting: model.Sitting): model.Sitting => {
    const { clock: next, unseen } = advance(clock, reading());
    clock = next;
    if (unseen > 0 && sitting.deadline !== null) tellUnseen(unseen);
    return model.tick(sitting, clock.now, unseen);
  };
  const tellUnseen = (milliseconds: number): void => {
    notice =
      `${
        duration(milliseconds / 1000)
      } passed while this page was closed or asleep, or the computer's clock ` +
      "was set forward. They count.";
  };

  const keep = (sitting: model.Sitting): void => {
    const saved = slot.save(sitting);
    notStored = saved === "refused";
    if (saved === "taken") go({ name: "elsewhere" });
    else screen = { name: "sitting", sitting };
  };
  const change = (next: (sitting: model.Sitting) => model.Sitting): void => {
    if (screen.name !== "sitting") return;
    const sitting = timed(screen.sitting);
    if (model.remaining(sitting, clock.now) === 0) return handIn(sitting, TIME_UP);
    keep(next(sitting));
    show();
  };
  const handIn = (sitting: model.Sitting, told: string | null): void => {
    // The exam's own id makes this one event, however often it is handed in.
    log.appendOnce(`attempt-${sitting.id}`, { type: "attempt", ...model.handIn(bank, sitting) });
    if (log.lasts()) slot.clear();
    notice = told;
    openReport(`attempt-${sitting.id}`);
  };
  const openReport = (id: string): void => {
    const attempt = attempts(log.events()).find((candidate) => candidate.id === id);
    if (!attempt) return go({ name: "setup" });
    go({ name: "report", attempt, filter: "all", filled: false });
    // The estimate is painted before the questions under it are filled in.
    requestAnimationFrame(() => setTimeout(fill));
  };
  const fill = (): void => {
    if (screen.name !== "report" || screen.filled) return;
    screen = { ...screen, filled: true };
    show();
  };

  /** Chooses what the page's address asks for, unless that is a place on the page. */
  const follow = (leaveReport: boolean): void => {
    if (document.getElementById(location.hash.slice(1))) return;
    const preset = presetOf(location.hash, bank, past());
    if (!preset) return;
    choice = { ...choice, ...preset.choice };
    if (screen.name === "report" && !leaveReport) return;
    if (screen.name === "report") go({ name: "setup" });
    notice = screen.name === "setup" ? preset.notice : UNDER_WAY;
    show();
  };

  /** Goes on with the exam that is stored, if there is one and it is this tab's. */
  const resume = (): void => {
    const sitting = model.restored(bank, slot.read());
    if (!sitting) {
      slot.setAside();
      notice = UNREADABLE;
      return go({ name: "setup" });
    }
    clock = startClock(sitting.seen, reading());
    const unseen = unseenBefore(sitting.seen, clock);
    if (unseen > 0 && sitting.deadline !== null) tellUnseen(unseen);
    const now = model.tick(sitting, clock.now, clock.now - sitting.seen);
    if (model.remaining(now, clock.now) === 0) return handIn(now, TIME_UP);
    screen = { name: "sitting", sitting: now };
    keep(now);
    if (screen.name === "sitting") go(screen);
  };
  const open = async (): Promise<void> => {
    if (slot.read() === null) {
      if (screen.name !== "report") show();
    } else if (!await slot.claim()) go({ name: "elsewhere" });
    else if (screen.name !== "sitting") resume();
  };

  const goTo = (next: (sitting: model.Sitting) => model.Sitting): void => {
    marking = false;
    change(next);
    focusHeading();
  };
  const actions = {
    choose(changes: Partial<Choice>) {
      choice = { ...choice, ...changes };
      show();
    },
    start() {
      const planned = plan(bank, choice, past(), seed);
      if (planned.entries.length === 0) return;
      if (slot.read() !== null) return void open();
      clock = startClock(null, reading());
      notice = null;
      const sitting = model.begin(bank, {
        id: newId(),
        exam: choice.exam,
        kind: planned.kind,
        title: planned.title,
        mode: choice.mode,
        seed: newSeed(),
        entries: planned.entries,
        now: clock.now,
        allowed: choice.time === null ? null : planned.time * choice.time,
      });
      screen = { name: "sitting", sitting };
      keep(sitting);
      if (screen.name === "sitting") go(screen);
    },
    put: (question: Question, key: string, value: string | null) =>
      change((sitting) => model.put(sitting, question, key, value)),
    strike: (question: string, option: string) =>
      change((sitting) => model.toggleStruck(sitting, question, option)),
    mark: (question: string, sentence: number) =>
      change((sitting) => model.toggleMarked(sitting, question, sentence)),
    toggleMarking() {
      marking = !marking;
      show();
    },
    flag: (question: string) => change((sitting) => model.toggleFlag(sitting, question)),
    confide: (question: string, confidence: model.Work["confidence"]) =>
      change((sitting) => model.setConfidence(sitting, question, confidence)),
    check(question: Question) {
      change((sitting) => model.check(sitting, question));
      root.querySelector<HTMLElement>(".mq-verdict")?.focus();
    },
    goTo: (at: number) => goTo((sitting) => model.goTo(sitting, at)),
    review: () => goTo(model.review),
    pause: (paused: boolean) => goTo((sitting) => model.pause(sitting, paused)),
    submit() {
      if (screen.name === "sitting") handIn(timed(screen.sitting), null);
    },
    setShortcuts(on: boolean) {
      shortcuts = on;
      host.writeShortcuts(on);
      show();
    },
    show(filter: Filter) {
      if (screen.name === "report") screen = { ...screen, filter };
      show();
    },
    sit(changes: Partial<Choice>) {
      choice = { ...choice, ...changes };
      notice = null;
      go({ name: "setup" });
    },
    close() {
      notice = null;
      go({ name: "setup" });
    },
    openReport,
    takeOver() {
      slot.take();
      resume();
    },
  };

  /** Chooses or crosses out the option in a place, as it stands on the screen. */
  const atPlace = (does: "choose" | "strike", place: number): void => {
    if (screen.name !== "sitting" || screen.sitting.reviewing || screen.sitting.paused) return;
    const { sitting } = screen;
    const { question } = askedOf(bank, model.current(sitting));
    if (!("options" in question)) return;
    const option = shuffled(question.options, model.optionSeed(sitting.seed, question.id))[place];
    if (!option) return;
    if (does === "strike") return actions.strike(question.id, option.id);
    const chosen = model.draftOf(sitting, question.id).has(option.id);
    actions.put(question, option.id, chosen && question.type === "multiple_response" ? null : "on");
  };
  addEventListener("keydown", (event) => {
    if (screen.name !== "sitting" || !shortcuts || event.defaultPrevented || takesText(event.target)) return;
    const key = keyFor(event);
    if (!key || screen.sitting.paused) return;
    event.preventDefault();
    const { at, entries, reviewing } = screen.sitting;
    if (key.does === "choose" || key.does === "strike") atPlace(key.does, key.place);
    else if (key.does === "review") actions.review();
    else if (reviewing) {
      if (key.does === "previous") actions.goTo(at);
    } else if (key.does === "next") actions.goTo(at + 1);
    else if (key.does === "previous") actions.goTo(at - 1);
    else if (key.does === "flag") actions.flag(entries[at]!.question);
    else actions.toggleMarking();
  });

  setInterval(() => {
    if (screen.name !== "sitting") return;
    const told = notice;
    const sitting = timed(screen.sitting);
    if (model.remaining(sitting, clock.now) === 0) return handIn(sitting, TIME_UP);
    screen = { name: "sitting", sitting };
    if (++beats % HEARTBEAT === 0) keep(sitting);
    if (notice !== told) show();
  }, 1000);
  slot.subscribe(() => {
    const running = slot.read() !== null;
    if (screen.name === "sitting") {
      if (!slot.isMine()) go({ name: running ? "elsewhere" : "setup" });
    } else if (screen.name === "elsewhere" && !running) go({ name: "setup" });
    else if (screen.name === "setup" && running && !slot.isMine()) go({ name: "elsewhere" });
  });
  log.subscribe(() => {
    if (screen.name === "setup") show();
  });
  addEventListener("pagehide", () => {
    if (screen.name === "sitting") slot.save(timed(screen.sitting));
    slot.release();
  });
  addEventListener("pageshow", (event) => {
    if (event.persisted) void open();
  });
  addEventListener("hashchange", () => follow(true));
  addEventListener("beforeprint", () => {
    fill();
    for (const fold of root.querySelectorAll("details")) fold.open = true;
  });

  root.replaceChildren();
  root.dataset["screen"] = screen.name;
  void open().then(() => follow(false));
}
