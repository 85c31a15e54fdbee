/** The page: the settings, or the plan that was made of them. */
import type { Course } from "../../course.d.ts";
import type { Day } from "../../log/days.ts";
import type { Draft } from "../draft.ts";
import type { Learner } from "../learner.ts";
import { fullDay, span } from "../sentences.ts";
import type { Finding } from "../settings.ts";
import { todayOf } from "../today.ts";
import { weeksOf } from "../weeks.ts";
import { Balance } from "./balance.tsx";
import { Form, type FormActions } from "./form.tsx";
import { Today } from "./today.tsx";
import { Weeks } from "./weeks.tsx";

export interface Actions extends FormActions {
  tick(id: string, on: boolean): void;
  replan(): void;
  open(): void;
  download(): void;
}

interface Props {
  readonly course: Course;
  readonly learner: Learner | null;
  /** The settings that are being typed, or null while the plan is shown. */
  readonly draft: Draft | null;
  readonly findings: readonly Finding[];
  readonly outlook: string | null;
  readonly today: Day;
  /** Items that were ticked a moment ago. */
  readonly kept: ReadonlySet<string>;
  readonly said: string;
  readonly notice: string | null;
  readonly actions: Actions;
}

export function App(props: Props) {
  const { course, learner, draft, notice, said } = props;
  return (
    <div class="mlacourse-quiz mlacourse-plan">
      {notice !== null && <p class="mq-notice">{notice}</p>}
      <p class="pl-said" role="status">{said}</p>
      {draft !== null
        ? (
          <>
            <h2 class="pl-heading" id="plan-heading" tabIndex={-1}>
              {learner ? "Change your plan" : "Make your plan"}
            </h2>
            {!learner && <First />}
            <Form {...props} draft={draft} exams={course.exams} isFirst={!learner} />
          </>
        )
        : learner && <Planned {...props} learner={learner} />}
    </div>
  );
}

const DIAGNOSTIC = "mock_exam.html#diagnostic";

function First() {
  return (
    <p>
      Best taken first:{" "}
      <a href={DIAGNOSTIC}>the diagnostic</a>, two questions of each task. Your plan then gives weak tasks
      more time. You can also take it on the first day of the plan.
    </p>
  );
}

function Planned({ learner, today, kept, actions }: Props & { readonly learner: Learner }) {
  const now = todayOf(learner, today, "", kept);
  const { settings, newResults } = learner;
  const left = now.daysLeft > 0 ? `, in ${span(now.daysLeft)}` : "";
  return (
    <>
      <h2 class="pl-heading" id="plan-heading" tabIndex={-1}>Your plan</h2>
      <p>{settings.exam.toUpperCase()} on {fullDay(settings.exam_date)}{left}.</p>
      <Today now={now} day={today} tick={actions.tick} replan={actions.replan} />
      {newResults && now.daysLeft > 0 && (
        <p>
          You have answered more questions since this plan was made. Plan anew, and they decide what gets
          time.
        </p>
      )}
      <div class="mq-actions pl-tools">
        <button type="button" class="mq-button" onClick={actions.open}>Change settings</button>
        {now.overdue.length === 0 && now.daysLeft > 0 && (
          <button type="button" class="mq-button" onClick={actions.replan}>Plan anew from today</button>
        )}
        <button type="button" class="mq-button" onClick={actions.download}>Save as calendar (.ics)</button>
      </div>
      <Weeks weeks={weeksOf(learner, "")} today={today} tick={actions.tick} />
      <Balance learner={learner} diagnostic={`${DIAGNOSTIC}=&exam=${settings.exam}`} />
    </>
  );
}
