/** A quiz on the page. No decisions here: they are in model.ts, grade.ts and feedback.ts. */
import type { CaseStudy } from "../bank.d.ts";
import { Inputs } from "./answers.tsx";
import { gap, instruction, type Question } from "./grade.ts";
import { Prose } from "./inline.tsx";
import { attemptOf, hint, outcome, outcomes, type QuizState, score, wrong } from "./model.ts";
import { Facts, More, PageLink } from "./source.tsx";
import { Verdict } from "./verdict.tsx";
import { scoreLine, summary, wayToSite } from "./words.ts";

export interface Actions {
  put(question: string, key: string, value: string | null): void;
  check(question: string): void;
  retry(question: string): void;
  retryWrong(): void;
}

export interface Surroundings {
  /** Start of every element id of this quiz, so that two on one page do not collide. */
  readonly prefix: string;
  /** One line that the learner should know, such as a storage that keeps nothing. */
  readonly notice: string | null;
  /** In a notebook a link must not replace the notebook. */
  readonly newTab: boolean;
  readonly wayToSite: WayToSite | null;
}

/** A link that carries so many answers to the site. */
export interface WayToSite {
  readonly href: string;
  readonly answers: number;
}

interface Props extends Surroundings {
  readonly state: QuizState;
  readonly actions: Actions;
}

interface ItemProps extends Props {
  readonly question: Question;
  readonly number: number;
}

function Item(props: ItemProps) {
  const { question, number, state, actions, prefix, newTab } = props;
  const attempt = attemptOf(state, question.id);
  const result = outcome(state, question);
  const name = `${prefix}-${question.id}`;
  return (
    <fieldset class="mq-question" id={name} aria-describedby={`${name}-stem`}>
      <legend>
        <span class="mq-number">Question {number}</span> <span class="mq-of">of {score(state).total}</span>
      </legend>
      <div class="mq-stem" id={`${name}-stem`}>
        <Prose text={question.stem} />
      </div>
      {result !== "open"
        ? <Verdict outcome={result} id={`${name}-verdict`} />
        : <p class="mq-task" id={`${name}-task`}>{instruction(question)}</p>}
      <Inputs
        question={question}
        attempt={attempt}
        name={name}
        put={(key, value) => actions.put(question.id, key, value)}
      />
      {result !== "open" && <More question={question} newTab={newTab} />}
      <div class="mq-actions">
        {result !== "open"
          ? (
            <button type="button" class="mq-button" onClick={() => actions.retry(question.id)}>
              Try again<span class="mq-hidden">: question {number}</span>
            </button>
          )
          : (
            <button
              type="button"
              class="mq-button mq-primary"
              aria-disabled={gap(question, attempt.draft) !== null}
              aria-describedby={`${name}-hint`}
              onClick={() => actions.check(question.id)}
            >
              Check<span class="mq-hidden">question {number}</span>
            </button>
          )}
        <p class="mq-hint" id={`${name}-hint`} role="status">{hint(question, attempt)}</p>
        <Facts question={question} />
      </div>
    </fieldset>
  );
}

function Case({ study, first, ...props }: Props & { study: CaseStudy; first: number }) {
  const name = `${props.prefix}-${study.id}`;
  return (
    <div class="mq-case" role="group" aria-labelledby={`${name}-title`}>
      <p class="mq-case-title" id={`${name}-title`}>
        Case study <span class="mq-of">for questions {first} to {first + study.questions.length - 1}</span>
      </p>
      <div class="mq-scenario">
        <Prose text={study.scenario} />
      </div>
      {study.questions.map((question, index) => (
        <Item key={question.id} {...props} question={question} number={first + index} />
      ))}
    </div>
  );
}

function Progress({ state }: Props) {
  return (
    <header class="mq-progress">
      <p role="status">{scoreLine(score(state))}</p>
      <div class="mq-pips" aria-hidden="true">
        {outcomes(state).map((outcome, index) => <span key={index} class="mq-pip" data-outcome={outcome} />)}
      </div>
    </header>
  );
}

function Summary({ state, actions }: Props) {
  const said = summary(score(state));
  return (
    <footer class="mq-summary">
      <p class="mq-result">{said}</p>
      {wrong(state).length > 0 && (
        <button type="button" class="mq-button" onClick={actions.retryWrong}>Try the wrong ones again</button>
      )}
    </footer>
  );
}

export function Quiz(props: Props) {
  let number = 1;
  return (
    <div class="mlacourse-quiz">
      <Progress {...props} />
      {props.notice && <p class="mq-notice">{props.notice}</p>}
      <ol class="mq-items">
        {props.state.quiz.questions.map((item) => {
          const first = number;
          number += item.type === "case_study" ? item.questions.length : 1;
          return (
            <li key={item.id}>
              {item.type === "case_study"
                ? <Case {...props} study={item} first={first} />
                : <Item {...props} question={item} number={first} />}
            </li>
          );
        })}
      </ol>
      <Summary {...props} />
      {props.wayToSite && (
        <p>
          <PageLink href={props.wayToSite.href} newTab={props.newTab}>
            {wayToSite(props.wayToSite.answers)}
          </PageLink>
        </p>
      )}
    </div>
  );
}
