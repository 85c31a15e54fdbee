"""A learner's data across the site: readable without scripts, safe on every page, told when it cannot be kept."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, expect
from served import address_of
from small_book import CHAPTER, Built, SmallBook, code, displayed, notebook

from mlacourse.bank import load_bank
from mlacourse.notebook import lab

LOG = "mlacourse.log.v1"
HOSTILE = "<img src=x onerror='window.hit=1'></script><script>window.hit=1</script>\u202e"


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    book = SmallBook(tmp_path_factory.mktemp("book"))
    book.write("book/practice/data.md", "# Your data\n\nText.\n\n```{app} transfer\n```\n")
    link = {"text/html": '<a href="https://example.org/#import=abc">Add this lab</a>', "text/plain": "Add this lab"}
    book.write(f"{CHAPTER}.ipynb", notebook(code("lab.passed('first')", displayed(link))))
    return book.build()


def test_the_manifest_makes_the_site_installable(built: Built) -> None:
    folder = built.folder / "_static"
    manifest = json.loads((folder / "manifest.webmanifest").read_text())
    assert manifest["name"] == "ML Engineer Course"
    assert (folder / manifest["start_url"]).resolve() == built.folder / "index.html"
    assert (folder / manifest["scope"]).resolve() == built.folder
    for icon in manifest["icons"]:
        file = folder / icon["src"]
        assert file.is_file()
        if file.suffix == ".png":
            width, height = Image.open(file).size
            assert icon["sizes"] == f"{width}x{height}"
    assert {icon["sizes"] for icon in manifest["icons"]} == {"any", "192x192", "512x512"}
    assert "manifest-src 'self'" in built.text("index")


def test_a_labs_link_is_for_notebooks_and_stays_off_the_site(built: Built) -> None:
    assert built.faults == ""
    assert "#import=" not in built.text(CHAPTER)


def test_without_scripts_the_page_says_that_nothing_is_kept(site: Path, chromium: Browser) -> None:
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(address_of(site / "practice/data.html"))
    expect(page.get_by_text("Saving, bringing in and deleting need JavaScript.")).to_be_visible()
    expect(page.get_by_role("heading", name="What is kept, and where")).to_be_visible()
    context.close()


@pytest.fixture
def context(chromium: Browser) -> Iterator[BrowserContext]:
    opened = chromium.new_context(viewport={"width": 1280, "height": 800}, reduced_motion="reduce")
    yield opened
    opened.close()


READERS = "[data-app], section[data-quiz]"
WRITERS = "[data-app]:not([data-app=today]), section[data-quiz]"


def pages_with(site: Path, selector: str) -> list[str]:
    found = []
    for path in sorted(site.rglob("*.html")):
        if BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser").select(selector):
            found.append(path.relative_to(site).as_posix())
    assert "practice/data.html" in found
    return found


def event(number: int, name: str, /, **fields: Any) -> dict[str, Any]:
    return {**fields, "v": 1, "id": f"{HOSTILE}{number}", "t": f"2026-11-{10 + number:02d}T12:00:00.000Z", "type": name}


def hostile_events() -> list[dict[str, Any]]:
    """What a learner's pages read, about real questions and cards, with hostile words wherever words can stand."""
    bank = next(bank for bank in load_bank() if bank.quiz and bank.cards)
    question = bank.quiz[0].id
    card = bank.cards[0].id
    result = {"task": HOSTILE, "scored": True, "draft": {HOSTILE: HOSTILE}, "correct": False, "flagged": False}
    results = [
        {**result, "question": name, "confidence": "guess", "spent": 5} for name in (question, HOSTILE, "__proto__")
    ]
    times = {"started": "2026-11-11T09:00:00.000Z", "ended": "2026-11-11T11:00:00.000Z", "allowed": None, "unseen": 0}
    sitting = {"exam": "mla-c01", "kind": "form", "title": HOSTILE, "mode": "exam", "seed": 1, **times}
    settings = {"exam": HOSTILE, "start": HOSTILE, "exam_date": HOSTILE, "hours": [HOSTILE], "days_off": [HOSTILE]}
    return [
        event(1, "answer", quiz=bank.chapter, question=question, response=[HOSTILE], correct=False, seed=1),
        event(2, "answer", quiz=HOSTILE, question="constructor", response=HOSTILE, correct=False, seed=1),
        event(3, "attempt", results=results, **sitting),
        event(4, "mistake", question=question, kind=None, note=HOSTILE),
        event(5, "review", card=card, rating=1),
        event(6, "review", card=HOSTILE, rating=1),
        event(7, "journal", entry=HOSTILE, date="2026-11-12", text=HOSTILE),
        event(8, "lab", lab=HOSTILE, chapter=HOSTILE, passed=True, by="notebook"),
        event(9, "tick", what="tool", item=HOSTILE, on=True),
        event(10, "done", item=HOSTILE, on=True),
        event(11, "plan", settings=settings),
        event(12, "of-next-year", words={"deep": [HOSTILE]}),
    ]


def bring_in(page: Page, events: list[dict[str, Any]]) -> None:
    text = json.dumps(events).encode()
    file = {"name": f"{HOSTILE}.json", "mimeType": "application/json", "buffer": text}
    page.get_by_label("Progress file").set_input_files([file])
    page.get_by_role("button", name=f"Add {len(events)} entries").click()
    expect(page.get_by_text(f"{len(events)} entries added.")).to_be_visible()


def test_no_page_runs_a_learners_words(site: Path, context: BrowserContext, address: str) -> None:
    complaints: list[str] = []
    page = context.new_page()
    page.on("console", lambda message: complaints.append(f"{page.url}: {message.text}"))
    page.on("pageerror", lambda error: complaints.append(f"{page.url}: {error}"))
    page.on("dialog", lambda dialog: complaints.append(f"{page.url}: {dialog.message}"))
    page.goto(f"{address}practice/data.html")
    events = hostile_events()
    bring_in(page, events)
    for name in pages_with(site, READERS):
        page.goto(address + name)
        page.evaluate("document.querySelectorAll('details').forEach(fold => { fold.open = true })")
        assert page.evaluate("window.hit") is None, name
        assert page.locator("[onerror]").count() == 0, name
    assert complaints == []
    assert [one["id"] for one in json.loads(page.evaluate(f"localStorage['{LOG}']"))] == [one["id"] for one in events]


def test_every_page_that_writes_says_when_nothing_can_be_kept(
    site: Path, context: BrowserContext, address: str
) -> None:
    context.add_init_script(
        "Object.defineProperty(window, 'localStorage', {get() { throw new DOMException('no', 'SecurityError'); }});"
    )
    page = context.new_page()
    for name in pages_with(site, WRITERS):
        page.goto(address + name)
        expect(page.get_by_text("does not let the page store anything").first, name).to_be_visible()


def test_a_labs_link_leads_to_the_progress_page(context: BrowserContext, address: str) -> None:
    page = context.new_page()
    page.goto(f"{address}practice/progress.html#{lab.link('first-endpoint').partition('#')[2]}")
    expect(page.get_by_role("heading", name="Add this to your progress?")).to_be_focused()
    page.get_by_role("button", name="Add 1 entry").click()
    expect(page.get_by_text("1 entry added.")).to_be_visible()
    assert page.url == f"{address}practice/progress.html"


def test_a_browser_finds_the_manifest_and_could_install_the_site(context: BrowserContext, address: str) -> None:
    page = context.new_page()
    page.goto(f"{address}practice/data.html")
    session = context.new_cdp_session(page)
    found = session.send("Page.getAppManifest")
    assert (found["url"], found["errors"]) == (f"{address}_static/manifest.webmanifest", [])
    errors = session.send("Page.getInstallabilityErrors")["installabilityErrors"]
    # The test's window is a private one, and nothing else stands in the way.
    assert [error["errorId"] for error in errors] == ["in-incognito"]
