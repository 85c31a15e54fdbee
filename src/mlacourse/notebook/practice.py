"""The quiz at the end of a chapter and the cards inside it."""

from functools import lru_cache
from pathlib import Path
from typing import Any

import anywidget
import traitlets

from mlacourse import resources
from mlacourse.address import addresses
from mlacourse.bank import BankError, load_bank, load_chapter
from mlacourse.bank.export import Link, quiz_document
from mlacourse.notebook.publish import publish, publish_widget

QUIZ = "application/vnd.mlacourse.quiz.v1+json"
CARDS = "application/vnd.mlacourse.cards.v1+json"
_STATIC = Path(__file__).parent / "static"


class QuizWidget(anywidget.AnyWidget):
    """The same quiz module that the site uses, fed by ``quiz`` (see ``web/schema/quiz.schema.json``).

    ``site`` is the address of the site whose progress page takes the answers in.
    """

    _esm = _STATIC / "quiz.mjs"
    _css = _STATIC / "quiz.css"
    quiz: Any = traitlets.Dict().tag(sync=True)
    site: Any = traitlets.Unicode().tag(sync=True)


def quiz(chapter: str) -> None:
    """Display a chapter's quiz, for example ``quiz("02_modeling/06_metrics_and_thresholds")``.

    Raises ``BankError`` if the chapter has no questions.
    """
    site = addresses()
    document = quiz_document(load_chapter(chapter), link=lambda learn: _link(site.page(learn)))
    page = site.page(f"chapters/{chapter}.ipynb")
    publish_widget(
        QuizWidget(quiz=document, site=site.site),
        {QUIZ: {"quiz": chapter}, "text/plain": f"Quiz {chapter}: run this cell, or take it on {page}"},
    )


def cards(*ids: str) -> None:
    """Display flashcards by id, where they belong in a chapter.

    Raises ``BankError`` if there is no card of that id.
    """
    known = _card_ids(tuple((file, file.stat().st_mtime_ns) for file in resources.path("quizzes").glob("*/*.yml")))
    for identifier in ids:
        if identifier not in known:
            raise BankError(f"cards: there is no card {identifier!r}. Add it to the chapter's file in quizzes/.")
    publish({CARDS: {"cards": list(ids)}, "text/plain": "Flashcards: " + ", ".join(ids)})


@lru_cache(maxsize=1)
def _card_ids(_as_of: tuple[tuple[Path, int], ...]) -> frozenset[str]:
    """Return the ids of all cards; a chapter asks ten times, and reading the bank takes a third of a second."""
    return frozenset(card.id for bank in load_bank() for card in bank.cards)


def _link(page: str) -> Link:
    section = page.partition("#")[2].replace("-", " ")
    return Link(href=page, label=section[:1].upper() + section[1:])
