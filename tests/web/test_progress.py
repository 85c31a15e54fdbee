"""The progress page in a real browser: by keyboard, with an empty and a full log, on a phone, in light and dark."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect
from web.learners import HOSTILE, Event, answers, course, event, keep, logged, write_progress
from web.pages import violations

COURSE = course()
LARGE = course(chapters=40, questions=30)


def some_events() -> list[Event]:
    """A learner of a few weeks."""
    days = timedelta(days=1)
    return [
        *answers(60, COURSE),
        event(1000, "journal", 9 * days, entry="first", date="2026-11-14", text="The first note.\nIts second line."),
        event(1001, "journal", 5 * days, entry="second", date="2026-11-18", text="The second note."),
        event(1002, "tick", 3 * days, what="tool", item="s3", on=True),
        event(1003, "lab", 2 * days, lab="lab-1", chapter="01_data/01_chapter", passed=True, by="notebook"),
    ]


@pytest.fixture
def open_progress(quiet: Page, tmp_path: Path, bundles: object) -> Callable[..., Page]:
    """Open the page for a learner; it must stay quiet."""

    def visit(events: list[Event], document: dict[str, Any] = COURSE) -> Page:
        quiet.set_default_timeout(8000)
        if events:
            keep(quiet, events)
        quiet.goto(write_progress(tmp_path, document))
        expect(quiet.get_by_role("heading", name="Mastery by task")).to_be_visible()
        return quiet

    return visit


def tasks(page: Page) -> list[str]:
    """The rows of the mastery table, in their order."""
    return page.get_by_role("table").get_by_role("rowheader").all_inner_texts()


def row(page: Page, task: str) -> Locator:
    return page.get_by_role("row", name=task)


def note_form(page: Page) -> Locator:
    return page.locator("[data-note=new]")


def add_note(page: Page, text: str) -> None:
    note_form(page).get_by_label("Note").fill(text)
    note_form(page).get_by_role("button", name="Add note").click()


def notes(page: Page) -> list[str]:
    return page.get_by_role("list", name="Your notes").locator(".mp-text").all_inner_texts()


def test_without_a_log_every_task_is_told_as_not_asked(open_progress: Callable[..., Page]) -> None:
    page = open_progress([])
    expect(page.get_by_text("Nothing has been answered in this browser yet.")).to_be_visible()
    assert len(tasks(page)) == 4 + 12
    expect(row(page, "2.3 Analyze model performance")).to_contain_text("not asked yet")
    expect(page.get_by_text("Quiz: 0 of 8 questions")).to_have_count(6)


def test_mastery_is_told_in_words_with_its_counts_and_leads_to_practice(open_progress: Callable[..., Page]) -> None:
    right = {"quiz": "a/b", "question": "q-0-0", "response": ["a"], "correct": True, "seed": 1}
    page = open_progress([event(1, "answer", timedelta(days=3), **right)])
    asked = row(page, "1.1 Ingest and store data")
    expect(asked).to_contain_text("66 %, growing")
    expect(asked).to_contain_text("1 of 1 right, last asked 3 days ago; few answers: a first impression")
    expect(asked.get_by_role("link", name="Practise task 1.1")).to_have_attribute(
        "href", "mock_exam.html#task=1.1&exam=mla-c01"
    )
    page.get_by_role("radio", name="MLA-C02").check()
    expect(row(page, "1.1")).to_contain_text("66 %, growing")
    expect(row(page, "1.1").get_by_role("link", name="Practise")).to_have_attribute(
        "href", "mock_exam.html#task=1.1&exam=mla-c02"
    )


def test_the_weakest_task_comes_first_if_asked(open_progress: Callable[..., Page]) -> None:
    wrong = {"quiz": "a/b", "question": "q-4-0", "response": ["a"], "correct": False, "seed": 1}
    page = open_progress([event(1, "answer", **wrong)])
    assert tasks(page)[0].startswith("1 Data Preparation")
    page.get_by_role("radio", name="Weakest first").check()
    assert len(tasks(page)) == 12
    assert tasks(page)[0].startswith("2.2 ")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("state", ["empty", "small", "large"])
def test_axe_finds_nothing(open_progress: Callable[..., Page], state: str, scheme: Any) -> None:
    events = {"empty": [], "small": some_events(), "large": answers(10_000, LARGE)}[state]
    page = open_progress(events, LARGE if state == "large" else COURSE)
    page.emulate_media(color_scheme=scheme)
    page.locator("details").evaluate_all("all => all.forEach(one => { one.open = true })")
    assert violations(page) == []
    if state == "small":
        page.get_by_role("button", name="Edit the note of 18 November 2026").click()
        page.get_by_role("button", name="Delete the note of 14 November 2026").click()
        assert violations(page) == []


def tab_to(page: Page, name: str) -> None:
    """Press Tab until what has the focus is named so."""
    for _ in range(200):
        page.keyboard.press("Tab")
        found = page.evaluate(
            "(e => (e.labels?.[0] ?? e).textContent.trim())(document.activeElement)",
        )
        if str(found).startswith(name):
            return
    raise AssertionError(f"Tab never reached {name!r}")


def test_everything_is_done_with_the_keyboard_alone(open_progress: Callable[..., Page]) -> None:
    page = open_progress([])
    tab_to(page, "As in the exam guide")
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("radio", name="Weakest first")).to_be_checked()
    tab_to(page, "Read")
    page.keyboard.press("Space")
    tab_to(page, "First endpoint deployed")
    page.keyboard.press("Space")
    tab_to(page, "Storing and preparing data: 0 of")
    page.keyboard.press("Enter")
    tab_to(page, "pandas")
    page.keyboard.press("Space")
    expect(page.get_by_text("Storing and preparing data: 1 of")).to_be_visible()
    tab_to(page, "Note")
    page.keyboard.type("Typed by hand.")
    tab_to(page, "Add note")
    page.keyboard.press("Enter")
    assert notes(page) == ["Typed by hand."]
    tab_to(page, "Edit")
    page.keyboard.press("Enter")
    expect(page.get_by_role("list", name="Your notes").get_by_label("Note")).to_be_focused()
    page.keyboard.press("End")
    page.keyboard.type(" And changed.")
    tab_to(page, "Save")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Edit the note")).to_be_focused()
    tab_to(page, "Delete")
    page.keyboard.press("Enter")
    assert notes(page) == []
    expect(page.get_by_role("button", name="Undo")).to_be_focused()
    page.keyboard.press("Enter")
    assert notes(page) == ["Typed by hand. And changed."]
    expect(page.get_by_role("button", name="Edit the note")).to_be_focused()
    ticked = [(one["what"], one["item"]) for one in logged(page) if one["type"] == "tick"]
    assert ticked == [("topic", "01_data/00_chapter"), ("milestone", "first-endpoint"), ("tool", "pandas")]


def test_ticks_are_there_after_a_reload_and_can_be_taken_back(open_progress: Callable[..., Page]) -> None:
    page = open_progress([])
    page.get_by_role("checkbox", name="Read Chapter 2 of the course").check()
    page.get_by_role("checkbox", name="Done Lab 2").check()
    page.get_by_role("checkbox", name="Exam booked").check()
    page.reload()
    for name in ("Read, ", "Done, ", "Exam booked"):
        expect(page.get_by_role("checkbox", name=name, checked=True)).to_have_count(1)
    expect(page.get_by_role("listitem").filter(has_text="First lab done")).to_contain_text("reached")
    page.get_by_role("checkbox", name="Lab 2").uncheck()
    expect(page.get_by_role("listitem").filter(has_text="First lab done")).to_contain_text("still ahead")
    last = logged(page)[-1]
    assert (last["type"], last["lab"], last["passed"], last["by"]) == ("lab", "lab-2", False, "hand")


def test_a_lab_that_a_notebook_has_checked_says_so(open_progress: Callable[..., Page]) -> None:
    page = open_progress(some_events())
    expect(page.get_by_role("checkbox", name="Lab 1", checked=True)).to_be_visible()
    expect(page.get_by_text("Done, checked in the notebook")).to_be_visible()


def test_notes_stand_with_the_latest_day_first_and_may_be_dated_back(open_progress: Callable[..., Page]) -> None:
    page = open_progress(some_events())
    note_form(page).get_by_label("Date").fill("2026-11-16")
    add_note(page, "Between the two.")
    assert notes(page) == ["The second note.", "Between the two.", "The first note.\nIts second line."]
    expect(page.get_by_role("status").filter(has_text="The note of 16 November 2026 was added.")).to_be_visible()
    expect(note_form(page).get_by_label("Note")).to_have_value("")


def test_a_change_that_is_cancelled_leaves_the_note_as_it_was(open_progress: Callable[..., Page]) -> None:
    page = open_progress(some_events())
    page.get_by_role("button", name="Edit the note of 18 November 2026").click()
    editor = page.get_by_role("list", name="Your notes").get_by_label("Note")
    editor.fill("Other words.")
    page.get_by_role("button", name="Cancel").click()
    assert notes(page)[0] == "The second note."
    expect(page.get_by_role("button", name="Edit the note of 18 November 2026")).to_be_focused()


def test_a_note_of_blanks_is_not_kept(open_progress: Callable[..., Page]) -> None:
    page = open_progress([])
    add_note(page, "   ")
    assert notes(page) == []
    assert logged(page) == []


def test_a_long_journal_shows_its_latest_notes_and_all_if_asked(open_progress: Callable[..., Page]) -> None:
    page = open_progress([event(n, "journal", entry=f"n-{n}", date="2026-11-20", text=f"Note {n}.") for n in range(50)])
    assert len(notes(page)) == 20
    page.get_by_role("button", name="Show all 50 notes").click()
    assert len(notes(page)) == 50


def test_a_note_that_is_not_saved_holds_the_page_back(open_progress: Callable[..., Page]) -> None:
    page = open_progress([])
    asked: list[str] = []

    def answer(dialog: Any) -> None:
        asked.append(dialog.type)
        dialog.accept()

    page.on("dialog", answer)
    note_form(page).get_by_label("Note").press_sequentially("half a")
    page.reload()
    assert asked == ["beforeunload"]
    add_note(page, "whole")
    page.reload()
    assert asked == ["beforeunload"]
    assert notes(page) == ["whole"]


def test_text_of_notes_and_of_the_course_is_never_markup(open_progress: Callable[..., Page]) -> None:
    document = course()
    for chapter in document["chapters"]:
        chapter.update(title=HOSTILE, href="javascript:document.title='hit'")
        chapter["labs"][0].update(title=HOSTILE, href="javascript:document.title='hit'")
    document["parts"][0]["title"] = HOSTILE
    document["exams"]["mla-c01"]["domains"][0]["title"] = HOSTILE
    page = open_progress([event(1, "journal", entry=HOSTILE, date="2026-11-20", text=HOSTILE)], document)
    add_note(page, HOSTILE)
    assert notes(page) == [HOSTILE, HOSTILE]
    for name in ("Edit", "Cancel", "Delete", "Undo"):
        page.get_by_role("button", name=name).first.click()
    region = page.get_by_role("region", name="Your progress")
    assert region.locator("img, script, b, strong:not(details strong)").count() == 0
    assert region.locator("a[href^=javascript]").count() == 0
    assert page.title() == "A page"


def test_an_event_of_a_strange_shape_is_passed_over(open_progress: Callable[..., Page]) -> None:
    strange: list[Any] = [None, 7, "constructor", "__proto__", [], {}, True]
    events = [
        event(20 * number + place, kind, **dict.fromkeys(fields, value))
        for number, value in enumerate(strange)
        for place, (kind, fields) in enumerate(
            {
                "answer": ("quiz", "question", "correct"),
                "attempt": ("exam", "kind", "results", "started"),
                "journal": ("entry", "date", "text"),
                "tick": ("what", "item", "on"),
                "lab": ("lab", "chapter", "passed", "by"),
                "review": ("card", "rating"),
                "undo": ("event",),
            }.items()
        )
    ]
    page = open_progress(events)
    assert notes(page) == []
    expect(page.get_by_text("Nothing has been answered in this browser yet.")).to_be_visible()


def test_a_link_from_a_notebook_is_offered_here_and_its_lab_counts(open_progress: Callable[..., Page]) -> None:
    page = open_progress([])
    lab = event(1, "lab", lab="lab-3", chapter="02_modeling/03_chapter", passed=True, by="notebook")
    code = base64.urlsafe_b64encode(json.dumps([lab]).encode()).decode().rstrip("=")
    page.evaluate("hash => { location.hash = hash }", f"import={code}")
    expect(page.get_by_role("heading", name="Add this to your progress?")).to_be_focused()
    expect(page.get_by_role("checkbox", name="Lab 3")).not_to_be_checked()
    page.get_by_role("button", name="Add 1 entry").click()
    expect(page.get_by_role("checkbox", name="Lab 3")).to_be_checked()
    expect(page.get_by_text("Done, checked in the notebook")).to_be_visible()


def test_without_storage_the_page_works_and_says_so(quiet: Page, tmp_path: Path, bundles: object) -> None:
    quiet.add_init_script(
        "Object.defineProperty(window, 'localStorage', {get() { throw new DOMException('no', 'SecurityError'); }});"
    )
    quiet.goto(write_progress(tmp_path, COURSE))
    expect(quiet.get_by_text("This browser does not let the page store anything").first).to_be_visible()
    add_note(quiet, "Not kept.")
    assert notes(quiet) == ["Not kept."]
    quiet.get_by_role("checkbox", name="Exam booked").check()
    expect(quiet.get_by_role("checkbox", name="Exam booked")).to_be_checked()


def test_what_another_tab_does_is_shown_and_a_draft_stays(open_progress: Callable[..., Page], quiet: Page) -> None:
    page = open_progress([])
    note_form(page).get_by_label("Note").fill("A draft")
    other = page.context.new_page()
    other.goto(page.url)
    add_note(other, "From the other tab.")
    expect(page.get_by_text("From the other tab.", exact=True)).to_be_visible()
    expect(note_form(page).get_by_label("Note")).to_have_value("A draft")


def test_the_file_holds_progress_and_journal(open_progress: Callable[..., Page]) -> None:
    page = open_progress(some_events())
    with page.expect_download() as download:
        page.get_by_role("button", name="Download as Markdown").click()
    assert download.value.suggested_filename.startswith("ml-engineer-progress-2026-11-2")
    text = download.value.path().read_text(encoding="utf-8")
    assert text.startswith("# Progress, ")
    assert "\n- Amazon S3, " in text
    assert text.endswith("### 14 November 2026\n\n> The first note.\n> Its second line.\n")


@pytest.mark.parametrize("text_size", ["100%", "200%"])
def test_a_phone_needs_no_sideways_scroll_and_targets_are_large(
    open_progress: Callable[..., Page], text_size: str
) -> None:
    page = open_progress([*some_events(), event(2000, "journal", entry="long", date="2026-11-20", text="x" * 300)])
    page.set_viewport_size({"width": 320, "height": 640})
    page.evaluate("size => { document.documentElement.style.fontSize = size }", text_size)
    page.locator("details").evaluate_all("all => all.forEach(one => { one.open = true })")
    page.get_by_role("button", name="Edit the note of 18 November 2026").click()
    page.get_by_role("button", name="Delete the note of 14 November 2026").click()
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    small = page.evaluate(
        """[...document.querySelectorAll('button, label, summary, .mlacourse-progress table a')]
           .filter(e => { const r = e.getBoundingClientRect(); return r.width < 24 || r.height < 24; })
           .map(e => e.textContent)"""
    )
    assert small == []


def test_on_paper_the_folds_are_open_and_the_forms_are_gone(open_progress: Callable[..., Page]) -> None:
    page = open_progress(some_events())
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")
    assert page.locator("details:not([open])").count() == 0
    expect(page.get_by_role("button", name="Add note")).to_be_hidden()
    expect(page.get_by_text("The second note.", exact=True)).to_be_visible()
    expect(page.get_by_role("button", name="Download as Markdown")).to_be_hidden()


def test_shares_are_told_apart_where_colours_are_forced(open_progress: Callable[..., Page]) -> None:
    page = open_progress(some_events())
    page.emulate_media(forced_colors="active")
    fills = page.evaluate(
        """(e => ['.mp-track', '.mp-range'].map(name => getComputedStyle(e.querySelector(name)).fill))
           (document.querySelector('.mp-share'))"""
    )
    assert fills[0] != fills[1]
