"""Flashcards as they leave the bank: as data for the browser, and as a table for any other program."""

import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from pydantic import BaseModel, ConfigDict, TypeAdapter

from mlacourse.bank.blueprint import load_blueprints
from mlacourse.bank.exam import ExamTask
from mlacourse.bank.export import Link
from mlacourse.bank.forms import task_of
from mlacourse.bank.model import Card, ChapterBank, Source

COLUMNS = ("id", "front", "back", "chapter", "tasks", "services", "read_on", "sources")


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ServedCard(_Strict):
    """A card as the browser gets it, with its chapter and its tasks in each exam."""

    id: str
    front: str
    back: str
    chapter: str
    chapter_title: str
    tasks: dict[str, list[str]]
    services: list[str]
    learn_link: Link
    sources: list[Source]


class CardExam(_Strict):
    """An exam that has cards, and those of its tasks that have some."""

    id: str
    tasks: list[ExamTask]


class CardDocument(_Strict):
    """Every card of the course, and the files that hold them for other programs."""

    cards: list[ServedCard]
    exams: list[CardExam]
    downloads: list[Link]


_DOCUMENT = TypeAdapter(CardDocument)


def card_document(
    banks: Iterable[ChapterBank],
    *,
    link: Callable[[str, str], Link],
    title: Callable[[str], str],
    downloads: Iterable[Link] = (),
) -> dict[str, Any]:
    """Return the cards as plain JSON values: ``{"cards": [...], "exams": [...], "downloads": [...]}``.

    ``link`` turns a chapter's id and a card's ``learn`` into the link that the page can open; ``title`` names a
    chapter.
    """
    cards = [
        ServedCard(
            id=card.id,
            front=card.front,
            back=card.back,
            chapter=bank.chapter,
            chapter_title=title(bank.chapter),
            tasks=tasks(card),
            services=card.services,
            learn_link=link(bank.chapter, card.learn),
            sources=card.sources,
        )
        for bank in banks
        for card in bank.cards
    ]
    return CardDocument(cards=cards, exams=list(_exams(cards)), downloads=list(downloads)).model_dump(mode="json")


def tasks(card: Card) -> dict[str, list[str]]:
    """Return the tasks of each exam that a card serves, in the order of its skills."""
    return {
        exam: list(dict.fromkeys(task_of(skill) for skill in skills)) for exam, skills in card.exams.items() if skills
    }


def card_table(banks: Iterable[ChapterBank], *, page: Callable[[str], str], title: Callable[[str], str]) -> str:
    """Return the cards as comma-separated values (RFC 4180), one row each.

    ``page`` turns a card's ``learn`` into an address, ``title`` names a chapter.
    """
    text = io.StringIO(newline="")
    table = csv.writer(text, lineterminator="\r\n")
    table.writerow(COLUMNS)
    for bank in banks:
        for card in bank.cards:
            served = [f"{exam.upper()} {task}" for exam, names in tasks(card).items() for task in names]
            row = (
                card.id,
                plain(card.front),
                plain(card.back),
                title(bank.chapter),
                ", ".join(served),
                ", ".join(card.services),
                page(card.learn),
                " ".join(str(source.url) for source in card.sources),
            )
            table.writerow([_no_formula(field) for field in row])
    return text.getvalue()


def plain(text: str) -> str:
    """Return a text of the bank without its marks.

    >>> plain("Use `f1 < 1`, **not** accuracy.")
    'Use f1 < 1, not accuracy.'
    """
    return re.sub(r"`([^`]+)`|\*\*([^*]+)\*\*", lambda mark: mark[1] or mark[2], text)


def schema() -> dict[str, Any]:
    """Return the JSON schema of ``card_document``'s result."""
    return _DOCUMENT.json_schema(mode="serialization")


def _exams(cards: Iterable[ServedCard]) -> Iterator[CardExam]:
    served = {(exam, task) for card in cards for exam, names in card.tasks.items() for task in names}
    for name, exam in load_blueprints().exams.items():
        known = [
            ExamTask(id=task.id, title=task.title)
            for domain in exam.domains
            for task in domain.tasks
            if (name, task.id) in served
        ]
        if known:
            yield CardExam(id=name, tasks=known)


def _no_formula(field: str) -> str:
    """Return the field so that a spreadsheet shows it: one that starts like a formula would be computed.

    >>> _no_formula("=1+1")
    "'=1+1"
    """
    return f"'{field}" if field.startswith(("=", "+", "-", "@", "\t", "\r")) else field
