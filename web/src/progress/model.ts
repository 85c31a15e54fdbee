/** All that the page shows of a learner, out of the log. */
import type { Course } from "../course.d.ts";
import { type Day, dayOf } from "../log/days.ts";
import type { LogEvent } from "../log/events.ts";
import { journal, type Note } from "../log/journal.ts";
import { outcomes } from "../log/outcomes.ts";
import { ticked } from "../log/ticks.ts";
import type { ProgressLists } from "../progress.d.ts";
import { parts, type PartStanding } from "./chapters.ts";
import { type DomainStanding, standings } from "./mastery.ts";
import { computedMilestones, type Milestone } from "./milestones.ts";

export interface Ticked {
  readonly id: string;
  readonly title: string;
  /** The day since when it is ticked, or null. */
  readonly since: Day | null;
}

export interface ToolStandings {
  readonly title: string;
  readonly tools: readonly Ticked[];
}

export interface Progress {
  readonly exam: string;
  readonly today: Day;
  readonly domains: readonly DomainStanding[];
  readonly parts: readonly PartStanding[];
  readonly tools: readonly ToolStandings[];
  readonly computed: readonly Milestone[];
  readonly byHand: readonly Ticked[];
  readonly notes: readonly Note[];
}

export function progressOf(
  course: Course,
  lists: ProgressLists,
  events: readonly LogEvent[],
  { exam, now }: { readonly exam: string; readonly now: Date },
): Progress {
  const today = dayOf(now);
  const answered = outcomes(events);
  const since =
    (ticks: ReadonlyMap<string, string>) => ({ id, title }: { id: string; title: string }): Ticked => {
      const instant = ticks.get(id);
      return { id, title, since: instant === undefined ? null : dayOf(instant) };
    };
  const tools = since(ticked(events, "tool"));
  return {
    exam,
    today,
    domains: standings(course, exam, answered, today),
    parts: parts(course, events, answered),
    tools: lists.tools.map((group) => ({ title: group.title, tools: group.tools.map(tools) })),
    computed: computedMilestones(course, lists, events, answered),
    byHand: lists.milestones.map(since(ticked(events, "milestone"))),
    notes: journal(events),
  };
}
