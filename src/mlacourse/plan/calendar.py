"""The plan as a calendar file: one all-day entry for each study day and one for the exam (RFC 5545)."""

import re
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from icalendar import Calendar, Event

from mlacourse.plan.items import Item, Plan
from mlacourse.plan.material import Material
from mlacourse.plan.settings import Settings
from mlacourse.plan.words import duration, title

PRODID = "-//mlacourse//study plan//EN"
# Changes are counted in seconds since then: a later plan always has the larger number, on whatever device.
EPOCH = datetime(2026, 1, 1, tzinfo=UTC)
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


@dataclass(frozen=True)
class Entry:
    """A day in the calendar. Its ``uid`` depends on the day alone, so that a later file replaces it."""

    uid: str
    date: date
    summary: str
    description: str
    cancelled: bool = False


def entries(
    plan: Plan,
    settings: Settings,
    material: Material,
    *,
    link: Callable[[Item], str | None] = lambda item: None,
    former: Collection[date] = (),
) -> list[Entry]:
    """Return the entries of a plan, in the order of their days.

    ``link`` gives the address of an item, if it has one. ``former`` are study days of earlier plans: those that
    are study days no more are cancelled.
    """
    found = []
    for day in plan.days:
        items = [(plan.items[session.item], session.minutes) for session in day.sessions]
        used = sum(minutes for _, minutes in items)
        main = [title(item, material) for item, _ in items if item.kind != "cards"]
        lines = [
            f"{duration(minutes)}: {title(item, material)}" + (f"\n{address}" if (address := link(item)) else "")
            for item, minutes in items
        ]
        summary = f"{duration(used)}: {'; '.join(main or ['Flashcards'])}" if items else "A spare day"
        found.append(_entry(settings.exam, day.date, summary, "\n".join(lines)))
    now = {day.date for day in plan.days}
    first = min(now, default=settings.exam_date)
    gone = (day for day in sorted(former) if first <= day < settings.exam_date and day not in now)
    found += [_entry(settings.exam, day, "No study planned", "", cancelled=True) for day in gone]
    found.sort(key=lambda entry: entry.date)
    exam = Entry(f"{settings.exam}-exam@plan.mlacourse", settings.exam_date, f"Exam: {settings.exam.upper()}", "")
    return [*found, exam]


def ics(entries: Iterable[Entry], stamp: datetime) -> bytes:
    """Return the calendar file; ``stamp`` is the instant of the plan, on which nothing else than the file depends."""
    calendar = Calendar()
    for name, value in (("PRODID", PRODID), ("VERSION", "2.0"), ("CALSCALE", "GREGORIAN"), ("METHOD", "PUBLISH")):
        calendar.add(name, value)
    for entry in entries:
        event = Event()
        event.add("UID", entry.uid)
        event.add("DTSTAMP", stamp.astimezone(UTC).replace(microsecond=0))
        event.add("SEQUENCE", max(0, int((stamp - EPOCH).total_seconds())))
        event.add("DTSTART", entry.date)
        event.add("DTEND", entry.date + timedelta(days=1))
        event.add("SUMMARY", plain(entry.summary))
        event.add("DESCRIPTION", plain(entry.description))
        event.add("STATUS", "CANCELLED" if entry.cancelled else "CONFIRMED")
        event.add("TRANSP", "TRANSPARENT")
        calendar.add_component(event)
    return bytes(calendar.to_ical())


def plain(text: str) -> str:
    r"""Return a text without what a calendar file cannot hold: control characters, halves of characters.

    >>> plain("a\r\nb\x00c")
    'a\nbc'
    """
    whole = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return _CONTROL.sub("", whole.replace("\r\n", "\n").replace("\r", "\n"))


def _entry(exam: str, day: date, summary: str, description: str, *, cancelled: bool = False) -> Entry:
    return Entry(f"{exam}-{day}@plan.mlacourse", day, summary, description, cancelled)
