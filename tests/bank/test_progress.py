"""The lists of the progress page."""

from __future__ import annotations

from pathlib import Path

import jsonschema
import pytest

from mlacourse.bank import BankError
from mlacourse.bank.progress import progress_document, read_lists, schema


def lists(folder: Path, text: str) -> Path:
    file = folder / "progress.yml"
    file.write_text(text, encoding="utf-8")
    return file


def test_the_lists_of_the_course_fit_the_schema_and_bring_the_pass_line() -> None:
    document = progress_document()
    jsonschema.validate(document, schema())
    assert document["scales"]["mla-c01"] == {
        "questions": 65,
        "lowest_score": 100,
        "highest_score": 1000,
        "pass_score": 720,
    }
    titles = [milestone["title"] for milestone in document["milestones"]]
    assert {"First endpoint deployed", "First cost optimisation"} <= set(titles)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            "milestones: []\ntools:\n"
            "- {title: A, tools: [{id: s3, title: S3}]}\n"
            "- {title: B, tools: [{id: s3, title: S3}]}\n",
            "tools: id 's3' stands twice",
        ),
        ("tools: []\nmilestones: [{id: First endpoint, title: X}]\n", r"milestones\.0\.id"),
        ("tools: []\n", "milestones: Field required"),
    ],
)
def test_a_list_that_does_not_hold_is_told_with_file_and_field(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(BankError, match=rf"quizzes/progress\.yml: .*{told}"):
        read_lists(lists(tmp_path, text))
