/** Chapters read and quizzed, and their labs. */
import { day } from "../../quiz/words.ts";
import { dayOf } from "../../log/days.ts";
import { PageLink } from "../../quiz/source.tsx";
import type { ChapterStanding, LabStanding, PartStanding } from "../chapters.ts";
import { quizLine } from "../words.ts";
import { Tick } from "./ticks.tsx";

export interface ChapterActions {
  setRead(chapter: string, on: boolean): void;
  setLab(lab: string, chapter: string, on: boolean): void;
}

interface Props {
  readonly parts: readonly PartStanding[];
  readonly actions: ChapterActions;
}

export function Chapters({ parts, actions }: Props) {
  return (
    <section class="mp-section" aria-labelledby="progress-chapters">
      <h2 id="progress-chapters">Chapters and labs</h2>
      <p>
        Tick a chapter when you have read it. Its quiz counts by itself, and so does a lab whose last check
        gave you a link to this page.
      </p>
      {parts.map(({ id, title, chapters }) => (
        <section key={id} aria-labelledby={`progress-part-${id}`}>
          <h3 id={`progress-part-${id}`}>{title}</h3>
          <ul class="mp-chapters">
            {chapters.map((chapter) => <Chapter key={chapter.id} chapter={chapter} actions={actions} />)}
          </ul>
        </section>
      ))}
    </section>
  );
}

function Chapter({ chapter, actions }: { chapter: ChapterStanding; actions: ChapterActions }) {
  const { id, title, href, read, labs } = chapter;
  return (
    <li>
      <p class="mp-chapter">
        <PageLink href={href} newTab={false}>{title}</PageLink>
      </p>
      <Tick on={read !== null} set={(on) => actions.setRead(id, on)} about={title}>
        Read{read !== null && `, ${day(dayOf(read))}`}
      </Tick>
      <p class="mp-note">Quiz: {quizLine(chapter)}</p>
      {labs.length > 0 && (
        <ul class="mp-labs" aria-label={`Labs of ${title}`}>
          {labs.map((lab) => <Lab key={lab.id} lab={lab} chapter={id} actions={actions} />)}
        </ul>
      )}
    </li>
  );
}

function Lab({ lab, chapter, actions }: { lab: LabStanding; chapter: string; actions: ChapterActions }) {
  const { id, title, href, done } = lab;
  return (
    <li>
      <Tick on={done !== null} set={(on) => actions.setLab(id, chapter, on)} about={title}>
        Done{done !== null &&
          `, ${done.by === "notebook" ? "checked in the notebook " : ""}${day(dayOf(done.since))}`}
      </Tick>
      <span>
        Lab: <PageLink href={href} newTab={false}>{title}</PageLink>
      </span>
    </li>
  );
}
