"""Links to the mock exam's page: what stands after the # is chosen, and what cannot be followed is said."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from web.exams import generated, start, stored, write_exam
from web.mistakes import answer, attempt

from web import mistakes

BANK = generated(4)
CHOSEN = ["q-1-1-0", "q-2-3-2", "q-4-1-1"]
Visit = Callable[..., Page]


@pytest.fixture
def visit(quiet: Page, tmp_path: Path, bundles: object) -> Visit:
    """Open the exam by a link, with a past behind it."""
    address = write_exam(tmp_path, BANK)

    def by(link: str, *events: dict[str, object]) -> Page:
        quiet.set_default_timeout(8000)
        mistakes.visit(quiet, address + link, events)
        expect(quiet.get_by_role("heading", name="Choose your exam")).to_be_visible()
        return quiet

    return by


@pytest.mark.parametrize(
    ("link", "what", "planned"),
    [
        ("#diagnostic", "The diagnostic", "Diagnostic: 24 questions, 50 minutes."),
        ("#task=2.3", "One task", "Task 2.3: 4 questions, 8 minutes."),
        ("#domain=2", "One domain", "Domain 2: 12 questions, 24 minutes."),
        ("#form=A", "A fixed form", "Form A: "),
        (
            f"#questions={','.join(CHOSEN)}",
            "The questions of the link (3)",
            "Chosen questions: 3 questions, 6 minutes.",
        ),
    ],
)
def test_a_link_chooses(visit: Visit, link: str, what: str, planned: str) -> None:
    page = visit(link)
    expect(page.get_by_role("radio", name=what)).to_be_checked()
    expect(page.locator("#exam-plan")).to_contain_text(planned)


def test_open_mistakes_and_weak_tasks_are_chosen_by_link(visit: Visit) -> None:
    cleared = [answer("q-1-2-0", False, 9), answer("q-1-2-0", True, 5), answer("q-1-2-0", True, 4)]
    half = [answer("q-1-2-1", False, 9), answer("q-1-2-1", True, 5), answer("q-1-2-1", True, 5)]
    page = visit("#mistakes", *cleared, *half, attempt({"q-2-1-0": "wrong", "gone": "wrong"}, 3))
    expect(page.get_by_role("radio", name="My mistakes and guesses (2)")).to_be_checked()
    expect(page.get_by_role("radio", name="Practice mode")).to_be_checked()
    page.evaluate("location.hash = '#weak'")
    expect(page.get_by_role("radio", name="My weak areas")).to_be_checked()


def test_the_questions_of_a_link_are_the_ones_that_are_asked(visit: Visit) -> None:
    page = visit(f"#questions={','.join(CHOSEN)},gone&exam=mla-c01")
    expect(page.get_by_text("1 of the questions that the link asks for are not in this exam.")).to_be_visible()
    start(page)
    assert sorted(entry["question"] for entry in stored(page)["entries"]) == CHOSEN


@pytest.mark.parametrize("link", ["#task=9.9", "#mistakes", "#nonsense", "#%E0%A4%A", "#form=<b>", "#questions="])
def test_a_link_that_cannot_be_followed_is_said_and_changes_nothing(visit: Visit, link: str) -> None:
    page = visit(link)
    expect(page.get_by_text(re.compile(r"link.*Choose below\.$"))).to_be_visible()
    expect(page.get_by_role("radio", name="A fixed form")).to_be_checked()


def test_a_link_to_a_place_on_the_page_is_no_wish(visit: Visit) -> None:
    page = visit("#exam-plan")
    expect(page.get_by_text("Choose below.")).to_have_count(0)


def test_a_link_waits_for_the_exam_that_is_under_way(visit: Visit) -> None:
    page = visit("")
    start(page)
    page.evaluate("location.hash = '#task=2.3'")
    expect(page.get_by_text("An exam is under way.")).to_be_visible()
    page.reload()
    expect(page.get_by_role("heading", name="Question 1 of")).to_be_visible()
    expect(page.get_by_text("An exam is under way.")).to_be_visible()
    page.get_by_role("button", name="Review and hand in").click()
    page.get_by_role("button", name="Hand in", exact=True).click()
    page.get_by_role("button", name="Choose the next exam").click()
    expect(page.get_by_role("radio", name="One task")).to_be_checked()


def test_a_link_followed_from_the_report_leads_to_the_choice(visit: Visit) -> None:
    page = visit("")
    start(page, what="The diagnostic")
    page.get_by_role("button", name="Review and hand in").click()
    page.get_by_role("button", name="Hand in", exact=True).click()
    expect(page.get_by_role("heading", name="Report: Diagnostic")).to_be_visible()
    page.evaluate("location.hash = '#exam-questions'")
    page.evaluate("location.hash = '#mistakes'")
    expect(page.get_by_role("heading", name="Choose your exam")).to_be_focused()
    expect(page.get_by_role("radio", name="My mistakes and guesses (24)")).to_be_checked()
