/** One line of work: its tick, its time, and the way to it. */
import { PageLink } from "../../quiz/source.tsx";
import type { Todo as Work } from "../today.ts";
import { duration } from "../words.ts";

interface Props {
  readonly todo: Work;
  /** `, part 1 of 2`, or nothing. */
  readonly part?: string;
  readonly tick: (id: string, on: boolean) => void;
}

export function Todo({ todo: { id, words, minutes, done, href }, part = "", tick }: Props) {
  if (href === null) return <li class="pl-todo pl-rest">{words}: nothing new today.</li>;
  return (
    <li class="pl-todo">
      <label>
        <input type="checkbox" checked={done} onChange={(event) => tick(id, event.currentTarget.checked)} />
        <span>{words}{part}</span>
      </label>
      <span class="pl-time">{duration(minutes)}</span>
      <PageLink href={href} newTab={false}>
        Open<span class="mq-hidden">{words}{part}</span>
      </PageLink>
    </li>
  );
}
