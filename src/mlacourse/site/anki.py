"""The flashcards as a package for Anki: the same bytes for the same cards, and an import updates what is there."""

import hashlib
import io
import itertools
import sqlite3
import zipfile
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, date, datetime, time
from html import escape

import genanki

from mlacourse.bank.cards import tasks
from mlacourse.bank.model import Card, ChapterBank
from mlacourse.site.html import paragraphs

# Anki takes an id for the millisecond of a note's birth: ids lie in the five years before the course began.
_FIRST_ID = 1_600_000_000_000
_IDS = 160_000_000_000
# A note type is updated by an import only if it is newer: move this day on with every change of the four below.
_NOTE_TYPE_CHANGED = date(2026, 11, 23)
_FIELDS = ("Front", "Back", "Read on", "Sources")
_FRONT = "{{Front}}"
_BACK = '{{FrontSide}}<hr id="answer">{{Back}}<div class="more">Read on: {{Read on}}<br>Sources: {{Sources}}</div>'
_STYLE = """.card { font: 20px/1.5 Georgia, serif; text-align: left; }
.card > * { max-width: 36em; margin-inline: auto; }
code { font-size: 0.9em; }
.more { margin-top: 2em; font-size: 14px; overflow-wrap: anywhere; }
"""


class _CardNote(genanki.Note):
    """A note whose ids and day of change are its card's own, whatever stands before it in the deck."""

    def __init__(self, card: Card, **values: object) -> None:
        super().__init__(guid=f"mlacourse-{card.id}", **values)
        self._card = card

    def write_to_db(self, cursor: sqlite3.Cursor, timestamp: float, deck_id: int, id_gen: Iterator[int]) -> None:
        changed = max(self._card.reviewed, *(source.checked for source in self._card.sources))
        ids = iter((_number(f"note {self._card.id}"), _number(f"card {self._card.id}")))
        super().write_to_db(cursor, _seconds(changed), deck_id, ids)


def anki_package(
    banks: Iterable[ChapterBank],
    *,
    page: Callable[[str], str],
    deck: Callable[[str], tuple[str, str, str]],
    title: Callable[[str], str],
) -> bytes:
    """Return an Anki package with a deck for each chapter.

    ``page`` turns a card's ``learn`` into an address, ``deck`` gives the names of the course's, the part's and the
    chapter's deck, ``title`` names a chapter.
    """
    note_type = genanki.Model(
        _number("note type"),
        "ML Engineer Course",
        fields=[{"name": name} for name in _FIELDS],
        templates=[{"name": "Card", "qfmt": _FRONT, "afmt": _BACK}],
        css=_STYLE,
    )
    decks: dict[str, genanki.Deck] = {}
    for bank in banks:
        places = ("course", bank.chapter.partition("/")[0], bank.chapter)
        for place, name in zip(places, itertools.accumulate(deck(bank.chapter), "{}::{}".format), strict=True):
            decks.setdefault(place, genanki.Deck(_number(f"deck {place}"), name))
        for number, card in enumerate(bank.cards):
            address = escape(page(card.learn))
            fields = [
                str(paragraphs(card.front)),
                str(paragraphs(card.back)),
                f'<a href="{address}">{escape(title(bank.chapter))}</a>',
                "<br>".join(
                    f'<a href="{escape(str(s.url))}">{escape(str(s.url))}</a>, read {s.checked}' for s in card.sources
                ),
            ]
            note = _CardNote(card, model=note_type, fields=fields, tags=list(_tags(card)), due=number)
            decks[bank.chapter].add_note(note)
    return _zipped(_database(decks.values()))


def _tags(card: Card) -> Iterator[str]:
    for exam, names in tasks(card).items():
        yield from (f"{exam.upper()}::{task}" for task in names)
    yield from (service.replace(" ", "-") for service in card.services)


def _database(decks: Iterable[genanki.Deck]) -> bytes:
    connection = sqlite3.connect(":memory:")
    try:
        genanki.Package(list(decks)).write_to_db(connection.cursor(), _seconds(_NOTE_TYPE_CHANGED), itertools.count(1))
        connection.commit()
        return connection.serialize()
    finally:
        connection.close()


def _zipped(database: bytes) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in (("collection.anki2", database), ("media", b"{}")):
            entry = zipfile.ZipInfo(name)  # which carries a fixed day
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 3
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, content)
    return packed.getvalue()


def _number(name: str) -> int:
    return _FIRST_ID + int.from_bytes(hashlib.sha256(f"mlacourse {name}".encode()).digest()[:8]) % _IDS


def _seconds(day: date) -> float:
    return datetime.combine(day, time(), UTC).timestamp()
