/** Earlier exams: a table, and the estimates as a line towards the pass line. */
import type { LoggedAttempt } from "../../log/attempts.ts";
import { type Bank } from "../bank.ts";
import { estimate, scaled } from "../score.ts";
import { instant, MODES, resultLine } from "../words.ts";

interface Props {
  readonly bank: Bank;
  /** The oldest first. */
  readonly attempts: readonly LoggedAttempt[];
  readonly open: (id: string) => void;
}

export function History({ bank, attempts, open }: Props) {
  const known = attempts.flatMap((attempt) => {
    const exam = bank.rules.exams.find(({ id }) => id === attempt.exam);
    return exam ? [{ attempt, exam, score: estimate(attempt, exam) }] : [];
  });
  if (known.length === 0) return null;
  return (
    <section class="mx-history" aria-labelledby="exam-history">
      <h2 id="exam-history">Your exams so far</h2>
      <Trend points={known.flatMap(({ score, exam }) => score ? [{ ...score, exam }] : [])} />
      <ul>
        {known.toReversed().map(({ attempt, exam }) => (
          <li key={attempt.id}>
            <button type="button" class="mx-link" onClick={() => open(attempt.id)}>
              {attempt.title}
              <span class="mq-hidden">report of {instant(attempt.ended)}</span>
            </button>
            <span class="mx-state">
              {exam.id.toUpperCase()}, {MODES[attempt.mode]}, {instant(attempt.ended)}
            </span>
            <span>{resultLine(attempt, exam)}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}

const WIDTH = 320;
const HEIGHT = 90;
const EDGE = 8;

interface Point {
  readonly score: number;
  readonly low: number;
  readonly high: number;
  readonly exam: {
    readonly lowest_score: number;
    readonly highest_score: number;
    readonly pass_score: number;
  };
}

/** Two estimates or more; the list below says the same in numbers. */
function Trend({ points }: { points: readonly Point[] }) {
  const last = points.at(-1);
  if (points.length < 2 || !last) return null;
  const { exam } = last;
  const span = scaled(1, exam) - scaled(0, exam);
  const x = (index: number) => EDGE + index * (WIDTH - 2 * EDGE) / (points.length - 1);
  const y = (score: number) => HEIGHT - EDGE - (score - exam.lowest_score) * (HEIGHT - 2 * EDGE) / span;
  const line = points.map(({ score }, index) => `${x(index).toFixed(1)},${y(score).toFixed(1)}`).join(" ");
  const said = `Estimates from the first to the last: ${points.map(({ score }) => score).join(", ")}. ` +
    `The dashed line is the pass line, ${exam.pass_score}.`;
  return (
    <figure class="mx-trend">
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={said}>
        <line class="mx-pass" x1="0" x2={WIDTH} y1={y(exam.pass_score)} y2={y(exam.pass_score)} />
        {points.map(({ low, high }, index) => (
          <line key={index} class="mx-interval" x1={x(index)} x2={x(index)} y1={y(low)} y2={y(high)} />
        ))}
        <polyline points={line} />
        {points.map(({ score }, index) => <circle key={index} cx={x(index)} cy={y(score)} r="4" />)}
      </svg>
      <figcaption>{said}</figcaption>
    </figure>
  );
}
