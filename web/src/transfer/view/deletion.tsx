/** Deleting everything: asked for, then confirmed with a typed word, with a copy offered in between. */
import type { Place, Said } from "./status.tsx";
import { Status } from "./status.tsx";

export const WORD = "delete";

export interface DeletionActions {
  /** Null takes the question back. */
  typeWord(typed: string | null): void;
  deleteAll(): void;
  save(place: Place): void;
}

interface Props {
  readonly typed: string | null;
  readonly said: Said | null;
  readonly actions: DeletionActions;
}

export function Deletion({ typed, said, actions }: Props) {
  return (
    <section aria-labelledby="transfer-deletion">
      <h2 id="transfer-deletion">Delete everything</h2>
      <p>
        Removes your answers, exams, cards, notes, plan and ticks, an exam under way, parts that were set
        aside and your display settings from this browser, in every tab. Nobody can bring them back.
      </p>
      {typed === null
        ? (
          <div class="mq-actions">
            <button type="button" class="mq-button tf-danger" onClick={() => actions.typeWord("")}>
              Delete everything…
            </button>
          </div>
        )
        : <Confirmation typed={typed} actions={actions} />}
      <Status place="deletion" said={said} />
    </section>
  );
}

function Confirmation({ typed, actions }: { typed: string; actions: DeletionActions }) {
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        actions.deleteAll();
      }}
    >
      <p>A copy can be brought in again later, here or in another browser.</p>
      <div class="mq-actions">
        <button type="button" class="mq-button" onClick={() => actions.save("deletion")}>
          Save a copy first
        </button>
      </div>
      <p class="tf-file">
        <label for="transfer-word">
          To confirm, type <strong>{WORD}</strong>
        </label>
        <input
          type="text"
          id="transfer-word"
          autocomplete="off"
          autocapitalize="none"
          spellcheck={false}
          value={typed}
          onInput={({ currentTarget }) => actions.typeWord(currentTarget.value)}
        />
      </p>
      <div class="mq-actions">
        <button type="submit" class="mq-button tf-danger" aria-disabled={!isConfirmed(typed)}>
          Delete everything now
        </button>
        <button type="button" class="mq-button" onClick={() => actions.typeWord(null)}>Keep it</button>
      </div>
    </form>
  );
}

export function isConfirmed(typed: string | null): boolean {
  return typed?.trim().toLowerCase() === WORD;
}
