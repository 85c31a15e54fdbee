"""The plan as a calendar file, from Python and from the browser's code, read by a calendar library."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import asdict, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from icalendar import Calendar
from plan.courses import START, TODAY, course

from mlacourse.plan import Settings, material, plan
from mlacourse.plan.calendar import Entry, entries, ics, plain

ROOT = Path(__file__).parents[2]
STAMP = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
HOSTILE = [
    "",
    'a;b,c:d\\e\\n"f"',
    "BEGIN:VEVENT\r\nUID:evil\r\nEND:VEVENT",
    "one\rtwo\nthree\r\nfour",
    "\x00\x07\x0b\x1b[31m\x7f",
    "half \ud83d and \udc00",
    "\u2028\u2029\x85\u202e",
    "<img src=x onerror=alert(1)>",
    "ü" * 200,
    "🧪" * 60,
    "x" * 74 + "é",
    " starts and ends with spaces ",
    "\\" * 90,
]


def entry(summary: str = "s", description: str = "d", day: date = START, *, cancelled: bool = False) -> Entry:
    return Entry(f"mla-c01-{day}@plan.mlacourse", day, summary, description, cancelled)


def deno(*arguments: str, **options: Any) -> subprocess.CompletedProcess[str]:
    command = [Path(sys.executable).with_name("deno"), *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, **options)


def from_browser(asked: list[tuple[list[Entry], datetime]]) -> list[bytes]:
    """The files that the browser's code writes."""
    document = [
        {"entries": [{**asdict(one), "date": str(one.date)} for one in all_], "stamp": stamp.isoformat()}
        for all_, stamp in asked
    ]
    done = deno("run", "--quiet", "tests/web/plan_ics.ts", input=json.dumps(document))
    assert done.returncode == 0, done.stderr
    return [text.encode() for text in json.loads(done.stdout)]


def read(file: bytes) -> list[dict[str, Any]]:
    """What a calendar library finds in a file."""
    calendar = Calendar.from_ical(file)
    assert (calendar["VERSION"], calendar["METHOD"]) == ("2.0", "PUBLISH")
    return [
        {
            "uid": str(event["UID"]),
            "stamp": event["DTSTAMP"].dt,
            "sequence": int(event["SEQUENCE"]),
            "start": event["DTSTART"].dt,
            "end": event["DTEND"].dt,
            "summary": str(event["SUMMARY"]),
            "description": str(event["DESCRIPTION"]),
            "status": str(event["STATUS"]),
            "transp": str(event["TRANSP"]),
        }
        for event in calendar.walk("VEVENT")
    ]


def expected(one: Entry, stamp: datetime = STAMP) -> dict[str, Any]:
    return {
        "uid": one.uid,
        "stamp": stamp,
        "sequence": int((stamp - datetime(2026, 1, 1, tzinfo=UTC)).total_seconds()),
        "start": one.date,
        "end": one.date + timedelta(days=1),
        "summary": plain(one.summary),
        "description": plain(one.description),
        "status": "CANCELLED" if one.cancelled else "CONFIRMED",
        "transp": "TRANSPARENT",
    }


def test_hostile_texts_come_back_as_they_were_from_python_and_from_the_browser() -> None:
    hostile = [entry(text, text, START + timedelta(days=n)) for n, text in enumerate(HOSTILE)]
    wanted = [expected(one) for one in hostile]
    assert read(ics(hostile, STAMP)) == wanted
    assert read(from_browser([(hostile, STAMP)])[0]) == wanted


def test_the_browser_and_python_write_the_same_calendars() -> None:
    """Generated at once, since each start of the browser's code takes a while."""
    texts = st.one_of(st.text(max_size=120), st.sampled_from(HOSTILE))
    stamps = st.datetimes(datetime(2026, 1, 1), datetime(2040, 1, 1)).map(
        lambda at: at.replace(microsecond=0, tzinfo=UTC)
    )
    days = st.dates(date(2026, 1, 1), date(2030, 12, 31))
    one = st.builds(lambda s, d, day, gone: entry(s, d, day, cancelled=gone), texts, texts, days, st.booleans())
    asked: list[tuple[list[Entry], datetime]] = []

    @settings(max_examples=150, database=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
    @given(st.lists(one, max_size=4), stamps)
    def collect(found: list[Entry], stamp: datetime) -> None:
        asked.append((found, stamp))

    collect()
    for (found, stamp), file in zip(asked, from_browser(asked), strict=True):
        assert read(file) == read(ics(found, stamp)) == [expected(each, stamp) for each in found]
        assert all(len(line) <= 75 for line in file.split(b"\r\n"))


def test_a_calendar_holds_every_study_day_the_exam_and_nothing_else() -> None:
    known = material(course(TODAY), "mla-c01")
    chosen = Settings("mla-c01", START, START + timedelta(weeks=10), (1.5,) * 7)
    made = plan(chosen, known)
    events = read(ics(entries(made, chosen, known), STAMP))
    assert [event["start"] for event in events] == [*(day.date for day in made.days), chosen.exam_date]
    assert events[0]["summary"] == "1 h 30 min: Diagnostic; Read: Metrics and thresholds"
    assert events[0]["description"] == "10 min: Flashcards\n50 min: Diagnostic\n30 min: Read: Metrics and thresholds"
    assert (events[-1]["uid"], events[-1]["summary"]) == ("mla-c01-exam@plan.mlacourse", "Exam: MLA-C01")
    assert len({event["uid"] for event in events}) == len(events)


def test_a_later_plan_replaces_the_days_and_cancels_those_that_are_free_now() -> None:
    known = material(course(TODAY), "mla-c01")
    chosen = Settings("mla-c01", START, START + timedelta(weeks=4), (1.5,) * 7)
    before = plan(chosen, known)
    fewer = replace(chosen, hours=(1.5,) * 5 + (0.0, 0.0))
    first = START + timedelta(days=3)
    after = plan(fewer, known, first=first)
    former = [day.date for day in before.days]
    old = {event["uid"]: event for event in read(ics(entries(before, chosen, known), STAMP))}
    new = {
        event["uid"]: event
        for event in read(ics(entries(after, fewer, known, former=former), STAMP + timedelta(days=3)))
    }
    weekend = [event for event in new.values() if event["status"] == "CANCELLED"]
    assert {event["start"].weekday() for event in weekend} == {5, 6}
    assert len(weekend) == 8
    assert set(old) - set(new) == {f"mla-c01-{START + timedelta(days=n)}@plan.mlacourse" for n in range(3)}
    assert all(new[uid]["sequence"] > old[uid]["sequence"] for uid in set(old) & set(new))


@pytest.mark.parametrize("zone", ["America/New_York", "Europe/Berlin", "Australia/Lord_Howe"])
def test_no_time_zone_shifts_a_day(zone: str) -> None:
    """Daylight saving begins and ends within the vectors' year; the browser's code reads the zone from the system."""
    tests = ("tests/web/plan_vectors_test.ts", "tests/web/plan_model_test.ts", "tests/web/plan_learner_test.ts")
    done = deno("test", "--quiet", "--no-check", "--allow-read", *tests, env={**os.environ, "TZ": zone})
    assert done.returncode == 0, done.stdout + done.stderr
