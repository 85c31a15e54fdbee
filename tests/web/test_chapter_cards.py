"""The cards inside a chapter in a real browser: rated where they stand, in the same log as the flashcards."""

from __future__ import annotations

from pathlib import Path

import pytest
from bank.factories import card
from playwright.sync_api import Page, expect
from web.cards import generated, logged, write_cards
from web.pages import ROOT, violations, write_page

from mlacourse.bank.model import Card
from mlacourse.site.html import render


def write_chapter(folder: Path, *names: str) -> str:
    """Write a page with these cards as a chapter has them and return its address."""
    known = [Card.model_validate(card(id=name, front=f"Front of {name}?")) for name in names]
    body = str(render("chapter_cards.html", cards=known, flashcards="flashcards.html#chapter=a"))
    page = write_page(folder, body, scripts=["chapter_cards.js"], styles=["questions.css"])
    (folder / "questions.css").write_bytes((ROOT / "web/src/theme/css/questions.css").read_bytes())
    return page


@pytest.fixture
def chapter(quiet: Page, tmp_path: Path, bundles: object) -> Page:
    """A page with two cards as a chapter has them."""
    quiet.goto(write_chapter(tmp_path, "one", "two"))
    return quiet


def test_a_card_inside_a_chapter_is_rated_after_it_was_turned(chapter: Page) -> None:
    expect(chapter.get_by_role("button", name="Good")).to_have_count(0)
    chapter.get_by_text("Front of two?").press("Enter")
    expect(chapter.get_by_role("group", name="Did you know it?")).to_have_count(1)
    assert violations(chapter) == []
    chapter.get_by_role("button", name="Good").press("Enter")
    expect(chapter.get_by_role("status")).to_have_text("Good, noted for your flashcards.")
    expect(chapter.get_by_role("link", name="flashcards")).to_have_attribute("href", "flashcards.html#chapter=a")
    expect(chapter.get_by_role("button", name="Take it back")).to_be_focused()
    assert violations(chapter) == []
    assert [(event["type"], event["card"], event["rating"]) for event in logged(chapter)] == [("review", "two", 3)]


def test_a_rating_inside_a_chapter_is_taken_back_and_given_anew(chapter: Page) -> None:
    chapter.get_by_text("Front of one?").click()
    chapter.get_by_role("button", name="Easy").click()
    chapter.get_by_role("button", name="Take it back").press("Enter")
    expect(chapter.get_by_role("button", name="Again")).to_be_focused()
    chapter.get_by_role("button", name="Hard").click()
    first, undone, last = logged(chapter)
    assert (undone["type"], undone["event"], last["rating"]) == ("undo", first["id"], 2)


def test_a_rating_inside_a_chapter_counts_on_the_flashcards_page(page: Page, tmp_path: Path, bundles: object) -> None:
    page.goto(write_chapter(tmp_path, "card-0"))
    page.locator("summary").click()
    page.get_by_role("button", name="Easy").click()
    page.goto(write_cards(tmp_path, generated(2)))
    expect(page.get_by_text("1 of 2 cards not seen yet.")).to_be_visible()


def test_without_storage_a_rating_inside_a_chapter_says_how_long_it_lasts(
    quiet: Page, tmp_path: Path, bundles: object
) -> None:
    quiet.add_init_script(
        "Object.defineProperty(window, 'localStorage', {get() { throw new DOMException('no', 'SecurityError'); }});"
    )
    quiet.goto(write_chapter(tmp_path, "one"))
    quiet.get_by_text("Front of one?").click()
    quiet.get_by_role("button", name="Hard").click()
    expect(quiet.get_by_role("status")).to_contain_text("This browser does not let the page store anything")


@pytest.mark.parametrize("text_size", ["100%", "200%"])
def test_a_card_inside_a_chapter_fits_a_phone(chapter: Page, text_size: str) -> None:
    chapter.set_viewport_size({"width": 320, "height": 640})
    chapter.evaluate("size => { document.documentElement.style.fontSize = size }", text_size)
    chapter.get_by_text("Front of one?").click()
    assert chapter.evaluate("document.documentElement.scrollWidth") <= 320
    chapter.get_by_role("button", name="Good").click()
    assert chapter.evaluate("document.documentElement.scrollWidth") <= 320
