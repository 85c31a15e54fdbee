"""The study plan in a real browser: settings by keyboard, ticks, lateness, calendar file, phone, light and dark."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from icalendar import Calendar
from plan.courses import TODAY, course
from playwright.sync_api import Browser, Page, expect
from web.pages import violations
from web.plans import attempt, event, logged, planned, seed, write_plan

START = date(2026, 11, 23)
EXAM = date(2027, 2, 1)
MADE = "2026-11-23T08:00:00Z"
READ = "Read: Formats and storage"
WHOLE = course()


@pytest.fixture
def address(tmp_path: Path, bundles: object) -> Callable[..., str]:
    """Write the page for a course and return its address."""
    return lambda document=WHOLE: write_plan(tmp_path, document)


@pytest.fixture
def at(quiet: Page, address: Callable[..., str]) -> Callable[..., Page]:
    """Open the page on a day, with events in the log, in a page that must stay quiet."""

    def visit(day: date, *events: dict[str, Any], document: dict[str, Any] = WHOLE) -> Page:
        quiet.set_default_timeout(8000)
        quiet.clock.install(time=datetime(day.year, day.month, day.day, 12))
        seed(quiet, address(document), *events)
        return quiet

    return visit


def tab_to(page: Page, name: str) -> None:
    """Press Tab until the element with this name has the focus."""
    for _ in range(120):
        page.keyboard.press("Tab")
        found = page.evaluate(
            "(e => e.labels?.[0]?.textContent ?? e.textContent)(document.activeElement)",
        )
        if found.strip() == name:
            return
    raise AssertionError(f"Tab never reached {name!r}")


def test_a_plan_is_made_with_the_keyboard_alone(at: Callable[..., Page]) -> None:
    page = at(START)
    expect(page.get_by_text("A plan of 10 weeks, 105 h of study.")).to_be_visible()
    tab_to(page, "Sunday")
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type("2.5")
    tab_to(page, "From")
    page.keyboard.type("12242026")
    tab_to(page, "To, included")
    page.keyboard.type("01032027")
    tab_to(page, "Add days off")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Thursday 24 December 2026 to Sunday 3 January 2027")).to_be_visible()
    tab_to(page, "Make my plan")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Your plan")).to_be_focused()
    expect(page.get_by_role("status").filter(has_text="Your plan is made.")).to_be_visible()
    (made,) = logged(page, "plan")
    assert made["settings"]["hours"] == [1.5, 1.5, 1.5, 1.5, 1.5, 3, 2.5]
    assert len(made["settings"]["days_off"]) == 11
    assert (made["settings"]["start"], made["from"]) == ("2026-11-23", "2026-11-23")
    today = page.get_by_role("region", name="Today, Monday 23 November")
    expect(today.get_by_role("checkbox")).to_have_count(3)
    tab_to(page, "Diagnostic")
    page.keyboard.press("Space")
    expect(today.get_by_role("checkbox", name="Diagnostic")).to_be_checked()
    page.reload()
    expect(today.get_by_role("checkbox", name="Diagnostic")).to_be_checked()


def test_settings_that_give_no_plan_are_told_in_words_with_the_way_to_the_field(at: Callable[..., Page]) -> None:
    page = at(START)
    page.get_by_label("Day of the exam").fill("2026-11-20")
    page.get_by_label("Tuesday").fill("30")
    page.get_by_role("button", name="Make my plan").click()
    told = page.get_by_role("group", name="To be mended")
    expect(told).to_be_focused()
    assert violations(page) == []
    expect(page.get_by_label("Tuesday")).to_have_attribute("aria-invalid", "true")
    told.get_by_role("link", name="Tuesday: give the hours as a number from 0 to 24.").click()
    expect(page.get_by_label("Tuesday")).to_be_focused()
    page.get_by_label("Tuesday").fill("1")
    page.get_by_role("button", name="12 weeks").click()
    page.get_by_role("button", name="Make my plan").click()
    expect(page.get_by_role("heading", name="Your plan")).to_be_focused()
    assert logged(page, "plan")[0]["settings"]["exam_date"] == "2027-02-15"


def test_a_late_learner_plans_anew_and_keeps_what_is_done(at: Callable[..., Page]) -> None:
    late = START + timedelta(days=8)
    done = event("done", "2026-11-23T18:00:00Z", item="diagnostic", on=True)
    page = at(late, planned(START, EXAM, MADE), done)
    page.get_by_text("Open from before").click()
    ticked = page.get_by_role("checkbox", name=READ).first
    ticked.check()
    expect(ticked).to_be_focused()
    expect(page.get_by_text(re.compile(r"^You are behind by \d+ items"))).to_contain_text("Wednesday 25 November")
    page.get_by_role("button", name="Plan anew from today").click()
    expect(page.get_by_role("heading", name="Your plan")).to_be_focused()
    expect(page.get_by_text("You are up to date.")).to_be_visible()
    today = page.get_by_role("region", name="Today, Tuesday 1 December")
    expect(today.get_by_role("checkbox", name="Exercises: Formats and storage")).to_be_visible()
    expect(page.get_by_role("checkbox", name="Diagnostic")).to_have_count(0)
    expect(page.get_by_text("Week 1", exact=True)).to_have_count(0)
    assert logged(page, "plan")[1]["from"] == str(late)
    assert logged(page, "tick")[0]["item"] == "01_data/01_formats_and_storage"


def test_the_diagnostic_weighs_the_plan_and_new_results_ask_for_a_new_one(at: Callable[..., Page]) -> None:
    before = attempt("2026-11-22T18:00:00Z", {"2.1": (0, 2), "4.2": (2, 2)})
    after = attempt("2026-11-23T18:00:00Z", {"2.1": (2, 2)}, "form", "Form A")
    page = at(START + timedelta(days=1), before, planned(START, EXAM, MADE), after)
    expect(page.get_by_text("You have answered more questions since this plan was made.")).to_be_visible()
    expect(page.get_by_text("You have not taken")).to_have_count(0)
    page.get_by_text("Time of each task").click()
    rows = page.get_by_role("table", name="Weight in the exam, your answers").get_by_role("row")
    expect(rows.filter(has_text=re.compile(r"^2\.1 "))).to_contain_text("0 of 2")
    expect(rows.filter(has_text=re.compile(r"^4\.3 "))).to_contain_text("not asked")
    page.get_by_role("button", name="Plan anew from today").click()
    expect(page.get_by_text("You have answered more questions")).to_have_count(0)
    expect(rows.filter(has_text=re.compile(r"^2\.1 "))).to_contain_text("2 of 2")


def test_too_little_time_says_what_is_cut_and_what_would_help(at: Callable[..., Page]) -> None:
    page = at(START, planned(START, START + timedelta(weeks=8), MADE))
    expect(page.get_by_text(re.compile(r"The chapters take 101 h; there is room for \d+ h\."))).to_be_visible()
    table = page.get_by_role("table", name="Tasks whose chapters do not get all their time")
    expect(table.get_by_role("row")).not_to_have_count(1)
    expect(page.get_by_text("more a week would hold everything, or a later exam.")).to_be_visible()
    expect(page.get_by_text("the projects are left out.")).to_be_visible()


def test_chapters_that_the_site_does_not_have_are_named_as_missing(at: Callable[..., Page]) -> None:
    page = at(START, planned(START, EXAM, MADE, chapters=None), document=course(TODAY))
    expect(page.get_by_text("The site has no chapter yet for 10 of the 12 tasks of MLA-C01.")).to_be_visible()
    page.get_by_text("Tasks without a chapter").click()
    expect(page.get_by_role("listitem").filter(has_text="1.1 Ingest and store data")).to_be_visible()
    expect(page.get_by_text(re.compile("before the revision are spare"))).to_be_visible()


def test_the_calendar_file_is_read_by_a_library_and_a_later_one_replaces_it(at: Callable[..., Page]) -> None:
    page = at(START, planned(START, EXAM, MADE))

    def saved() -> dict[str, Any]:
        with page.expect_download() as download:
            page.get_by_role("button", name="Save as calendar (.ics)").click()
        assert download.value.suggested_filename == "study-plan-mla-c01.ics"
        calendar = Calendar.from_ical(Path(download.value.path()).read_bytes())
        return {str(one["UID"]): one for one in calendar.walk("VEVENT")}

    first = saved()
    assert first["mla-c01-2026-11-23@plan.mlacourse"]["SUMMARY"] == "1 h 30 min: Diagnostic; Read: Formats and storage"
    assert first["mla-c01-exam@plan.mlacourse"]["DTSTART"].dt == EXAM
    page.get_by_role("button", name="Change settings").click()
    page.get_by_label("Monday").fill("0")
    page.get_by_role("button", name="Plan with these settings").click()
    expect(page.get_by_role("heading", name="Your plan")).to_be_focused()
    second = saved()
    assert second["mla-c01-2026-11-30@plan.mlacourse"]["STATUS"] == "CANCELLED"
    assert set(first) - set(second) <= {"mla-c01-2026-11-23@plan.mlacourse"}
    assert second["mla-c01-exam@plan.mlacourse"]["SEQUENCE"] > first["mla-c01-exam@plan.mlacourse"]["SEQUENCE"]


@pytest.mark.parametrize("zone", ["Europe/Berlin", "America/New_York"])
def test_days_are_the_learners_own_also_where_the_clock_is_changed(
    chromium: Browser, address: Callable[..., str], zone: str
) -> None:
    start = {"Europe/Berlin": date(2027, 3, 27), "America/New_York": date(2027, 3, 13)}[zone]
    context = chromium.new_context(timezone_id=zone)
    page = context.new_page()
    page.goto(address())
    page.clock.set_fixed_time(f"{start + timedelta(days=2)}T03:30:00Z")
    seed(page, address(), planned(start, start + timedelta(weeks=3), f"{start}T12:00:00Z", hours=[1] * 7))
    local = {"Europe/Berlin": 2, "America/New_York": 1}[zone]
    day = start + timedelta(days=local)
    expect(page.get_by_role("heading", name=f"Today, {day:%A} {day.day} March")).to_be_visible()
    page.locator("details").evaluate_all("all => all.forEach(one => { one.open = true })")
    days = page.get_by_role("heading", level=4).all_inner_texts()
    wanted = [start + timedelta(days=n) for n in range(21)]
    assert [text.replace("today", "").strip() for text in days] == [f"{day:%A} {day.day} {day:%B}" for day in wanted]
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_in_the_settings_and_in_the_plan(at: Callable[..., Page], scheme: Any) -> None:
    page = at(START + timedelta(days=8), planned(START, START + timedelta(weeks=8), MADE))
    page.emulate_media(color_scheme=scheme)
    page.get_by_text("Open from before").click()
    page.get_by_text("Time of each task").click()
    assert violations(page) == []
    page.get_by_role("button", name="Change settings").click()
    assert violations(page) == []


@pytest.mark.parametrize("text_size", ["100%", "200%"])
def test_a_phone_needs_no_sideways_scroll(at: Callable[..., Page], text_size: str) -> None:
    page = at(START + timedelta(days=8), planned(START, START + timedelta(weeks=8), MADE))
    page.set_viewport_size({"width": 320, "height": 640})
    page.evaluate("size => { document.documentElement.style.fontSize = size }", text_size)
    page.locator("details").evaluate_all("all => all.forEach(one => { one.open = true })")
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    page.get_by_role("button", name="Change settings").click()
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_without_storage_the_plan_works_and_the_page_says_so(quiet: Page, address: Callable[..., str]) -> None:
    quiet.add_init_script(
        "Object.defineProperty(window, 'localStorage', {get() { throw new DOMException('no', 'SecurityError'); }});"
    )
    quiet.clock.install(time=datetime(2026, 11, 23, 12))
    quiet.goto(address())
    quiet.get_by_role("button", name="Make my plan").click()
    quiet.get_by_role("checkbox", name="Diagnostic").first.check()
    expect(quiet.get_by_role("checkbox", name="Diagnostic").first).to_be_checked()
    expect(quiet.get_by_text("This browser does not let the page store anything")).to_be_visible()


def test_titles_of_the_course_are_never_markup(at: Callable[..., Page]) -> None:
    hostile = "<img src=x onerror=document.title='hit'><b>bold</b>"
    document = course(title=hostile)
    for chapter in document["chapters"]:
        chapter["href"] = "javascript:document.title='hit'"
    page = at(START, planned(START, EXAM, MADE), document=document)
    expect(page.get_by_text(f"Read: {hostile}").first).to_be_visible()
    region = page.get_by_role("region", name="Study plan")
    assert region.locator("img, b").count() == 0
    assert region.locator("a[href^=javascript]").count() == 0
    assert page.title() == "A page"


def test_on_paper_every_week_is_open_and_the_buttons_are_gone(at: Callable[..., Page]) -> None:
    page = at(START, planned(START, START + timedelta(weeks=12), MADE))
    expect(page.get_by_text("Mock exam, form A").first).to_be_hidden()
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    expect(page.get_by_text("Mock exam, form A").first).to_be_visible()
    expect(page.get_by_role("button")).to_have_count(0)
