"""Quizzes and flashcards: read from the bank, written so that they can be read and answered without a script."""

from pathlib import Path
from typing import Any

from docutils import nodes
from myst_nb.core.render import MimeData, NbElementRenderer
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util import logging

from mlacourse import resources
from mlacourse.bank import BankError, ChapterBank, load_chapter
from mlacourse.bank.export import Link, quiz_document
from mlacourse.bank.load import chapters
from mlacourse.site.html import render
from mlacourse.site.translator import CourseTranslator

QUIZ = "application/vnd.mlacourse.quiz.v1+json"
CARDS = "application/vnd.mlacourse.cards.v1+json"
FLASHCARDS = "book/practice/flashcards"
_LOGGER = logging.getLogger(__name__)
_BANKS: dict[Path, tuple[int, ChapterBank]] = {}


class Quiz(nodes.General, nodes.Element):
    """A chapter's quiz."""


class Cards(nodes.General, nodes.Element):
    """Some flashcards."""


def register(app: Sphinx) -> None:
    """Add the nodes."""
    app.add_node(Quiz, html=(_write_quiz, None))
    app.add_node(Cards, html=(_write_cards, None))


def quiz(renderer: NbElementRenderer, data: MimeData) -> list[nodes.Element]:
    """Return the quiz that a cell displays."""
    env = renderer.renderer.sphinx_env
    chapter = str(data.content["quiz"])
    try:
        bank = _bank(env, chapter)
    except BankError as error:
        _report(str(error), env, data)
        return []
    if not bank.quiz:
        _report(f"quizzes/{chapter}.yml has no questions. Write some, or take the cell out.", env, data)
        return []
    return [Quiz("", bank=bank)]


def cards(renderer: NbElementRenderer, data: MimeData) -> list[nodes.Element]:
    """Return the flashcards that a cell displays."""
    env = renderer.renderer.sphinx_env
    known = {}
    for chapter in chapters():
        try:
            bank = _bank(env, chapter)
        except BankError as error:
            _report(str(error), env, data)
            continue
        known.update({card.id: card for card in bank.cards})
    wanted = [str(identifier) for identifier in data.content["cards"]]
    unknown = [identifier for identifier in wanted if identifier not in known]
    for identifier in unknown:
        _report(
            f"there is no card {identifier!r}. Mend the id, or add it to the chapter's file in quizzes/.", env, data
        )
    return [] if unknown else [Cards("", cards=[known[identifier] for identifier in wanted])]


def _bank(env: BuildEnvironment, chapter: str) -> ChapterBank:
    """Load a chapter's bank once for each state of its file; the page depends on that file."""
    file: Path = resources.path("quizzes") / f"{chapter}.yml"
    if not file.is_file():
        return load_chapter(chapter)  # raises, and names the chapter that may have been meant
    env.note_dependency(str(file))
    changed = file.stat().st_mtime_ns
    if file not in _BANKS or _BANKS[file][0] != changed:
        _BANKS[file] = changed, load_chapter(chapter)
    return _BANKS[file][1]


def _report(message: str, env: BuildEnvironment, data: MimeData) -> None:
    _LOGGER.warning(message, location=(env.docname, data.line), type="mlacourse", subtype="questions")


def _write_quiz(self: CourseTranslator, node: Quiz) -> None:
    bank: ChapterBank = node["bank"]
    document = quiz_document(bank, link=lambda learn: learn_link(self, bank.chapter, learn))
    title = self.builder.env.titles.get(f"chapters/{bank.chapter}")
    if title is not None:
        document["title"] = title.astext()
    self.body.append(render("quiz.html", quiz=document, types=_TYPES, instruction=instruction))
    raise nodes.SkipNode


def _write_cards(self: CourseTranslator, node: Cards) -> None:
    builder = self.builder
    flashcards = ""
    if FLASHCARDS in builder.env.titles:
        chapter = builder.current_docname.removeprefix("chapters/")
        flashcards = f"{builder.get_relative_uri(builder.current_docname, FLASHCARDS)}#chapter={chapter}"
    self.body.append(render("chapter_cards.html", cards=node["cards"], flashcards=flashcards))
    raise nodes.SkipNode


_TYPES = {
    "multiple_choice": "Multiple choice",
    "multiple_response": "Multiple response",
    "ordering": "Ordering",
    "matching": "Matching",
}
_COUNT = {2: "TWO", 3: "THREE", 4: "FOUR", 5: "FIVE", 6: "SIX"}


def instruction(question: dict[str, Any]) -> str:
    """Return what the learner is asked to do with a question.

    >>> instruction({"type": "multiple_response", "options": [{"correct": True}, {"correct": True}, {}]})
    'Select TWO.'
    """
    match question["type"]:
        case "multiple_choice":
            return "Select one."
        case "multiple_response":
            return f"Select {_COUNT[sum(1 for option in question['options'] if option.get('correct'))]}."
        case "ordering":
            count = sum(1 for response in question["responses"] if response.get("position"))
            return f"Put {count} of these in the right order."
        case _:
            return "Match each prompt with a response."


def learn_link(self: CourseTranslator, chapter: str, learn: str, *, root: bool = False) -> Link:
    """Return the address and the heading of a question's section, seen from the page being written or the root."""
    builder = self.builder
    file, _, slug = learn.partition("#")
    docname = file.removesuffix(".ipynb")
    slugs = builder.env.metadata.get(docname, {}).get("myst_slugs", {})
    if slug not in slugs:
        reason = "no such heading there" if docname in builder.env.titles else "that chapter is not on the site"
        _LOGGER.warning(
            "learn: %s leads nowhere (%s). Mend the link.",
            learn,
            reason,
            location=str(resources.root() / "quizzes" / f"{chapter}.yml"),
            type="mlacourse",
            subtype="learn",
        )
        return Link(href="#", label=slug)
    label = slugs[slug][2]
    page = builder.get_target_uri(docname) if root else builder.get_relative_uri(builder.current_docname, docname)
    return Link(href=f"{page}#{slug}", label=label)
