"""Today on the front page: quiet for a newcomer, a few lines with links for who has a log."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from web.learners import HOSTILE, LOG, Event, answers, course, event, keep, write_today
from web.pages import violations

COURSE = course()
PLAN = {
    "exam": "mla-c01",
    "start": "2026-11-23",
    "exam_date": "2027-01-18",
    "hours": [2, 2, 2, 2, 2, 2, 2],
    "days_off": [],
}


def a_learner() -> list[Event]:
    """Answers of a day and a half, and a plan."""
    return [*answers(80, COURSE), event(1000, "plan", timedelta(hours=1), settings=PLAN)]


@pytest.fixture
def open_front(quiet: Page, tmp_path: Path, bundles: object) -> Callable[..., Page]:
    """Open a front page for a learner; it must stay quiet."""

    def visit(events: list[Event] | None, document: dict[str, Any] = COURSE) -> Page:
        quiet.set_default_timeout(8000)
        if events is not None:
            keep(quiet, events)
        quiet.goto(write_today(tmp_path, document))
        return quiet

    return visit


def test_a_newcomer_reads_one_line_and_nothing_more_is_loaded(open_front: Callable[..., Page], quiet: Page) -> None:
    asked: list[str] = []
    quiet.on("request", lambda request: asked.append(request.url.rsplit("/", 1)[-1]))
    page = open_front(None)
    expect(page.get_by_role("region", name="Today")).to_have_text("New here? Begin with the first chapter.")
    assert not {"today_list.js", "course.js"} & set(asked)


def test_a_log_that_says_nothing_yet_leaves_the_line(open_front: Callable[..., Page]) -> None:
    page = open_front([event(1, "tick", what="tool", item="s3", on=True)])
    page.wait_for_function("document.querySelectorAll('head script[src$=\"course.js\"]').length === 1")
    expect(page.get_by_text("New here?")).to_be_visible()


def test_the_day_is_told_with_a_link_for_each_line(open_front: Callable[..., Page]) -> None:
    page = open_front(a_learner())
    region = page.get_by_role("region", name="Today")
    expect(region.get_by_role("heading", name="Today")).to_be_visible()
    expect(region.get_by_text("New here?")).to_have_count(0)
    expect(region.get_by_role("listitem").first).to_contain_text("56 days to your exam.")
    for name, address in (
        ("Your plan", "practice/plan.html"),
        ("Go through them", "practice/mistakes.html"),
        ("Back to Chapter", "../chapters/"),
    ):
        expect(region.get_by_role("link", name=name)).to_have_attribute("href", re.compile(f".*{re.escape(address)}"))
    lines = region.get_by_role("listitem")
    assert lines.count() <= 10
    assert region.get_by_role("link").count() == lines.count()


def test_an_answer_in_another_tab_changes_the_lines(open_front: Callable[..., Page]) -> None:
    wrong = {"quiz": "a/b", "question": "q-0-0", "response": ["a"], "correct": False, "seed": 1}
    page = open_front([event(1, "answer", timedelta(days=1), **wrong)])
    expect(page.get_by_text("1 open mistake.")).to_be_visible()
    second = event(2, "answer", **{**wrong, "question": "q-0-1"})
    other = page.context.new_page()
    other.goto(page.url)
    other.evaluate(
        """([key, event]) => {
            localStorage[key] = JSON.stringify([...JSON.parse(localStorage[key]), event]);
        }""",
        [LOG, second],
    )
    expect(page.get_by_text("2 open mistakes.")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("state", ["empty", "small", "large"])
def test_axe_finds_nothing(open_front: Callable[..., Page], state: str, scheme: Any) -> None:
    large = course(chapters=40, questions=30)
    page = open_front(
        {"empty": None, "small": a_learner(), "large": answers(10_000, large)}[state],
        large if state == "large" else COURSE,
    )
    page.emulate_media(color_scheme=scheme)
    expect(page.get_by_role("region", name="Today").get_by_role("link").first).to_be_visible()
    if state != "empty":
        expect(page.get_by_role("heading", name="Today")).to_be_visible()
    assert violations(page) == []


def test_every_link_is_reached_with_the_keyboard(open_front: Callable[..., Page]) -> None:
    page = open_front(a_learner())
    region = page.get_by_role("region", name="Today")
    expect(region.get_by_role("heading", name="Today")).to_be_visible()
    for link in region.get_by_role("link").all():
        page.keyboard.press("Tab")
        expect(link).to_be_focused()


@pytest.mark.parametrize("text_size", ["100%", "200%"])
def test_a_phone_needs_no_sideways_scroll_and_links_are_large(open_front: Callable[..., Page], text_size: str) -> None:
    page = open_front(a_learner())
    page.set_viewport_size({"width": 320, "height": 640})
    page.evaluate("size => { document.documentElement.style.fontSize = size }", text_size)
    expect(page.get_by_role("heading", name="Today")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    heights = page.locator("[data-app=today] a").evaluate_all("all => all.map(e => e.getBoundingClientRect().height)")
    assert min(heights) >= 24


def test_text_of_the_course_is_never_markup(open_front: Callable[..., Page]) -> None:
    document = course()
    for chapter in document["chapters"]:
        chapter.update(title=HOSTILE, href="javascript:document.title='hit'")
    for domain in document["exams"]["mla-c01"]["domains"]:
        for task in domain["tasks"]:
            task["title"] = HOSTILE
    page = open_front(a_learner(), document)
    region = page.get_by_role("region", name="Today")
    expect(region).to_contain_text("<img src=x onerror=")
    assert region.locator("img, script, b").count() == 0
    assert page.title() == "A page"


def test_without_storage_the_page_greets_a_newcomer(quiet: Page, tmp_path: Path, bundles: object) -> None:
    quiet.add_init_script(
        "Object.defineProperty(window, 'localStorage', {get() { throw new DOMException('no', 'SecurityError'); }});"
    )
    quiet.goto(write_today(tmp_path, COURSE))
    expect(quiet.get_by_text("New here?")).to_be_visible()
