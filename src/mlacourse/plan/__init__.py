"""The study plan: dated work from the hours a learner has, the exam's weights and what they already know.

The rules, which ``web/src/plan/`` follows too (both are held to ``tests/vectors/plan.json``):

1. **Days.** The plan runs from its first day to the day before the exam. A day has the hours of its weekday, and
   none if it is a day off. Days are dates of the calendar, without a time zone; time goes in steps of five minutes.
2. **Flashcards** open every study day: ten minutes, or a fifth of a day that is shorter than fifty.
3. **Revision** is the last two weeks, or the last quarter of a plan of fewer than eight weeks. Everything before
   is for learning. The day before the exam is for rest: cards and nothing else.
4. **Learning** goes through the parts of the course in their order, as the syllabus does: foundations and data,
   modeling, deployment, monitoring with security and cost. A chapter is read, its exercises are solved (half as
   long as reading), its quiz is taken (at the exam's pace). Work that is longer than a day goes on the next.
5. **Too little time** is split over the tasks of the exam by weight × weakness, minute by minute with Webster's
   method, and no task gets more than its chapters need. Within a task exercises give way first, then reading;
   the quizzes stay. What is cut is named.
6. **Enough time**: up to half of what the chapters leave goes to the projects that fit; the rest to practice sets
   of ten questions, again by weight × weakness, until every question of the bank has had its turn. The first set of
   a task closes its own part, the second the next part, and so on, so that practice comes back after a while. What
   follows the last chapter is spread evenly over the time that is left; days that are still empty are spare.
7. **Timed practice.** A mock exam stands in the middle of three or more weeks of learning; in the revision, sittings
   and what follows them take up to two thirds of the time, three mock exams at most, evenly spread. A mock exam needs
   a day that holds all of it; where there is none, timed sets as long as the days allow take its place, six at most.
   Going over a sitting takes half as long as sitting it.
8. **The rest of the revision** goes to the tasks by weight × weakness, half an hour at a time.
9. **Weight** of a task: its domain's, by the number of skills that the exam guide lists (AWS weighs domains only).
   **Weakness**: (wrong + 1) / (answered + 2), the mean of a uniform prior over shares after that many answers. Two
   answers say little: none give 1/2, two wrong ones 3/4, and no task is ever left with nothing.
10. **A learner who is late** plans anew from today: what is done stays done, under its own name, and the rest is
    laid out over the days that are left.
"""

from mlacourse.plan.items import Cut, Day, Item, Plan, Session
from mlacourse.plan.material import Chapter, Material, Topic, material
from mlacourse.plan.schedule import Behind, behind, plan
from mlacourse.plan.settings import PlanError, Settings
from mlacourse.plan.shares import Tally, weakness

__all__ = [
    "Behind",
    "Chapter",
    "Cut",
    "Day",
    "Item",
    "Material",
    "Plan",
    "PlanError",
    "Session",
    "Settings",
    "Tally",
    "Topic",
    "behind",
    "material",
    "plan",
    "weakness",
]
