"""The flashcards' page and the cards inside chapters: readable without a script, downloads that other programs open."""

from __future__ import annotations

import csv
import zipfile
from pathlib import Path
from typing import Any

import pytest
import yaml
from bank.factories import card
from playwright.sync_api import Browser, expect
from served import address_of
from small_book import CHAPTER, Built, SmallBook, code, displayed, markdown, notebook

from mlacourse.bank import load_bank, load_chapter

PAGE = "practice/flashcards.html"
MARKUP = "# Flashcards\n\nWhole.\n\n```{app} cards\n```\n\n## The schedule\n\nIt runs.\n"
SHOWN = {"application/vnd.mlacourse.cards.v1+json": {"cards": ["card"]}, "text/plain": "Cards"}


def write_book(book: SmallBook, *cards: dict[str, Any]) -> None:
    cells = [markdown("## A section\n\nText."), code("cards()", displayed(SHOWN))]
    book.write(f"{CHAPTER}.ipynb", notebook(*cells))
    book.write("book/practice/flashcards.md", MARKUP)
    folder = book.root / "quizzes" / "02_modeling"
    folder.mkdir(exist_ok=True)
    content = {"chapter": CHAPTER.removeprefix("chapters/"), "quiz": [], "cards": list(cards)}
    (folder / "06_metrics_and_thresholds.yml").write_text(yaml.safe_dump(content), encoding="utf-8")


@pytest.fixture
def built(book: SmallBook) -> Built:
    write_book(book, card())
    result = book.build()
    assert result.faults == ""
    return result


def test_without_scripts_the_page_counts_the_cards_and_links_the_files(built: Built) -> None:
    page = built.page("practice/flashcards")
    section = page.select_one("[data-app=cards]")
    assert section
    assert "1 card" in section.get_text()
    chapter, *files = [str(link["href"]) for link in section.select("a")]
    assert chapter == f"../{CHAPTER}.html"
    assert files == ["../_static/mlacourse-cards.apkg", "../_static/mlacourse-cards.csv"]
    for file in files:
        assert (built.folder / "practice" / file).is_file()


def test_the_files_hold_the_cards_with_published_addresses(built: Built) -> None:
    with (built.folder / "_static/mlacourse-cards.csv").open(encoding="utf-8-sig", newline="") as file:
        (row,) = csv.DictReader(file)
    assert row["id"] == "card"
    assert row["chapter"] == "Metrics and thresholds"
    assert row["read_on"] == f"https://mlacourse.github.io/mlacourse/{CHAPTER}.html#a-section"
    with zipfile.ZipFile(built.folder / "_static/mlacourse-cards.apkg") as package:
        assert package.testzip() is None
        assert f"{CHAPTER}.html#a-section".encode() in package.read("collection.anki2")
        assert b"ML Engineer Course::Part two::06 Metrics and thresholds" in package.read("collection.anki2")


def test_another_build_writes_the_same_files_and_a_mend_new_ones(book: SmallBook, built: Built) -> None:
    files = [built.folder / "_static" / f"mlacourse-cards.{kind}" for kind in ("apkg", "csv")]
    before = [file.read_bytes() for file in files]
    book.build()
    assert [file.read_bytes() for file in files] == before
    write_book(book, card(back="Better."))
    book.build()
    assert all(file.read_bytes() != bytes_ for file, bytes_ in zip(files, before, strict=True))


def test_cards_inside_a_chapter_are_folds_with_their_id_and_the_way_to_the_page(built: Built) -> None:
    section = built.page().select_one("section.cards")
    assert section
    assert section["data-flashcards"] == "../../practice/flashcards.html#chapter=02_modeling/06_metrics_and_thresholds"
    (fold,) = section.select("details[data-card=card]")
    assert fold.get_text(" ", strip=True) == "What does recall count? Found positives."


def test_only_pages_with_cards_load_their_script(built: Built) -> None:
    def scripts(name: str) -> str:
        return " ".join(str(script["src"]) for script in built.page(name).select("script[src]"))

    assert "chapter_cards.js" in scripts(CHAPTER)
    assert "chapter_cards.js" not in scripts("index")
    assert "chapter_cards.js" not in scripts("practice/flashcards")
    assert "/cards.js" in scripts("practice/flashcards")
    assert "/cards.js" not in scripts(CHAPTER)


def test_the_cards_run_from_a_folder_under_the_sites_policy(site: Path, chromium: Browser) -> None:
    context = chromium.new_context()
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(address_of(site / PAGE))
    count = sum(len(bank.cards) for bank in load_bank())
    expect(page.get_by_text(f"{count} of {count} cards not seen yet.")).to_be_visible()
    page.get_by_role("button", name="Start").click()
    expect(page.get_by_role("heading", name="How to rate")).to_be_hidden()
    page.get_by_role("button", name="Show the answer").click()
    page.get_by_role("button", name="Good").click()
    page.get_by_role("button", name="Back to the decks").click()
    expect(page.get_by_text("1 learning")).to_be_visible()
    expect(page.get_by_role("heading", name="How to rate")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("link", name="All cards for Anki").click()
    assert download.value.suggested_filename == "mlacourse-cards.apkg"
    context.close()
    assert complaints == []


def test_a_chapters_card_is_rated_on_the_site(site: Path, chromium: Browser) -> None:
    context = chromium.new_context()
    page = context.new_page()
    page.goto(address_of(site / f"{CHAPTER}.html"))
    fold = page.locator("details[data-card]").first
    fold.locator("summary").click()
    fold.get_by_role("button", name="Easy").click()
    fold.get_by_role("link", name="flashcards").click()
    expect(page.get_by_role("radio", name="One chapter")).to_be_checked()
    count = len(load_chapter(CHAPTER.removeprefix("chapters/")).cards)
    expect(page.get_by_text(f"{count - 1} of {count} cards not seen yet.")).to_be_visible()
    context.close()
