/** The journal: notes with dates, to add, change, take out and bring back. */
import type { Day } from "../../log/days.ts";
import type { Note } from "../../log/journal.ts";
import { count } from "../../exam/words.ts";
import { day } from "../../quiz/words.ts";
import { opening } from "../words.ts";

/** Characters: some five pages. */
export const LONGEST_NOTE = 10_000;
const SHOWN = 20;

export interface JournalState {
  /** The note that is being changed. */
  readonly editing: string | null;
  /** The note that was taken out last. */
  readonly removed: Note | null;
  /** What has become of the last note. */
  readonly said: string;
  readonly all: boolean;
}

export interface JournalActions {
  add(date: Day, text: string): void;
  edit(entry: string | null): void;
  save(entry: string, date: Day, text: string): void;
  remove(note: Note): void;
  restore(): void;
  showAll(): void;
}

interface Props {
  readonly notes: readonly Note[];
  readonly today: Day;
  readonly state: JournalState;
  readonly actions: JournalActions;
}

export function Journal({ notes, today, state, actions }: Props) {
  const shown = state.all ? notes : notes.slice(0, SHOWN);
  return (
    <section class="mp-section" aria-labelledby="progress-journal">
      <h2 id="progress-journal">Journal</h2>
      <p>What you tried, what surprised you, what you would do differently. Only this browser keeps it.</p>
      <NoteForm
        name="new"
        note={{ date: today, text: "" }}
        label="Add note"
        submit={(date, text) => actions.add(date, text)}
      />
      <div class="mp-said" role="status">
        {state.said !== "" && <p>{state.said}</p>}
        {state.removed !== null && (
          <button type="button" class="mq-button" id="progress-undo" onClick={actions.restore}>Undo</button>
        )}
      </div>
      <ul class="mp-notes" aria-label="Your notes">
        {shown.map((note) => (
          <li key={note.entry}>
            {state.editing === note.entry
              ? (
                <NoteForm
                  name={note.entry}
                  note={note}
                  label="Save"
                  submit={(date, text) => actions.save(note.entry, date, text)}
                  cancel={() => actions.edit(null)}
                />
              )
              : <Entry note={note} actions={actions} />}
          </li>
        ))}
      </ul>
      {shown.length < notes.length && (
        <div class="mq-actions">
          <button type="button" class="mq-button" onClick={actions.showAll}>
            Show all {count(notes.length, "note")}
          </button>
        </div>
      )}
    </section>
  );
}

function Entry({ note, actions }: { note: Note; actions: JournalActions }) {
  const which = `the note of ${day(note.date)}: ${opening(note.text)}`;
  return (
    <>
      <h3>{day(note.date)}</h3>
      <p class="mp-text">{note.text}</p>
      <p class="mp-tools">
        <button type="button" class="mp-link" data-edit={note.entry} onClick={() => actions.edit(note.entry)}>
          Edit<span class="mq-hidden">{which}</span>
        </button>
        <button type="button" class="mp-link" onClick={() => actions.remove(note)}>
          Delete<span class="mq-hidden">{which}</span>
        </button>
      </p>
    </>
  );
}

interface FormProps {
  readonly name: string;
  readonly note: Pick<Note, "date" | "text">;
  readonly label: string;
  readonly submit: (date: Day, text: string) => void;
  readonly cancel?: () => void;
}

function NoteForm({ name, note, label, submit, cancel }: FormProps) {
  return (
    <form
      class="mp-note-form"
      data-note={name}
      onSubmit={(event) => {
        event.preventDefault();
        const form = event.currentTarget;
        const fields = new FormData(form);
        submit(String(fields.get("date")), String(fields.get("text")));
        if (!cancel) form.reset();
      }}
    >
      <label>
        Date
        <input type="date" name="date" required defaultValue={note.date} />
      </label>
      <label class="mp-wide">
        Note
        <textarea
          name="text"
          required
          rows={4}
          maxLength={LONGEST_NOTE}
          defaultValue={note.text}
        />
      </label>
      <div class="mq-actions">
        <button type="submit" class="mq-button mq-primary">{label}</button>
        {cancel && <button type="button" class="mq-button" onClick={cancel}>Cancel</button>}
      </div>
    </form>
  );
}
