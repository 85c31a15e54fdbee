/** The two marks that a question's text may carry, `code` and **strong**; everything else is text. */

export type Span =
  | { readonly kind: "text" | "code"; readonly text: string }
  | { readonly kind: "strong"; readonly spans: readonly Span[] };

const MARK = /`([^`]+)`|\*\*((?:`[^`]+`|[^*`]|\*(?!\*))+)\*\*/g;

/** The spans of one paragraph; marks without a partner stay text. */
export function spans(source: string): Span[] {
  const text = source.replace(/\s+/g, " ");
  const result: Span[] = [];
  let end = 0;
  for (const match of text.matchAll(MARK)) {
    if (match.index > end) result.push({ kind: "text", text: text.slice(end, match.index) });
    const [whole, code, strong] = match;
    result.push(
      code !== undefined ? { kind: "code", text: code } : { kind: "strong", spans: spans(strong ?? "") },
    );
    end = match.index + whole.length;
  }
  if (end < text.length) result.push({ kind: "text", text: text.slice(end) });
  return result;
}

/** The paragraphs of a text: blank lines part them. */
export function paragraphs(source: string): Span[][] {
  return source.trim().split(/\n\s*\n/).filter((part) => part.trim()).map((part) => spans(part.trim()));
}

/** The text without its marks, for places that hold no elements (the entries of a select). */
export function plain(source: string): string {
  const words = (span: Span): string => span.kind === "strong" ? span.spans.map(words).join("") : span.text;
  return paragraphs(source).map((part) => part.map(words).join("")).join(" ");
}

/** The address if it leads to a page, null if it would do anything else (`javascript:`, `data:`). */
export function pageAddress(address: string): string | null {
  try {
    const { protocol } = new URL(address, "https://relative.invalid/");
    return protocol === "https:" || protocol === "http:" ? address : null;
  } catch {
    return null;
  }
}
