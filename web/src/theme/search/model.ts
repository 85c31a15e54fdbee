/** Finding pages in Sphinx's index: which pages hold every word, the best first. */

/** The parts of Sphinx's `searchindex.js` that are used; numbers are positions in `docnames`. */
export interface SearchIndex {
  readonly docnames: readonly string[];
  readonly titles: readonly string[];
  readonly terms: Readonly<Record<string, number | readonly number[]>>;
  readonly titleterms: Readonly<Record<string, number | readonly number[]>>;
  readonly alltitles: Readonly<Record<string, readonly (readonly [number, string | null])[]>>;
}

/** What the results say about a page. */
export interface PageNote {
  readonly address: string;
  readonly part: string;
  readonly about: string;
}

export interface Language {
  readonly stopwords: ReadonlySet<string>;
  readonly stem: (word: string) => string;
}

export interface Result {
  readonly title: string;
  readonly address: string;
  readonly part: string;
  readonly about: string;
  readonly sections: readonly { readonly title: string; readonly address: string }[];
}

const SCORE = { title: 15, titleBeginning: 7, text: 5, textBeginning: 2, section: 10 };
const MAX_SECTIONS = 4;

export function words(query: string, stopwords: ReadonlySet<string>): string[] {
  const all = query.toLowerCase().split(/[^\p{Letter}\p{Number}_]+/u).filter((word) => word !== "");
  const telling = all.filter((word) => !stopwords.has(word));
  return [...new Set(telling.length ? telling : all)];
}

export function search(
  query: string,
  index: SearchIndex,
  pages: Readonly<Record<string, PageNote>>,
  language: Language,
): Result[] {
  const wanted = words(query, language.stopwords);
  if (wanted.length === 0) return [];
  const perWord = wanted.map((word) => scoresOf(word, language.stem(word), index));
  const sections = matchingSections(wanted, index);
  const scores = new Map<number, number>();
  for (let page = 0; page < index.docnames.length; page++) {
    const parts = perWord.map((found) => found.get(page) ?? 0);
    if (parts.some((score) => score === 0)) continue;
    const bonus = sections.has(page) ? SCORE.section : 0;
    scores.set(page, parts.reduce((sum, score) => sum + score, bonus));
  }
  return [...scores]
    .sort(([a, scoreA], [b, scoreB]) => scoreB - scoreA || a - b)
    .flatMap(([page]) => {
      const note = pages[index.docnames[page] ?? ""];
      if (!note) return [];
      const title = index.titles[page] ?? "";
      const found = (sections.get(page) ?? []).slice(0, MAX_SECTIONS);
      return [{
        ...note,
        title,
        sections: found.map((section) => ({
          title: section.title,
          address: `${note.address}#${section.id}`,
        })),
      }];
    });
}

function scoresOf(word: string, stem: string, index: SearchIndex): Map<number, number> {
  const scores = new Map<number, number>();
  const add = (hits: number | readonly number[], score: number) => {
    for (const page of typeof hits === "number" ? [hits] : hits) {
      scores.set(page, Math.max(scores.get(page) ?? 0, score));
    }
  };
  const look = (terms: SearchIndex["terms"], whole: number, beginning: number) => {
    for (const [term, hits] of Object.entries(terms)) {
      if (term === stem || term === word) add(hits, whole);
      else if (word.length > 2 && term.startsWith(word)) add(hits, beginning);
    }
  };
  look(index.terms, SCORE.text, SCORE.textBeginning);
  look(index.titleterms, SCORE.title, SCORE.titleBeginning);
  return scores;
}

function matchingSections(
  wanted: readonly string[],
  index: SearchIndex,
): Map<number, { title: string; id: string }[]> {
  const found = new Map<number, { title: string; id: string }[]>();
  for (const [title, places] of Object.entries(index.alltitles)) {
    const text = title.toLowerCase();
    if (!wanted.every((word) => text.includes(word))) continue;
    for (const [page, id] of places) {
      if (id === null || title === index.titles[page]) continue;
      found.set(page, [...(found.get(page) ?? []), { title, id }]);
    }
  }
  return found;
}
