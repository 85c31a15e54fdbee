/** Where a question comes from and where to read on. */
import type { ComponentChildren } from "preact";
import type { Question } from "./grade.ts";
import { pageAddress } from "./text.ts";
import { day, level, shortAddress, skills } from "./words.ts";

/** A link if its address leads to a page, else its words alone. */
export function PageLink(
  { href, newTab, children }: { href: string; newTab: boolean; children: ComponentChildren },
) {
  const address = pageAddress(href);
  if (address === null) return <>{children}</>;
  return newTab
    ? (
      <a href={address} target="_blank" rel="noopener">
        {children}
        <span class="mq-hidden">(opens in a new tab)</span>
      </a>
    )
    : <a href={address}>{children}</a>;
}

/** The chapter's section and the sources, with the day each was read. */
export function More(
  { question, newTab }: { question: Pick<Question, "learn_link" | "sources">; newTab: boolean },
) {
  const { learn_link: learn, sources } = question;
  return (
    <div class="mq-more">
      <p>
        Read on in the chapter: <PageLink href={learn.href} newTab={newTab}>{learn.label}</PageLink>
      </p>
      <ul class="mq-sources" aria-label="Sources">
        {sources.map(({ url, checked }) => (
          <li key={url}>
            <PageLink href={url} newTab={newTab}>{shortAddress(url)}</PageLink>, read {day(checked)}
          </li>
        ))}
      </ul>
    </div>
  );
}

/** Difficulty and exam skills, small. */
export function Facts({ question }: { question: Question }) {
  return (
    <ul class="mq-facts" aria-label="Level and exam skills">
      {[level(question.difficulty), ...skills(question)].map((fact) => <li key={fact}>{fact}</li>)}
    </ul>
  );
}
