/** Reads review histories and writes the memory after each review, for the comparison with Python's FSRS. */
import { localDay } from "../../web/src/cards/day.ts";
import { type Memory, rated, type Rating } from "../../web/src/cards/schedule.ts";

const histories: [instant: number, rating: Rating][][] = await new Response(Deno.stdin.readable).json();

console.log(JSON.stringify(histories.map((history) => {
  let memory: Memory | null = null;
  return history.map(([instant, rating]) => {
    const day = localDay(instant);
    memory = rated(memory, rating, { instant, day });
    const { state, stability, difficulty, due } = memory;
    const wait = "day" in due ? { days: due.day - day } : { minutes: (due.at - instant) / 60_000 };
    return { day, state, stability, difficulty, ...wait };
  });
})));
