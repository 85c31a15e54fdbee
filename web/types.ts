/** TypeScript types of what the question bank hands to the browser, from the JSON schema Python exports. */
import { compile } from "json-schema-to-typescript";

/** The types of a schema file, the outermost named `root`. */
export async function schemaTypes(schemaPath: string, root: string): Promise<string> {
  const schema: unknown = JSON.parse(await Deno.readTextFile(schemaPath));
  const file = schemaPath.slice(schemaPath.lastIndexOf("/web/") + 1);
  const source = await compile(untitled(schema) as Parameters<typeof compile>[0], root, {
    additionalProperties: false,
    bannerComment: `/* Written by \`deno task build\` from ${file}; edit the model in src/mlacourse/bank. */`,
    ignoreMinAndMaxItems: true,
    style: { printWidth: 110 },
  });
  return source.replace(/\n{3,}/g, "\n\n");
}

/** Without the titles of fields, which would each become a type of their own (`Id1`, `Id2`, …). */
function untitled(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(untitled);
  if (typeof schema !== "object" || schema === null) return schema;
  const isModel = "properties" in schema;
  return Object.fromEntries(
    Object.entries(schema)
      .filter(([key, value]) => isModel || key !== "title" || typeof value !== "string")
      .map(([key, value]) => [key, untitled(value)]),
  );
}
