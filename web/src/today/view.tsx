/** Today's lines. */
import { PageLink } from "../quiz/source.tsx";
import type { Line } from "./model.ts";

export function Today({ lines, notice }: { lines: readonly Line[]; notice: string | null }) {
  return (
    <div class="mlacourse-today">
      <h2>Today</h2>
      {notice !== null && <p>{notice}</p>}
      <ul>
        {lines.map(({ id, words, link }) => (
          <li key={id}>
            {words} {link && <PageLink href={link.href} newTab={false}>{link.label}</PageLink>}
          </li>
        ))}
      </ul>
    </div>
  );
}
