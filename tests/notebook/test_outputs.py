"""What a chapter's outputs carry: charts, figures, live demos, cards and the quiz."""

import sys
import types
from collections.abc import Callable
from typing import Any

import altair as alt
import matplotlib.pyplot as plt
import pandas as pd
import pytest
from ipywidgets import IntSlider

from mlacourse.bank import BankError
from mlacourse.notebook import cards, charts, figures, live, publish, quiz

CHAPTER = "02_modeling/06_metrics_and_thresholds"


def chart(values: list[float], title: str | None = "Where?") -> alt.Chart:
    drawn = alt.Chart(pd.DataFrame({"x": values})).mark_point().encode(x="x:Q")
    return drawn.properties(title=title) if title else drawn


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What was displayed: bundles as dictionaries, widgets as they are."""
    found: list[Any] = []
    monkeypatch.setattr(publish, "display", lambda content, **_: found.append(content))
    return found


def test_a_chart_is_vega_lite_with_its_text_alternative(shown: list[Any]) -> None:
    charts.show(chart([1, 2]), alt="Two points.")
    [bundle] = shown
    assert bundle["text/plain"] == "Two points."
    assert bundle[charts.VEGALITE]["description"] == "Two points."
    assert bundle[charts.VEGALITE]["$schema"].endswith("/v5.20.1.json")


@pytest.mark.parametrize(
    ("value", "stored"),
    [(0.123456, 0.1235), (12.3456, 12.35), (123456.7, 123457.0), (-0.000123456, -0.0001235), (0.0, 0)],
)
def test_numbers_keep_four_digits_and_every_one_before_the_point(value: float, stored: float) -> None:
    spec = charts.spec(chart([value]), alt="One point.")
    assert spec["datasets"]["data-1"] == [{"x": stored}]


def test_rows_that_differ_in_the_last_bit_give_the_same_chart() -> None:
    assert charts.spec(chart([0.1 + 0.2]), alt="A.") == charts.spec(chart([0.3]), alt="A.")


def test_charts_of_several_tables_keep_each_mark_with_its_own() -> None:
    both = (chart([1.0], title=None) | chart([2.0], title=None)).properties(title="Which?")
    spec = charts.spec(both, alt="Two charts.")
    tables = [spec["datasets"][view["data"]["name"]] for view in spec["hconcat"]]
    assert tables == [[{"x": 1.0}], [{"x": 2.0}]]


@pytest.mark.parametrize(
    ("title", "words", "mend"), [(None, "A.", "has no title"), ("Where?", " ", "has no text alternative")]
)
def test_a_chart_without_title_or_words_is_refused(title: str | None, words: str, mend: str) -> None:
    with pytest.raises(ValueError, match=mend):
        charts.show(chart([1.0], title=title), alt=words)


def test_on_colab_a_chart_is_a_page_of_its_own(shown: list[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "google.colab", types.ModuleType("google.colab"))
    charts.show(chart([1.0]), alt="One point.")
    assert "vega" in shown[0]["text/html"]
    assert charts.VEGALITE not in shown[0]


def test_a_figure_carries_its_words_and_is_closed(shown: list[Any]) -> None:
    figure, axes = plt.subplots()
    axes.plot([0, 1])
    figures.show(figure, alt="A line that rises.")
    assert shown[0]["text/plain"] == "A line that rises."
    assert not plt.fignum_exists(figure.number)
    with pytest.raises(ValueError, match="no text alternative"):
        figures.show(figure, alt="")


def test_a_live_demo_shows_its_widget_and_leaves_its_sweep(shown: list[Any]) -> None:
    live.show(IntSlider(), sweep=chart([1.0]), alt="A sweep.")
    assert {publish.WIDGET_VIEW, charts.VEGALITE, "text/plain"} == set(shown[0])


@pytest.mark.parametrize("show", [lambda: quiz(CHAPTER), lambda: live.show(IntSlider(), sweep=chart([1.0]), alt="A.")])
def test_on_colab_the_widget_stands_alone(
    show: Callable[[], None], shown: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "google.colab", types.ModuleType("google.colab"))
    show()
    assert not isinstance(shown[0], dict)


def test_a_quiz_stores_its_id_and_one_line(shown: list[Any]) -> None:
    quiz(CHAPTER)
    stored = {kind: content for kind, content in shown[0].items() if kind != publish.WIDGET_VIEW}
    assert stored["application/vnd.mlacourse.quiz.v1+json"] == {"quiz": CHAPTER}
    assert "\n" not in stored["text/plain"]
    assert len(stored) == 2


def test_an_unknown_card_is_named() -> None:
    with pytest.raises(BankError, match="no card 'nobody'"):
        cards("nobody")


def test_known_cards_store_their_ids(shown: list[Any]) -> None:
    cards("metrics-card-recall", "metrics-card-precision")
    assert shown[0]["application/vnd.mlacourse.cards.v1+json"]["cards"] == [
        "metrics-card-recall",
        "metrics-card-precision",
    ]
