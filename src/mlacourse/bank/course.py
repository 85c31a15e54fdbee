"""The course as the browser gets it: chapters, what belongs to them, and the task that each question is for."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, ConfigDict, TypeAdapter

from mlacourse.bank.blueprint import load_blueprints
from mlacourse.bank.errors import BankError
from mlacourse.bank.exam import ExamDomain, exam_domains
from mlacourse.bank.forms import task_of
from mlacourse.bank.load import load_exam_bank
from mlacourse.bank.model import Card, Matching, MultipleChoice, MultipleResponse, Ordering
from mlacourse.chapters import ChapterHeader

Item = MultipleChoice | MultipleResponse | Ordering | Matching | Card


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class CourseLab(_Strict):
    """A lab, and where it stands."""

    id: str
    title: str
    href: str


class CourseChapter(_Strict):
    """A chapter: what it takes, which tasks of MLA-C01 it serves, and the ids of what belongs to it."""

    id: str
    title: str
    part: str
    minutes: int
    href: str
    tasks: list[str]
    labs: list[CourseLab]
    questions: list[str]
    cards: list[str]


class CoursePart(_Strict):
    """A part of the course."""

    id: str
    title: str


class CourseExam(_Strict):
    """An exam's domains and tasks."""

    title: str
    domains: list[ExamDomain]


class Placed(_Strict):
    """Where a question or a card belongs: its chapter, and its task in each exam that it is for."""

    chapter: str
    tasks: dict[str, str]


class Course(_Strict):
    """The chapters that readers can open, in their order, and what is asked about them."""

    chapters: list[CourseChapter]
    parts: list[CoursePart]
    exams: dict[str, CourseExam]
    questions: dict[str, Placed]
    cards: dict[str, Placed]


@dataclass(frozen=True)
class ChapterPage:
    """A chapter that readers can open, its part's title and its address from the site's root."""

    id: str
    part_title: str
    header: ChapterHeader
    href: str


_COURSE = TypeAdapter(Course)


def course_document(pages: Sequence[ChapterPage]) -> dict[str, Any]:
    """Return the course as plain JSON values: ``{"chapters": [...], "parts": [...], "exams": …, …}``.

    Raises ``BankError`` if the bank does not load or a lab's id stands in two chapters.
    """
    _one_place_for_each_lab(pages)
    banks = {bank.name: bank for bank in load_exam_bank()}
    questions = {item.id: _placed(item, name) for name, bank in banks.items() for item in bank.items()}
    cards = {card.id: _placed(card, name) for name, bank in banks.items() for card in bank.cards}
    open_to_readers = {page.id for page in pages}
    chapters = [
        CourseChapter(
            id=page.id,
            title=page.header.title,
            part=_part(page.id),
            minutes=page.header.minutes,
            href=page.href,
            tasks=list(dict.fromkeys(task_of(skill) for skill in page.header.skills.get("mla-c01", []))),
            labs=[CourseLab(id=lab.id, title=lab.title, href=f"{page.href}#{lab.section}") for lab in page.header.labs],
            questions=[item.id for item in banks[page.id].items()] if page.id in banks else [],
            cards=[card.id for card in banks[page.id].cards] if page.id in banks else [],
        )
        for page in pages
    ]
    parts = {_part(page.id): page.part_title for page in pages}
    exams = load_blueprints().exams.items()
    return Course(
        chapters=chapters,
        parts=[CoursePart(id=part, title=title) for part, title in parts.items()],
        exams={name: CourseExam(title=exam.title, domains=exam_domains(exam)) for name, exam in exams},
        questions=dict(_in(open_to_readers, questions)),
        cards=dict(_in(open_to_readers, cards)),
    ).model_dump(mode="json")


def schema() -> dict[str, Any]:
    """Return the JSON schema of ``course_document``'s result."""
    return _COURSE.json_schema(mode="serialization")


def _one_place_for_each_lab(pages: Iterable[ChapterPage]) -> None:
    seen: dict[str, str] = {}
    for page in pages:
        for lab in page.header.labs:
            if lab.id in seen:
                raise BankError(
                    f"chapters/{page.id}.md: mlacourse.labs: id {lab.id!r} also stands in chapters/{seen[lab.id]}.md. "
                    "Progress is keyed by it: give the newer one another id."
                )
            seen[lab.id] = page.id


def _placed(item: Item, bank: str) -> Placed:
    """Questions of the mock exam have no chapter of their own: theirs is the one they lead to."""
    leads_to = item.learn.partition(".ipynb")[0].removeprefix("chapters/")
    chapter = leads_to if bank.startswith("mock_exam/") else bank
    return Placed(chapter=chapter, tasks={exam: task_of(skills[0]) for exam, skills in item.exams.items() if skills})


def _in(chapters: set[str], entries: Mapping[str, Placed]) -> Iterator[tuple[str, Placed]]:
    return ((name, placed) for name, placed in entries.items() if placed.chapter in chapters)


def _part(chapter: str) -> str:
    return chapter.partition("/")[0]
