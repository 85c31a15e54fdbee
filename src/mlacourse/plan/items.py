"""The pieces of a plan: what can be ticked, and the days it falls on."""

from dataclasses import dataclass
from datetime import date

# Time between two items that nothing is planned for; it has no id and is on no day.
GAP = "gap"


@dataclass(frozen=True)
class Item:
    """A piece of work that can be ticked; ``whole`` is what it takes when nothing is cut."""

    id: str
    kind: str
    minutes: int
    whole: int
    phase: str | None = None
    chapter: str | None = None
    task: str | None = None
    questions: int | None = None


@dataclass(frozen=True)
class Session:
    """So many minutes of an item on a day."""

    item: str
    minutes: int


@dataclass(frozen=True)
class Day:
    """A day with time, and what is done on it; the minutes that no session takes are spare."""

    date: date
    minutes: int
    sessions: tuple[Session, ...]

    @property
    def spare(self) -> int:
        """Minutes for which nothing is planned."""
        return self.minutes - sum(session.minutes for session in self.sessions)


@dataclass(frozen=True)
class Cut:
    """A task whose chapters do not get all their time, in minutes."""

    task: str
    needed: int
    given: int


@dataclass(frozen=True)
class Plan:
    """Dated work, where the revision begins, and what there is no time for."""

    days: tuple[Day, ...]
    items: dict[str, Item]
    revision: date
    cuts: tuple[Cut, ...]
    left_out: tuple[str, ...]
    """Projects for which there is no time."""

    @property
    def spare(self) -> int:
        """Minutes of all days for which nothing is planned."""
        return sum(day.spare for day in self.days)
