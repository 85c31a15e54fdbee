/** The settings: exam, dates, hours of each weekday, days off. */
import type { ComponentChildren } from "preact";
import type { Draft, Range } from "../draft.ts";
import { fullDay } from "../sentences.ts";
import { addDays, type Field, type Finding, WEEKDAYS } from "../settings.ts";
import { isDay } from "../../log/days.ts";

export interface FormActions {
  edit(changes: Partial<Draft>): void;
  addDaysOff(): void;
  removeDaysOff(range: Range): void;
  save(): void;
  cancel(): void;
}

interface Props {
  readonly draft: Draft;
  readonly exams: Readonly<Record<string, { readonly title: string }>>;
  readonly findings: readonly Finding[];
  /** What the settings as they stand amount to; null if no plan can be made of them. */
  readonly outlook: string | null;
  readonly isFirst: boolean;
  readonly actions: FormActions;
}

const WEEKS = [8, 10, 12];

export function Form(props: Props) {
  const { draft, exams, findings, outlook, isFirst, actions } = props;
  return (
    <form
      class="pl-form"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        actions.save();
      }}
    >
      {findings.length > 0 && (
        <div class="pl-findings" id="plan-findings" tabIndex={-1} role="group" aria-label="To be mended">
          <p>No plan can be made yet:</p>
          <ul>
            {findings.map((finding) => (
              <li key={finding.words}>
                <a href={`#${fieldId(finding.field, finding.weekday)}`}>{finding.words}</a>
              </li>
            ))}
          </ul>
        </div>
      )}
      <fieldset class="pl-row">
        <legend>Exam</legend>
        {Object.entries(exams).map(([id, { title }], place) => (
          <label key={id} class="pl-choice">
            <input
              id={place === 0 ? fieldId("exam") : undefined}
              type="radio"
              name="plan-exam"
              checked={draft.exam === id}
              onChange={() => actions.edit({ exam: id })}
            />
            <span>{title}</span>
          </label>
        ))}
      </fieldset>
      <Dates {...props} />
      <Hours {...props} />
      <DaysOff {...props} />
      <p class="pl-outlook" id="plan-outlook">{outlook ?? "Some of these settings cannot be used yet."}</p>
      <div class="mq-actions">
        <button type="submit" class="mq-button mq-primary" aria-describedby="plan-outlook">
          {isFirst ? "Make my plan" : "Plan with these settings"}
        </button>
        {!isFirst && (
          <button type="button" class="mq-button" onClick={actions.cancel}>Keep the plan as it is</button>
        )}
      </div>
    </form>
  );
}

export function fieldId(field: Field, weekday: number | null = null): string {
  return `plan-${field}${weekday === null ? "" : `-${weekday}`}`;
}

/** What a field with a finding says to assistive technology. */
function wrong(findings: readonly Finding[], field: Field, weekday: number | null = null) {
  return findings.some((finding) => finding.field === field && finding.weekday === weekday)
    ? { "aria-invalid": true, "aria-describedby": "plan-findings" }
    : {};
}

function Dates({ draft, findings, actions }: Props) {
  const date = (field: "start" | "exam_date", words: string) => (
    <label class="pl-field">
      {words}
      <input
        id={fieldId(field)}
        type="date"
        required
        value={draft[field]}
        onInput={(event) => actions.edit({ [field]: event.currentTarget.value })}
        {...wrong(findings, field)}
      />
    </label>
  );
  return (
    <fieldset class="pl-row">
      <legend>Dates</legend>
      {date("start", "First day")}
      {date("exam_date", "Day of the exam")}
      <p class="pl-weeks-choice">
        No date yet? Take {WEEKS.map((weeks, place) => (
          <>
            {place > 0 && " "}
            <button
              type="button"
              class="pl-link"
              onClick={() => {
                if (isDay(draft.start)) actions.edit({ exam_date: addDays(draft.start, weeks * 7) });
              }}
            >
              {weeks} weeks
            </button>
          </>
        ))}
      </p>
    </fieldset>
  );
}

function Hours({ draft, findings, actions }: Props) {
  return (
    <fieldset class="pl-row pl-hours">
      <legend>Hours of study</legend>
      {WEEKDAYS.map((name, weekday) => (
        <label key={name} class="pl-field">
          {name}
          <input
            id={fieldId("hours", weekday)}
            type="number"
            inputMode="decimal"
            min="0"
            max="24"
            step="0.25"
            required
            value={draft.hours[weekday]}
            onInput={({ currentTarget: { value } }) =>
              actions.edit({ hours: draft.hours.map((time, place) => (place === weekday ? value : time)) })}
            {...wrong(findings, "hours", weekday)}
          />
        </label>
      ))}
    </fieldset>
  );
}

function DaysOff({ draft, findings, actions }: Props) {
  const date = (field: "from" | "to", words: string, more: object = {}) => (
    <label class="pl-field">
      {words}
      <input
        type="date"
        value={draft[field]}
        onInput={(event) => actions.edit({ [field]: event.currentTarget.value })}
        {...more}
      />
    </label>
  );
  return (
    <fieldset class="pl-row">
      <legend>Days off</legend>
      {draft.off.length > 0 && (
        <ul class="pl-off">
          {draft.off.map((range) => (
            <li key={range.from}>
              {words(range)}{" "}
              <button type="button" class="pl-link" onClick={() => actions.removeDaysOff(range)}>
                Remove<Hidden>{words(range)}</Hidden>
              </button>
            </li>
          ))}
        </ul>
      )}
      {date("from", "From", { id: fieldId("days_off"), ...wrong(findings, "days_off") })}
      {date("to", "To, included")}
      <button type="button" class="mq-button pl-add" onClick={actions.addDaysOff}>Add days off</button>
    </fieldset>
  );
}

function Hidden({ children }: { children: ComponentChildren }) {
  return <span class="mq-hidden">{children}</span>;
}

function words({ from, to }: Range): string {
  return from === to ? fullDay(from) : `${fullDay(from)} to ${fullDay(to)}`;
}
