"""When the learner sits under the clock."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from mlacourse.bank.blueprint import Mechanics
from mlacourse.plan.rules import NUMBERS, full_steps, whole_steps


@dataclass(frozen=True)
class StudyDay:
    """A day with time."""

    date: date
    minutes: int

    @property
    def cards(self) -> int:
        """Minutes of flashcards, on a day without a sitting."""
        return min(NUMBERS["card_minutes"], full_steps(self.minutes / NUMBERS["card_days"]))


@dataclass(frozen=True)
class Sitting:
    """A mock exam, or a timed set where no mock exam fits."""

    date: date
    is_mock: bool
    minutes: int
    questions: int


def going_over(minutes: int) -> int:
    """Return the minutes it takes to go over a sitting."""
    return full_steps(minutes / NUMBERS["over_share"])


def midway(days: Sequence[StudyDay], first: date, end: date, exam: Mechanics) -> Sitting | None:
    """Return the sitting in the middle of learning, from ``first`` to the day before ``end``, if that is long enough.

    It stands on the day nearest to the middle that holds a mock exam; if none does, on the nearest of the longest.
    """
    length = (end - first).days
    if length < NUMBERS["midway_from"] or not days:
        return None
    middle = first + timedelta(days=length // 2)
    most = max(min(day.minutes, exam.minutes) for day in days)
    nearest = min(
        (day for day in days if day.minutes >= most), key=lambda day: (abs((day.date - middle).days), day.date)
    )
    return _sitting(nearest, exam)


def in_revision(days: Sequence[StudyDay], first: date, end: date, exam: Mechanics) -> list[Sitting]:
    """Return the sittings of the revision, one in each of equal stretches from ``first`` to the day before ``end``.

    In a stretch, a mock exam stands on the first day that holds one; else a timed set on the first of the longest.
    """
    if not days:
        return []
    longest = _sitting(max(days, key=lambda day: day.minutes), exam)
    if longest is None:
        return []
    time = sum(day.minutes - day.cards for day in days)
    fitting = time * 2 // (3 * (longest.minutes + going_over(longest.minutes)))
    most = NUMBERS["most_mocks"] if longest.is_mock else NUMBERS["most_timed"]
    number = max(1, min(most, fitting))
    length = (end - first).days
    sittings = []
    for place in range(number):
        start, stop = (first + timedelta(days=length * edge // number) for edge in (place, place + 1))
        stretch = [day for day in days if start <= day.date < stop]
        if stretch:
            sittings.append(_sitting(max(stretch, key=lambda day: min(day.minutes, exam.minutes)), exam))
    return [sitting for sitting in sittings if sitting is not None]


def _sitting(day: StudyDay, exam: Mechanics) -> Sitting | None:
    if day.minutes >= exam.minutes:
        return Sitting(day.date, True, whole_steps(exam.minutes), exam.questions)
    minutes = day.minutes - day.cards
    questions = minutes * exam.questions // exam.minutes
    return Sitting(day.date, False, minutes, questions) if questions >= NUMBERS["least_questions"] else None
