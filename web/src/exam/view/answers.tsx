/** Every question of a finished exam: your answer, the key, each reason, and where to read on. */
import { Icon } from "../../quiz/icon.tsx";
import type { LoggedAttempt, LoggedResult } from "../../log/attempts.ts";
import type { Bank } from "../bank.ts";
import { optionSeed } from "../model.ts";
import { isBlank } from "../score.ts";
import { CONFIDENCES, duration } from "../words.ts";
import { Answered } from "./answered.tsx";
import type { Filter } from "./report.tsx";

interface Props {
  readonly bank: Bank;
  readonly attempt: LoggedAttempt;
  readonly filter: Filter;
  readonly filled: boolean;
  readonly show: (filter: Filter) => void;
}

const FILTERS: readonly (readonly [Filter, string, (result: LoggedResult) => boolean])[] = [
  ["all", "All", () => true],
  ["wrong", "Not right", ({ correct }) => !correct],
  ["flagged", "Flagged or guessed", ({ flagged, confidence }) => flagged || confidence === "guess"],
];

export function Answers({ bank, attempt, filter, filled, show }: Props) {
  const wanted = FILTERS.find(([name]) => name === filter)![2];
  return (
    <>
      <fieldset class="mx-choices mx-filter">
        <legend>Show</legend>
        {FILTERS.map(([name, words, fits]) => (
          <label key={name}>
            <input type="radio" name="exam-filter" checked={filter === name} onChange={() => show(name)} />
            <span>{words} ({attempt.results.filter(fits).length})</span>
          </label>
        ))}
      </fieldset>
      <ol class="mx-answers">
        {attempt.results.map((result, index) =>
          wanted(result) && (
            <li key={result.question}>
              <Folded bank={bank} attempt={attempt} result={result} number={index + 1} filled={filled} />
            </li>
          )
        )}
      </ol>
    </>
  );
}

interface FoldedProps {
  readonly bank: Bank;
  readonly attempt: LoggedAttempt;
  readonly result: LoggedResult;
  readonly number: number;
  readonly filled: boolean;
}

function Folded({ bank, attempt, result, number, filled }: FoldedProps) {
  const { correct, task, spent, flagged, scored, confidence } = result;
  const facts = [
    `task ${task}`,
    duration(spent),
    ...(confidence ? [CONFIDENCES[confidence].toLowerCase()] : []),
    ...(flagged ? ["⚑ flagged"] : []),
    ...(scored ? [] : ["did not count"]),
  ];
  return (
    <details class="mx-answered" data-outcome={correct ? "right" : "wrong"}>
      <summary>
        <span class="mx-outcome">
          <Icon name={correct ? "right" : "wrong"} />Question {number}:{" "}
          {correct ? "correct" : isBlank(result) ? "no answer" : "not correct"}
        </span>{" "}
        <span class="mx-state">{facts.join(" · ")}</span>
      </summary>
      {filled && <Content bank={bank} attempt={attempt} result={result} />}
    </details>
  );
}

function Content({ bank, attempt, result }: Pick<FoldedProps, "bank" | "attempt" | "result">) {
  const asked = bank.asked.get(result.question);
  if (!asked) return <p>This question has left the course since. Your result stays as it was.</p>;
  const { question } = asked;
  return (
    <Answered
      asked={asked}
      draft={new Map(Object.entries(result.draft))}
      seed={optionSeed(attempt.seed, question.id)}
      name={`exam-report-${question.id}`}
    />
  );
}
