"""Mock-exam forms: which questions a learner sees, in what proportion."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from mlacourse import resources
from mlacourse.bank.blueprint import Exam
from mlacourse.bank.errors import BankError
from mlacourse.bank.model import CaseStudy, Question
from mlacourse.bank.shuffle import shuffled

NAME = "quizzes/mock_exam/forms.yml"


class Diagnostic(BaseModel):
    """The short test before a plan is made."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    questions_per_task: Annotated[int, Field(ge=1)]
    minutes: Annotated[int, Field(ge=1)]


class FormRules(BaseModel):
    """The names of the fixed forms, and the share of each question type by exam."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    fixed: list[str]
    types: dict[str, dict[str, Annotated[int, Field(ge=0)]]]
    diagnostic: Diagnostic


@dataclass(frozen=True)
class Unit:
    """What is drawn as one: a question, or a case study with all its questions."""

    id: str
    type: str
    tasks: tuple[str, ...]
    """The task of each question."""
    questions: tuple[str, ...]

    @property
    def domains(self) -> Counter[str]:
        """Number of questions by domain."""
        return Counter(_domain(task) for task in self.tasks)


@dataclass(frozen=True)
class Entry:
    """A question's place in a form."""

    question: str
    scored: bool


def load_rules() -> FormRules:
    """Read ``quizzes/mock_exam/forms.yml``.

    Raises ``BankError`` if a field is missing or wrong.
    """
    return read_rules(resources.path("quizzes", "mock_exam", "forms.yml"))


def read_rules(file: Path) -> FormRules:
    """Read a file of rules."""
    try:
        return FormRules.model_validate(yaml.safe_load(file.read_text(encoding="utf-8")))
    except ValidationError as error:
        findings = [f"{NAME}: {'.'.join(map(str, e['loc']))}: {e['msg']}. Mend the field." for e in error.errors()]
        raise BankError("\n".join(findings)) from None


def apportion(total: int, weights: Mapping[str, float]) -> dict[str, int]:
    """Split ``total`` seats by ``weights`` with the largest-remainder method.

    >>> apportion(65, {"1": 28, "2": 26, "3": 22, "4": 24})
    {'1': 18, '2': 17, '3': 14, '4': 16}

    Ties go to the earlier key, so that the result repeats. Raises ``ValueError``
    if no weight is positive or one is negative. Source: Hamilton's method.
    """
    whole = sum(weights.values())
    if whole <= 0 or min(weights.values()) < 0:
        raise ValueError(f"cannot split by the weights {dict(weights)}: none may be negative, one must be positive")
    exact = {key: total * weight / whole for key, weight in weights.items()}
    seats = {key: int(share) for key, share in exact.items()}
    by_remainder = sorted(weights, key=lambda key: seats[key] - exact[key])
    for key in by_remainder[: total - sum(seats.values())]:
        seats[key] += 1
    return seats


def units(questions: Iterable[Question], exam: str, types: Mapping[str, int]) -> list[Unit]:
    """Return what can be drawn for an exam: questions of its types that name a skill of it, by id.

    A question counts for the task of the first skill it names.
    """
    found = []
    for question in questions:
        parts = question.questions if isinstance(question, CaseStudy) else [question]
        skills = [part.exams.get(exam, []) for part in parts]  # type: ignore[call-overload]  # exams are data
        if types.get(question.type) and all(skills):
            tasks = tuple(task_of(named[0]) for named in skills)
            found.append(Unit(question.id, question.type, tasks, tuple(part.id for part in parts)))
    return sorted(found, key=lambda unit: unit.id)


def task_of(skill: str) -> str:
    """Return the task of a skill.

    >>> task_of("2.3.K1")
    '2.3'
    """
    return ".".join(skill.split(".")[:2])


def draw(
    available: Sequence[Unit],
    seats: Mapping[str, int],
    types: Mapping[str, int],
    seed: int,
    reserve: Sequence[Unit] = (),
) -> list[Unit]:
    """Draw units for the ``seats`` of each domain, the types in their shares, spread over the tasks.

    The rarest type is drawn first, each unit from the domain with the largest share of open seats and
    there from the task with the fewest questions so far; seats that stay open are filled with any type.
    Only seats that nothing ``available`` fits are filled from the ``reserve``, in the same way.
    ``web/src/exam/forms.ts`` draws the same units for the same seed, without a reserve.
    """
    open_seats = dict(seats)
    by_task: Counter[str] = Counter()
    drawn: list[Unit] = []
    left = apportion(sum(seats.values()), types)

    def fits(unit: Unit) -> bool:
        return unit not in drawn and all(open_seats.get(d, 0) >= n for d, n in unit.domains.items())

    def rank(unit: Unit) -> tuple[float, int]:
        task = unit.tasks[0]
        return -open_seats[_domain(task)] / seats[_domain(task)], by_task[task]

    def take(candidates: Iterable[Unit]) -> Unit | None:
        unit = min(filter(fits, candidates), key=rank, default=None)
        if unit is not None:
            drawn.append(unit)
            by_task.update(unit.tasks)
            left[unit.type] -= len(unit.questions)
            for domain, count in unit.domains.items():
                open_seats[domain] -= count
        return unit

    for pool in (available, reserve):
        order = shuffled(pool, seed)
        for kind in sorted(left, key=lambda kind: types[kind]):
            while take(u for u in order if u.type == kind and len(u.questions) <= left[kind]):
                pass
        while take(order):
            pass
    return drawn


def form(
    exam: Exam, available: Sequence[Unit], types: Mapping[str, int], seed: int, reserve: Sequence[Unit] = ()
) -> list[Entry]:
    """Draw a form: as many questions of each domain as its weight asks for, or as there are.

    Of each domain the seats that count are filled first. The ``reserve`` is for seats that nothing else fits.
    """
    weights = {domain.id: domain.weight for domain in exam.domains}
    seats = apportion(exam.mechanics.questions, weights)
    scored = apportion(exam.mechanics.scored, weights)
    drawn = draw(available, seats, types, seed, reserve)
    asked = [entry for unit in drawn for entry in zip(unit.questions, unit.tasks, strict=True)]
    counting: set[str] = set()
    for domain in weights:
        ours = [question for question, task in asked if _domain(task) == domain]
        counting.update(shuffled(ours, seed + 1)[: scored[domain]])
    return [Entry(question, question in counting) for question, _ in asked]


def fixed_forms(
    exam: Exam,
    available: Sequence[Unit],
    types: Mapping[str, int],
    names: Iterable[str],
    reserve: Sequence[Unit] = (),
) -> dict[str, list[Entry]]:
    """Draw the named forms one after the other; no two share a question, and a late one may be empty.

    ``available`` are the questions that only the mock exam asks. Questions of chapters, which learners have seen,
    are the ``reserve``: they stand in a form only as far as the others do not fill it.
    """
    pools = [list(available), list(reserve)]
    forms = {}
    for seed, name in enumerate(names, start=1):
        own, others = pools
        forms[name] = form(exam, own, types, seed, others)
        used = {entry.question for entry in forms[name]}
        pools = [[unit for unit in pool if used.isdisjoint(unit.questions)] for pool in pools]
    return forms


def _domain(task: str) -> str:
    return task.partition(".")[0]
