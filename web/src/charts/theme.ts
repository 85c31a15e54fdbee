/** The page's type and colours in a compiled chart: as signals, so that light and dark change without a new parse. */
import type { Config, Mark, Signal, Spec } from "vega-typings";
import type { Colours } from "./colours.ts";

type Encoding = Readonly<Record<string, unknown>>;

/** Room for what Vega's estimate of a text's size leaves out, such as the tail of a 'y'. */
const MARGIN = 3;

/** The smallest type in a chart, where its author says nothing. */
const SMALLEST = 12;

/** Words for each mark that a canvas has no place for; to make them takes longer than to draw. */
const FOR_SVG_ONLY = new Set(["description", "ariaRoleDescription"]);

const signal = (name: keyof Colours) => ({ signal: name });

/** A copy that follows the page. The figure's caption is the title, so the chart does not repeat it. */
export function themed(spec: Spec, colours: Colours, font: string): Spec {
  const signals: Signal[] = Object.entries(colours).map(([name, value]) => ({ name, value }));
  const { title: _title, background: _background, ...rest } = spec;
  return {
    ...rest,
    padding: MARGIN,
    signals: [...signals, ...(spec.signals ?? [])],
    marks: (spec.marks ?? []).map(recoloured),
    config: config(spec.config ?? {}, font),
  };
}

function config(own: Config, font: string): Config {
  const style = (name: string, fill: keyof Colours) => ({
    fontSize: SMALLEST,
    ...own.style?.[name],
    fill: signal(fill),
    font,
  });
  return {
    ...own,
    axis: {
      ...own.axis,
      domainColor: signal("chart_line"),
      gridColor: signal("chart_line"),
      tickColor: signal("chart_line"),
    },
    style: {
      ...own.style,
      "guide-label": style("guide-label", "chart_muted"),
      "guide-title": style("guide-title", "chart_text"),
      "group-title": style("group-title", "chart_text"),
      "group-subtitle": style("group-subtitle", "chart_muted"),
      text: { fontSize: SMALLEST, ...own.style?.["text"], font },
    },
  };
}

/** Marks that are black or white on paper take the page's text and ground colour. */
function recoloured(mark: Mark): Mark {
  const encode = Object.fromEntries(
    Object.entries(mark.encode ?? {}).map((
      [set, encoding],
    ) => [set, recolouredEncoding(encoding as Encoding)]),
  );
  const marks = "marks" in mark && mark.marks ? { marks: mark.marks.map(recoloured) } : {};
  return { ...mark, ...(mark.encode ? { encode } : {}), ...marks } as Mark;
}

function recolouredEncoding(encoding: Encoding): Encoding {
  const change = (rule: unknown): unknown => {
    if (Array.isArray(rule)) return rule.map(change);
    if (typeof rule !== "object" || rule === null || !("value" in rule)) return rule;
    const name = onPaper(rule.value);
    if (!name) return rule;
    const { value: _value, ...test } = rule;
    return { ...test, ...signal(name) };
  };
  return Object.fromEntries(
    Object.entries(encoding)
      .filter(([channel]) => !FOR_SVG_ONLY.has(channel))
      .map(([channel, rule]) => [channel, channel === "fill" || channel === "stroke" ? change(rule) : rule]),
  );
}

function onPaper(colour: unknown): keyof Colours | null {
  if (typeof colour !== "string") return null;
  if (/^(black|#000|#000000)$/i.test(colour)) return "chart_text";
  if (/^(white|#fff|#ffffff)$/i.test(colour)) return "chart_ground";
  return null;
}
