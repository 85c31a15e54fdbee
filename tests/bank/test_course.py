"""The course's data document: chapters and parts as the readers see them, and no id without its place."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from bank.factories import card, case_study, multiple_choice

from mlacourse import resources
from mlacourse.bank import BankError, load_blueprints
from mlacourse.bank.course import ChapterPage, course_document, schema
from mlacourse.chapters import ChapterHeader

METRICS = "02_modeling/06_metrics_and_thresholds"
DRIFT = "04_monitoring_security/01_drift"


def page(chapter: str, **front: Any) -> ChapterPage:
    fields: dict[str, Any] = {
        "title": "Metrics",
        "promise": "Choose.",
        "minutes": 75,
        "prerequisites": [],
        "skills": {"mla-c01": ["2.3.K1", "2.1.K3", "2.3.S1"], "mla-c02": ["2.3.6"]},
        "objectives": ["choose"],
    }
    header = ChapterHeader.model_validate({**fields, **front})
    return ChapterPage(chapter, "Part 2: Model development", header, f"chapters/{chapter}.html")


@pytest.fixture
def quizzes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two chapters' quizzes in a folder of their own."""
    load_blueprints()  # from the repository: cached, and the same
    monkeypatch.setattr(resources, "root", lambda: tmp_path)
    banks = {METRICS: [multiple_choice(), case_study()], DRIFT: [multiple_choice(id="drift-one")]}
    for chapter, quiz in banks.items():
        cards = [card()] if chapter == METRICS else []
        file = tmp_path / "quizzes" / f"{chapter}.yml"
        file.parent.mkdir(parents=True)
        file.write_text(yaml.safe_dump({"chapter": chapter, "quiz": quiz, "cards": cards}), encoding="utf-8")
    return tmp_path / "quizzes"


def test_a_chapter_names_its_tasks_once_and_in_their_order(quizzes: Path) -> None:
    (chapter,) = course_document([page(METRICS)])["chapters"]
    assert chapter["tasks"] == ["2.3", "2.1"]
    assert (chapter["part"], chapter["minutes"]) == ("02_modeling", 75)


def test_the_questions_of_a_case_study_stand_by_themselves(quizzes: Path) -> None:
    document = course_document([page(METRICS)])
    assert document["chapters"][0]["questions"] == ["mc", "case-1", "case-2"]
    assert document["questions"]["case-1"] == {"chapter": METRICS, "tasks": {"mla-c01": "2.3"}}
    assert document["cards"] == {"card": {"chapter": METRICS, "tasks": {"mla-c01": "2.3"}}}


def test_a_chapter_that_readers_cannot_open_brings_nothing(quizzes: Path) -> None:
    document = course_document([page(DRIFT)])
    assert list(document["questions"]) == ["drift-one"]
    assert document["cards"] == {}
    assert [part["id"] for part in document["parts"]] == ["04_monitoring_security"]


def test_a_chapter_without_questions_is_there_all_the_same(quizzes: Path) -> None:
    (chapter,) = course_document([page("02_modeling/07_ensembles_and_stacking")])["chapters"]
    assert (chapter["questions"], chapter["cards"], chapter["labs"]) == ([], [], [])


def test_a_lab_leads_to_its_section(quizzes: Path) -> None:
    lab = {"id": "first-endpoint", "title": "Deploy an endpoint", "section": "lab-deploy"}
    (chapter,) = course_document([page(METRICS, labs=[lab])])["chapters"]
    href = f"chapters/{METRICS}.html#lab-deploy"
    assert chapter["labs"] == [{"id": "first-endpoint", "title": "Deploy an endpoint", "href": href}]


def test_a_lab_that_stands_in_two_chapters_is_refused_with_both(quizzes: Path) -> None:
    labs = [{"id": "first-endpoint", "title": "Deploy", "section": "lab"}]
    with pytest.raises(BankError, match=rf"chapters/{DRIFT}\.md.*'first-endpoint' also stands in chapters/{METRICS}"):
        course_document([page(METRICS, labs=labs), page(DRIFT, labs=labs)])


def test_the_exams_have_their_domains_and_tasks(quizzes: Path) -> None:
    exams = course_document([])["exams"]
    assert list(exams) == ["mla-c01", "mla-c02"]
    assert [domain["weight"] for domain in exams["mla-c01"]["domains"]] == [28, 26, 22, 24]
    assert exams["mla-c01"]["domains"][1]["tasks"][2]["id"] == "2.3"


def test_the_document_fits_the_schema(quizzes: Path) -> None:
    jsonschema.validate(course_document([page(METRICS), page(DRIFT)]), schema())
