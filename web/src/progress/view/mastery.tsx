/** Mastery of every task: how well, on what evidence, and where to practise. */
import type { Course } from "../../course.d.ts";
import { FIRM, GROWING, HALF_LIFE, mastery, type Standing, weakestFirst } from "../mastery.ts";
import type { Progress } from "../model.ts";
import { evidenceLine, glance, masteryLine, percent, practiceAddress } from "../words.ts";

export type Order = "guide" | "weakest";

export interface MasteryActions {
  setExam(exam: string): void;
  setOrder(order: Order): void;
}

interface Props {
  readonly progress: Progress;
  readonly exams: Course["exams"];
  readonly order: Order;
  readonly actions: MasteryActions;
}

export function Mastery({ progress, exams, order, actions }: Props) {
  return (
    <section class="mp-section" aria-labelledby="progress-mastery">
      <h2 id="progress-mastery">Mastery by task</h2>
      <p>{glance(progress)}</p>
      <div class="mp-choices">
        <Choice
          legend="Exam"
          name="progress-exam"
          options={Object.keys(exams).map((exam) => [exam, exam.toUpperCase()])}
          chosen={progress.exam}
          choose={actions.setExam}
        />
        <Choice
          legend="Order"
          name="progress-order"
          options={[["guide", "As in the exam guide"], ["weakest", "Weakest first"]]}
          chosen={order}
          choose={actions.setOrder}
        />
      </div>
      <table class="mp-table">
        <thead>
          <tr>
            <th scope="col">{order === "guide" ? "Domain or task" : "Task"}</th>
            <th scope="col">Mastery</th>
            <th scope="col">It rests on</th>
            <th scope="col">
              <span class="mq-hidden">Practice</span>
            </th>
          </tr>
        </thead>
        {order === "weakest"
          ? (
            <tbody>
              {weakestFirst(progress.domains).map((task) => (
                <Line key={task.id} standing={task} progress={progress} />
              ))}
            </tbody>
          )
          : progress.domains.map((domain) => (
            <tbody key={domain.id}>
              <Line standing={domain} progress={progress} weight={domain.weight} />
              {domain.tasks.map((task) => <Line key={task.id} standing={task} progress={progress} />)}
            </tbody>
          ))}
      </table>
      <Explanation progress={progress} />
    </section>
  );
}

interface ChoiceProps<Value extends string> {
  readonly legend: string;
  readonly name: string;
  readonly options: readonly (readonly [Value, string])[];
  readonly chosen: Value;
  readonly choose: (value: Value) => void;
}

function Choice<Value extends string>({ legend, name, options, chosen, choose }: ChoiceProps<Value>) {
  return (
    <fieldset class="mp-choice">
      <legend>{legend}</legend>
      {options.map(([value, words]) => (
        <label key={value}>
          <input type="radio" name={name} checked={chosen === value} onChange={() => choose(value)} />
          <span>{words}</span>
        </label>
      ))}
    </fieldset>
  );
}

interface LineProps {
  readonly standing: Standing;
  readonly progress: Progress;
  /** Of a domain, in percent. */
  readonly weight?: number;
}

function Line({ standing, progress: { exam, today }, weight }: LineProps) {
  const { id, title, mastery, questions } = standing;
  return (
    <tr class={weight === undefined ? undefined : "mp-strong"}>
      <th scope="row">{id} {title}{weight !== undefined && ` (${weight}\u00a0%)`}</th>
      <td>
        {mastery.asked > 0 && (
          <svg class="mp-share" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">
            <rect class="mp-track" width="100" height="8" />
            <rect class="mp-range" width={100 * mastery.share} height="8" />
          </svg>
        )}
        {masteryLine(mastery)}
      </td>
      <td class="mp-note">
        {questions === 0 && mastery.asked === 0
          ? "the course has no questions for it yet"
          : evidenceLine(mastery, today)}
      </td>
      <td class="mp-go">
        {questions > 0 && (
          <a href={practiceAddress(weight === undefined ? "task" : "domain", id, exam)}>
            Practise<span class="mq-hidden">{weight === undefined ? "task" : "domain"} {id}</span>
          </a>
        )}
      </td>
    </tr>
  );
}

const EXAMPLE = 3;

function Explanation({ progress: { today } }: Pick<Props, "progress">) {
  const answers = Array.from({ length: EXAMPLE }, (_, number) => ({
    question: String(number),
    correct: true,
    day: today,
  }));
  const later = new Date(Date.parse(today) + 2 * HALF_LIFE * 86_400_000).toISOString().slice(0, 10);
  return (
    <details class="mp-fold">
      <summary>How mastery is computed, and why</summary>
      <p>
        Mastery is a share of right answers:{" "}
        <strong>
          (1 + Σ <i>w</i>·<i>r</i>) / (2 + Σ <i>w</i>)
        </strong>. For each answer <i>r</i> is 1 if it was right, else 0. Its weight <i>w</i>{" "}
        is 1 on the day of the answer and halves every {HALF_LIFE} days.
      </p>
      <ul>
        <li>
          The 1 and the 2 stand for one right and one wrong answer before you begin. They pull a few answers
          towards 50 %: {EXAMPLE} right answers today give{" "}
          {percent(mastery(answers, today).share)}, not 100 %.
        </li>
        <li>
          Old answers say less, since memory fades. Without new ones, the same {EXAMPLE} answers give{" "}
          {percent(mastery(answers, later).share)} after {2 * HALF_LIFE}{" "}
          days. A weak task goes back towards 50 % too. That does not mean that you know half of it. It means
          that nobody knows.
        </li>
        <li>
          A question counts once a day. One wrong answer makes its day wrong: the right answer after it shows
          what you have read a minute ago.
        </li>
        <li>
          Below {percent(GROWING)} a task is called weak, from there growing, and from {percent(FIRM)}{" "}
          firm. These lines are ours.
        </li>
        <li>Mastery is no estimate of your score. A whole mock exam gives one.</li>
      </ul>
    </details>
  );
}
