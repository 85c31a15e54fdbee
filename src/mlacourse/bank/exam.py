"""The mock exam as the browser gets it: how the exams run, the fixed forms, and the questions."""

from collections.abc import Callable, Iterable
from typing import Any

from pydantic import BaseModel, ConfigDict, TypeAdapter

from mlacourse.bank.blueprint import Exam, load_blueprints
from mlacourse.bank.export import Link, question_json
from mlacourse.bank.forms import Diagnostic, FormRules, fixed_forms, load_rules, units
from mlacourse.bank.load import load_exam_bank
from mlacourse.bank.model import ChapterBank, Question, TaskBank


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ExamTask(_Strict):
    """A task statement."""

    id: str
    title: str


class ExamDomain(_Strict):
    """A domain and its weight in percent."""

    id: str
    title: str
    weight: int
    tasks: list[ExamTask]


class FormEntry(_Strict):
    """A question of a form; those that do not count are named in the report only."""

    question: str
    scored: bool


class FixedForm(_Strict):
    """A form that is the same for everybody."""

    name: str
    entries: list[FormEntry]


class ExamPlan(_Strict):
    """One exam: its mechanics, its domains, the shares of question types, and its fixed forms."""

    id: str
    title: str
    questions: int
    scored: int
    minutes: int
    lowest_score: int
    highest_score: int
    pass_score: int
    domains: list[ExamDomain]
    types: dict[str, int]
    forms: list[FixedForm]


class ExamRules(_Strict):
    """Everything about the mock exam but its questions."""

    exams: list[ExamPlan]
    diagnostic: Diagnostic


_RULES = TypeAdapter(ExamRules)


def exam_document(*, link: Callable[[str, str], Link]) -> dict[str, Any]:
    """Return the mock exam as plain JSON values: ``{"rules": …, "questions": [...]}``.

    ``link`` turns a question's ``learn`` into the link that the page can open; it gets the name of the question's
    file too.
    """
    banks = load_exam_bank()
    own = [question for bank in banks if isinstance(bank, TaskBank) for question in bank.questions]
    chapters = [question for bank in banks if isinstance(bank, ChapterBank) for question in bank.questions]
    return {
        "rules": exam_rules(own, load_rules(), chapters).model_dump(mode="json"),
        "questions": [
            question_json(question, lambda learn, file=bank.name: link(file, learn))  # type: ignore[misc]
            for bank in banks
            for question in bank.questions
        ],
    }


def exam_rules(questions: Iterable[Question], rules: FormRules, reserve: Iterable[Question] = ()) -> ExamRules:
    """Return how each exam runs, with its fixed forms drawn from ``questions``, and the ``reserve`` where they end."""
    pools = list(questions), list(reserve)
    exams = load_blueprints().exams
    return ExamRules(
        exams=[_plan(name, exams[name], *pools, rules) for name in rules.types],
        diagnostic=rules.diagnostic,
    )


def exam_domains(exam: Exam) -> list[ExamDomain]:
    """Return the domains of an exam with their tasks, without the skills."""
    return [
        ExamDomain(
            id=domain.id,
            title=domain.title,
            weight=domain.weight,
            tasks=[ExamTask(id=task.id, title=task.title) for task in domain.tasks],
        )
        for domain in exam.domains
    ]


def schema() -> dict[str, Any]:
    """Return the JSON schema of the rules."""
    return _RULES.json_schema(mode="serialization")


def _plan(
    name: str, exam: Exam, questions: Iterable[Question], reserve: Iterable[Question], rules: FormRules
) -> ExamPlan:
    types = rules.types[name]
    pools = units(questions, name, types), units(reserve, name, types)
    forms = fixed_forms(exam, pools[0], types, rules.fixed, pools[1])
    return ExamPlan(
        id=name,
        title=exam.title,
        questions=exam.mechanics.questions,
        scored=exam.mechanics.scored,
        minutes=exam.mechanics.minutes,
        lowest_score=exam.mechanics.scale[0],
        highest_score=exam.mechanics.scale[1],
        pass_score=exam.mechanics.pass_score,
        domains=exam_domains(exam),
        types=types,
        forms=[
            FixedForm(name=form, entries=[FormEntry(question=e.question, scored=e.scored) for e in entries])
            for form, entries in forms.items()
        ],
    )
