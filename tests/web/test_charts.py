"""Charts in a real browser: they move, follow the page's colours and width, and fail alone."""

from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

import altair as alt
import pytest
from playwright.sync_api import Locator, Page, expect
from web.charts import compiled, threshold_chart, two_views
from web.pages import chart_figure, violations
from web.processor import meter, painted

THRESHOLD = compiled(threshold_chart(200))


@pytest.fixture
def open_charts(quiet: Page, address: Callable[..., str]) -> Callable[..., Page]:
    """Open a page with these figures."""

    def visit(*figures: str) -> Page:
        body = "".join(figures or [chart_figure(THRESHOLD)])
        quiet.goto(address(body, scripts=["charts.js"], styles=["charts.css"]))
        return quiet

    return visit


def drawn(figure: Locator) -> str:
    """What the chart looks like, as a picture in text."""
    expect(figure.locator("canvas")).to_be_visible()
    picture: str = figure.locator("canvas").evaluate(
        "canvas => new Promise(done => setTimeout(() => done(canvas.toDataURL()), 100))"
    )
    return picture


def width(figure: Locator) -> float:
    """The width of the drawing."""
    expect(figure.locator("canvas")).to_be_visible()
    result: float = figure.locator("canvas").evaluate("canvas => canvas.getBoundingClientRect().width")
    return result


def test_the_slider_moves_the_marks_and_says_its_value(open_charts: Callable[..., Page]) -> None:
    page = open_charts()
    slider = page.get_by_role("slider", name="Threshold (score)", exact=True)
    expect(slider).to_have_value("0.5")
    before = drawn(page.get_by_role("figure"))
    slider.press("ArrowRight")
    expect(slider).to_have_value("0.51")
    expect(page.get_by_text("0.51", exact=True)).to_be_visible()
    assert drawn(page.get_by_role("figure")) != before


def test_every_control_is_native_labelled_and_moves_the_chart(open_charts: Callable[..., Page]) -> None:
    page = open_charts()
    figure = page.get_by_role("figure")
    pictures = [drawn(figure)]
    page.get_by_role("combobox", name="Class").select_option("fraud")
    pictures.append(drawn(figure))
    page.get_by_role("group", name="Payments").get_by_role("radio", name="Flagged only").check()
    pictures.append(drawn(figure))
    page.get_by_role("checkbox", name="Write the threshold").uncheck()
    pictures.append(drawn(figure))
    assert len(set(pictures)) == len(pictures)


def test_the_view_has_a_name_and_a_description(open_charts: Callable[..., Page]) -> None:
    page = open_charts()
    view = page.get_by_role("img", name="Where should the alarm go off?")
    expect(view).to_have_accessible_description("Two clouds of points that overlap around a score of 0.5.")
    expect(page.get_by_role("graphics-document")).to_have_count(0)


def test_colours_follow_the_page_live(open_charts: Callable[..., Page]) -> None:
    page = open_charts()
    figure = page.get_by_role("figure")
    page.emulate_media(color_scheme="light")
    light = drawn(figure)
    page.emulate_media(color_scheme="dark")
    dark = drawn(figure)
    assert dark != light
    page.evaluate("document.documentElement.dataset.theme = 'light'")
    assert drawn(figure) == light


def test_the_runtime_is_loaded_once_and_only_near_a_chart(open_charts: Callable[..., Page]) -> None:
    page = open_charts('<p class="far"></p>', chart_figure(THRESHOLD), chart_figure(THRESHOLD, number=2))
    page.add_init_script(
        "document.addEventListener('DOMContentLoaded', "
        "() => document.querySelector('.far').style.height = '5000px', {once: true})"
    )
    page.reload()
    assert page.locator("script[src$='vega.js']").count() == 0
    page.get_by_role("figure").last.scroll_into_view_if_needed()
    expect(page.locator("canvas")).to_have_count(2)
    assert page.locator("script[src$='vega.js']").count() == 1


def test_a_chart_takes_the_width_of_its_place(open_charts: Callable[..., Page]) -> None:
    page = open_charts()
    figure = page.get_by_role("figure")
    place = page.locator("main")
    for change in ("600px", "400px", "500px"):
        place.evaluate("(main, width) => main.style.width = width", change)
        drawn(figure)
        assert width(figure) == pytest.approx(float(change.removesuffix("px")), abs=2)
    page.set_viewport_size({"width": 320, "height": 640})
    place.evaluate("main => main.style.width = 'auto'")
    drawn(figure)
    assert width(figure) == pytest.approx(288, abs=2)
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_a_chart_whose_labels_make_it_too_wide_is_fitted(open_charts: Callable[..., Page]) -> None:
    page = open_charts(chart_figure(two_views()))
    figure = page.get_by_role("figure")
    for viewport in (1000, 320, 600):
        page.set_viewport_size({"width": viewport, "height": 640})
        drawn(figure)
        room: float = page.locator(".chart-view").evaluate("view => view.clientWidth")
        assert room - 3 <= width(figure) <= room


# Counts the shapes that are filled on any canvas of the page.
FILLS = """(() => {
  const { fill } = CanvasRenderingContext2D.prototype;
  window.fills = 0;
  CanvasRenderingContext2D.prototype.fill = function (...given) { window.fills++; return fill.apply(this, given); };
})()"""


@pytest.mark.alone
def test_a_slider_step_leaves_a_slow_processor_in_time(quiet: Page, open_charts: Callable[..., Page]) -> None:
    # 50 ms on a processor four times slower, at the median: other work here counts little. Painting is judged by the
    # number of shapes: this browser has no graphics processor, so how long it paints is the machine's affair.
    quiet.add_init_script(FILLS)
    page = open_charts(chart_figure(compiled(threshold_chart())))
    expect(page.locator("canvas")).to_be_visible()
    page.get_by_role("slider", name="Threshold").focus()
    painted(page)
    cost = meter(page)
    costs, shapes = [], []
    for _step in range(21):
        before, filled = cost(), page.evaluate("fills")
        page.keyboard.press("ArrowRight")
        painted(page)
        costs.append(cost().since(before))
        shapes.append(page.evaluate("fills") - filled)
    thread, script = (median(kind) for kind in zip(*costs, strict=True))
    print(f"a step: {script:.1f} ms of scripts, {thread:.1f} ms with the painting of {max(shapes)} shapes")
    assert 0 < script <= 50 / 4
    assert 0 < min(shapes) <= max(shapes) <= 2000, "no mark is painted twice"


def test_the_data_opens_as_a_table(open_charts: Callable[..., Page]) -> None:
    page = open_charts()
    expect(page.locator("canvas")).to_be_visible()
    page.get_by_text("Data as a table").click()
    table = page.get_by_role("table")
    expect(table.get_by_role("row")).to_have_count(201)
    expect(table.get_by_role("columnheader")).to_have_text(["score", "amount", "label"])
    expect(page.get_by_role("region", name="Data of Where should the alarm go off?")).to_be_visible()


def test_a_fold_that_was_open_before_the_chart_came_holds_its_data(open_charts: Callable[..., Page]) -> None:
    page = open_charts(
        chart_figure(THRESHOLD).replace('<details class="chart-data">', '<details class="chart-data" open>')
    )
    expect(page.get_by_role("table").get_by_role("row")).to_have_count(201)


def test_a_chart_that_makes_up_its_rows_shows_them(open_charts: Callable[..., Page]) -> None:
    curve = alt.Chart(alt.sequence(0, 5, as_="x")).transform_calculate(y="datum.x * datum.x").mark_line()
    page = open_charts(chart_figure(compiled(curve.encode(x="x:Q", y="y:Q"))))
    expect(page.locator("canvas")).to_be_visible()
    page.get_by_text("Data as a table").click()
    expect(page.get_by_role("columnheader")).to_have_text(["x", "y"])
    expect(page.get_by_role("row").last).to_have_text("416")


def test_a_table_that_the_page_brought_is_left_alone(open_charts: Callable[..., Page]) -> None:
    served = "<summary>Data as a table</summary><table><tr><td>served</td></tr></table>"
    page = open_charts(chart_figure(THRESHOLD).replace("<summary>Data as a table</summary>", served))
    expect(page.locator("canvas")).to_be_visible()
    page.get_by_text("Data as a table").click()
    expect(page.get_by_role("table")).to_have_count(1)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_rule_of_accessibility_is_broken(open_charts: Callable[..., Page], scheme: Any) -> None:
    page = open_charts()
    page.emulate_media(color_scheme=scheme)
    expect(page.locator("canvas")).to_be_visible()
    page.get_by_text("Data as a table").click()
    assert violations(page) == []


def test_one_broken_chart_says_so_and_the_others_live(page: Page, address: Callable[..., str]) -> None:
    broken = {**THRESHOLD, "marks": [{"type": "symbol", "from": {"data": "nothing"}}]}
    page.goto(
        address(
            chart_figure(broken, number=1, title="Broken") + chart_figure(THRESHOLD, number=2),
            scripts=["charts.js"],
            styles=["charts.css"],
        )
    )
    first, second = page.get_by_role("figure").all()
    expect(first).to_contain_text("This chart could not be drawn")
    expect(first).to_contain_text("Two clouds of points")
    second.scroll_into_view_if_needed()
    expect(second.locator("canvas")).to_be_visible()


def test_a_runtime_that_is_missing_is_told(page: Page, address: Callable[..., str], tmp_path: Path) -> None:
    url = address(chart_figure(THRESHOLD), scripts=["charts.js"], styles=["charts.css"])
    (tmp_path / "vega.js").unlink()
    page.goto(url)
    expect(page.get_by_text("This chart could not be drawn (its program did not load).")).to_be_visible()
