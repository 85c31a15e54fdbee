/** What a file or a link would add, for the learner to agree to. */
import type { Incoming } from "../file.ts";
import type { Preview } from "../preview.ts";
import { entries, freshLines, originLine, remarks } from "../words.ts";

export interface Offered {
  /** The file's name, or null for a link. */
  readonly file: string | null;
  readonly incoming: Incoming;
  readonly preview: Preview;
  /** This site's address, if it has one. */
  readonly site: string | null;
}

export interface OfferActions {
  accept(): void;
  decline(): void;
}

export function Offer({ offered, actions }: { offered: Offered; actions: OfferActions }) {
  const { file, incoming, preview, site } = offered;
  const fresh = freshLines(preview);
  const origin = originLine(incoming, site);
  return (
    <section class="tf-offer" aria-labelledby="transfer-offer">
      <h2 id="transfer-offer" tabIndex={-1}>Add this to your progress?</h2>
      <p>
        {file === null ? "It comes from the link that you followed." : <>It comes from the file “{file}”.</>}
        {" "}
        {origin}
      </p>
      {preview.fresh.length > 0 && (
        <>
          <p>{fresh.sentence}</p>
          <ul>{fresh.kinds.map((line) => <li key={line}>{line}</li>)}</ul>
        </>
      )}
      {remarks(preview).map((line) => <p key={line}>{line}</p>)}
      <div class="mq-actions">
        <button type="button" class="mq-button mq-primary" onClick={actions.accept}>
          {preview.fresh.length > 0 ? `Add ${entries(preview.fresh.length)}` : "Take the earlier ones"}
        </button>
        <button type="button" class="mq-button" onClick={actions.decline}>Cancel</button>
      </div>
    </section>
  );
}
