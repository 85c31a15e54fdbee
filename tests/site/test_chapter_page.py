"""A chapter as its page shows it."""

from __future__ import annotations

import json

import pytest
from small_book import CHAPTER, PNG, Built, SmallBook, code, displayed, markdown, notebook

VEGALITE = "application/vnd.vegalite.v5+json"
CHART = {
    "$schema": "https://vega.github.io/schema/vega-lite/v5.20.1.json",
    "title": "Where should the alarm go off?",
    "description": "The cost falls and rises again.",
    "data": {"values": [{"threshold": 0.1, "cost": 5}, {"threshold": 0.2, "cost": 3}]},
    "mark": "point",
    "encoding": {"x": {"field": "threshold", "type": "quantitative"}, "y": {"field": "cost", "type": "quantitative"}},
}
SOLUTION = {"nbgrader": {"solution": True}, "tags": ["hide-input"]}


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    book = SmallBook(tmp_path_factory.mktemp("book"))
    book.write(
        f"{CHAPTER}.ipynb",
        notebook(
            markdown("## What it costs\n\n> **Trap.** AUC names no threshold.\n\n> **Elsewhere.** A quotation."),
            markdown("With $\\hat{p} < t$:\n\n$$\\frac{a}{b}$$\n\n|  | F1 |\n|--|--|\n| rare | avoid |"),
            code("show()", displayed({VEGALITE: CHART, "image/png": PNG, "text/plain": "words"})),
            code("frame", displayed({"text/html": "<style>b{}</style><table><tr><th></th></tr></table>"})),
            code(
                "figure", displayed({"image/png": PNG}, {"image/png": {"alt": "A dot.", "needs_background": "light"}})
            ),
            code("### BEGIN SOLUTION\nanswer = 1\n### END SOLUTION", **SOLUTION),
            code("assert answer\n### BEGIN HIDDEN TESTS\nassert answer == 1\n### END HIDDEN TESTS"),
        ),
    )
    book.write(
        "book/guide/exam.md",
        "---\ndescription: How it is scored.\n---\n\n# The exam\n\n[Costs](../../"
        + CHAPTER
        + ".ipynb#what-it-costs)\n",
    )
    return book.build()


def test_the_book_is_whole(built: Built) -> None:
    assert built.whole, built.faults


def test_the_front_shows_promise_time_skills_objectives_and_launch_links(built: Built) -> None:
    front = built.page().select_one(".chapter-front")
    assert front
    text = front.get_text(" ", strip=True)
    for part in ("Choose a threshold that you can defend.", "75 minutes", "2.3.K1", "read a confusion matrix"):
        assert part in text
    addresses = [str(link["href"]) for link in front.find_all("a")]
    assert any(a.startswith("https://mybinder.org/v2/gh/mlacourse/mlacourse/main?urlpath=lab") for a in addresses)
    assert f"https://colab.research.google.com/github/mlacourse/mlacourse/blob/main/{CHAPTER}.ipynb" in addresses


def test_the_cell_for_colab_and_the_written_header_are_not_shown(built: Built) -> None:
    text = built.page().get_text()
    assert "install()" not in text
    assert "Written." not in text


def test_a_labelled_quotation_is_a_named_note_and_others_stay(built: Built) -> None:
    page = built.page()
    (note,) = page.select('[role="note"]')
    label = page.find(id=str(note["aria-labelledby"]))
    assert label
    assert label.get_text() == "Trap"
    assert "AUC names no threshold." in note.get_text()
    assert "Elsewhere." in page.find("blockquote").get_text()  # type: ignore[union-attr]


def test_mathematics_is_mathml(built: Built) -> None:
    inline, block = built.page().find_all("math")
    assert inline["display"] == "inline"
    assert block.find("mfrac")


def test_a_chart_has_title_words_table_picture_and_specification(built: Built) -> None:
    figure = built.page().find("figure")
    assert figure
    assert figure.find("figcaption").get_text() == CHART["title"]
    assert figure.select_one(".chart-alt").get_text() == CHART["description"]
    assert [cell.get_text() for cell in figure.select("table.data td")] == ["0.1", "5", "0.2", "3"]
    assert figure.select_one("noscript img")["alt"] == CHART["description"]
    spec = json.loads(figure.find("script").get_text())
    assert spec["background"] == "transparent"
    assert "title" not in spec
    assert "containerSize" in json.dumps(spec["signals"])


def test_a_figure_keeps_its_size_words_and_ground(built: Built) -> None:
    image = built.page().select_one("img.on-light")
    assert image
    assert (image["alt"], image["width"], image["height"], image["loading"]) == ("A dot.", "1", "1", "lazy")


def test_a_solution_is_folded_and_the_marks_of_grading_are_gone(built: Built) -> None:
    page = built.page()
    fold = page.find("details", class_="fold")
    assert fold
    assert fold.find("summary").get_text() == "Show the solution"
    assert "answer = 1" in fold.get_text()
    assert "BEGIN" not in page.get_text()
    assert "answer == 1" not in page.get_text()


def test_nothing_carries_an_inline_style_and_empty_heads_head_nothing(built: Built) -> None:
    page = built.page()
    assert not page.select("[style]")
    assert all(head.get_text(strip=True) for head in page.find_all("th"))
    assert all(head["scope"] for head in page.find_all("th"))


def test_only_pages_with_charts_load_their_script(built: Built) -> None:
    def scripts(name: str) -> str:
        return " ".join(str(script["src"]) for script in built.page(name).select("script[src]"))

    assert "charts.js" in scripts(CHAPTER)
    assert "charts.js" not in scripts("index")
    assert "quiz.js" not in scripts(CHAPTER)


def test_other_pages_link_to_headings_of_a_chapter(built: Built) -> None:
    link = built.page("guide/exam").select_one("article a")
    assert link
    assert link["href"] == "../chapters/02_modeling/06_metrics_and_thresholds.html#what-it-costs"
    assert built.page().find(id="what-it-costs")
