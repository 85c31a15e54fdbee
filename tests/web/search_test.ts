import { deepStrictEqual } from "node:assert/strict";
import fc from "fast-check";
import {
  type Language,
  type PageNote,
  search,
  type SearchIndex,
  words,
} from "../../web/src/theme/search/model.ts";

const INDEX: SearchIndex = {
  docnames: ["book/index", "chapters/metrics", "chapters/drift"],
  titles: ["Front page", "Metrics and thresholds", "Drift"],
  terms: { threshold: [0, 1], alarm: [1, 2], constructor: 2, front: 0 },
  titleterms: { metric: 1, threshold: 1, drift: 2 },
  alltitles: { "Metrics and thresholds": [[1, null]], "Choosing a threshold": [[1, "choosing-a-threshold"]] },
};
const PAGES: Record<string, PageNote> = {
  "book/index": { address: "index.html", part: "", about: "" },
  "chapters/metrics": { address: "chapters/metrics.html", part: "Part 2", about: "Choose." },
  "chapters/drift": { address: "chapters/drift.html", part: "Part 4", about: "Watch." },
};
const LANGUAGE: Language = { stopwords: new Set(["and", "the"]), stem: (word) => word.replace(/s$/, "") };

const found = (query: string) => search(query, INDEX, PAGES, LANGUAGE).map((result) => result.address);

Deno.test("a word in a title comes before a word in the text", () => {
  deepStrictEqual(found("thresholds"), ["chapters/metrics.html", "index.html"]);
});

Deno.test("a page must hold every word, and small words do not count", () => {
  deepStrictEqual(found("the alarm and the drift"), ["chapters/drift.html"]);
  deepStrictEqual(found("drift front"), []);
});

Deno.test("the beginning of a word is enough", () => {
  deepStrictEqual(found("thresh"), ["chapters/metrics.html", "index.html"]);
});

Deno.test("sections whose heading holds the words are listed with their anchor", () => {
  const [first] = search("threshold", INDEX, PAGES, LANGUAGE);
  deepStrictEqual(first?.sections, [{
    title: "Choosing a threshold",
    address: "chapters/metrics.html#choosing-a-threshold",
  }]);
});

Deno.test("a query of small words alone is still a query", () => {
  deepStrictEqual(words("the and", LANGUAGE.stopwords), ["the", "and"]);
});

Deno.test("whatever is typed, results are pages that exist, each once", () => {
  fc.assert(fc.property(fc.string(), (query) => {
    const addresses = found(query);
    deepStrictEqual(addresses, [...new Set(addresses)]);
    deepStrictEqual(
      addresses.filter((address) => !Object.values(PAGES).some((p) => p.address === address)),
      [],
    );
  }));
});
