/** The quiz in a notebook: an anywidget module. Answers live as long as the cell's output, and a link carries them on. */
import type { QuizDocument } from "../bank.d.ts";
import type { LogEvent } from "../log/events.ts";
import { newId } from "../log/log.ts";
import { linkTo } from "../transfer/link.ts";
import { mount } from "./mount.tsx";

interface Model {
  get(trait: "quiz"): QuizDocument;
  get(trait: "site"): string;
}

function render({ model, el }: { model: Model; el: HTMLElement }): () => void {
  const [quiz, site] = [model.get("quiz"), model.get("site")];
  const answers: LogEvent[] = [];
  return mount(el, quiz, {
    newTab: true,
    past: new Map(),
    notice: () => null,
    wayToSite: () => answers.length > 0 ? { href: linkTo(site, answers), answers: answers.length } : null,
    record(answer) {
      const t = new Date().toISOString();
      answers.push({ ...answer, v: 1, id: newId(), t, type: "answer", quiz: quiz.id });
    },
  });
}

export default { render };
