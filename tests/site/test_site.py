"""The whole site in a real browser: quiet, light, and whole without scripts or a server."""

from __future__ import annotations

import gzip
from pathlib import Path

from playwright.sync_api import Browser, expect
from visits import Visits, bring_charts_into_view, chapters, open_folds, pages

COMPRESSED_KB = 250
COMPRESSED_KB_WITH_CHARTS = 500
REQUESTS = 15


def weight(site: Path, base: str, requests: list[str]) -> int:
    """Bytes over the wire with gzip, as GitHub Pages serves them."""
    files = {url.split("?")[0].removeprefix(base) or "index.html" for url in requests if url.startswith(base)}
    return sum(len(gzip.compress((site / name).read_bytes(), 6)) for name in files)


def test_every_page_is_quiet_and_asks_nobody_else(site: Path, visits: Visits) -> None:
    for name in pages(site):
        page = visits.open(name)
        bring_charts_into_view(page)
        page.close()
    assert visits.complaints == []


def test_no_page_scrolls_sideways_on_the_narrowest_phone(site: Path, chromium: Browser, address: str) -> None:
    context = chromium.new_context(viewport={"width": 320, "height": 640})
    wide = []
    for name in pages(site):
        page = context.new_page()
        page.goto(address + name)
        bring_charts_into_view(page)
        open_folds(page)
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            wide.append(name)
        page.close()
    context.close()
    assert wide == []


def test_pages_keep_their_budgets(site: Path, visits: Visits) -> None:
    heavy = []
    for name in pages(site):
        visits.requests.clear()
        page = visits.open(name)
        page.wait_for_load_state("networkidle")
        before = weight(site, visits.base, visits.requests)
        bring_charts_into_view(page)
        after = weight(site, visits.base, visits.requests)
        too_many = len(set(visits.requests)) > REQUESTS
        if before > COMPRESSED_KB * 1000 or after > COMPRESSED_KB_WITH_CHARTS * 1000 or too_many:
            heavy.append(f"{name}: {before} bytes, {after} with charts, {len(set(visits.requests))} requests")
        page.close()
    assert heavy == []


def test_the_skip_link_is_the_first_stop_and_leads_to_the_text(visits: Visits) -> None:
    page = visits.open("guide/exam.html")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to content")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("main")).to_be_focused()


def test_the_menu_of_a_phone_opens_closes_and_gives_the_focus_back(chromium: Browser, address: str) -> None:
    context = chromium.new_context(viewport={"width": 320, "height": 640})
    page = context.new_page()
    page.goto(f"{address}guide/exam.html")
    button = page.get_by_role("button", name="Menu")
    menu = page.get_by_role("navigation", name="Course")
    expect(menu).to_be_hidden()
    button.focus()
    page.keyboard.press("Enter")
    expect(menu).to_be_visible()
    expect(menu.get_by_role("link", name="The exam")).to_have_attribute("aria-current", "page")
    page.keyboard.press("Escape")
    expect(menu).to_be_hidden()
    expect(button).to_be_focused()
    page.keyboard.press("Enter")
    menu.get_by_role("link", name="Running chapters").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Running chapters")
    context.close()


def test_the_menu_closes_when_the_focus_leaves_it(chromium: Browser, address: str) -> None:
    context = chromium.new_context(viewport={"width": 320, "height": 640})
    page = context.new_page()
    page.goto(f"{address}guide/exam.html")
    page.get_by_role("button", name="Menu").click()
    menu = page.get_by_role("navigation", name="Course")
    for _ in range(menu.locator("summary, a").count() + 1):
        page.keyboard.press("Tab")
        if menu.is_hidden():
            break
    expect(menu).to_be_hidden()
    context.close()


def test_a_chosen_colour_scheme_holds_on_the_next_page(visits: Visits) -> None:
    page = visits.open("index.html")
    light = page.evaluate("getComputedStyle(document.body).backgroundColor")
    page.get_by_role("button", name="Display settings").click()
    page.get_by_role("radio", name="Dark").check()
    dark = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert dark != light
    page.goto(f"{visits.base}guide/exam.html")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == dark
    page.get_by_role("button", name="Display settings").click()
    expect(page.get_by_role("radio", name="Dark")).to_be_checked()


def test_the_slash_goes_to_the_search_until_it_is_turned_off(visits: Visits) -> None:
    page = visits.open("index.html")
    page.keyboard.press("/")
    field_ = page.get_by_role("searchbox", name="Search the course")
    expect(field_).to_be_focused()
    expect(field_).to_have_value("")
    field_.blur()
    page.get_by_role("button", name="Display settings").click()
    page.get_by_role("checkbox", name="goes to the search field").uncheck()
    page.keyboard.press("Escape")
    page.keyboard.press("/")
    expect(field_).not_to_be_focused()


def test_a_search_finds_pages_and_sections_and_loads_the_index_only_then(visits: Visits) -> None:
    page = visits.open("index.html")
    assert not [url for url in visits.requests if "searchindex" in url]
    page.get_by_role("searchbox", name="Search the course").fill("scored")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("“scored”")
    expect(page.get_by_role("link", name="The exam").last).to_be_visible()
    expect(page.get_by_role("link", name="How it is scored")).to_have_attribute(
        "href", "guide/exam.html#how-it-is-scored"
    )
    page.get_by_label("Words to look for").fill("xylophone")
    page.get_by_role("button", name="Search", exact=True).click()
    expect(page.get_by_role("status")).to_contain_text("No page holds")


def test_every_chapter_is_whole_without_scripts(site: Path, chromium: Browser, address: str) -> None:
    context = chromium.new_context(java_script_enabled=False, viewport={"width": 320, "height": 640})
    for name in chapters(site):
        page = context.new_page()
        page.goto(address + name)
        quiz = page.get_by_role("region", name="Quiz")
        expect(quiz.get_by_text("Answer and reasons").first).to_be_visible()
        expect(page.get_by_role("img").first).to_be_visible()
        page.get_by_role("button", name="Menu").click()
        expect(page.get_by_role("navigation", name="Course")).to_be_visible()
        expect(page.get_by_role("button", name="Display settings")).to_be_hidden()
        page.close()
    context.close()


def test_the_site_opens_from_a_folder_with_charts_quiz_and_search(site: Path, chromium: Browser) -> None:
    context = chromium.new_context(viewport={"width": 1280, "height": 800})
    visits = Visits(context, f"{site.as_uri()}/")
    for name in chapters(site):
        page = visits.open(name)
        bring_charts_into_view(page)
        expect(page.get_by_role("button", name="Check").first).to_be_attached()
        page.close()
    page = visits.open("index.html")
    page.get_by_role("searchbox", name="Search the course").fill("threshold")
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="Metrics and thresholds").last).to_be_visible()
    context.close()
    assert visits.complaints == []


def test_a_wrong_address_shows_the_page_for_it(visits: Visits) -> None:
    page = visits.open("chapters/02_modeling/no_such_chapter.html")
    expect(page.get_by_role("heading", level=1)).to_have_text("There is no page at this address")
    page.get_by_role("link", name="Start at the front page").click()
    expect(page).to_have_url(f"{visits.base}index.html")
