/** Bundles everything that moves in a browser: `deno task build`, or `--check` to compare what is committed. */
import * as esbuild from "esbuild";
import { schemaTypes } from "./types.ts";

const WEB = new URL(".", import.meta.url).pathname;
const ROOT = new URL("..", import.meta.url).pathname;
const NOTEBOOK = "src/mlacourse/notebook/static";
const TYPES = [
  { schema: "quiz.schema.json", root: "QuizDocument", out: "web/src/bank.d.ts" },
  { schema: "exam.schema.json", root: "ExamRules", out: "web/src/exam.d.ts" },
  { schema: "course.schema.json", root: "Course", out: "web/src/course.d.ts" },
  { schema: "cards.schema.json", root: "CardDocument", out: "web/src/cards.d.ts" },
  { schema: "progress.schema.json", root: "ProgressLists", out: "web/src/progress.d.ts" },
];

interface Bundle {
  readonly entry: string;
  readonly out: string;
  readonly format?: "esm" | "iife";
  readonly plugins?: esbuild.Plugin[];
}

/** In a notebook the page belongs to somebody else: the theme's tokens stand on the quiz, not on the root. */
const scopedTokens: esbuild.Plugin = {
  name: "scoped-tokens",
  setup(setup) {
    setup.onLoad({ filter: /theme\/tokens\.css$/ }, async ({ path }) => ({
      contents: (await Deno.readTextFile(path)).replaceAll(":root", ".mlacourse-quiz"),
      loader: "css",
    }));
  },
};

const BUNDLES: readonly Bundle[] = [
  { entry: "src/theme/shell.ts", out: "web/dist/shell.js" },
  { entry: "src/theme/page.css", out: "web/dist/page.css" },
  { entry: "src/quiz/site.ts", out: "web/dist/quiz.js" },
  { entry: "src/quiz/quiz.css", out: "web/dist/quiz.css" },
  { entry: "src/exam/site.ts", out: "web/dist/exam.js" },
  { entry: "src/exam/exam.css", out: "web/dist/exam.css" },
  { entry: "src/mistakes/site.ts", out: "web/dist/mistakes.js" },
  { entry: "src/mistakes/mistakes.css", out: "web/dist/mistakes.css" },
  { entry: "src/cards/site.ts", out: "web/dist/cards.js" },
  { entry: "src/cards/cards.css", out: "web/dist/cards.css" },
  { entry: "src/cards/chapter.ts", out: "web/dist/chapter_cards.js" },
  { entry: "src/plan/site.ts", out: "web/dist/plan.js" },
  { entry: "src/plan/plan.css", out: "web/dist/plan.css" },
  { entry: "src/progress/site.ts", out: "web/dist/progress.js" },
  { entry: "src/progress/progress.css", out: "web/dist/progress.css" },
  { entry: "src/today/site.ts", out: "web/dist/today.js" },
  { entry: "src/today/today.css", out: "web/dist/today.css" },
  { entry: "src/today/list.ts", out: "web/dist/today_list.js" },
  { entry: "src/transfer/site.ts", out: "web/dist/transfer.js" },
  { entry: "src/transfer/transfer.css", out: "web/dist/transfer.css" },
  { entry: "src/charts/charts.ts", out: "web/dist/charts.js" },
  { entry: "src/charts/vega.ts", out: "web/dist/vega.js" },
  { entry: "src/quiz/notebook.ts", out: `${NOTEBOOK}/quiz.mjs`, format: "esm" },
  { entry: "src/quiz/notebook.css", out: `${NOTEBOOK}/quiz.css`, plugins: [scopedTokens] },
];

async function bundle({ entry, format = "iife", plugins = [] }: Bundle): Promise<Uint8Array<ArrayBuffer>> {
  const result = await esbuild.build({
    absWorkingDir: WEB,
    entryPoints: [entry],
    bundle: true,
    minify: true,
    format,
    target: ["es2022", "chrome123", "firefox120", "safari17.5"],
    jsx: "automatic",
    jsxImportSource: "preact",
    legalComments: "inline",
    charset: "utf8",
    plugins,
    write: false,
    logLevel: "silent",
  });
  return new Uint8Array(result.outputFiles[0]!.contents);
}

async function gzipSize(content: Uint8Array<ArrayBuffer>): Promise<number> {
  const packed = new Blob([content]).stream().pipeThrough(new CompressionStream("gzip"));
  return (await new Response(packed).arrayBuffer()).byteLength;
}

async function differs(path: string, fresh: Uint8Array): Promise<boolean> {
  try {
    const stored = await Deno.readFile(ROOT + path);
    return stored.length !== fresh.length || stored.some((byte, index) => byte !== fresh[index]);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return true;
    throw error;
  }
}

function reason(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

async function build(check: boolean): Promise<number> {
  const failures: string[] = [];
  const deliver = async (path: string, content: Uint8Array<ArrayBuffer>, committed: boolean) => {
    if (check && committed) {
      if (await differs(path, content)) {
        failures.push(`${path}: differs from a fresh build. Run \`deno task build\` and commit the result.`);
      }
    } else if (!check) {
      await Deno.mkdir(ROOT + path.slice(0, path.lastIndexOf("/")), { recursive: true });
      await Deno.writeFile(ROOT + path, content);
    }
  };

  for (const { schema, root, out } of TYPES) {
    const types = await schemaTypes(`${WEB}schema/${schema}`, root);
    await deliver(out, new TextEncoder().encode(types), true);
  }
  for (const item of BUNDLES) {
    const committed = item.out.startsWith(NOTEBOOK);
    if (check && !committed) continue;
    try {
      const content = await bundle(item);
      await deliver(item.out, content, committed);
      const sizes = [content.length, await gzipSize(content)].map((n) =>
        `${(n / 1024).toFixed(1)} KB`.padStart(9)
      );
      console.log(`${item.out.padEnd(42)} ${sizes[0]} ${sizes[1]} gzip`);
    } catch (error) {
      failures.push(`${item.out}: not built from web/${item.entry}: ${reason(error)}`);
    }
  }
  await esbuild.stop();
  for (const failure of failures) console.error(failure);
  return failures.length ? 1 : 0;
}

Deno.exit(await build(Deno.args.includes("--check")));
