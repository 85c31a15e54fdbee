"""The committed notebook module: the same quiz, in a page that belongs to somebody else."""

import base64
import json
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect
from web.pages import ROOT

from web import questions

STATIC = ROOT / "src" / "mlacourse" / "notebook" / "static"
ORIGIN = "http://notebook.invalid"
SITE = "https://example.org/course"
PAGE = """<!doctype html><html lang="en"><title>A notebook</title>
<link rel="stylesheet" href="/quiz.css"><body data-jp-theme-light="false" style="background: #111">
<p id="own">The notebook's own text</p><div id="cell"></div>
<script type="module">
  import widget from "/quiz.mjs";
  const model = { get: (trait) => window[trait], on() {}, off() {} };
  window.close_cell = widget.render({ model, el: document.getElementById("cell") });
</script></body></html>"""


@pytest.fixture
def cell(page: Page) -> Page:
    """A notebook-like page that shows the quiz in a cell."""

    def answer(route: Route) -> None:
        name = route.request.url.removeprefix(ORIGIN + "/")
        if name in ("quiz.mjs", "quiz.css"):
            kind = "text/javascript" if name.endswith("mjs") else "text/css"
            route.fulfill(body=(STATIC / name).read_text(), content_type=kind)
        elif name == "":
            route.fulfill(body=PAGE, content_type="text/html")
        else:
            route.fulfill(status=404)

    page.route(f"{ORIGIN}/**", answer)
    page.add_init_script(f"window.quiz = {json.dumps(questions.quiz())}; window.site = {SITE!r};")
    page.goto(ORIGIN)
    expect(page.get_by_role("group", name="Question 1 of 6")).to_be_visible()
    return page


def test_the_quiz_works_in_a_cell_and_goes_away_with_it(cell: Page) -> None:
    cell.get_by_role("radio", name="lowest expected cost").first.check()
    cell.get_by_role("button", name="Check question 1").click()
    expect(cell.get_by_role("status").first).to_have_text("1 of 6 checked, 1 right")
    expect(cell.get_by_role("link", name="Choosing a threshold").first).to_have_attribute("target", "_blank")
    assert cell.evaluate("Object.keys(localStorage)") == []
    cell.evaluate("window.close_cell()")
    assert cell.evaluate("document.getElementById('cell').innerHTML") == ""


def test_the_styles_stay_inside_the_cell(cell: Page) -> None:
    outside = "getComputedStyle(document.getElementById('own'))"
    assert cell.evaluate(f"{outside}.getPropertyValue('--color-bg')") == ""
    assert cell.evaluate(f"{outside}.colorScheme") == "normal"
    dark = cell.evaluate("getComputedStyle(document.querySelector('.mlacourse-quiz')).color")
    assert sum(int(part) for part in dark.strip("rgb()").split(",")) > 3 * 128


def carried(cell: Page) -> list[dict[str, Any]]:
    """The events in the link to the site."""
    address = cell.get_by_role("link", name="to your progress on the site").get_attribute("href") or ""
    start, _, code = address.partition("#import=")
    assert start == f"{SITE}/practice/progress.html"
    events: list[dict[str, Any]] = json.loads(base64.urlsafe_b64decode(code + "=" * (-len(code) % 4)))
    return events


def test_a_link_carries_the_answers_to_the_site(cell: Page) -> None:
    link = cell.get_by_role("link", name="to your progress on the site")
    expect(link).to_have_count(0)
    cell.get_by_role("radio", name="AUC exceeds").first.check()
    cell.get_by_role("button", name="Check question 1").click()
    expect(link).to_have_text("Add this answer to your progress on the site(opens in a new tab)")
    cell.get_by_role("button", name="Try again").first.click()
    cell.get_by_role("radio", name="lowest expected cost").first.check()
    cell.get_by_role("button", name="Check question 1").click()
    expect(link).to_contain_text("Add these 2 answers")
    wrong, right = carried(cell)
    assert (wrong["type"], wrong["quiz"], wrong["question"]) == ("answer", questions.CHAPTER, "card-fraud")
    assert [(event["response"], event["correct"]) for event in (wrong, right)] == [(["auc"], False), (["cost"], True)]
    assert wrong["id"] != right["id"]
    assert wrong["t"] <= right["t"]
