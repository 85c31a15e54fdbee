/** A question that was answered: what was chosen, the key, each option's reason, and where to read on. */
import { Inputs } from "../../quiz/answers.tsx";
import type { Draft } from "../../quiz/grade.ts";
import { Prose } from "../../quiz/inline.tsx";
import { Facts, More } from "../../quiz/source.tsx";
import type { Asked } from "../bank.ts";

interface Props {
  readonly asked: Asked;
  readonly draft: Draft;
  /** What the order of the options depends on. */
  readonly seed: number;
  /** Start of the ids of its elements. */
  readonly name: string;
}

export function Answered({ asked: { question, scenario }, draft, seed, name }: Props) {
  return (
    <div class="mx-content">
      {scenario !== null && (
        <div class="mq-scenario">
          <Prose text={scenario} />
        </div>
      )}
      <div class="mq-stem">
        <Prose text={question.stem} />
      </div>
      <Inputs question={question} attempt={{ seed, draft, checked: true }} name={name} put={() => {}} />
      <More question={question} newTab={false} />
      <Facts question={question} />
    </div>
  );
}
