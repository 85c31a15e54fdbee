"""The plan itself: the work that was chosen, laid out over the days."""

from collections import deque
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from mlacourse.bank.blueprint import load_blueprints
from mlacourse.plan import work
from mlacourse.plan.items import GAP, Day, Item, Plan, Session
from mlacourse.plan.material import Material
from mlacourse.plan.rules import NUMBERS, REVISION
from mlacourse.plan.settings import Settings
from mlacourse.plan.shares import NOTHING, Tally, weakness
from mlacourse.plan.sittings import Sitting, StudyDay, going_over, in_revision, midway


@dataclass(frozen=True)
class Behind:
    """Items that were due before today and are not done, their minutes, and the day of the oldest."""

    items: tuple[str, ...]
    minutes: int
    since: date | None


@dataclass(frozen=True)
class _Room:
    """A day, what stands on it in any case, and what comes before all other work."""

    day: StudyDay
    fixed: tuple[Item, ...]
    first: Item | None = None

    @property
    def free(self) -> int:
        return self.day.minutes - sum(item.minutes for item in self.fixed)


def plan(
    settings: Settings,
    material: Material,
    *,
    first: date | None = None,
    results: Mapping[str, Tally] | None = None,
    done: Collection[str] = frozenset(),
) -> Plan:
    """Lay the work out over the days from ``first`` (the plan's start, or later) to the day before the exam.

    ``results`` are tallies by task; ``done`` are the ids of items that need no time any more.
    """
    exam = load_blueprints().exams[settings.exam].mechanics
    begin = max(settings.start, first or settings.start)
    length = revision_days(settings)
    turn = max(begin, settings.exam_date - timedelta(days=length))
    end = settings.exam_date - timedelta(days=1 if length >= NUMBERS["rest_from"] else 0)
    days = [StudyDay(day, settings.minutes(day)) for day in settings.days(begin)]
    weights = [topic.weight * weakness((results or {}).get(topic.id, NOTHING)) for topic in material.topics]

    # Who has gone over a sitting has sat it.
    done = {*done, *(item.removeprefix("review/") for item in done)}
    before = [day for day in days if day.date < turn]
    has_sat = any(item.startswith("mock/") for item in done)
    sitting = None if has_sat else midway(before, begin, turn, exam)
    early = _rooms(before, _named([sitting] if sitting else [], None, done))
    owed = work.reviews(done, going_over(exam.minutes))
    now = owed if sum(item.minutes for item in owed) <= _free(early) else []
    learning = work.learning(_free(early), material, weights, done, now)

    after = [day for day in days if turn <= day.date < end]
    used = {*done, *(item.id for item in _standing(early))}
    late = _rooms(after, _named(in_revision(after, turn, end, exam), REVISION, used))
    then = owed if not now and sum(item.minutes for item in owed) <= _free(late) else []
    revising = work.revision(_free(late), material, weights, done, then)

    resting = [
        _Room(day, (*_cards(day, None), Item(f"rest/{day.date}", "rest", 0, 0))) for day in days if day.date >= end
    ]
    items = [*_standing([*early, *late, *resting]), *learning.items, *revising.items]
    return Plan(
        days=(*_lay(early, learning.items), *_lay(late, revising.items), *_lay(resting, [])),
        items={item.id: item for item in items if item.kind != GAP},
        revision=turn,
        cuts=learning.cuts,
        left_out=learning.left_out,
    )


def revision_days(settings: Settings) -> int:
    """Return the number of days of revision: two weeks, or a quarter of a plan of fewer than eight."""
    span = (settings.exam_date - settings.start).days
    return min(NUMBERS["revision_days"], max(1, span // NUMBERS["revision_share"]))


def behind(plan: Plan, done: Collection[str], today: date) -> Behind:
    """Return what was due before today and is not done; flashcards come due again by themselves."""
    due = {session.item: day.date for day in plan.days for session in day.sessions}
    late = [
        item
        for item, day in due.items()
        if day < today and item not in done and plan.items[item].kind not in ("cards", "rest")
    ]
    late.sort(key=lambda item: due[item])
    return Behind(tuple(late), sum(plan.items[item].minutes for item in late), due[late[0]] if late else None)


def _named(sittings: Iterable[Sitting], phase: str | None, done: Collection[str]) -> dict[date, Item]:
    """Return the sittings as items by day, numbered on from those that are done."""
    names = {kind: work.unused(kind, done) for kind in ("mock", "timed")}
    items = {}
    for sitting in sittings:
        kind = "mock" if sitting.is_mock else "timed"
        minutes = sitting.minutes
        items[sitting.date] = Item(next(names[kind]), kind, minutes, minutes, phase, questions=sitting.questions)
    return items


def _rooms(days: Sequence[StudyDay], sittings: Mapping[date, Item]) -> list[_Room]:
    """Open the days: cards and sittings stand on them, and time to go over a sitting is kept before the next one."""
    rooms: list[_Room] = []
    kept = 0
    for day in reversed(days):
        sitting = sittings.get(day.date)
        room = _Room(day, (*_cards(day, sitting), *([sitting] if sitting else [])))
        kept += room.free
        if sitting:
            minutes = min(going_over(sitting.minutes), kept)
            if minutes > 0:
                whole = going_over(sitting.minutes)
                after = Item(f"review/{sitting.id}", "review", minutes, whole, sitting.phase)
                room = replace(room, first=after)
            kept = 0
        rooms.append(room)
    return rooms[::-1]


def _cards(day: StudyDay, sitting: Item | None) -> list[Item]:
    minutes = min(day.cards, day.minutes - (sitting.minutes if sitting else 0))
    return [Item(f"cards/{day.date}", "cards", minutes, minutes)] if minutes > 0 else []


def _standing(rooms: Iterable[_Room]) -> list[Item]:
    return [item for room in rooms for item in (*room.fixed, room.first) if item]


def _free(rooms: Iterable[_Room]) -> int:
    return sum(room.free - (room.first.minutes if room.first else 0) for room in rooms)


def _lay(rooms: Iterable[_Room], items: Iterable[Item]) -> Iterator[Day]:
    """Fill each day with the next work, going on tomorrow with what today has no room for."""
    queue = deque((item.id, item.minutes) for item in items)
    for room in rooms:
        sessions = [Session(item.id, item.minutes) for item in room.fixed]
        if room.first:
            queue.appendleft((room.first.id, room.first.minutes))
        free = room.free
        while free > 0 and queue:
            item, left = queue.popleft()
            now = min(free, left)
            if item:
                sessions.append(Session(item, now))
            free -= now
            if left > now:
                queue.appendleft((item, left - now))
        yield Day(room.day.date, room.day.minutes, tuple(sessions))
