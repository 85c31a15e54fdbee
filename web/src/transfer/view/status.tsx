/** What became of the last action, said where it was done. */

export type Place = "offer" | "copy" | "in" | "storage" | "deletion";

export interface Said {
  readonly place: Place;
  readonly text: string;
  readonly refused: boolean;
}

export function Status({ place, said }: { place: Place; said: Said | null }) {
  const here = said?.place === place ? said : null;
  return (
    <p
      class="tf-status"
      id={`transfer-said-${place}`}
      role="status"
      tabIndex={-1}
      data-refused={here?.refused}
    >
      {here?.text}
    </p>
  );
}
