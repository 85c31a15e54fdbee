/** Question text as elements: never markup from a string. */
import type { ComponentChild } from "preact";
import { paragraphs, type Span } from "./text.ts";

function rendered(span: Span): ComponentChild {
  if (span.kind === "code") return <code>{span.text}</code>;
  if (span.kind === "strong") return <strong>{span.spans.map(rendered)}</strong>;
  return span.text;
}

/** Paragraphs, for stems, scenarios and reasons. */
export function Prose({ text }: { text: string }) {
  return <>{paragraphs(text).map((spans, index) => <p key={index}>{spans.map(rendered)}</p>)}</>;
}

/** Running text, for places where a paragraph may not stand (a label). */
export function Inline({ text }: { text: string }) {
  return (
    <>
      {paragraphs(text).map((spans, index) => <span key={index} class="mq-line">{spans.map(rendered)}</span>)}
    </>
  );
}
