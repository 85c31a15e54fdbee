/** What is ticked: milestones, of which the log tells some by itself, and tools. */
import type { ComponentChildren } from "preact";
import { dayOf } from "../../log/days.ts";
import { day } from "../../quiz/words.ts";
import type { Progress, Ticked, ToolStandings } from "../model.ts";

export interface TickActions {
  setTool(tool: string, on: boolean): void;
  setMilestone(milestone: string, on: boolean): void;
}

export function Milestones({ progress, actions }: { progress: Progress; actions: TickActions }) {
  const { computed, byHand } = progress;
  return (
    <section class="mp-section" aria-labelledby="progress-milestones">
      <h2 id="progress-milestones">Milestones</h2>
      <h3>Counted here</h3>
      <ul class="mp-milestones">
        {computed.map(({ id, title, reached }) => (
          <li key={id} data-reached={reached !== null}>
            {title}{" "}
            <span class="mp-note">{reached === null ? "still ahead" : `reached ${day(dayOf(reached))}`}</span>
          </li>
        ))}
      </ul>
      <h3>Yours to tick</h3>
      <Ticks ticks={byHand} set={actions.setMilestone} />
    </section>
  );
}

export function Tools({ groups, actions }: { groups: readonly ToolStandings[]; actions: TickActions }) {
  return (
    <section class="mp-section" aria-labelledby="progress-tools">
      <h2 id="progress-tools">Tools mastered</h2>
      <p>Tick a tool when you have used it for something, and can say when not to.</p>
      {groups.map(({ title, tools }) => (
        <details key={title} class="mp-fold">
          <summary>
            {title}: {tools.filter(({ since }) => since !== null).length} of {tools.length}
          </summary>
          <Ticks ticks={tools} set={actions.setTool} />
        </details>
      ))}
    </section>
  );
}

function Ticks({ ticks, set }: { ticks: readonly Ticked[]; set: (id: string, on: boolean) => void }) {
  return (
    <ul class="mp-ticks">
      {ticks.map(({ id, title, since }) => (
        <li key={id}>
          <Tick on={since !== null} set={(on) => set(id, on)}>
            {title}
            {since !== null && <span class="mp-note">{day(since)}</span>}
          </Tick>
        </li>
      ))}
    </ul>
  );
}

interface TickProps {
  readonly on: boolean;
  readonly set: (on: boolean) => void;
  /** What it belongs to, for those who do not see where it stands. */
  readonly about?: string;
  readonly children: ComponentChildren;
}

export function Tick({ on, set, about, children }: TickProps) {
  return (
    <label class="mp-tick">
      <input type="checkbox" checked={on} onChange={({ currentTarget }) => set(currentTarget.checked)} />
      <span>
        {children}
        {about !== undefined && <span class="mq-hidden">{about}</span>}
      </span>
    </label>
  );
}
