"""A study plan on a page of its own, as the site writes it, for courses of any size."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

from playwright.sync_api import Page
from web.pages import write_page

from mlacourse.site.apps import data_script

SECTION = '<section class="plan" data-app="plan" aria-label="Study plan"><p>Without JavaScript</p></section>'
LOG = "mlacourse.log.v1"


def write_plan(folder: Path, course: dict[str, Any]) -> str:
    """Write the page and the course into a folder and return its address."""
    (folder / "course.js").write_text(data_script("course", course), encoding="utf-8")
    return write_page(folder, SECTION, scripts=["plan.js", "course.js"], styles=["plan.css"])


def event(kind: str, at: str, /, **fields: Any) -> dict[str, Any]:
    """An event of the log."""
    return {"v": 1, "id": f"{kind}-{at}", "t": at, "type": kind, **fields}


def planned(start: date, exam_date: date, at: str, **changes: Any) -> dict[str, Any]:
    """The event of a plan."""
    settings = {
        "exam": "mla-c01",
        "start": str(start),
        "exam_date": str(exam_date),
        "hours": [1.5, 1.5, 1.5, 1.5, 1.5, 3, 0],
        "days_off": [],
        **changes,
    }
    return event("plan", at, settings=settings)


def attempt(
    at: str, results: dict[str, tuple[int, int]], kind: str = "diagnostic", title: str = "Diagnostic"
) -> dict[str, Any]:
    """A sitting with so many right of so many by task."""
    rows = [
        {
            "question": f"q-{task}-{number}",
            "task": task,
            "scored": True,
            "draft": {"a": "on"},
            "correct": number < right,
            "flagged": False,
            "confidence": None,
            "spent": 60,
        }
        for task, (right, total) in results.items()
        for number in range(total)
    ]
    common = {"exam": "mla-c01", "kind": kind, "title": title, "mode": "exam", "seed": 1, "unseen": 0, "allowed": 3000}
    return event("attempt", at, started=at, ended=at, results=rows, **common)


def seed(page: Page, address: str, *events: dict[str, Any]) -> None:
    """Open the page with these events in its log."""
    page.goto(address)
    page.evaluate("([key, text]) => localStorage.setItem(key, text)", [LOG, json.dumps(events)])
    page.reload()


def logged(page: Page, kind: str) -> list[dict[str, Any]]:
    """The events of a type in the log."""
    events = json.loads(page.evaluate(f"localStorage['{LOG}'] ?? '[]'"))
    return [one for one in events if one["type"] == kind]
