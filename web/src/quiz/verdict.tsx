/** Whether an answer is right, in a word, a shape and a colour. */
import { Icon } from "./icon.tsx";
import { VERDICTS } from "./words.ts";

export function Verdict({ outcome, id }: { outcome: "right" | "wrong"; id: string }) {
  return (
    <p class="mq-verdict" data-outcome={outcome} id={id} tabIndex={-1}>
      <Icon name={outcome} />
      {VERDICTS[outcome]}
    </p>
  );
}
