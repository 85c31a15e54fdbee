/** Puts the flashcards into an element and keeps the page, the log and the focus together. */
import { render } from "preact";
import type { CardDocument } from "../cards.d.ts";
import { takesText } from "../exam/keys.ts";
import type { NewEvent } from "../log/events.ts";
import { type EventLog, newId } from "../log/log.ts";
import { localDay } from "./day.ts";
import { cardsOf, type Choice, choiceIn, searcher } from "./decks.ts";
import { isControl, keyFor } from "./keys.ts";
import { replayer } from "./learner.ts";
import { type Moment, type Rating } from "./schedule.ts";
import * as session from "./session.ts";
import { App, type Screen } from "./view/app.tsx";
import { FIND, type Find } from "./view/browse.tsx";
import { interval, NAMES } from "./words.ts";
import { writer } from "./writing.ts";

export interface Host {
  readonly log: EventLog;
  readonly now: () => number;
  /** What stands behind the `#` of the page's address: a deck to begin with. */
  readonly hash: string;
  readonly readShortcuts: () => boolean;
  readonly writeShortcuts: (on: boolean) => void;
}

export function mount(root: HTMLElement, bank: CardDocument, { log, ...host }: Host): void {
  const afterPaint = (write: () => void) => void requestAnimationFrame(() => setTimeout(write));
  const written = writer(log, { now: host.now, newId, afterPaint });
  const replayed = replayer(localDay);
  const found = searcher(bank.cards);
  let learner = replayed(log.events());
  let choice: Choice = choiceIn(bank, host.hash);
  let screen: Screen = { name: "decks" };
  let said = "";
  let shortcuts = host.readShortcuts();
  let notice = log.notice();

  const now = (): Moment => {
    const instant = host.now();
    return { instant, day: localDay(instant) };
  };
  const show = (): void => {
    notice = log.notice();
    render(
      <App
        bank={bank}
        learner={learner}
        now={now()}
        choice={choice}
        screen={screen}
        found={found}
        notice={notice}
        said={said}
        shortcuts={shortcuts}
        actions={actions}
      />,
      root,
    );
  };
  const focus = (id: string): void => {
    const place = root.querySelector<HTMLElement>(`#${id}`);
    place?.focus({ preventScroll: true });
    place?.scrollIntoView({ block: "nearest" });
  };
  const go = (next: Screen, saying = ""): void => {
    screen = next;
    root.dataset["screen"] = next.name;
    said = saying;
    show();
    focus("cards-heading");
  };

  const append = (event: NewEvent): string => {
    const id = written.append(event);
    learner = replayed(written.events());
    return id;
  };
  const refresh = (): void => {
    learner = replayed(written.events());
    if (screen.name === "review") {
      screen = { ...screen, session: session.refreshed(screen.session, learner, now()) };
    }
    show();
  };

  const actions = {
    choose(next: Choice) {
      choice = next;
      show();
    },
    setNewPerDay(limit: number) {
      append({ type: "deck", new_per_day: limit });
      show();
    },
    start() {
      const begun = session.begin(cardsOf(bank, choice), learner, now());
      if (begun.card !== null) go({ name: "review", session: begun });
    },
    show() {
      if (screen.name !== "review") return;
      screen = { ...screen, session: session.turn(screen.session) };
      show();
      focus("cards-answer");
    },
    rate(rating: Rating) {
      if (screen.name !== "review" || screen.session.card === null || !screen.session.shown) return;
      const { card } = screen.session;
      const id = append({ type: "review", card, rating });
      const at = now();
      const memory = learner.memories.get(card);
      const saying = `${NAMES[rating]}${memory ? `: comes back in ${interval(memory, at)}` : ""}.`;
      const done = { does: "review", card, event: id } as const;
      go({ name: "review", session: session.after(screen.session, done, learner, at) }, saying);
    },
    suspend() {
      if (screen.name !== "review" || screen.session.card === null) return;
      const { card } = screen.session;
      append({ type: "suspend", card, on: true });
      const next = session.after(screen.session, { does: "suspend", card }, learner, now());
      go({ name: "review", session: next }, "Suspended: this card is not asked any more.");
    },
    undo() {
      const last = screen.name === "review" ? screen.session.done.at(-1) : undefined;
      if (screen.name !== "review" || !last) return;
      if (last.does === "review") append({ type: "undo", event: last.event });
      else append({ type: "suspend", card: last.card, on: false });
      go({ name: "review", session: session.back(screen.session) }, "Taken back.");
    },
    browse: () => go({ name: "browse", find: FIND }),
    find(changes: Partial<Find>) {
      if (screen.name === "browse") screen = { ...screen, find: { ...screen.find, ...changes } };
      show();
    },
    setSuspended(card: string, on: boolean) {
      append({ type: "suspend", card, on });
      said = on ? "Suspended: this card is not asked any more." : "This card is asked again.";
      show();
    },
    toDecks: () => go({ name: "decks" }),
    setShortcuts(on: boolean) {
      shortcuts = on;
      host.writeShortcuts(on);
      show();
    },
  };

  addEventListener("keydown", (event) => {
    if (screen.name !== "review" || !shortcuts || event.defaultPrevented || takesText(event.target)) return;
    const key = keyFor(event, screen.session.shown);
    if (!key || ([" ", "Enter"].includes(event.key) && isControl(event.target))) return;
    event.preventDefault();
    if (key.does === "rate") actions.rate(key.rating);
    else actions[key.does]();
  });
  log.subscribe(() => {
    if (!written.busy() || log.notice() !== notice) refresh();
  });
  addEventListener("pagehide", written.flush);
  addEventListener("pageshow", refresh);
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") written.flush();
    else refresh(); // hours may have passed, and with them a day
  });

  root.replaceChildren();
  show();
}
