"""Every page of the site as axe sees it: light, dark, and on the narrowest phone."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Browser, Page
from visits import Visits, bring_charts_into_view, open_folds, pages, poor_contrasts, violations

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def test_axe_finds_nothing_in_light_and_dark(site: Path, visits: Visits) -> None:
    found: dict[str, list[str]] = {}
    for name in pages(site):
        page = visits.open(name)
        bring_charts_into_view(page)
        open_folds(page)
        broken = violations(page, RULES) + poor_contrasts(page)
        page.emulate_media(color_scheme="dark")  # which changes colours, nothing else
        broken += poor_contrasts(page)
        if broken:
            found[name] = broken
        page.close()
    assert found == {}


def test_axe_finds_nothing_on_the_narrowest_phone(site: Path, chromium: Browser, address: str) -> None:
    context = chromium.new_context(viewport={"width": 320, "height": 640}, reduced_motion="reduce")
    found: dict[str, list[str]] = {}
    for name in pages(site):
        page = context.new_page()
        page.goto(address + name)
        bring_charts_into_view(page)
        open_folds(page)
        if broken := violations(page, RULES):
            found[name] = broken
        page.close()
    context.close()
    assert found == {}


def test_a_pale_word_is_found_behind_blocks_that_look_alike(page: Page) -> None:
    words = (
        "<pre><b class='name'>first</b></pre><pre><b class='name'>second</b></pre><pre><b class='pale'>third</b></pre>"
    )
    page.set_content(f"<main><style>.pale {{ color: #ccc }}</style>{words}</main>")
    (found,) = poor_contrasts(page)
    assert "third" in found
    assert page.locator("[data-alike]").all_text_contents() == ["second"]
