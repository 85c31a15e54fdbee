"""The flashcards on the site: their data document, and the files that other programs open."""

from typing import Any

from mlacourse.address import addresses
from mlacourse.bank import load_bank
from mlacourse.bank.cards import card_document, card_table
from mlacourse.bank.export import Link
from mlacourse.bank.export import title as title_of
from mlacourse.site import navigation
from mlacourse.site.anki import anki_package
from mlacourse.site.questions import learn_link
from mlacourse.site.translator import CourseTranslator

ANKI = "mlacourse-cards.apkg"
TABLE = "mlacourse-cards.csv"
_DOWNLOADS = (
    Link(href=f"_static/{ANKI}", label="All cards for Anki"),
    Link(href=f"_static/{TABLE}", label="All cards as a table (CSV)"),
)


def card_bank(page: CourseTranslator) -> dict[str, Any]:
    """Return the cards as plain JSON values; addresses start at the site's root."""
    return card_document(
        load_bank(),
        link=lambda chapter, learn: learn_link(page, chapter, learn, root=True),
        title=lambda chapter: _title(page, chapter),
        downloads=_DOWNLOADS,
    )


def anki(page: CourseTranslator) -> bytes:
    """Return the package that Anki imports, with a deck for each part and, inside it, each chapter."""

    def deck(chapter: str) -> tuple[str, str, str]:
        env = page.builder.env
        folder, _, name = chapter.partition("/")
        part = navigation.caption(env, f"chapters/{chapter}") or title_of(f"/{folder}")
        return str(page.config.html_title), part, f"{name.partition('_')[0]} {_title(page, chapter)}"

    return anki_package(load_bank(), page=addresses().page, deck=deck, title=lambda chapter: _title(page, chapter))


def table(page: CourseTranslator) -> bytes:
    """Return the cards as comma-separated values in UTF-8, with the mark that Excel knows it by."""
    text = card_table(load_bank(), page=addresses().page, title=lambda chapter: _title(page, chapter))
    return text.encode("utf-8-sig")


def _title(page: CourseTranslator, chapter: str) -> str:
    known = page.builder.env.titles.get(f"chapters/{chapter}")
    return known.astext() if known is not None else title_of(chapter)
