"""The exams as data: mechanics, domains, tasks and skills, from ``quizzes/blueprints.yml``."""

from datetime import date
from functools import cache
from pathlib import Path
from typing import Annotated

import yaml
from pydantic import BaseModel, ConfigDict, Field

from mlacourse import resources


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Mechanics(_Strict):
    """How an exam runs: number of questions, minutes, scale and pass line."""

    questions: int
    scored: int
    unscored: int
    minutes: int
    scale: tuple[int, int]
    pass_score: Annotated[int, Field(alias="pass")]
    guessing_penalty: bool
    partial_credit: bool
    scoring: str


class Task(_Strict):
    """A task statement and the text of its skills by id."""

    id: str
    title: str
    skills: dict[str, str]


class Domain(_Strict):
    """A domain, its weight in percent, and its tasks."""

    id: str
    title: str
    weight: int
    tasks: list[Task]


class Exam(_Strict):
    """One exam."""

    title: str
    mechanics: Mechanics
    question_types: list[str]
    domains: list[Domain]

    @property
    def skills(self) -> dict[str, str]:
        """Text of every skill by id, in the exam guide's order."""
        return {skill: text for domain in self.domains for task in domain.tasks for skill, text in task.skills.items()}


class Blueprint(_Strict):
    """All exams of the course and the day their guides were read."""

    checked_on: date
    exams: dict[str, Exam]


@cache
def load_blueprints() -> Blueprint:
    """Read ``quizzes/blueprints.yml``.

    >>> len(load_blueprints().exams["mla-c01"].skills)
    133
    """
    return read_blueprints(resources.path("quizzes", "blueprints.yml"))


def read_blueprints(file: Path) -> Blueprint:
    """Read a file of blueprints."""
    return Blueprint.model_validate(yaml.safe_load(file.read_text(encoding="utf-8")))
