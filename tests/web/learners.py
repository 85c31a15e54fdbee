"""A learner's log and the pages that read it: what the site writes, with a course of generated chapters."""

from __future__ import annotations

import json
import random
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from playwright.sync_api import Page
from web.pages import DIST, write_page

from mlacourse.bank import load_blueprints
from mlacourse.bank.progress import progress_document
from mlacourse.site.apps import data_script

LOG = "mlacourse.log.v1"
NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
HOSTILE = "<img src=x onerror=document.title='hit'><script>document.title='hit'</script> & **bold** [x](javascript:1)"

Event = dict[str, Any]


def course(chapters: int = 6, questions: int = 8) -> dict[str, Any]:
    """A course with so many chapters in each of two parts, and a quiz and a lab in each."""
    exams = load_blueprints().exams
    tasks = [task.id for domain in exams["mla-c01"].domains for task in domain.tasks]
    made: list[dict[str, Any]] = []
    placed: dict[str, Any] = {}
    for number in range(chapters):
        part = "01_data" if number < chapters / 2 else "02_modeling"
        name = f"{part}/{number:02}_chapter"
        ids = [f"q-{number}-{question}" for question in range(questions)]
        task = tasks[number % len(tasks)]
        placed.update({one: {"chapter": name, "tasks": {"mla-c01": task, "mla-c02": task}} for one in ids})
        made.append(
            {
                "id": name,
                "title": f"Chapter {number} of the course",
                "part": part,
                "minutes": 90,
                "href": f"../chapters/{name}.html",
                "tasks": [task],
                "labs": [
                    {"id": f"lab-{number}", "title": f"Lab {number}", "href": f"../chapters/{name}.html#lab"},
                ],
                "questions": ids,
                "cards": [],
            }
        )
    return {
        "chapters": made,
        "parts": [{"id": "01_data", "title": "Part 1: Data"}, {"id": "02_modeling", "title": "Part 2: Modeling"}],
        "exams": {
            name: {
                "title": exam.title,
                "domains": [
                    {
                        **domain.model_dump(exclude={"tasks"}),
                        "tasks": [{"id": t.id, "title": t.title} for t in domain.tasks],
                    }
                    for domain in exam.domains
                ],
            }
            for name, exam in exams.items()
        },
        "questions": placed,
        "cards": {},
    }


def event(number: int, kind: str, before: timedelta = timedelta(), /, **fields: Any) -> Event:
    """An event of so long before now."""
    instant = (NOW - before).strftime("%Y-%m-%dT%H:%M:%S.000Z")
    return {**fields, "v": 1, "id": f"event-{number:06}", "t": instant, "type": kind}


def answers(count: int, document: dict[str, Any], seed: int = 1) -> list[Event]:
    """So many answers over half a year, three of four right."""
    chance = random.Random(seed)
    ids = list(document["questions"])
    found = []
    for number in range(count):
        question = chance.choice(ids)
        quiz = document["questions"][question]["chapter"]
        fields = {
            "quiz": quiz,
            "question": question,
            "response": ["a"],
            "correct": chance.random() < 0.75,
            "seed": number,
        }
        found.append(event(number, "answer", timedelta(minutes=25 * (count - number)), **fields))
    return found


def keep(page: Page, events: Iterable[Event]) -> None:
    """Store a log before the page runs, and let its clock start at ``NOW``."""
    page.clock.install(time=NOW)
    text = json.dumps(list(events))
    page.add_init_script(f"localStorage['{LOG}'] ??= {json.dumps(text)}")


def logged(page: Page) -> list[Event]:
    """The log as it is stored."""
    events: list[Event] = json.loads(page.evaluate(f"localStorage['{LOG}'] ?? '[]'"))
    return events


def write_progress(folder: Path, document: dict[str, Any]) -> str:
    """Write the progress page into a folder and return its address."""
    (folder / "course.js").write_text(data_script("course", document), encoding="utf-8")
    (folder / "lists.js").write_text(data_script("progress_lists", progress_document()), encoding="utf-8")
    body = (
        '<section class="progress" data-app="progress" aria-label="Your progress"><p>Without JavaScript</p></section>'
    )
    return write_page(folder, body, scripts=["progress.js", "course.js", "lists.js"], styles=["progress.css"])


def write_today(folder: Path, document: dict[str, Any]) -> str:
    """Write a front page into a folder and return its address."""
    (folder / "today_list.js").write_bytes((DIST / "today_list.js").read_bytes())
    (folder / "course.js").write_text(data_script("course", document), encoding="utf-8")
    body = (
        '<section class="today" data-app="today" aria-label="Today">'
        '<p class="today-start">New here? Begin with <a href="first.html">the first chapter</a>.</p></section>'
    )
    return write_page(folder, body, scripts=["today.js"], styles=["today.css"])
