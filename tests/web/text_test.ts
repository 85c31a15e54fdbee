import { deepStrictEqual } from "node:assert/strict";
import fc from "fast-check";
import { pageAddress, paragraphs, plain, type Span, spans } from "../../web/src/quiz/text.ts";

Deno.test("code and strong are told from text", () => {
  deepStrictEqual(spans("Use `predict` **first**, then"), [
    { kind: "text", text: "Use " },
    { kind: "code", text: "predict" },
    { kind: "text", text: " " },
    { kind: "strong", spans: [{ kind: "text", text: "first" }] },
    { kind: "text", text: ", then" },
  ]);
  deepStrictEqual(spans("**a `b` c**"), [{
    kind: "strong",
    spans: [{ kind: "text", text: "a " }, { kind: "code", text: "b" }, { kind: "text", text: " c" }],
  }]);
});

Deno.test("stars inside code stay, and so do marks without a partner", () => {
  deepStrictEqual(spans("`a ** b ** c`"), [{ kind: "code", text: "a ** b ** c" }]);
  for (const text of ["2 ** 3", "a ` b", "**", "****", "5 * 3 * 2", "<b>bold</b>", "[a](b)", "_a_"]) {
    deepStrictEqual(spans(text), [{ kind: "text", text }]);
  }
});

Deno.test("no character of a text is lost but the marks", () => {
  const words = (span: Span): string => span.kind === "strong" ? span.spans.map(words).join("") : span.text;
  fc.assert(fc.property(fc.string({ unit: fc.constantFrom("a", "<", "*", "`", " ", "é") }), (text) => {
    const kept = spans(text).map(words).join("");
    deepStrictEqual(kept.replace(/[*`\s]/g, ""), text.replace(/[*`\s]/g, ""));
  }));
});

Deno.test("blank lines part paragraphs, line ends do not", () => {
  deepStrictEqual(paragraphs("one\ntwo\n\n  \nthree\n").map((part) => part.length), [1, 1]);
  deepStrictEqual(plain("one\ntwo\n\n**three** `four`"), "one two three four");
});

Deno.test("only addresses of pages become links", () => {
  for (const address of ["https://a.example/b", "http://a.example", "../a.html#b", "#b", "a.html"]) {
    deepStrictEqual(pageAddress(address), address);
  }
  for (
    const address of [
      "javascript:alert(1)",
      " JaVaScRiPt:alert(1)",
      "data:text/html,x",
      "file:///etc",
      "http://[",
    ]
  ) {
    deepStrictEqual(pageAddress(address), null);
  }
});
