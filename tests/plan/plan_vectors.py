"""Plans that Python and the browser must agree on; written by ``PYTHONPATH=tests python -m plan.plan_vectors``."""

from __future__ import annotations

import json
import random
from dataclasses import asdict
from datetime import timedelta
from pathlib import Path
from typing import Any

from plan.courses import LEARNING, START, TODAY, USUAL, WHOLE, course

from mlacourse.plan import Plan, Settings, Tally, behind, material, plan, weakness
from mlacourse.plan.calendar import entries
from mlacourse.plan.rules import browser_rules
from mlacourse.plan.shares import hand_out
from mlacourse.plan.words import duration, title

ROOT = Path(__file__).parents[2]
FILE = ROOT / "tests" / "vectors" / "plan.json"
TASKS = [f"{domain}.{number}" for domain in range(1, 5) for number in range(1, 4)]

COURSES: dict[str, dict[str, Any]] = {
    "none": {"chapters": []},
    "today": {"chapters": TODAY, "quiz": 12, "bank": 0},
    "whole": {"chapters": WHOLE},
    "half": {"chapters": LEARNING[::3], "minutes": 75, "quiz": 7, "bank": 60},
    "odd": {"chapters": WHOLE[5::9], "minutes": 47, "quiz": 3, "bank": 4},
}
EDGES: list[dict[str, Any]] = [
    {"course": "whole"},
    {"course": "whole", "weeks": 8},
    {"course": "whole", "weeks": 12, "exam": "mla-c02"},
    {"course": "whole", "weeks": 12, "hours": (3, 3, 3, 3, 3, 6, 4)},
    {"course": "today", "weeks": 10},
    {"course": "none", "weeks": 4},
    {"course": "half", "days": 1},
    {"course": "half", "days": 2, "hours": (0, 2, 0, 0, 0, 0, 0)},
    {"course": "half", "days": 7},
    {"course": "half", "days": 55},
    {"course": "half", "days": 56, "hours": (0.5,) * 7},
    {"course": "half", "weeks": 9, "hours": (0, 0, 0, 0, 0, 0, 1)},
    {"course": "half", "weeks": 9, "hours": (0.05, 0.1, 0.25, 0.583, 0, 0, 0)},
    {"course": "half", "weeks": 9, "hours": (0, 0, 0, 0, 0, 2, 2.5)},
    {"course": "odd", "weeks": 3, "hours": (24,) * 7},
    {"course": "half", "weeks": 9, "off": list(range(10, 63))},
    {"course": "half", "weeks": 9, "off": list(range(49, 62))},
    {"course": "half", "weeks": 10, "first": 12, "done": 9},
    {"course": "half", "weeks": 10, "first": 40, "done": 4},
    {"course": "half", "weeks": 10, "first": 60, "done": 30},
    {"course": "half", "weeks": 10, "first": 69, "done": 500},
    {"course": "half", "weeks": 10, "first": 20, "names": ["mock/1", "mock/2", "practice/2.2/1", "revise/1.1/1"]},
    {"course": "half", "weeks": 10, "names": ["mock/1", "mock/2", "mock/3", "mock/4", "mock/x", "review/mock/2", ""]},
    {"course": "half", "weeks": 10, "start": 118},
    {"course": "half", "weeks": 56, "start": 300, "hours": (0, 0, 1, 0, 0, 0, 0)},
]


def case(spec: dict[str, Any]) -> dict[str, Any]:
    """A case with its result."""
    start = START + timedelta(days=spec.get("start", 0))
    settings = Settings(
        spec.get("exam", "mla-c01"),
        start,
        start + timedelta(days=spec.get("days", spec.get("weeks", 10) * 7 - 1)),
        tuple(spec.get("hours", USUAL)),
        frozenset(start + timedelta(days=day) for day in spec.get("off", [])),
    )
    known = material(course(**COURSES[spec["course"]]), settings.exam)
    results = {task: Tally(*tally) for task, tally in spec.get("results", {}).items()}
    original = plan(settings, known, results=results)
    done = [*list(original.items)[: spec.get("done", 0)], *spec.get("names", [])]
    first = start + timedelta(days=spec.get("first", 0))
    made = plan(settings, known, first=first, results=results, done=done)
    late = behind(original, done, first)
    return {
        "course": spec["course"],
        "settings": {
            "exam": settings.exam,
            "start": str(start),
            "exam_date": str(settings.exam_date),
            "hours": list(settings.hours),
            "days_off": sorted(map(str, settings.days_off)),
        },
        "first": str(first),
        "results": {task: asdict(tally) for task, tally in results.items()},
        "done": done,
        "plan": plain(made),
        "behind": {"items": late.items, "minutes": late.minutes, "since": late.since and str(late.since)},
    }


def plain(made: Plan) -> dict[str, Any]:
    """A plan as JSON values, in few words: each item once, and a day's sessions by the places of their items.

    Flashcards have the place -1, rest has -2.
    """
    items = [item for item in made.items.values() if item.kind not in ("cards", "rest")]
    place = {item.id: number for number, item in enumerate(items)}

    def at(name: str) -> int:
        return place.get(name, -2 if name.startswith("rest/") else -1)

    return {
        "revision": str(made.revision),
        "items": [[item.id, item.minutes, item.whole] for item in items],
        "days": [
            [str(day.date), day.minutes, *((at(session.item), session.minutes) for session in day.sessions)]
            for day in made.days
        ],
        "cuts": [asdict(cut) for cut in made.cuts],
        "left_out": list(made.left_out),
    }


def generated(seed: int) -> dict[str, Any]:
    """Settings, results and what is done, at random."""
    chance = random.Random(seed)
    days = chance.choice([chance.randrange(1, 12), chance.randrange(12, 60), chance.randrange(60, 80)])
    start = chance.randrange(365)
    hours = [chance.choice([0, 0, 0.25, 0.5, 1, 1.75, 2.5, 4]) for _ in range(7)]
    hours[start % 7] = 1
    tallies = {task: (chance.randrange(5), chance.randrange(4)) for task in chance.sample(TASKS, 7)}
    return {
        "course": chance.choice(["today", "half", "odd", "whole"] if days < 30 else ["today", "odd"]),
        "exam": chance.choice(["mla-c01", "mla-c02"]),
        "start": start,
        "days": days,
        "hours": hours,
        "off": sorted(chance.sample(range(1, days + 5), days // 10)),
        "results": {task: (right, right + wrong) for task, (right, wrong) in tallies.items()},
        "first": chance.randrange(days) if chance.random() < 0.4 and days > 7 else 0,
        "done": chance.randrange(30) if chance.random() < 0.5 else 0,
    }


def vectors() -> dict[str, Any]:
    """Every case with its result."""
    chance = random.Random(20261123)
    shares = []
    for size in (0, 1, 3, 12):
        weights = [chance.choice([0.1, 1 / 3, 2.5, 7, 7]) for _ in range(size)]
        most = [chance.randrange(12) for _ in range(size)]
        shares.append({"total": 40, "weights": weights, "most": most, "order": hand_out(40, weights, most)})
    usual = Settings("mla-c01", START, START + timedelta(weeks=3), USUAL)
    known = material(course(**COURSES["half"]), "mla-c01")
    made = plan(usual, known)
    plans = [case(spec) for spec in [*EDGES, *map(generated, range(40))]]
    return {
        "rules": browser_rules(),
        "courses": {name: course(**spec) for name, spec in COURSES.items() if name in ("none", "today", "odd")},
        "materials": {
            f"{name} {exam}": asdict(material(course(**COURSES[name]), exam))
            for name, exam in sorted({(case["course"], case["settings"]["exam"]) for case in plans})
        },
        "weakness": [
            {"right": right, "total": total, "weakness": weakness(Tally(right, total))}
            for total in range(6)
            for right in range(total + 1)
        ],
        "hand_out": shares,
        "durations": {str(minutes): duration(minutes) for minutes in (0, 5, 60, 65, 130, 600)},
        "items": [asdict(item) for item in made.items.values()],
        "titles": {item.id: title(item, known) for item in made.items.values()},
        "entries": [
            {**asdict(entry), "date": str(entry.date)}
            for entry in entries(
                made,
                usual,
                known,
                link=lambda item: f"https://example.org/{item.chapter}.html" if item.chapter else None,
                former=[START + timedelta(days=day) for day in (-3, 5, 6, 13, 40)],
            )
        ],
        "plans": plans,
    }


def text() -> str:
    """The file's content."""
    return json.dumps(vectors(), separators=(",", ":"), ensure_ascii=False) + "\n"


if __name__ == "__main__":
    FILE.write_text(text(), encoding="utf-8")
