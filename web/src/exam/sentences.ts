/** A stem in sentences, so that each can be marked with a button. */
import { type Span, spans } from "../quiz/text.ts";

/** The sentences of each paragraph; a text that would be cut inside `code` or **strong** stays whole. */
export function sentences(text: string): string[][] {
  return text.trim().split(/\n\s*\n/).filter((part) => part.trim()).map((paragraph) => {
    const whole = paragraph.trim().replace(/\s+/g, " ");
    const parts = whole.split(/(?<=[.?!][`*)’”"]{0,3}) (?=[`*(‘“"]{0,3}[A-Z0-9])/);
    return words(parts.flatMap(spans)) === words(spans(whole)) - (parts.length - 1) ? parts : [whole];
  });
}

/** Number of characters without the marks; fewer are left when a cut parts a mark from its partner. */
function words(all: readonly Span[]): number {
  return all.reduce((sum, span) => sum + (span.kind === "strong" ? words(span.spans) : span.text.length), 0);
}
