/** The sections to read again, to work through or to print. */
import type { ExamPlan } from "../../exam.d.ts";
import { count } from "../../exam/words.ts";
import { PageLink } from "../../quiz/source.tsx";
import { type Entry, revision, type Section } from "../model.ts";

const SHOWN = 10;

export function Revision({ open, exam }: { open: readonly Entry[]; exam: ExamPlan }) {
  const sections = revision(open, exam);
  const rest = sections.slice(SHOWN);
  return (
    <section class="mm-revision" aria-labelledby="mistakes-reread">
      <h2 class="mx-heading" id="mistakes-reread">Read again</h2>
      <p class="mx-note">
        The sections behind your open mistakes. First comes what counts most: the number of mistakes, each
        times the weight of its domain in {exam.id.toUpperCase()}.
      </p>
      <Sections sections={sections.slice(0, SHOWN)} first={1} />
      {rest.length > 0 && (
        <details>
          <summary>The other {count(rest.length, "section")}</summary>
          <Sections sections={rest} first={SHOWN + 1} />
        </details>
      )}
      <div class="mq-actions">
        <button type="button" class="mq-button mx-small" onClick={() => print()}>Print this list</button>
      </div>
    </section>
  );
}

function Sections({ sections, first }: { sections: readonly Section[]; first: number }) {
  return (
    <ol class="mm-sections" start={first}>
      {sections.map(({ href, label, chapter, count: mistakes }) => (
        <li key={href}>
          <PageLink href={href} newTab={false}>{label}</PageLink>{" "}
          <span class="mx-state">
            {chapter && `${chapter.title}, `}
            {count(mistakes, "open mistake")}
          </span>
        </li>
      ))}
    </ol>
  );
}
