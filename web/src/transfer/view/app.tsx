/** The learner's data on the page: save a copy, bring one in, see what is kept, delete it. */
import type { ExportState } from "../../log/exports.ts";
import type { Inventory } from "../../log/inventory.ts";
import { copyLine, keptLine, type Promised, PROMISES, reminder } from "../words.ts";
import { Deletion, type DeletionActions } from "./deletion.tsx";
import { Offer, type OfferActions, type Offered } from "./offer.tsx";
import { type Place, type Said, Status } from "./status.tsx";

export interface Actions extends OfferActions, DeletionActions {
  save(place: Place): void;
  choose(file: File): void;
  askToKeep(): void;
}

/** What only the page about the learner's data shows. */
export interface Kept {
  readonly inventory: Inventory | null;
  readonly promised: Promised;
  /** What was typed to confirm a deletion; null as long as none is asked for. */
  readonly typed: string | null;
}

interface Props {
  /** Entries that a copy would have. */
  readonly events: number;
  readonly copy: ExportState;
  readonly offered: Offered | null;
  readonly kept: Kept | null;
  readonly said: Said | null;
  readonly notice: string | null;
  readonly actions: Actions;
}

export function App(props: Props) {
  const { offered, kept, said, notice, actions } = props;
  return (
    <div class="mlacourse-quiz mlacourse-transfer">
      {notice !== null && <p class="mq-notice">{notice}</p>}
      {offered && <Offer offered={offered} actions={actions} />}
      <Status place="offer" said={said} />
      <Copy {...props} />
      <FromFile said={said} actions={actions} />
      {kept && <Storage {...props} kept={kept} />}
      {kept && <Deletion typed={kept.typed} said={said} actions={actions} />}
    </div>
  );
}

function Copy({ events, copy, said, actions }: Props) {
  const asked = reminder(copy);
  return (
    <section aria-labelledby="transfer-copy">
      <h2 id="transfer-copy">Save a copy</h2>
      {asked !== null && <p class="mq-notice">{asked}</p>}
      <p>{copyLine(copy)}</p>
      {events > 0 && (
        <div class="mq-actions">
          <button
            type="button"
            class={asked === null ? "mq-button" : "mq-button mq-primary"}
            onClick={() => actions.save("copy")}
          >
            Download my progress
          </button>
        </div>
      )}
      <Status place="copy" said={said} />
    </section>
  );
}

function FromFile({ said, actions }: Pick<Props, "said" | "actions">) {
  return (
    <section aria-labelledby="transfer-in">
      <h2 id="transfer-in">Bring in a copy</h2>
      <p id="transfer-how">
        From another browser or device: choose the file that you saved there, or drop it here. You see what it
        holds before anything is added.
      </p>
      <p class="tf-file">
        <label for="transfer-file">Progress file</label>
        <input
          type="file"
          id="transfer-file"
          accept=".json,application/json"
          aria-describedby="transfer-how"
          onChange={({ currentTarget }) => {
            const file = currentTarget.files?.[0];
            if (file) actions.choose(file);
            // So that the same file can be chosen again.
            currentTarget.value = "";
          }}
        />
      </p>
      <Status place="in" said={said} />
    </section>
  );
}

function Storage({ events, kept, said, actions }: Props & { kept: Kept }) {
  const { inventory, promised } = kept;
  return (
    <section aria-labelledby="transfer-storage">
      <h2 id="transfer-storage">What is kept here now</h2>
      {inventory && <p>{keptLine(events, inventory)}</p>}
      {inventory && <p>{PROMISES[promised]}</p>}
      {!inventory && <p>This browser forbids the page to keep anything.</p>}
      {inventory && promised === "not promised" && (
        <div class="mq-actions">
          <button type="button" class="mq-button" onClick={actions.askToKeep}>
            Ask the browser to keep it
          </button>
        </div>
      )}
      <Status place="storage" said={said} />
    </section>
  );
}
