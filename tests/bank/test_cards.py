"""Flashcards as they leave the bank: what the browser gets, the table, and the package for Anki."""

from __future__ import annotations

import csv
import io
import json
import sqlite3
import time
import zipfile
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from bank.factories import card

from mlacourse.bank import load_bank
from mlacourse.bank.cards import COLUMNS, card_document, card_table, plain, schema
from mlacourse.bank.export import Link
from mlacourse.bank.model import ChapterBank
from mlacourse.site.anki import anki_package

CHAPTER = "02_modeling/06_metrics"
OTHER = "04_monitoring_security/01_drift"


def bank(*cards: dict[str, Any], chapter: str = CHAPTER) -> ChapterBank:
    return ChapterBank.model_validate({"chapter": chapter, "quiz": [], "cards": list(cards)})


def document(*banks: ChapterBank) -> dict[str, Any]:
    return card_document(banks, link=lambda chapter, learn: Link(href=learn, label=chapter), title=str.upper)


def table(*cards: dict[str, Any]) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text(*cards), newline=""), strict=True))


def text(*cards: dict[str, Any]) -> str:
    return card_table([bank(*cards)], page=lambda learn: f"https://example.org/{learn}", title=str.upper)


def package(*banks: ChapterBank) -> bytes:
    return anki_package(
        banks,
        page=lambda learn: f"https://example.org/{learn}?a&b",
        deck=lambda chapter: ("The course", chapter.partition("/")[0], f"Chapter {chapter[-4:]}"),
        title=str.upper,
    )


def collection(packed: bytes, folder: Path) -> sqlite3.Connection:
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        (folder / "collection.anki2").write_bytes(archive.read("collection.anki2"))
    return sqlite3.connect(folder / "collection.anki2")


def notes(packed: bytes, folder: Path) -> dict[str, tuple[Any, ...]]:
    """Id, note type, day of change, tags and fields of each note, by its guid."""
    rows = collection(packed, folder).execute("select guid, id, mid, mod, tags, flds from notes")
    return {row[0]: row[1:] for row in rows}


def test_the_browser_gets_cards_with_chapter_tasks_and_link() -> None:
    exams = {"mla-c01": ["2.3.K1", "2.3.S1", "4.1.K1"], "mla-c02": ["2.3.6"]}
    (served,) = document(bank(card(exams=exams, services=["Amazon S3"])))["cards"]
    assert served["tasks"] == {"mla-c01": ["2.3", "4.1"], "mla-c02": ["2.3"]}
    assert (served["chapter"], served["chapter_title"]) == (CHAPTER, CHAPTER.upper())
    assert served["learn_link"]["label"] == CHAPTER
    assert served["services"] == ["Amazon S3"]


def test_the_exams_name_only_tasks_that_have_cards() -> None:
    exams = document(bank(card()))["exams"]
    assert [(exam["id"], [task["id"] for task in exam["tasks"]]) for exam in exams] == [("mla-c01", ["2.3"])]


def test_the_real_cards_fit_the_schema() -> None:
    every = document(*load_bank())
    assert every["cards"]
    jsonschema.validate(every, schema())


def test_the_table_has_a_row_for_each_card_whatever_it_holds() -> None:
    back = 'Two lines,\n\n"quoted"; `code`, **strong**, ≥ 5 °C.'
    head, row = table(card(back=back, services=["Amazon S3", "AWS Glue"]))
    assert tuple(head) == COLUMNS
    fields = dict(zip(head, row, strict=True))
    assert fields["back"] == 'Two lines,\n\n"quoted"; code, strong, ≥ 5 °C.'
    assert fields["services"] == "Amazon S3, AWS Glue"
    assert fields["tasks"] == "MLA-C01 2.3"
    assert fields["read_on"].startswith("https://example.org/chapters/02_modeling/")
    assert text(card()).endswith("\r\n")


@pytest.mark.parametrize("start", ["=", "+", "-", "@"])
def test_no_field_of_the_table_is_a_formula(start: str) -> None:
    formula = f"{start}HYPERLINK(`x`)"
    _, row = table(card(front=formula, back=f"**{start}1**+1"))
    assert [field[:2] for field in row[1:3]] == [f"'{start}", f"'{start}"]
    assert not any(field.startswith(("=", "+", "-", "@")) for field in row)


def test_texts_lose_their_marks_and_nothing_else() -> None:
    assert plain("`a` * b, **c** and `d") == "a * b, c and `d"


def test_two_builds_of_the_package_have_the_same_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    first = package(bank(card()), bank(card(id="psi"), chapter=OTHER))
    monkeypatch.setattr(time, "time", lambda: 4e9)
    assert package(bank(card()), bank(card(id="psi"), chapter=OTHER)) == first


def test_a_note_keeps_its_ids_when_cards_come_before_it(tmp_path: Path) -> None:
    alone = notes(package(bank(card())), tmp_path)
    crowd = notes(package(bank(card(id="new"), card()), bank(card(id="psi"), chapter=OTHER)), tmp_path)
    assert crowd["mlacourse-card"][:2] == alone["mlacourse-card"][:2]
    assert len({row[0] for row in crowd.values()}) == 3


def test_a_mended_card_is_newer_and_the_same_note(tmp_path: Path) -> None:
    before = notes(package(bank(card())), tmp_path)["mlacourse-card"]
    after = notes(package(bank(card(back="Better.", reviewed=date(2026, 12, 1)))), tmp_path)["mlacourse-card"]
    assert after[0] == before[0]
    assert (before[2], after[2]) == tuple(
        datetime(2026, month, day, tzinfo=UTC).timestamp() for month, day in ((11, 23), (12, 1))
    )
    assert "Better." in after[4]


def test_decks_stand_in_parts_with_ids_that_no_title_changes(tmp_path: Path) -> None:
    packed = package(bank(card()), bank(card(id="psi"), chapter=OTHER))
    (decks,) = collection(packed, tmp_path).execute("select decks from col").fetchone()
    names = {deck["name"]: deck["id"] for deck in json.loads(decks).values()}
    renamed = anki_package([bank(card())], page=str, deck=lambda chapter: ("A", "B", "C"), title=str)
    (others,) = collection(renamed, tmp_path).execute("select decks from col").fetchone()
    assert set(names) == {
        "Default",
        "The course",
        "The course::02_modeling",
        "The course::02_modeling::Chapter rics",
        "The course::04_monitoring_security",
        "The course::04_monitoring_security::Chapter rift",
    }
    assert {deck["name"]: deck["id"] for deck in json.loads(others).values()}["A::B::C"] == (
        names["The course::02_modeling::Chapter rics"]
    )


def test_a_note_has_its_tasks_and_services_as_tags(tmp_path: Path) -> None:
    tags = notes(package(bank(card(services=["Amazon S3"]))), tmp_path)["mlacourse-card"][3]
    assert tags.split() == ["MLA-C01::2.3", "Amazon-S3"]


def test_text_of_a_card_is_never_markup_in_anki(tmp_path: Path) -> None:
    fields = notes(package(bank(card(front="Is 1 < 2 & `<b>`?"))), tmp_path)["mlacourse-card"][4].split("\x1f")
    assert fields[0] == "<p>Is 1 &lt; 2 &amp; <code>&lt;b&gt;</code>?</p>"
    assert 'ipynb#a-section?a&amp;b">' in fields[2]
