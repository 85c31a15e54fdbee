"""The mock exam's own questions: one file for each task, beside the chapters' quizzes."""

from pathlib import Path
from typing import Any

import pytest
import yaml
from bank.factories import card, case_study, matching, multiple_choice, ordering

from mlacourse import resources
from mlacourse.bank import BankError, load_bank, load_blueprints
from mlacourse.bank.exam import exam_document
from mlacourse.bank.export import Link
from mlacourse.bank.lint import lint
from mlacourse.bank.load import load_exam_bank, read_task

FIRST: dict[str, Any] = {"exams": {"mla-c01": ["1.1.K1"]}}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty repository with the course's rules for forms."""
    load_blueprints()  # from the repository: cached, and the same
    rules = resources.path("quizzes", "mock_exam", "forms.yml").read_text(encoding="utf-8")
    monkeypatch.setattr(resources, "root", lambda: tmp_path)
    (tmp_path / "quizzes" / "mock_exam").mkdir(parents=True)
    (tmp_path / "quizzes" / "mock_exam" / "forms.yml").write_text(rules, encoding="utf-8")
    return tmp_path


def task_file(folder: Path, *questions: dict[str, Any], task: Any = "1.1", name: str = "1.1") -> Path:
    file = folder / "quizzes" / "mock_exam" / f"{name}.yml"
    file.write_text(yaml.safe_dump({"task": task, "questions": list(questions)}, sort_keys=False), encoding="utf-8")
    return file


def chapter_file(folder: Path, *quiz: dict[str, Any], cards: tuple[dict[str, Any], ...] = ()) -> None:
    file = folder / "quizzes" / "02_modeling" / "06_metrics_and_thresholds.yml"
    file.parent.mkdir(exist_ok=True)
    content = {"chapter": "02_modeling/06_metrics_and_thresholds", "quiz": list(quiz), "cards": list(cards)}
    file.write_text(yaml.safe_dump(content, sort_keys=False), encoding="utf-8")


def test_a_tasks_file_holds_questions_of_every_type(folder: Path) -> None:
    bank = read_task(task_file(folder, multiple_choice(**FIRST), ordering(**FIRST), case_study(**FIRST)))
    assert bank.task == "1.1"
    assert [item.id for item in bank.items()] == ["mc", "order", "case-1", "case-2"]


def test_the_exam_bank_is_the_chapters_files_and_then_the_tasks(folder: Path) -> None:
    chapter_file(folder, multiple_choice(id="taught"), cards=(card(),))
    task_file(folder, multiple_choice(**FIRST))
    assert [bank.name for bank in load_exam_bank()] == ["02_modeling/06_metrics_and_thresholds", "mock_exam/1.1"]
    assert [bank.chapter for bank in load_bank()] == ["02_modeling/06_metrics_and_thresholds"]


def test_the_exam_document_asks_both_and_names_each_file(folder: Path) -> None:
    chapter_file(folder, multiple_choice(id="taught"))
    task_file(folder, multiple_choice(**FIRST))
    document = exam_document(link=lambda file, learn: Link(href=file, label=learn))
    assert {question["id"]: question["learn_link"]["href"] for question in document["questions"]} == {
        "taught": "02_modeling/06_metrics_and_thresholds",
        "mc": "mock_exam/1.1",
    }


@pytest.mark.parametrize(
    ("task", "name", "words"),
    [
        ("1.2", "1.1", "task is '1.2'; the file's name says '1.1'. Make them one."),
        ("7.1", "7.1", "task: '7.1' is no task of mla-c01. Use one of 1.1, 1.2,"),
        (1.1, "1.1", "task: is not text; put it in quotes."),
        ("1.1", "first", "task is '1.1'; the file's name says 'first'."),
    ],
)
def test_a_file_whose_task_does_not_hold_is_told_what_to_mend(folder: Path, task: Any, name: str, words: str) -> None:
    task_file(folder, task=task, name=name)
    with pytest.raises(BankError) as raised:
        load_exam_bank()
    assert str(raised.value).startswith(f"quizzes/mock_exam/{name}.yml:")
    assert words in str(raised.value)


@pytest.mark.parametrize(
    "question",
    [multiple_choice(exams={"mla-c01": ["2.3.K1", "1.1.K1"]}), case_study(exams={"mla-c01": ["2.3.K1"]})],
    ids=["single", "case study"],
)
def test_a_question_of_another_task_is_named_with_the_field_and_the_file_it_belongs_to(
    folder: Path, question: dict[str, Any]
) -> None:
    with pytest.raises(BankError) as raised:
        read_task(task_file(folder, question))
    first = str(raised.value).splitlines()[0]
    assert first.startswith("quizzes/mock_exam/1.1.yml: question ")
    assert "exams.mla-c01: its first skill, 2.3.K1, is one of task 2.3." in first
    assert "move the question to quizzes/mock_exam/2.3.yml" in first


def test_a_question_without_a_skill_and_a_broken_field_are_named(folder: Path) -> None:
    with pytest.raises(BankError, match="question 'mc': exams: names no skill of mla-c01"):
        read_task(task_file(folder, multiple_choice(exams={"mla-c02": ["2.3.6"]})))
    study = case_study(**FIRST)
    study["questions"][1]["stem"] = " "
    with pytest.raises(
        BankError, match=r"1\.1\.yml:\d+: question 'case': question 'case-2': stem: is empty; write the text\."
    ):
        read_task(task_file(folder, study))


def test_an_id_stands_once_in_the_whole_bank(folder: Path) -> None:
    chapter_file(folder, multiple_choice(id="twice"))
    task_file(folder, matching(**FIRST, id="twice"))
    load_bank()
    with pytest.raises(BankError, match=r"mock_exam/1\.1\.yml: id 'twice' also stands in quizzes/02_modeling/06_"):
        load_exam_bank()


def test_every_file_with_a_finding_is_named_at_once(folder: Path) -> None:
    chapter_file(folder, multiple_choice(difficulty=7))
    task_file(folder, multiple_choice(**FIRST, id="Mixed Case"))
    with pytest.raises(BankError) as raised:
        load_exam_bank()
    assert [line.partition(":")[0] for line in str(raised.value).splitlines()] == [
        "quizzes/02_modeling/06_metrics_and_thresholds.yml",
        "quizzes/mock_exam/1.1.yml",
    ]


def test_the_lint_covers_the_exams_own_questions(folder: Path) -> None:
    (folder / "book").mkdir()
    (folder / "book" / "_toc.yml").write_text("root: book/index\n", encoding="utf-8")
    task_file(folder, multiple_choice(**FIRST, stem="Which of these is not one?"))
    report = lint()
    assert report.questions == 1
    assert any("question 'mc': stem: asks in the negative" in finding for finding in report.findings)
    assert any(finding.startswith("quizzes/mock_exam/1.1.yml: 'mc': learn:") for finding in report.findings)
