/** Where the time goes: what is cut, what is spare, what is missing, and each task's share. */
import type { Learner } from "../learner.ts";
import { missing } from "../material.ts";
import { balance, hours, missingLine, remedy, spareLine } from "../sentences.ts";
import { duration } from "../words.ts";

interface Props {
  readonly learner: Learner;
  readonly diagnostic: string;
}

export function Balance({ learner, diagnostic }: Props) {
  const { plan, settings, material, logged, newChapters, done } = learner;
  const absent = missingLine(material);
  const spare = spareLine(plan);
  const projects = material.chapters.filter(({ id }) => plan.left_out.includes(id));
  return (
    <section class="pl-balance" aria-labelledby="plan-balance">
      <h3 id="plan-balance">How the time is used</h3>
      <p>{balance(plan, settings, logged.from)}</p>
      {plan.cuts.length > 0 && <Cuts learner={learner} />}
      {projects.length > 0 && (
        <p>No time for {projects.map(({ title }) => title).join(", ")}: the projects are left out.</p>
      )}
      {spare !== null && <p>{spare}</p>}
      {!done.has("diagnostic") && (
        <p>
          You have not taken <a href={diagnostic}>the diagnostic</a>{" "}
          yet: two questions of each task. Then plan anew, and weak tasks get more time.
        </p>
      )}
      {absent !== null && (
        <>
          <p>{absent}</p>
          <details>
            <summary>Tasks without a chapter</summary>
            <ul class="pl-plain">
              {missing(material).map(({ id, title }) => <li key={id}>{id} {title}</li>)}
            </ul>
          </details>
        </>
      )}
      {newChapters > 0 && (
        <p>
          {newChapters === 1 ? "One chapter is" : `${newChapters} chapters are`}{" "}
          new since this plan was made. Plan anew to take {newChapters === 1 ? "it" : "them"} in.
        </p>
      )}
      <Shares learner={learner} />
    </section>
  );
}

function Cuts({ learner: { plan, material, logged } }: { learner: Learner }) {
  return (
    <>
      <p>
        Exercises give way first, then reading is shortened; the quizzes stay. {remedy(plan, logged.from)}
      </p>
      <table class="pl-table">
        <caption>Tasks whose chapters do not get all their time</caption>
        <thead>
          <tr>
            <th scope="col">Task</th>
            <th scope="col">Needs</th>
            <th scope="col">Gets</th>
          </tr>
        </thead>
        <tbody>
          {plan.cuts.map(({ task, needed, given }) => (
            <tr key={task}>
              <th scope="row">{task} {material.topics.find(({ id }) => id === task)?.title}</th>
              <td data-of="Needs">{hours(needed)}</td>
              <td data-of="Gets">{hours(given)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}

function Shares({ learner: { plan, material, results } }: { learner: Learner }) {
  const time = new Map<string, number>();
  for (const { task, minutes } of plan.items.values()) {
    if (task !== null) time.set(task, (time.get(task) ?? 0) + minutes);
  }
  return (
    <details>
      <summary>Time of each task</summary>
      <table class="pl-table">
        <caption>Weight in the exam, your answers when the plan was made, and the time planned</caption>
        <thead>
          <tr>
            <th scope="col">Task</th>
            <th scope="col">Weight</th>
            <th scope="col">Right</th>
            <th scope="col">Time</th>
          </tr>
        </thead>
        <tbody>
          {material.topics.map(({ id, title, weight }) => {
            const tally = results.get(id);
            return (
              <tr key={id}>
                <th scope="row">{id} {title}</th>
                <td data-of="Weight">{weight.toFixed(1)} %</td>
                <td data-of="Right">{tally ? `${tally.right} of ${tally.total}` : "not asked"}</td>
                <td data-of="Time">{duration(time.get(id) ?? 0)}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </details>
  );
}
