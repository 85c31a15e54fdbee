/** The screens of the exam. */
import type { LoggedAttempt } from "../../log/attempts.ts";
import type { Bank } from "../bank.ts";
import type { Sitting as Running } from "../model.ts";
import type { Choice, Past } from "../sets.ts";
import { History } from "./history.tsx";
import { type Filter, Report, type ReportActions } from "./report.tsx";
import { Setup, type SetupActions } from "./setup.tsx";
import { Sitting, type SittingActions } from "./sitting.tsx";

export type Screen =
  | { readonly name: "setup" | "elsewhere" }
  | { readonly name: "sitting"; readonly sitting: Running }
  | {
    readonly name: "report";
    readonly attempt: LoggedAttempt;
    readonly filter: Filter;
    /** Whether the folded questions have their content; the report is shown before that. */
    readonly filled: boolean;
  };

export interface Actions extends SetupActions, SittingActions, ReportActions {
  openReport(id: string): void;
  takeOver(): void;
}

interface Props {
  readonly bank: Bank;
  readonly screen: Screen;
  readonly choice: Choice;
  readonly past: Past;
  readonly attempts: readonly LoggedAttempt[];
  readonly seed: number;
  readonly notices: readonly string[];
  readonly marking: boolean;
  readonly shortcuts: boolean;
  readonly remaining: () => number | null;
  readonly actions: Actions;
}

export function App(props: Props) {
  const { screen, notices } = props;
  return (
    <div class="mlacourse-quiz mlacourse-exam">
      {screen.name === "sitting" ? <Sitting {...props} sitting={screen.sitting} /> : (
        <>
          {notices.map((notice) => <p key={notice} class="mq-notice">{notice}</p>)}
          <Still {...props} />
        </>
      )}
    </div>
  );
}

function Still({ screen, ...props }: Props) {
  if (screen.name === "report") {
    return (
      <Report
        bank={props.bank}
        attempt={screen.attempt}
        filter={screen.filter}
        filled={screen.filled}
        actions={props.actions}
      />
    );
  }
  if (screen.name === "elsewhere") return <Elsewhere takeOver={props.actions.takeOver} />;
  return (
    <>
      <Setup {...props} />
      <History bank={props.bank} attempts={props.attempts} open={props.actions.openReport} />
    </>
  );
}

function Elsewhere({ takeOver }: { takeOver: () => void }) {
  return (
    <>
      <h2 class="mx-heading" id="exam-heading" tabIndex={-1}>Your exam is open in another tab</h2>
      <p>Go on there, or take it over here with every answer so far. The clock runs on either way.</p>
      <div class="mq-actions">
        <button type="button" class="mq-button mq-primary" onClick={takeOver}>Continue here</button>
      </div>
    </>
  );
}
