/** Asks @cloud-copilot/iam-simulate to decide the cases on standard input, one answer a case. */
import { runSimulation, type Simulation } from "@cloud-copilot/iam-simulate";

const cases: Simulation[] = JSON.parse(await new Response(Deno.stdin.readable).text());
const answers = [];
for (const simulation of cases) {
  const ran = await runSimulation(simulation, {});
  answers.push(ran.resultType === "error" ? { errors: ran.errors } : { result: ran.overallResult });
}
console.log(JSON.stringify(answers));
