/** The search field's shortcut on every page, and the results on the search page; the index loads on first use. */
import { readPreference } from "../preferences.ts";
import { type Language, type PageNote, type Result, search, type SearchIndex } from "./model.ts";

interface Stemmer {
  stemWord(word: string): string;
}

/** What `searchindex.js` (Sphinx) and `searchpages.js` (the course's builder) call; they are classic scripts. */
interface SearchRegistry {
  setIndex(index: SearchIndex): void;
  setPages(pages: Record<string, PageNote>, stopwords: readonly string[], stemmer: Stemmer): void;
}

declare global {
  interface Window {
    Search?: SearchRegistry;
  }
}

interface Loaded {
  readonly index: SearchIndex;
  readonly pages: Record<string, PageNote>;
  readonly language: Language;
}

export function startSearch(): void {
  document.addEventListener("keydown", focusSearchField);
  const results = document.querySelector<HTMLOListElement>("#search-results");
  const field = document.querySelector<HTMLInputElement>("#search-query");
  const status = document.querySelector<HTMLElement>("#search-status");
  if (!results || !field || !status) return;
  field.value = new URLSearchParams(location.search).get("q") ?? "";
  if (field.value.trim()) void showResults(field.value, results, status);
  else field.focus();
  field.form?.addEventListener("submit", (event) => {
    event.preventDefault();
    history.replaceState(null, "", `?${new URLSearchParams({ q: field.value })}`);
    void showResults(field.value, results, status);
  });
}

function focusSearchField(event: KeyboardEvent): void {
  if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return;
  if (readPreference("mlacourse.slash") === "off" || isTyping(event.target)) return;
  const fields = document.querySelectorAll<HTMLInputElement>("#search-query, [data-search-field]");
  const field = [...fields].find((one) => one.checkVisibility());
  const target = field ?? document.querySelector<HTMLElement>(".search-link");
  if (!target) return;
  event.preventDefault();
  target.focus();
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement &&
    (target.isContentEditable || target.matches("input, textarea, select"));
}

let loading: Promise<Loaded> | undefined;

function load(results: HTMLOListElement): Promise<Loaded> {
  loading ??= new Promise<Loaded>((resolve, reject) => {
    let index: SearchIndex | undefined;
    let notes: Omit<Loaded, "index"> | undefined;
    const done = () => {
      if (index && notes) resolve({ index, ...notes });
    };
    window.Search = {
      setIndex: (value) => {
        index = value;
        done();
      },
      setPages: (pages, stopwords, stemmer) => {
        const stem = (word: string) => stemmer.stemWord(word);
        notes = { pages, language: { stopwords: new Set(stopwords), stem } };
        done();
      },
    };
    for (const address of [results.dataset["index"], results.dataset["pages"]]) {
      const script = document.createElement("script");
      script.src = address ?? "";
      script.onerror = () => reject(new Error(`${address} could not be loaded`));
      document.head.append(script);
    }
  });
  return loading;
}

async function showResults(query: string, results: HTMLOListElement, status: HTMLElement): Promise<void> {
  status.textContent = "Loading the index …";
  try {
    const { index, pages, language } = await load(results);
    const found = search(query, index, pages, language);
    results.replaceChildren(...found.map(resultItem));
    status.textContent = summary(found.length, query);
  } catch {
    loading = undefined;
    status.textContent = "The search index could not be loaded. Reload the page, or use the menu.";
  }
}

function summary(count: number, query: string): string {
  if (count === 0) return `No page holds all the words of “${query}”. Try fewer or other words.`;
  return count === 1 ? `One page for “${query}”.` : `${count} pages for “${query}”.`;
}

function resultItem(result: Result): HTMLLIElement {
  const item = document.createElement("li");
  if (result.part) item.append(element("p", "part-name", result.part));
  item.append(link(result.title, result.address, "result-title"));
  if (result.about) item.append(element("p", "result-about", result.about));
  if (result.sections.length) {
    const list = document.createElement("ul");
    for (const section of result.sections) {
      const entry = document.createElement("li");
      entry.append(link(section.title, section.address));
      list.append(entry);
    }
    item.append(list);
  }
  return item;
}

function link(text: string, href: string, className = ""): HTMLAnchorElement {
  const anchor = document.createElement("a");
  anchor.textContent = text;
  anchor.href = href;
  if (className) anchor.className = className;
  return anchor;
}

function element(name: "p", className: string, text: string): HTMLElement {
  const created = document.createElement(name);
  created.className = className;
  created.textContent = text;
  return created;
}
