"""The mock exam's page: readable without a script, and running on the built site and from a folder."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml
from bank.factories import multiple_choice
from playwright.sync_api import Browser, expect
from served import address_of
from small_book import ROOT, SmallBook, notebook

from mlacourse.bank.load import load_exam_bank
from mlacourse.site.apps import data_script

PAGE = "practice/mock_exam.html"
MARKUP = "# Mock exam\n\nWhole.\n\n```{app} exam\n```\n\n## The clock\n\nIt runs.\n"


def test_without_scripts_the_page_says_what_the_exam_is(site: Path, chromium: Browser) -> None:
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(address_of(site / PAGE))
    count = sum(len(bank.items()) for bank in load_exam_bank())
    expect(page.get_by_text(f"The bank holds {count} questions today.")).to_be_visible()
    expect(page.get_by_text("The exam itself needs JavaScript.")).to_be_visible()
    expect(page.get_by_role("heading", name="How your score is estimated")).to_be_visible()
    context.close()


def test_the_exam_runs_from_a_folder_under_the_sites_policy(site: Path, chromium: Browser) -> None:
    context = chromium.new_context()
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(address_of(site / PAGE))
    page.get_by_role("button", name="Start").click()
    expect(page.get_by_role("heading", name="Question 1 of")).to_be_focused()
    expect(page.get_by_role("heading", name="How your score is estimated")).to_be_hidden()
    page.get_by_role("button", name="Review and hand in").click()
    page.get_by_role("button", name="Hand in", exact=True).click()
    page.locator("details.mx-answered summary").first.click()
    page.get_by_text("Read on in the chapter:").filter(visible=True).first.get_by_role("link").click()
    expect(page).to_have_url(re.compile(r"/chapters/.*\.html#"))
    context.close()
    assert complaints == []


def write_book(book: SmallBook, **changes: object) -> None:
    question = multiple_choice(**changes)
    chapter = {"chapter": "02_modeling/06_metrics_and_thresholds", "quiz": [question], "cards": []}
    folder = book.root / "quizzes"
    (folder / "02_modeling").mkdir(parents=True, exist_ok=True)
    (folder / "mock_exam").mkdir(exist_ok=True)
    (folder / "mock_exam" / "forms.yml").write_bytes((ROOT / "quizzes/mock_exam/forms.yml").read_bytes())
    (folder / "02_modeling" / "06_metrics_and_thresholds.yml").write_text(yaml.safe_dump(chapter))


@pytest.mark.parametrize("stem", ["Which one?", "Which one </script><script>alert(1)</script> it is?"])
def test_the_bank_is_one_script_that_nothing_in_it_can_close(stem: str) -> None:
    script = data_script("exam_bank", {"rules": {}, "questions": [{"stem": stem}]})
    assert script.startswith("document.dispatchEvent(new CustomEvent(")
    assert "<" not in script


def test_a_mended_question_reaches_the_exam(book: SmallBook) -> None:
    page = notebook({"cell_type": "markdown", "metadata": {}, "source": "## A section\n\nText."})
    book.write("chapters/02_modeling/06_metrics_and_thresholds.ipynb", page)
    book.write("book/practice/mock_exam.md", MARKUP)
    write_book(book)
    first = book.build()
    assert first.faults == ""
    before = first.page("practice/mock_exam").select_one("script[src*=exam_bank]")
    write_book(book, stem="A team must choose another metric. Which one?")
    second = book.build()
    after = second.page("practice/mock_exam").select_one("script[src*=exam_bank]")
    assert before is not None
    assert after is not None
    assert before["src"] != after["src"]
    assert "another metric" in (second.folder / "_static/exam_bank.js").read_text()
    assert (
        "chapters/02_modeling/06_metrics_and_thresholds.html#a-section"
        in (second.folder / "_static/exam_bank.js").read_text()
    )
