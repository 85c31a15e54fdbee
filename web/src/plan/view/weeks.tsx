/** The whole plan, a fold for each week. */
import type { Day } from "../../log/days.ts";
import { longDay, shortDay } from "../sentences.ts";
import type { Week } from "../weeks.ts";
import { Todo } from "./todo.tsx";

interface Props {
  readonly weeks: readonly Week[];
  readonly today: Day;
  readonly tick: (id: string, on: boolean) => void;
}

export function Weeks({ weeks, today, tick }: Props) {
  const current = weeks.find(({ last }) => today <= last)?.number;
  return (
    <section class="pl-weeks" aria-labelledby="plan-weeks">
      <h3 id="plan-weeks">Week by week</h3>
      {weeks.map(({ number, first, last, topics, days, items, done }) => (
        <details key={number} class="pl-week" open={number === current}>
          <summary>
            <span class="pl-week-name">Week {number}</span>{" "}
            <span class="pl-week-days">{shortDay(first)} to {shortDay(last)}</span>{" "}
            <span class="pl-week-topics">
              {days.length === 0 ? "no study days" : topics.join("; ") || "Flashcards, and time to spare"}
            </span>{" "}
            {items > 0 && <span class="pl-week-done">{done} of {items} done</span>}
          </summary>
          {days.map(({ date, todos }) => (
            <section key={date} class="pl-day" aria-label={longDay(date)}>
              <h4 aria-current={date === today ? "date" : undefined}>
                {longDay(date)}
                {date === today && <span class="pl-now">today</span>}
              </h4>
              <ul class="pl-todos">
                {todos.map(({ part, ...todo }) => (
                  <Todo
                    key={todo.id}
                    todo={todo}
                    part={part ? `, part ${part.number} of ${part.of}` : ""}
                    tick={tick}
                  />
                ))}
              </ul>
            </section>
          ))}
        </details>
      ))}
    </section>
  );
}
