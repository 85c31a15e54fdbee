/** Decks: all cards, or those of a chapter, a task or a service; and the search over all of them. */
import type { CardDocument, ServedCard } from "../cards.d.ts";
import { plain } from "../quiz/text.ts";

export type Kind = "all" | "chapter" | "task" | "service";

export const KINDS: readonly Kind[] = ["all", "chapter", "task", "service"];

/** A deck as it can be chosen; `key` is empty where the deck is all cards. */
export interface Choice {
  readonly by: Kind;
  readonly key: string;
}

export interface Deck {
  readonly key: string;
  readonly title: string;
  readonly size: number;
}

/** Under which keys a card stands in the decks of a kind. */
export function keys(card: ServedCard, by: Kind): string[] {
  switch (by) {
    case "all":
      return [""];
    case "chapter":
      return [card.chapter];
    case "task":
      return Object.entries(card.tasks).flatMap(([exam, tasks]) => tasks.map((task) => `${exam} ${task}`));
    case "service":
      return card.services;
  }
}

/** The decks of a kind: chapters in their order, tasks in that of the exams, services by name. */
export function decks({ cards, exams }: CardDocument, by: Kind): Deck[] {
  const sizes = new Map<string, number>();
  for (const card of cards) for (const key of keys(card, by)) sizes.set(key, (sizes.get(key) ?? 0) + 1);
  const titles = by === "chapter"
    ? new Map(cards.map((card) => [card.chapter, card.chapter_title]))
    : by === "task"
    ? new Map(exams.flatMap(({ id, tasks }) =>
      tasks.map((task) => [`${id} ${task.id}`, `${id.toUpperCase()} ${task.id} ${task.title}`] as const)
    ))
    : new Map([...sizes.keys()].sort().map((key) => [key, key]));
  return [...titles].flatMap(([key, title]) => {
    const size = sizes.get(key);
    return size === undefined ? [] : [{ key, title, size }];
  });
}

export function cardsOf({ cards }: CardDocument, { by, key }: Choice): ServedCard[] {
  return by === "all" ? cards : cards.filter((card) => keys(card, by).includes(key));
}

/** The choice that an address asks for after its `#`, as `chapter=02_modeling/06_metrics`, or all cards. */
export function choiceIn(bank: CardDocument, hash: string): Choice {
  for (const [by, key] of new URLSearchParams(hash.replace(/^#/, ""))) {
    const kind = KINDS.find((known) => known === by);
    if (kind && kind !== "all" && decks(bank, kind).some((deck) => deck.key === key)) {
      return { by: kind, key };
    }
  }
  return { by: "all", key: "" };
}

/** A function that returns the cards that hold every word, in whatever case, in front, back, chapter or services. */
export function searcher(cards: readonly ServedCard[]): (words: string) => readonly ServedCard[] {
  const texts = cards.map((card) =>
    [plain(card.front), plain(card.back), card.chapter_title, ...card.services].join("\n").toLowerCase()
  );
  return (words) => {
    const wanted = words.toLowerCase().split(/\s+/).filter(Boolean);
    return cards.filter((_, index) => wanted.every((word) => texts[index]!.includes(word)));
  };
}
