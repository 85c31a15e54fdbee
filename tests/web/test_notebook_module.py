"""The committed notebook module: the same quiz, in a page that belongs to somebody else."""

import json

import pytest
from playwright.sync_api import Page, Route, expect
from web.pages import ROOT

from web import questions

STATIC = ROOT / "src" / "mlacourse" / "notebook" / "static"
ORIGIN = "http://notebook.invalid"
PAGE = """<!doctype html><html lang="en"><title>A notebook</title>
<link rel="stylesheet" href="/quiz.css"><body data-jp-theme-light="false" style="background: #111">
<p id="own">The notebook's own text</p><div id="cell"></div>
<script type="module">
  import widget from "/quiz.mjs";
  const model = { get: () => window.quiz, on() {}, off() {} };
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
    page.add_init_script(f"window.quiz = {json.dumps(questions.quiz())}")
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
