/** Every open mistake: grouped, filtered and sorted as the learner likes. */
import type { ExamPlan } from "../../exam.d.ts";
import { hashOf, MOST_NAMED } from "../../exam/presets.ts";
import { ERROR_KINDS, isErrorKind } from "../../log/mistakes.ts";
import { type Chapter, type Entry, type Group, grouped, type Kinds, type View } from "../model.ts";
import { GROUPINGS, groupTitle, KINDS, ORDERS, UNSAID } from "../words.ts";
import { Cut } from "./cut.tsx";
import { type EntryActions, FoldedEntry } from "./entry.tsx";

export interface OpenActions extends EntryActions {
  arrange(changes: Partial<View>): void;
}

interface Props {
  readonly open: readonly Entry[];
  readonly exam: ExamPlan;
  readonly chapters: readonly Chapter[];
  readonly view: View;
  readonly kinds: Kinds;
  readonly saved: ReadonlyMap<string, string>;
  readonly actions: OpenActions;
}

const SHOWN = 10;

export function Open(props: Props) {
  const { open, exam, chapters, view, kinds, actions } = props;
  const groups = grouped(open, view, kinds, exam, chapters);
  const shown = groups.reduce((sum, { entries }) => sum + entries.length, 0);
  return (
    <section aria-labelledby="mistakes-open">
      <h2 class="mx-heading" id="mistakes-open">One by one</h2>
      <Controls view={view} arrange={actions.arrange} />
      <p class="mx-note" role="status">
        {shown === open.length ? `All ${shown} are shown.` : `${shown} of ${open.length} are shown.`}
      </p>
      {groups.map((group) => <Grouped key={`${view.by} ${group.id}`} {...props} group={group} />)}
    </section>
  );
}

function Controls({ view, arrange }: { view: View; arrange: OpenActions["arrange"] }) {
  return (
    <div class="mm-controls">
      <Pick
        label="Group by"
        value={view.by}
        entries={Object.entries(GROUPINGS)}
        choose={(by) => arrange({ by: by as View["by"] })}
      />
      <Pick
        label="Kind of error"
        value={view.kind}
        entries={[["all", "All"], ...ERROR_KINDS.map((kind) => [kind, KINDS[kind]] as const), [
          "unsaid",
          UNSAID,
        ]]}
        choose={(kind) => arrange({ kind: isErrorKind(kind) ? kind : kind === "unsaid" ? kind : "all" })}
      />
      <Pick
        label="Order"
        value={view.order}
        entries={Object.entries(ORDERS)}
        choose={(order) => arrange({ order: order as View["order"] })}
      />
    </div>
  );
}

interface PickProps {
  readonly label: string;
  readonly value: string;
  readonly entries: readonly (readonly [string, string])[];
  readonly choose: (value: string) => void;
}

function Pick({ label, value, entries, choose }: PickProps) {
  return (
    <label class="mx-field">
      {label}{" "}
      <select class="mq-select" value={value} onChange={(event) => choose(event.currentTarget.value)}>
        {entries.map(([key, words]) => <option key={key} value={key}>{words}</option>)}
      </select>
    </label>
  );
}

function Grouped({ group, view, exam, chapters, saved, actions }: Props & { group: Group }) {
  const title = groupTitle(view.by, group.id, exam, chapters);
  const asked = group.entries.filter(({ task }) => task !== null).map(({ mistake }) => mistake.question);
  return (
    <section class="mm-group">
      <h3>{title} ({group.entries.length})</h3>
      {asked.length > 0 && (
        <p>
          <a href={`mock_exam.html${hashOf(asked, exam.id)}`}>
            {asked.length > MOST_NAMED ? `Practise ${MOST_NAMED} of these` : `Practise these ${asked.length}`}
            <span class="mq-hidden">of {title}</span>
          </a>
        </p>
      )}
      <Cut
        items={group.entries}
        most={SHOWN}
        name="mx-answers"
        item={(entry) => (
          <li key={entry.mistake.question}>
            <FoldedEntry
              entry={entry}
              practise={entry.task === null
                ? null
                : `mock_exam.html${hashOf([entry.mistake.question], exam.id)}`}
              saved={saved.get(entry.mistake.question) ?? ""}
              actions={actions}
            />
          </li>
        )}
      />
    </section>
  );
}
