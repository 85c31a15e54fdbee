"""What a learner decides: which exam, when, and how much time on which days."""

from dataclasses import dataclass
from datetime import date, timedelta
from math import isfinite

from mlacourse.bank.blueprint import load_blueprints
from mlacourse.plan.rules import NUMBERS, full_steps

ALMOST = 0.05  # minutes: 35 minutes are 0.583 hours
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


class PlanError(ValueError):
    """Settings from which no plan can be made; the message has one line for each reason, with its mend."""


@dataclass(frozen=True)
class Settings:
    """Which exam, the first day, the exam's day, the hours of each weekday (Monday first), and the days off.

    Raises ``PlanError`` if no plan can be made of them.
    """

    exam: str
    start: date
    exam_date: date
    hours: tuple[float, ...]
    days_off: frozenset[date] = frozenset()

    def __post_init__(self) -> None:
        findings = list(self._findings())
        if findings:
            raise PlanError("\n".join(findings))

    def minutes(self, day: date) -> int:
        """Return the minutes of a day.

        >>> evening = Settings("mla-c01", date(2027, 1, 4), date(2027, 3, 15), (1.5, 0, 0, 0, 0, 0, 0))
        >>> [evening.minutes(date(2027, 1, n)) for n in (4, 5)]
        [90, 0]
        """
        return 0 if day in self.days_off else full_steps(self.hours[day.weekday()] * 60 + ALMOST)

    def days(self, first: date) -> list[date]:
        """Return the days with time, from ``first`` to the day before the exam."""
        span = (first + timedelta(days=n) for n in range((self.exam_date - first).days))
        return [day for day in span if self.minutes(day) > 0]

    def _findings(self) -> list[str]:
        found = []
        exams = load_blueprints().exams
        if self.exam not in exams:
            found.append(f"exam: there is no {self.exam!r}. Use one of {', '.join(exams)}.")
        span = (self.exam_date - self.start).days
        if span < 1:
            found.append("exam_date: the exam must come after the first day. Choose a later day.")
        elif span > NUMBERS["most_days"]:
            found.append(f"exam_date: the exam is {span} days away, and a plan has {NUMBERS['most_days']} at most.")
        if len(self.hours) != len(WEEKDAYS):
            found.append(f"hours: {len(self.hours)} numbers. Give seven, Monday first.")
            return found
        found += [
            f"hours: {name} has {hours:g}. Give a number from 0 to 24."
            for name, hours in zip(WEEKDAYS, self.hours, strict=True)
            if not (isfinite(hours) and 0 <= hours <= 24)
        ]
        if not found and not self.days(self.start):
            found.append(
                "hours: no day before the exam has time to study. Give a weekday some hours, or take a day on."
            )
        return found
