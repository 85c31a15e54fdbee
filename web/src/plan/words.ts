/** What the pieces of a plan are called. */
import type { Item } from "./items.ts";
import type { Material } from "./material.ts";
import { FORMS } from "./rules.ts";

const NAMES = {
  diagnostic: "Diagnostic",
  read: "Read",
  exercises: "Exercises",
  quiz: "Quiz",
  cards: "Flashcards",
  rest: "Rest",
} as const;

/** What there is to do, in a few words; a piece with less than its whole time says so. */
export function titleOf(item: Item, { chapters, topics }: Material): string {
  const chapter = chapters.find(({ id }) => id === item.chapter)?.title ?? "";
  const topic = topics.find(({ id }) => id === item.task);
  const task = topic ? `task ${topic.id}, ${topic.title}` : "";
  const number = item.id.slice(item.id.lastIndexOf("/") + 1);
  switch (item.kind) {
    case "practice":
      return `Practise ${task}: set ${number}, ${item.questions} questions`;
    case "revise":
      return `Revise ${task}${number === "1" ? "" : `: round ${number}`}`;
    case "mock":
      return `Mock exam, ${formOf(item.id)}`;
    case "timed":
      return `Timed set: ${item.questions} questions`;
    case "review":
      return item.id.includes("/mock/")
        ? `Go over the mock exam, ${formOf(item.id)}`
        : "Go over the timed set";
    case "gap":
      return "";
    default: {
      const name = NAMES[item.kind];
      if (item.chapter === null) return name;
      return `${name}: ${chapter}${item.minutes < item.whole ? ", shortened" : ""}`;
    }
  }
}

/** `1 h 30 min`. */
export function duration(minutes: number): string {
  const [hours, rest] = [Math.floor(minutes / 60), minutes % 60];
  return hours === 0 ? `${rest} min` : rest === 0 ? `${hours} h` : `${hours} h ${rest} min`;
}

function formOf(id: string): string {
  const form = FORMS[Number(id.slice(id.lastIndexOf("/") + 1)) - 1];
  return form === undefined ? "a random form" : `form ${form}`;
}
