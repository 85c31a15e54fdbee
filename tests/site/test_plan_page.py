"""The study plan's page: readable without a script, and running on the built site from a folder."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path

from playwright.sync_api import Browser, expect
from served import address_of
from small_book import ROOT

from mlacourse.chapters import header

PAGE = "practice/plan.html"


def test_without_scripts_the_page_names_the_chapters_in_their_order(site: Path, chromium: Browser) -> None:
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(address_of(site / PAGE))
    expect(page.get_by_text("A plan with your own dates needs JavaScript,")).to_be_visible()
    names = page.get_by_role("region", name="Study plan").get_by_role("link").all_inner_texts()
    contents = (ROOT / "book" / "_toc.yml").read_text(encoding="utf-8")
    chapters = [header(ROOT / f"{name}.md").title for name in re.findall(r"file: (chapters/\S+)", contents)]
    assert [name for name in names if name in chapters] == chapters
    expect(page.get_by_role("heading", name="When there is too little time")).to_be_visible()
    context.close()


def test_a_plan_is_made_from_a_folder_and_leads_to_its_work(site: Path, chromium: Browser) -> None:
    context = chromium.new_context()
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.clock.install(time=datetime(2026, 11, 23, 12))
    page.goto(address_of(site / PAGE))
    page.get_by_role("button", name="Make my plan").click()
    today = page.get_by_role("region", name=re.compile("^Today, "))
    today.get_by_role("link", name="Open Diagnostic").click()
    expect(page).to_have_url(re.compile(r"/practice/mock_exam\.html#diagnostic"))
    expect(page.get_by_role("radio", name="The diagnostic")).to_be_checked()
    page.goto(address_of(site / "index.html"))
    expect(page.get_by_role("region", name="Today")).to_contain_text("Diagnostic")
    context.close()
    assert complaints == []
