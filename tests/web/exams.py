"""A mock exam on a page of its own, as the site writes it, with generated questions of every type."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bank.factories import case_study, matching, multiple_choice, multiple_response, ordering
from playwright.sync_api import Page, expect
from web.pages import write_page

from mlacourse.bank import load_blueprints
from mlacourse.bank.exam import exam_rules
from mlacourse.bank.export import Link, question_json
from mlacourse.bank.forms import load_rules
from mlacourse.bank.model import ChapterBank
from mlacourse.site.apps import data_script

SECTION = '<section class="exam" data-app="exam" aria-label="Mock exam"><p>Said without JavaScript</p></section>'
SLOT = "mlacourse.sitting.v1"
LOG = "mlacourse.log.v1"
LONG = "A team scores payments under two constraints, and each has its price. "


def generated(per_task: int = 30) -> dict[str, Any]:
    """An exam with so many questions of each task, in every type."""
    quiz = [question for task in _tasks() for question in _questions(task, per_task)]
    bank = ChapterBank.model_validate({"chapter": "02_modeling/06_metrics", "quiz": quiz, "cards": []})
    link = Link(href="../chapters/a.html#section", label="A section")
    return {
        "rules": exam_rules(bank.quiz, load_rules()).model_dump(mode="json"),
        "questions": [question_json(question, lambda _: link) for question in bank.quiz],
    }


def _tasks() -> list[str]:
    return [task.id for domain in load_blueprints().exams["mla-c01"].domains for task in domain.tasks]


def _questions(task: str, count: int) -> Iterator[dict[str, Any]]:
    makers = [multiple_choice, multiple_response, multiple_choice, ordering, multiple_choice, matching, multiple_choice]
    name = task.replace(".", "-")
    common = {"exams": {"mla-c01": [f"{task}.K1"], "mla-c02": [f"{task}.1"]}, "learn": "chapters/a/b.ipynb#section"}
    for number in range(count):
        identifier = f"q-{name}-{number}"
        stem = f"{LONG * 3}Question {number} of task {task}: which one serves it?"
        if number % 8 == 7:
            case = case_study(id=f"case-{identifier}", scenario=LONG * 6, **common)
            for part, question in enumerate(case["questions"]):
                question.update(id=f"{identifier}-{part}", stem=stem)
            yield case
        else:
            yield makers[number % 8](id=identifier, stem=stem, **common)


def write_exam(folder: Path, document: dict[str, Any]) -> str:
    """Write the page and its bank into a folder and return its address."""
    (folder / "bank.js").write_text(data_script("exam_bank", document), encoding="utf-8")
    return write_page(folder, SECTION, scripts=["exam.js", "bank.js"], styles=["exam.css"])


def heading(page: Page) -> str:
    """The heading of the screen that is shown."""
    return page.locator("#exam-heading").inner_text()


def start(page: Page, **chosen: str) -> None:
    """Start an exam; ``time`` and ``what`` are the labels of other choices than the first."""
    if "what" in chosen:
        page.get_by_role("radio", name=chosen["what"]).check()
    if "mode" in chosen:
        page.get_by_role("radio", name=chosen["mode"]).check()
    if "time" in chosen:
        page.get_by_label("Time").select_option(label=chosen["time"])
    page.get_by_role("button", name="Start").click()
    expect(page.get_by_role("heading", name="Question 1 of")).to_be_focused()


def question_id(page: Page) -> str:
    """The id of the question on the screen."""
    name = page.locator("fieldset.mq-question").get_attribute("id")
    assert name
    return name.removeprefix("exam-")


def stored(page: Page) -> dict[str, Any]:
    """The sitting in the storage."""
    content: dict[str, Any] = json.loads(page.evaluate(f"localStorage['{SLOT}']"))["content"]
    return content


def logged(page: Page) -> list[dict[str, Any]]:
    """The exams in the log."""
    events = json.loads(page.evaluate(f"localStorage['{LOG}'] ?? '[]'"))
    return [event for event in events if event["type"] == "attempt"]
