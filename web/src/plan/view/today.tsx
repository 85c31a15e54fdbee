/** Today's work, what is still open from before, and how far behind that is. */
import type { Day } from "../../log/days.ts";
import { behindLine, fullDay, longDay } from "../sentences.ts";
import type { Today as Now } from "../today.ts";
import { Todo } from "./todo.tsx";

interface Props {
  readonly now: Now;
  readonly day: Day;
  readonly tick: (id: string, on: boolean) => void;
  readonly replan: () => void;
}

export function Today({ now, day, tick, replan }: Props) {
  const { todos, overdue, behind, daysLeft, examDate, exam, from, next } = now;
  if (daysLeft < 0) {
    return (
      <p>The exam {exam.toUpperCase()} was on {fullDay(examDate)}. Change the settings for the next one.</p>
    );
  }
  return (
    <section class="pl-today" aria-labelledby="plan-today">
      <h3 id="plan-today">Today, {longDay(day)}</h3>
      {daysLeft === 0 && <p>Today is the exam. Nothing else.</p>}
      {day < from && <p>The plan begins on {longDay(from)}.</p>}
      {todos.length > 0
        ? <ul class="pl-todos">{todos.map((todo) => <Todo key={todo.id} todo={todo} tick={tick} />)}</ul>
        : day >= from && daysLeft > 0 && (
          <p>No study today.{next !== null && ` The next day of the plan is ${longDay(next)}.`}</p>
        )}
      {day >= from && daysLeft > 0 && <p class="pl-behind">{behindLine(behind)}</p>}
      {overdue.length > 0 && (
        <>
          <details class="pl-overdue">
            <summary>Open from before</summary>
            <ul class="pl-todos">{overdue.map((todo) => <Todo key={todo.id} todo={todo} tick={tick} />)}</ul>
          </details>
          <p>
            Tick what you have done after all. Then lay the rest out over the days that are left:
          </p>
          <button type="button" class="mq-button mq-primary" onClick={replan}>Plan anew from today</button>
        </>
      )}
    </section>
  );
}
