import { deepStrictEqual, match, ok, throws } from "node:assert/strict";
import type { Spec } from "vega-typings";
import { closures } from "../../web/src/charts/expression.ts";
import { failures } from "../../web/src/charts/failure.ts";
import { parse, View } from "../../web/src/charts/runtime.ts";

/** What Vega's own generated code makes of a chart is the measure for ours. */
const EXPRESSIONS = [
  "datum.a + limit * 2 - datum['b'] / 4 % 3",
  "datum.a > limit && datum.b <= 3 || !datum.none",
  "datum.a >= limit ? 'high' : 'low'",
  "if(datum.a > 2, upper(datum.word), lower(datum.word))",
  "format(datum.a, '.2f') + ' of ' + format(1234.5, ',')",
  "[datum.a, [limit, -datum.b], +datum.word]",
  "{'a b': datum.a, c: {d: limit}, 3: 4}",
  "isValid(datum.none) ? 1 : datum.none === null",
  "clamp(datum.a, 1, 2) + max(datum.a, datum.b, limit) + pow(datum.a, 2)",
  "length(datum.word) + indexof(datum.word, 'r') + substring(datum.word, 0, 2)",
  "PI * datum.a + NaN",
  "isNaN(NaN) || isFinite(1 / 0)",
  "year(datetime(2026, 10, 23)) + month(datetime(2026, 10, 23))",
  "replace(datum.word, regexp('r', 'g'), 'R') + test(/o/, datum.word)",
  "scale('x', datum.a) + invert('x', 50) + bandwidth('x')",
  "inrange(datum.a, [1, 3]) && datum.a != 2 && (datum.a & 1 | 4 ^ 2) << 1",
  "datum.list[datum.a - 1] + datum['li' + 'st'].length",
  "sequence(0, limit) ",
];

function chart(expressions: readonly string[]): Spec {
  return {
    width: 100,
    height: 100,
    signals: [{ name: "limit", value: 2 }, { name: "twice", update: "limit * 2" }],
    data: [{
      name: "table",
      values: [1, 2, 3].map((a) => ({ a, b: 5 - a, word: "World", none: null, list: [7, 8, 9] })),
      transform: expressions.map((expr, index) => ({ type: "formula", expr, as: `out${index}` })),
    }],
    scales: [{ name: "x", domain: [1, 3], range: "width" }],
    marks: [{
      type: "rect",
      name: "bars",
      from: { data: "table" },
      encode: {
        update: {
          x: { scale: "x", field: "a" },
          x2: { value: 0 },
          fill: [{ test: "datum.a > limit", value: "red" }, { value: "blue" }],
          tooltip: { signal: "{'Value': datum.a * limit}" },
        },
      },
    }],
  };
}

async function run(expressions: readonly string[], ours: boolean): Promise<View> {
  const runtime = parse(chart(expressions), undefined, { ast: ours });
  const view = new View(runtime, { renderer: "none", ...(ours ? { expr: closures } : {}) });
  return await view.runAsync();
}

Deno.test("every expression gives what Vega's generated code gives, and again after a change", async () => {
  const [theirs, ours] = [await run(EXPRESSIONS, false), await run(EXPRESSIONS, true)];
  for (const limit of [2, 1, 3]) {
    await theirs.signal("limit", limit).runAsync();
    await ours.signal("limit", limit).runAsync();
    ok(theirs.data("table").every((row) => `out${EXPRESSIONS.length - 1}` in row));
    deepStrictEqual(
      JSON.parse(JSON.stringify(ours.data("table"))),
      JSON.parse(JSON.stringify(theirs.data("table"))),
    );
    deepStrictEqual(ours.signal("twice"), theirs.signal("twice"));
  }
});

interface Drawn {
  readonly items: readonly { x: number; width: number; fill: string; tooltip: unknown }[];
}

function drawn(view: View): Drawn["items"] {
  const root = view.scenegraph() as unknown as { root: { items: { items: Drawn[] }[] } };
  return root.root.items[0]!.items[0]!.items;
}

Deno.test("marks are encoded alike, and a tooltip is made only when it is asked for", async () => {
  const [theirs, ours] = [await run([], false), await run([], true)];
  await theirs.signal("limit", 1).runAsync();
  await ours.signal("limit", 1).runAsync();
  const shape = ({ x, width, fill }: Drawn["items"][number]) => ({ x, width, fill });
  deepStrictEqual(drawn(ours).map(shape), drawn(theirs).map(shape));
  for (const [index, item] of drawn(ours).entries()) {
    const words = item.tooltip as (mark: unknown) => unknown;
    deepStrictEqual(words(item), drawn(theirs)[index]!.tooltip);
  }
});

Deno.test("an expression cannot reach a constructor", async () => {
  const inWords = parse(chart(["datum.constructor"]), undefined, { ast: true });
  throws(() => new View(inWords, { expr: closures, renderer: "none" }), /may not read/);

  const { logger, first } = failures();
  const computed = parse(chart(["datum['con' + 'structor']"]), undefined, { ast: true });
  await new View(computed, { expr: closures, renderer: "none", logger }).runAsync();
  match(first()?.message ?? "", /may not read/);
});
