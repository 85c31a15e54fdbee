/* Written by `deno task build` from web/schema/cards.schema.json; edit the model in src/mlacourse/bank. */

/**
 * Every card of the course, and the files that hold them for other programs.
 */
export interface CardDocument {
  cards: ServedCard[];
  exams: CardExam[];
  downloads: Link[];
}
/**
 * A card as the browser gets it, with its chapter and its tasks in each exam.
 */
export interface ServedCard {
  id: string;
  front: string;
  back: string;
  chapter: string;
  chapter_title: string;
  tasks: {
    [k: string]: string[];
  };
  services: string[];
  learn_link: Link;
  sources: Source[];
}
/**
 * A link to a chapter's section.
 */
export interface Link {
  href: string;
  label: string;
}
/**
 * A page that was read, and the day it was read.
 */
export interface Source {
  url: string;
  checked: string;
}
/**
 * An exam that has cards, and those of its tasks that have some.
 */
export interface CardExam {
  id: string;
  tasks: ExamTask[];
}
/**
 * A task statement.
 */
export interface ExamTask {
  id: string;
  title: string;
}
