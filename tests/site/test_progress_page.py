"""Progress and today on the built site: readable without a script, alive from a folder, with links that lead."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect
from served import address_of
from small_book import CHAPTER, HEADER, Built, SmallBook, markdown, notebook
from web.learners import LOG, answers, event

PAGE = "practice/progress.html"
LAB = {"id": "first-endpoint", "title": "Deploy", "section": "lab-deploy"}


def handed_over(folder: Path) -> dict[str, Any]:
    """The course as the build hands it to the browser."""
    script = (folder / "_static" / "course.js").read_text(encoding="utf-8")
    found = re.search(r"content:(\{.*\})\}\}\)\);\s*$", script, re.DOTALL)
    assert found
    document: dict[str, Any] = json.loads(found.group(1))
    return document


def dead(page: Page, part: str) -> list[str]:
    """Links of a part of the page that lead to no file."""
    addresses = page.locator(f"{part} a").evaluate_all("all => all.map(link => link.href)")
    assert addresses
    return [one for one in addresses if not Path(unquote(urlsplit(one).path)).is_file()]


def test_without_scripts_the_pages_say_what_there_is_to_do(site: Path, chromium: Browser) -> None:
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(address_of(site / PAGE))
    expect(page.get_by_text("Your own progress needs JavaScript")).to_be_visible()
    section = page.get_by_role("region", name="Your progress")
    for chapter in handed_over(site)["chapters"]:
        expect(section.get_by_role("link", name=chapter["title"])).to_be_visible()
    expect(section.get_by_text("First endpoint deployed")).to_be_visible()
    expect(section.get_by_text("Amazon S3")).to_be_visible()
    assert dead(page, "[data-app=progress]") == []
    page.goto(address_of(site / "index.html"))
    expect(page.get_by_role("region", name="Today")).to_contain_text("New here? Begin with")
    assert dead(page, "[data-app=today]") == []
    context.close()


def test_progress_and_today_run_from_a_folder_under_the_sites_policy(site: Path, chromium: Browser) -> None:
    context = chromium.new_context()
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(address_of(site / PAGE))
    page.evaluate("([key, text]) => { localStorage[key] = text }", [LOG, json.dumps(answers(40, handed_over(site)))])
    page.reload()
    page.get_by_role("checkbox", name="First endpoint deployed").check()
    page.get_by_role("textbox", name="Note").fill("From a folder.")
    page.get_by_role("button", name="Add note").click()
    expect(page.get_by_role("list", name="Your notes")).to_contain_text("From a folder.")
    assert dead(page, "[data-app=progress] table") == []
    page.goto(address_of(site / "index.html"))
    region = page.get_by_role("region", name="Today")
    expect(region.get_by_role("heading", name="Today")).to_be_visible()
    assert dead(page, "[data-app=today]") == []
    region.get_by_role("link", name="Practise it").click()
    expect(page.get_by_role("radio", name="One task")).to_be_checked()
    context.close()
    assert complaints == []


def test_a_plan_stands_on_the_front_page_and_leads_to_its_page(site: Path, chromium: Browser) -> None:
    context = chromium.new_context()
    page = context.new_page()
    settings = {"exam": "mla-c01", "start": "2026-11-23", "exam_date": "2027-01-18", "hours": [2] * 7, "days_off": []}
    page.clock.install(time="2026-11-23T12:00:00Z")
    page.goto(address_of(site / "index.html"))
    log = json.dumps([event(1, "plan", settings=settings)])
    page.evaluate("([key, text]) => { localStorage[key] = text }", [LOG, log])
    page.reload()
    region = page.get_by_role("region", name="Today")
    expect(region.get_by_text("56 days to your exam.")).to_be_visible()
    assert dead(page, "[data-app=today]") == []
    context.close()


def build_with(book: SmallBook, *labs: dict[str, str]) -> Built:
    page = notebook(markdown("## Lab: deploy\n\nText."), header={**HEADER, "labs": list(labs)})
    book.write(f"{CHAPTER}.ipynb", page)
    book.write("book/today.md", "# Today\n\n```{app} today\n```\n")
    return book.build()


def test_the_course_names_chapters_labs_and_their_addresses(book: SmallBook) -> None:
    built = build_with(book, LAB)
    assert built.faults == ""
    (chapter,) = handed_over(built.folder)["chapters"]
    assert (chapter["title"], chapter["part"], chapter["minutes"]) == ("Metrics and thresholds", "02_modeling", 75)
    assert chapter["labs"] == [
        {"id": "first-endpoint", "title": "Deploy", "href": f"{CHAPTER}.html#lab-deploy"},
    ]
    assert handed_over(built.folder)["parts"] == [{"id": "02_modeling", "title": "Part two"}]


def test_the_front_pages_data_are_written_but_not_loaded(book: SmallBook) -> None:
    built = build_with(book)
    assert (built.folder / "_static" / "course.js").is_file()
    assert built.page("today").select("script[src*=course]") == []
    link = built.page("today").select_one(".today-start a")
    assert link
    assert link["href"] == f"{CHAPTER}.html"


@pytest.mark.parametrize(
    ("labs", "told"),
    [
        (
            [{**LAB, "section": "gone"}],
            "mlacourse.labs: 'first-endpoint': section 'gone' is no heading of the chapter.",
        ),
        ([LAB, LAB], "labs: id 'first-endpoint' stands twice"),
    ],
)
def test_a_lab_that_leads_nowhere_stops_the_build(book: SmallBook, labs: list[dict[str, str]], told: str) -> None:
    built = build_with(book, *labs)
    assert not built.whole
    assert told in built.faults
