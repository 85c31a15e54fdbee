/** Writes calendar files for what comes in: `[{entries, stamp}, …]` as JSON in, a list of texts as JSON out. */
import { ics } from "../../web/src/plan/calendar.ts";

const asked = JSON.parse(await new Response(Deno.stdin.readable).text());
const files = asked.map(({ entries, stamp }: { entries: Parameters<typeof ics>[0]; stamp: string }) =>
  ics(entries, stamp)
);
console.log(JSON.stringify(files));
