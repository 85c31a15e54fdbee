/** The quiz in a notebook: an anywidget module. Answers live as long as the cell's output. */
import type { QuizDocument } from "../bank.d.ts";
import { mount } from "./mount.tsx";

interface Model {
  get(trait: "quiz"): QuizDocument;
}

function render({ model, el }: { model: Model; el: HTMLElement }): () => void {
  return mount(el, model.get("quiz"), {
    newTab: true,
    past: new Map(),
    notice: () => null,
    record: () => {},
  });
}

export default { render };
