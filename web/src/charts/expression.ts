/**
 * Vega's expressions as closures. Without `eval`, like vega-interpreter, whose operators and functions these are;
 * but a tree is walked once, not for each mark and channel of each step, which makes a slider several times faster.
 */
import adjustSpatial from "vega-interpreter/src/adjust-spatial.js";
import constants from "vega-interpreter/src/constants.js";
import functions from "vega-interpreter/src/functions.js";
import binary from "vega-interpreter/src/ops-binary.js";
import unary from "vega-interpreter/src/ops-unary.js";

/** A node of the tree that the parser makes with `ast: true`. */
type Node =
  | { readonly type: "Literal"; readonly value: unknown }
  | { readonly type: "Identifier"; readonly name: string }
  | {
    readonly type: "MemberExpression";
    readonly object: Node;
    readonly property: Node;
    readonly computed: boolean;
  }
  | {
    readonly type: "CallExpression";
    readonly callee: { readonly name: string };
    readonly arguments: Node[];
  }
  | { readonly type: "ArrayExpression"; readonly elements: Node[] }
  | {
    readonly type: "BinaryExpression";
    readonly operator: string;
    readonly left: Node;
    readonly right: Node;
  }
  | {
    readonly type: "LogicalExpression";
    readonly operator: string;
    readonly left: Node;
    readonly right: Node;
  }
  | { readonly type: "UnaryExpression"; readonly operator: string; readonly argument: Node }
  | {
    readonly type: "ConditionalExpression";
    readonly test: Node;
    readonly consequent: Node;
    readonly alternate: Node;
  }
  | {
    readonly type: "ObjectExpression";
    readonly properties: { readonly key: Node; readonly value: Node }[];
  };

type Fields = Record<PropertyKey, unknown>;
type Call = (this: unknown, ...values: unknown[]) => unknown;
type Library = Readonly<Record<string, Call>>;

interface VegaEvent {
  readonly vega: Library;
  readonly item?: { readonly datum: unknown };
}

/** An expression, ready to run: signals, datum, event and mark come in from outside. */
type Run = (params: Fields | undefined, datum?: unknown, event?: VegaEvent, item?: Fields) => unknown;

/** A mark's tooltip, made when somebody points at the mark and not for all marks at each step. */
export type Words = (item: Fields) => unknown;

interface Context {
  readonly functions: Library;
}

interface Expression {
  readonly ast: Node;
}

const CONSTANTS: Readonly<Record<string, number>> = constants;
const FUNCTIONS: Library = functions;
const BINARY: Readonly<Record<string, (one: unknown, other: unknown) => unknown>> = binary;
const UNARY: Readonly<Record<string, (value: unknown) => unknown>> = unary;
const OF_THE_EVENT = new Set(["view", "item", "group", "xy", "x", "y"]);
const FORBIDDEN = new Set(["constructor", "__proto__", "prototype"]);

function compiled(node: Node, library: Library): Run {
  switch (node.type) {
    case "Literal":
      return () => node.value;
    case "Identifier":
      return identifier(node.name);
    case "MemberExpression":
      return member(
        compiled(node.object, library),
        node.computed ? compiled(node.property, library) : name(node.property),
      );
    case "CallExpression":
      return call(
        node.callee.name.replace(/^_/, ""),
        node.arguments.map((part) => compiled(part, library)),
        library,
      );
    case "ArrayExpression": {
      const elements = node.elements.map((part) => compiled(part, library));
      return (params, datum, event, item) => elements.map((run) => run(params, datum, event, item));
    }
    case "BinaryExpression": {
      const [left, right] = [compiled(node.left, library), compiled(node.right, library)];
      const operator = BINARY[node.operator]!;
      return (params, datum, event, item) =>
        operator(left(params, datum, event, item), right(params, datum, event, item));
    }
    case "LogicalExpression": {
      const [left, right] = [compiled(node.left, library), compiled(node.right, library)];
      return node.operator === "&&"
        ? (params, datum, event, item) =>
          left(params, datum, event, item) && right(params, datum, event, item)
        : (params, datum, event, item) =>
          left(params, datum, event, item) || right(params, datum, event, item);
    }
    case "UnaryExpression": {
      const operator = UNARY[node.operator]!;
      const argument = compiled(node.argument, library);
      return (params, datum, event, item) => operator(argument(params, datum, event, item));
    }
    case "ConditionalExpression":
      return choice(
        compiled(node.test, library),
        compiled(node.consequent, library),
        compiled(node.alternate, library),
      );
    case "ObjectExpression": {
      const entries = node.properties.map(({ key, value }) => [name(key), compiled(value, library)] as const);
      return (params, datum, event, item) =>
        Object.fromEntries(entries.map(([key, run]) => [key, run(params, datum, event, item)]));
    }
  }
}

function identifier(id: string): Run {
  if (id === "datum") return (_params, datum) => datum;
  if (id === "event") return (_params, _datum, event) => event;
  if (id === "item") return (_params, _datum, _event, item) => item;
  if (Object.hasOwn(CONSTANTS, id)) return () => CONSTANTS[id];
  const signal = `$${id}`;
  return (params) => params?.[signal];
}

function member(object: Run, property: Run | string): Run {
  if (typeof property === "string") {
    return (params, datum, event, item) => (object(params, datum, event, item) as Fields)[property];
  }
  return (params, datum, event, item) => {
    const key = property(params, datum, event, item) as PropertyKey;
    return allowed(String(key)) && (object(params, datum, event, item) as Fields)[key];
  };
}

function call(called: string, values: readonly Run[], library: Library): Run {
  if (called === "if") return choice(values[0]!, values[1]!, values[2]!);
  if (OF_THE_EVENT.has(called)) {
    return (params, datum, event, item) =>
      event!.vega[called]!(...values.map((run) => run(params, datum, event, item)));
  }
  const target = library[called] ?? FUNCTIONS[called];
  if (!target) throw new Error(`the expression function '${called}' is not known`);
  const [first, second] = values;
  if (values.length === 1) {
    return (params, datum, event, item) => target.call(library, first!(params, datum, event, item));
  }
  if (values.length === 2) {
    return (params, datum, event, item) =>
      target.call(library, first!(params, datum, event, item), second!(params, datum, event, item));
  }
  return (params, datum, event, item) =>
    target.apply(library, values.map((run) => run(params, datum, event, item)));
}

function choice(test: Run, yes: Run, no: Run): Run {
  return (params, datum, event, item) =>
    test(params, datum, event, item) ? yes(params, datum, event, item) : no(params, datum, event, item);
}

/** The name of a field: an identifier after a dot, or a key of an object. */
function name(node: Node): string {
  const key = node.type === "Identifier" ? node.name : node.type === "Literal" ? String(node.value) : "";
  return allowed(key) ? key : "";
}

function allowed(key: string): boolean {
  if (FORBIDDEN.has(key)) throw new Error(`an expression may not read '${key}'`);
  return true;
}

/** What Vega's `expr` option wants: one function for each place where an expression stands. */
export const closures = {
  operator: ({ functions }: Context, { ast }: Expression) => compiled(ast, functions),

  parameter({ functions }: Context, { ast }: Expression) {
    const run = compiled(ast, functions);
    return (datum: unknown, params: Fields) => run(params, datum);
  },

  event({ functions }: Context, { ast }: Expression) {
    const run = compiled(ast, functions);
    return (event: VegaEvent) => run(undefined, undefined, event);
  },

  handler({ functions }: Context, { ast }: Expression) {
    const run = compiled(ast, functions);
    return (params: Fields, event: VegaEvent) => run(params, event.item?.datum, event);
  },

  encode(
    { functions }: Context,
    { marktype, channels }: {
      readonly marktype: string;
      readonly channels: Readonly<Record<string, Expression>>;
    },
  ) {
    const { tooltip, ...drawn } = channels;
    const runs = Object.entries(drawn).map(([channel, { ast }]) =>
      [channel, compiled(ast, functions)] as const
    );
    const words = tooltip && compiled(tooltip.ast, functions);
    const swap = ["group", "image", "rect"].includes(marktype);
    let now: Fields | undefined;
    const lateWords: Words = (item) => words?.(now, item["datum"], undefined, item);
    return (item: Fields, params: Fields) => {
      let changed = 0;
      for (const [channel, run] of runs) {
        const value = run(params, item["datum"], undefined, item);
        if (item[channel] === value) continue;
        item[channel] = value;
        changed = 1;
      }
      if (words) item["tooltip"] = lateWords;
      now = params;
      if (marktype !== "rule") adjustSpatial(item, channels, swap);
      return changed;
    };
  },
};
