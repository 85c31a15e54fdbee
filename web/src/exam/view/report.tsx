/** After the exam: the estimate and how far to trust it, where points were lost, and what to do next. */
import type { LoggedAttempt } from "../../log/attempts.ts";
import { PageLink } from "../../quiz/source.tsx";
import { advice } from "../advice.ts";
import { type Bank, examOf } from "../bank.ts";
import {
  byConfidence,
  byDomain,
  type Estimate,
  estimate,
  isBlank,
  pace,
  type Row,
  scaled,
  tally,
  wilson,
} from "../score.ts";
import type { Choice } from "../sets.ts";
import { CONFIDENCES, count, duration, instant, MODES } from "../words.ts";
import { Answers } from "./answers.tsx";

export type Filter = "all" | "wrong" | "flagged";

export interface ReportActions {
  show(filter: Filter): void;
  sit(choice: Partial<Choice>): void;
  close(): void;
}

interface Props {
  readonly bank: Bank;
  readonly attempt: LoggedAttempt;
  readonly filter: Filter;
  /** Whether the folded questions have their content. */
  readonly filled: boolean;
  readonly actions: ReportActions;
}

export function Report({ bank, attempt, filter, filled, actions }: Props) {
  const exam = examOf(bank, attempt.exam);
  const { results } = attempt;
  const score = estimate(attempt, exam);
  const all = tally(results);
  const unscored = results.filter(({ scored }) => !scored);
  const took = (Date.parse(attempt.ended) - Date.parse(attempt.started)) / 1000;
  const whole = results.length >= exam.questions;
  return (
    <div class="mx-report">
      <h2 class="mx-heading" id="exam-heading" tabIndex={-1}>Report: {attempt.title}</h2>
      <p class="mx-note">
        {exam.id.toUpperCase()}, {MODES[attempt.mode]}, {instant(attempt.ended)}, {duration(took)}
        {attempt.allowed === null ? " without a clock" : ` of ${duration(attempt.allowed)}`}
        {attempt.unseen > 0 &&
          `, of which ${
            duration(attempt.unseen)
          } passed while the page was closed, asleep or its clock was set`}.
      </p>
      {score
        ? <Score score={score} exam={exam} all={tally(results.filter(({ scored }) => scored))} />
        : <Share tally={all} />}
      {score && !whole && (
        <p class="mx-note">
          This exam had {results.length} of {exam.questions}{" "}
          questions, and not in the proportions of a whole one: the estimate speaks for the domains that were
          asked.
        </p>
      )}
      {unscored.length > 0 && (
        <p class="mx-note">
          {count(unscored.length, "question")}{" "}
          did not count, as in the real exam; the list below names them. Of those you had{" "}
          {tally(unscored).right} right.
        </p>
      )}
      <Next bank={bank} attempt={attempt} actions={actions} />
      <h3>By domain and task</h3>
      <p class="mx-note">All {count(results.length, "question")}. A row of few questions says little.</p>
      <Domains attempt={attempt} bank={bank} />
      <h3>Pace</h3>
      <Pace attempt={attempt} bank={bank} />
      <Confidences attempt={attempt} />
      <h3 id="exam-questions">Every question</h3>
      <Answers bank={bank} attempt={attempt} filter={filter} filled={filled} show={actions.show} />
      <div class="mq-actions mx-tools">
        <button type="button" class="mq-button mq-primary" onClick={actions.close}>
          Choose the next exam
        </button>
        <button type="button" class="mq-button" onClick={() => print()}>Print or save as PDF</button>
      </div>
    </div>
  );
}

const VERDICTS = {
  above: "The whole interval is above the pass line.",
  below: "The whole interval is below the pass line.",
  open: "The pass line lies within the interval: this exam cannot tell.",
} as const;

interface ScoreProps {
  readonly score: Estimate;
  readonly exam: ReturnType<typeof examOf>;
  readonly all: { readonly right: number; readonly total: number };
}

function Score({ score, exam, all }: ScoreProps) {
  const at = (points: number) => 100 * (points - exam.lowest_score) / (scaled(1, exam) - scaled(0, exam));
  const [low, high, pass, here] = [score.low, score.high, exam.pass_score, score.score].map(at);
  return (
    <div class="mx-score" data-verdict={score.verdict}>
      <p class="mx-points">
        <strong>About {score.score}</strong>{" "}
        <span>of {exam.highest_score}; 95 % interval {score.low} to {score.high}</span>
      </p>
      <svg class="mx-scale" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">
        <rect class="mx-track" x="0" y="4" width="100" height="2" />
        <rect class="mx-range" x={low} y="3" width={Math.max(0.5, high! - low!)} height="4" />
        <rect class="mx-passline" x={pass! - 0.2} y="0" width="0.4" height="10" />
        <rect class="mx-here" x={here! - 0.5} y="1" width="1" height="8" />
      </svg>
      <p>
        {all.right} of {all.total} that counted were right. The pass line is {exam.pass_score}.{" "}
        {VERDICTS[score.verdict]}
      </p>
      <p class="mx-note">
        The estimate is {exam.lowest_score} + {exam.highest_score - exam.lowest_score} · <i>p</i>{" "}
        with your share <i>p</i>{" "}
        of right answers, and the interval is Wilson's. This map is ours: AWS publishes no formula, and the
        real exam equates its forms.
      </p>
    </div>
  );
}

function Share({ tally }: { tally: { right: number; total: number } }) {
  const { low, high } = wilson(tally);
  const percent = (share: number) => Math.round(100 * share);
  return (
    <div class="mx-score">
      <p class="mx-points">
        <strong>{tally.right} of {tally.total} right</strong>{" "}
        <span>95 % interval {percent(low)} to {percent(high)} %</span>
      </p>
      <p class="mx-note">A practice set is no sample of the exam, so it gets no estimate of the score.</p>
    </div>
  );
}

function Next({ bank, attempt, actions }: Pick<Props, "bank" | "attempt" | "actions">) {
  return (
    <section class="mx-next" aria-labelledby="exam-next">
      <h3 id="exam-next">Do this next</h3>
      <ol>
        {advice(bank, examOf(bank, attempt.exam), attempt).map(({ words, link, sit }) => (
          <li key={words}>
            <p>{words}</p>
            <p class="mx-links">
              {link && <PageLink href={link.href} newTab={false}>{link.label}</PageLink>}
              {sit && (
                <button
                  type="button"
                  class="mq-button mx-small"
                  onClick={() => actions.sit(sit.choice)}
                >
                  {sit.label}
                </button>
              )}
            </p>
          </li>
        ))}
      </ol>
    </section>
  );
}

function Domains({ bank, attempt }: Pick<Props, "bank" | "attempt">) {
  return (
    <table class="mx-table">
      <thead>
        <tr>
          <th scope="col">Domain or task</th>
          <th scope="col">Right</th>
          <th scope="col">
            <span class="mq-hidden">Share</span>
          </th>
        </tr>
      </thead>
      {byDomain(attempt.results, examOf(bank, attempt.exam)).map(({ domain, tasks }) => (
        <tbody key={domain.id}>
          <Line row={domain} strong />
          {tasks.filter(({ total }) =>
            total > 0
          ).map((task) => <Line key={task.id} row={task} />)}
        </tbody>
      ))}
    </table>
  );
}

function Line({ row, strong = false }: { row: Row; strong?: boolean }) {
  const { id, title, weight, right, total } = row;
  return (
    <tr class={strong ? "mx-strong" : undefined}>
      <th scope="row">{id} {title}{weight === null ? "" : ` (${weight} %)`}</th>
      <td class="mx-counts">{total === 0 ? "none asked" : `${right} of ${total}`}</td>
      <td>
        {total > 0 && (
          <svg class="mx-share" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">
            <rect class="mx-track" width="100" height="8" />
            <rect class="mx-range" width={100 * right / total} height="8" />
          </svg>
        )}
      </td>
    </tr>
  );
}

function Pace({ bank, attempt }: Pick<Props, "bank" | "attempt">) {
  const { median, given, long, blank } = pace(attempt.results, examOf(bank, attempt.exam));
  const slowest = attempt.results.map((result, index) => ({ ...result, place: index + 1 }))
    .filter((result) => !isBlank(result)).sort((one, other) => other.spent - one.spent).slice(0, 3);
  return (
    <>
      <p>
        The middle question took you {duration(median)}; the exam gives {duration(given)} each. {long}{" "}
        took more than twice that.{" "}
        {blank === 0 ? "None was left blank." : `${count(blank, "question")} left blank.`}
      </p>
      {slowest.length > 0 && (
        <p>
          The longest:{" "}
          {slowest.map(({ place, spent }) => `question ${place} (${duration(spent)})`).join(", ")}. Each
          question's time stands beside it in the list.
        </p>
      )}
    </>
  );
}

function Confidences({ attempt }: Pick<Props, "attempt">) {
  const rows = byConfidence(attempt.results);
  if (rows.length === 0) return null;
  return (
    <>
      <h3>How sure, how right</h3>
      <table class="mx-table">
        <thead>
          <tr>
            <th scope="col">You said</th>
            <th scope="col">Right</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ level, right, total }) => (
            <tr key={level}>
              <th scope="row">{CONFIDENCES[level]}</th>
              <td class="mx-counts">{right} of {total}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}
