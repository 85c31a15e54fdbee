/** The cards inside a chapter: who has turned one may rate it there, for the same log as on the flashcards' page. */
import { type EventLog, openLog } from "../log/log.ts";
import { type Rating } from "./schedule.ts";
import { NAMES } from "./words.ts";

function start(): void {
  let opened: EventLog | null = null;
  const log = (): EventLog => opened ??= openLog();
  for (const section of document.querySelectorAll<HTMLElement>("section.cards")) {
    for (const card of section.querySelectorAll<HTMLDetailsElement>("details[data-card]")) {
      card.addEventListener("toggle", () => card.append(rating(card, section, log)), { once: true });
    }
  }
}

/** The line under a card's back: four buttons, and after one of them what was noted and the way to take it back. */
function rating(card: HTMLElement, section: HTMLElement, log: () => EventLog): HTMLElement {
  let review = "";
  const line = element("div", { className: "card-rating", role: "group", ariaLabel: "Did you know it?" });
  const said = element("p", { role: "status" });
  const choices = ([1, 2, 3, 4] as const).map((value) => button(NAMES[value], () => rate(value)));
  const undo = button("Take it back", () => {
    log().append({ type: "undo", event: review });
    show(false, choices[0]!, "Did you know it?");
  });
  const show = (rated: boolean, focus: HTMLElement | null, ...words: (string | Node)[]): void => {
    for (const choice of choices) choice.hidden = rated;
    undo.hidden = !rated;
    said.replaceChildren(...words);
    focus?.focus();
  };
  const rate = (value: Rating): void => {
    review = log().append({ type: "review", card: card.dataset["card"], rating: value }).id;
    const notice = log().notice();
    show(
      true,
      undo,
      `${NAMES[value]}, noted for your `,
      flashcards(section),
      `.${notice ? ` ${notice}` : ""}`,
    );
  };
  show(false, null, "Did you know it?");
  line.append(said, ...choices, undo);
  return line;
}

/** The flashcards' page, where the site has one. */
function flashcards(section: HTMLElement): Node | string {
  const href = section.dataset["flashcards"];
  return href ? element("a", { href, textContent: "flashcards" }) : "flashcards";
}

function button(textContent: string, press: () => void): HTMLButtonElement {
  const made = element("button", { type: "button", textContent });
  made.addEventListener("click", press);
  return made;
}

function element<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  properties: Partial<HTMLElementTagNameMap[Name]>,
): HTMLElementTagNameMap[Name] {
  return Object.assign(document.createElement(name), properties);
}

if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
else start();
