/** The page of a learner's progress. */
import type { Course } from "../../course.d.ts";
import type { Progress } from "../model.ts";
import { type ChapterActions, Chapters } from "./chapters.tsx";
import { Journal, type JournalActions, type JournalState } from "./journal.tsx";
import { Mastery, type MasteryActions, type Order } from "./mastery.tsx";
import { Milestones, type TickActions, Tools } from "./ticks.tsx";

export interface Actions extends MasteryActions, ChapterActions, TickActions, JournalActions {
  download(): void;
}

interface Props {
  readonly progress: Progress;
  readonly exams: Course["exams"];
  readonly order: Order;
  readonly journal: JournalState;
  readonly notice: string | null;
  readonly actions: Actions;
}

/** The last stands under the page's own sections, where copies are saved and brought in. */
const SECTIONS = [
  ["progress-mastery", "Mastery"],
  ["progress-chapters", "Chapters and labs"],
  ["progress-milestones", "Milestones"],
  ["progress-tools", "Tools"],
  ["progress-journal", "Journal"],
  ["transfer-copy", "Save a copy"],
] as const;

export function App({ progress, exams, order, journal, notice, actions }: Props) {
  return (
    <div class="mlacourse-quiz mlacourse-progress">
      {notice !== null && <p class="mq-notice">{notice}</p>}
      <nav class="mp-jumps" aria-label="Sections of your progress">
        <ul>
          {SECTIONS.map(([id, words]) => (
            <li key={id}>
              <a href={`#${id}`}>{words}</a>
            </li>
          ))}
        </ul>
      </nav>
      <Mastery progress={progress} exams={exams} order={order} actions={actions} />
      <Chapters parts={progress.parts} actions={actions} />
      <Milestones progress={progress} actions={actions} />
      <Tools groups={progress.tools} actions={actions} />
      <Journal notes={progress.notes} today={progress.today} state={journal} actions={actions} />
      <section class="mp-section" aria-labelledby="progress-keep">
        <h2 id="progress-keep">A copy to read</h2>
        <p>
          All of this page as one Markdown file: mastery, chapters, labs, tools, milestones and your journal.
        </p>
        <div class="mq-actions">
          <button type="button" class="mq-button" onClick={actions.download}>Download as Markdown</button>
        </div>
      </section>
    </div>
  );
}
