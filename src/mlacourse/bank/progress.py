"""What the progress page needs beside the course: the lists to tick by hand, and the exams' scales."""

from collections import Counter
from pathlib import Path
from typing import Annotated, Any, Self

import yaml
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError, model_validator

from mlacourse import resources
from mlacourse.bank.blueprint import Exam, load_blueprints
from mlacourse.bank.errors import BankError
from mlacourse.bank.model import ID

NAME = "quizzes/progress.yml"


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Tick(_Strict):
    """Something to tick."""

    id: ID
    title: Annotated[str, Field(min_length=1)]


class ToolGroup(_Strict):
    """Tools for one kind of work."""

    title: Annotated[str, Field(min_length=1)]
    tools: list[Tick]


class TickLists(_Strict):
    """``quizzes/progress.yml``."""

    tools: list[ToolGroup]
    milestones: list[Tick]

    @model_validator(mode="after")
    def _ids_are_distinct(self) -> Self:
        for field, ticks in (
            ("tools", [tool for group in self.tools for tool in group.tools]),
            ("milestones", self.milestones),
        ):
            repeated = [name for name, count in Counter(tick.id for tick in ticks).items() if count > 1]
            if repeated:
                raise ValueError(f"{field}: id {repeated[0]!r} stands twice; give the newer one another id")
        return self


class ExamScale(_Strict):
    """How an exam is marked."""

    questions: int
    lowest_score: int
    highest_score: int
    pass_score: int


class ProgressLists(_Strict):
    """The lists, and the scale of each exam."""

    tools: list[ToolGroup]
    milestones: list[Tick]
    scales: dict[str, ExamScale]


_LISTS = TypeAdapter(ProgressLists)


def progress_document() -> dict[str, Any]:
    """Return the lists as plain JSON values: ``{"tools": [...], "milestones": [...], "scales": {…}}``.

    Raises ``BankError`` if something in ``quizzes/progress.yml`` does not hold.
    """
    lists = read_lists(resources.path("quizzes", "progress.yml"))
    scales = {name: _scale(exam) for name, exam in load_blueprints().exams.items()}
    return ProgressLists(tools=lists.tools, milestones=lists.milestones, scales=scales).model_dump(mode="json")


def read_lists(file: Path) -> TickLists:
    """Read a file of lists."""
    try:
        return TickLists.model_validate(yaml.safe_load(file.read_text(encoding="utf-8")))
    except ValidationError as error:
        findings = [
            f"{NAME}: {'.'.join(map(str, e['loc'])) or 'the file'}: "
            f"{e['msg'].removeprefix('Value error, ')}. Mend the field."
            for e in error.errors()
        ]
        raise BankError("\n".join(findings)) from None


def schema() -> dict[str, Any]:
    """Return the JSON schema of ``progress_document``'s result."""
    return _LISTS.json_schema(mode="serialization")


def _scale(exam: Exam) -> ExamScale:
    lowest, highest = exam.mechanics.scale
    return ExamScale(
        questions=exam.mechanics.questions,
        lowest_score=lowest,
        highest_score=highest,
        pass_score=exam.mechanics.pass_score,
    )
