"""A page with the feedback log, and logs of every size behind it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

from playwright.sync_api import Page
from web.exams import LOG, generated
from web.pages import write_page

from mlacourse.site.apps import data_script

SECTION = '<section class="mistakes" data-app="mistakes" aria-label="Feedback log"><p>Without JavaScript</p></section>'
TODAY = datetime(2026, 11, 23, 12, tzinfo=UTC)
_IDS = count(1)


def bank(per_task: int = 4) -> dict[str, Any]:
    """An exam whose questions lead to three sections of one chapter for each task."""
    document = generated(per_task)
    for item in document["questions"]:
        for number, question in enumerate(singles(item)):
            task = question["exams"]["mla-c01"][0][:3]
            part = sum(map(ord, question["id"])) % 3
            href = f"chapters/part/{task.replace('.', '_')}.html#section-{part + number}"
            question["learn_link"] = {"href": href, "label": f"Section {part + number} on task {task}"}
    return document


def singles(item: dict[str, Any]) -> list[dict[str, Any]]:
    """A question, or those of a case study."""
    return item.get("questions", [item])


def course(document: dict[str, Any]) -> dict[str, Any]:
    """The chapters that the questions lead to."""
    pages = {q["learn_link"]["href"].split("#")[0] for item in document["questions"] for q in singles(item)}
    return {"chapters": [{"id": page, "title": f"Chapter {page[14:17]}", "href": page} for page in sorted(pages)]}


def event(type_: str, days_ago: float = 0, /, **fields: Any) -> dict[str, Any]:
    """An event of the log."""
    instant = (TODAY - timedelta(days=days_ago)).strftime("%Y-%m-%dT%H:%M:%S.000Z")
    return {"v": 1, "id": f"e-{next(_IDS)}", "t": instant, "type": type_, **fields}


def answer(question: str, correct: bool, days_ago: float = 0, response: Any = ("b",)) -> dict[str, Any]:
    """An answer in a quiz."""
    response = list(response) if isinstance(response, tuple) else response
    return event(
        "answer", days_ago, quiz="02_modeling/06_metrics", question=question, response=response, correct=correct, seed=7
    )


def attempt(results: dict[str, str], days_ago: float = 0, **changes: Any) -> dict[str, Any]:
    """An exam with these questions, each 'right', 'wrong', 'guess' or 'blank'."""
    return event(
        "attempt",
        days_ago,
        exam=changes.pop("exam", "mla-c01"),
        kind="practice",
        title="A set",
        mode="exam",
        seed=3,
        started="2026-11-20T12:00:00.000Z",
        ended="2026-11-20T13:00:00.000Z",
        allowed=None,
        unseen=0,
        results=[
            {
                "question": question,
                "task": "2.3",
                "scored": True,
                "draft": {} if how == "blank" else {"b" if how == "wrong" else "a": "on"},
                "correct": how in ("right", "guess"),
                "flagged": False,
                "confidence": "guess" if how == "guess" else None,
                "spent": 60,
            }
            for question, how in results.items()
        ],
    )


def remark(question: str, kind: str | None, note: str = "", days_ago: float = 0, **fields: Any) -> dict[str, Any]:
    """What the learner says about a question."""
    return event("mistake", days_ago, question=question, kind=kind, note=note, **fields)


def choices(document: dict[str, Any], task: str) -> Iterator[str]:
    """The ids of a task's multiple-choice questions."""
    for item in document["questions"]:
        if item["type"] == "multiple_choice" and item["exams"]["mla-c01"][0].startswith(task):
            yield item["id"]


def write_mistakes(folder: Path, document: dict[str, Any]) -> str:
    """Write the page and its data into a folder and return its address."""
    (folder / "bank.js").write_text(data_script("exam_bank", document), encoding="utf-8")
    (folder / "course.js").write_text(data_script("course", course(document)), encoding="utf-8")
    scripts = ["mistakes.js", "bank.js", "course.js"]
    return write_page(folder, SECTION, scripts=scripts, styles=["mistakes.css"])


def visit(page: Page, address: str, events: Iterable[dict[str, Any]]) -> None:
    """Open a page with a log behind it.

    The log is put there from a page that has loaded: a script that asks for the storage before that, as an init
    script does, now and then gets an empty one of its own from Chromium, for a file's address.
    """
    past = list(events)
    page.goto(address)
    if past:
        page.evaluate(f"past => {{ localStorage['{LOG}'] = JSON.stringify(past); }}", past)
        page.reload()


def remarks(page: Page) -> list[dict[str, Any]]:
    """The learner's remarks in the log."""
    events = json.loads(page.evaluate(f"localStorage['{LOG}'] ?? '[]'"))
    return [event for event in events if event["type"] == "mistake"]
