"""What is taken out of outputs, what is added to them, and what they may cost."""

from __future__ import annotations

import base64
import io
from pathlib import Path
from typing import Any

import nbformat
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from mlacourse.notebook.sync.clean import clean
from mlacourse.notebook.sync.execute import Run
from mlacourse.notebook.sync.limits import run_findings
from mlacourse.notebook.sync.picture import add_pictures
from mlacourse.notebook.sync.repository import Repository
from mlacourse.notebook.sync.source import Source, read
from mlacourse.notebook.sync.stored import dumps

HERE = Repository(Path(__file__).parents[2])
CHART: dict[str, Any] = {
    "data": {"values": [{"x": 1, "y": 2}, {"x": 3, "y": 1}]},
    "mark": "bar",
    "encoding": {"x": {"field": "x", "type": "quantitative"}, "y": {"field": "y", "type": "quantitative"}},
    "title": "Two bars",
}


def stream(text: str, name: str = "stdout") -> Any:
    return nbformat.v4.new_output("stream", name=name, text=text)


def shown(**data: Any) -> Any:
    return nbformat.v4.new_output("display_data", data={key.replace("_", "/"): value for key, value in data.items()})


def cleaned(text: str) -> str:
    return clean([stream(text)], HERE)[0].text


@pytest.mark.parametrize(
    ("printed", "stored"),
    [
        ("<Model object at 0x7f3c2a1b4d90>", "<Model object>"),
        ("[<a.B at 0x10>, <a.B at 0x20>]", "[<a.B>, <a.B>]"),
        ("fit took 12.5 s", "fit took … s"),
        ("it used 80.1 MB", "it used … MB"),
        ("read /tmp/tmpab_1/x.csv now", "read /tmp/… now"),
        (f"{HERE.root}/datasets/x.csv", "…/datasets/x.csv"),
        ("/home/somebody/clone/datasets/x.csv", "…/datasets/x.csv"),
        ("/usr/lib/python3/site-packages/a/b.py:3: UserWarning", "…/site-packages/a/b.py:3: UserWarning"),
        (f"{HERE.root}/.venv/lib/python3.11/site-packages/a.py", "…/site-packages/a.py"),
        (f"{Path.home()}/x", "~/x"),
    ],
)
def test_what_differs_between_machines_and_runs_is_taken_out(printed, stored):
    assert cleaned(printed) == stored


@pytest.mark.parametrize(
    "text",
    [
        "latency 12.5 ms at 80 requests/s",
        "s3://bucket/tmp/train/datasets/part-0",
        f"s3://bucket{Path.home()}/x",
        "0x1f is 31",
        "accuracy 0.959 in 3 folds",
        "https://example.org/a/site-packages/b",
    ],
)
def test_everything_else_stays(text):
    assert cleaned(text) == text


@given(st.text(alphabet="/ab.…<>0x tmp:usedtook 12sMB~\n"))
def test_cleaning_twice_changes_nothing_more(text):
    assert cleaned(cleaned(text)) == cleaned(text)


def test_neighbouring_prints_become_one_and_overwritten_lines_go():
    outputs = clean([stream("1%\r50%\r"), stream("done\n"), shown(text_plain="x"), stream("after\n")], HERE)
    assert [output.get("text") for output in outputs] == ["done\n", None, "after\n"]


def test_widget_views_go_and_what_stands_for_them_stays():
    view = {"application/vnd.jupyter.widget-view+json": {"model_id": "0a1b"}}
    both = nbformat.v4.new_output("display_data", data={**view, "text/plain": "IntSlider(value=0)"})
    alone = nbformat.v4.new_output("display_data", data=view)
    assert [output.data for output in clean([both, alone], HERE)] == [{"text/plain": "IntSlider(value=0)"}]


def test_a_chart_is_one_line_of_json_with_sorted_keys():
    output = nbformat.v4.new_output("display_data", data={"application/vnd.vegalite.v5+json": CHART})
    cell = nbformat.v4.new_code_cell("chart", outputs=[output], id="a")
    text = dumps(nbformat.v4.new_notebook(cells=[cell])).decode()
    assert '"title":"Two bars"' in text
    assert nbformat.reads(text, 4).cells[0].outputs[0].data["application/vnd.vegalite.v5+json"] == CHART


def test_a_chart_gets_a_picture_in_the_one_font_that_machines_share():
    pictures = []
    for font in ("Comic Sans MS", "Liberation Sans"):
        config = {"font": font, "axis": {"labelFont": font}}
        output = nbformat.v4.new_output(
            "display_data", data={"application/vnd.vegalite.v5+json": {**CHART, "config": config}}
        )
        add_pictures([output])
        pictures.append(output.data["image/png"])
    assert pictures[0] == pictures[1]
    picture = Image.open(io.BytesIO(base64.b64decode(pictures[0])))
    assert min(picture.size) > 100
    assert len(picture.convert("RGBA").getcolors(1 << 20)) > 2


def source(tmp_path: Path, part: str = "02_modeling") -> Source:
    path = tmp_path / "01_small.md"
    path.write_text("---\ntitle: x\n---\n\n```{code-cell} ipython3\n1\n```\n\n```{code-cell} ipython3\n2\n```\n")
    return read(path, f"chapters/{part}/01_small.md")


def finding(tmp_path: Path, part: str = "02_modeling", **changes: Any) -> str:
    spent: dict[str, Any] = {"outputs": [[], []], "seconds": [0.1, 0.1], "inputs": (), "peak_memory": 10**8, **changes}
    return "\n".join(run_findings(source(tmp_path, part), Run(**spent)))


def test_a_chapter_within_its_budget_has_no_finding(tmp_path):
    assert finding(tmp_path) == ""


def test_a_slow_chapter_names_the_cell_that_takes_most(tmp_path):
    found = finding(tmp_path, seconds=[1.0, 30.5])
    assert "01_small.md: ran 32 s, 30 s are allowed. cell 2 (line 10) takes most: 30.5 s" in found
    assert finding(tmp_path, "05_projects", seconds=[1.0, 30.5]) == ""


def test_a_chapter_that_takes_too_much_memory_is_told(tmp_path):
    assert "used 1100 MB at its peak, 1000 MB are allowed" in finding(tmp_path, peak_memory=1_100_000_000)
    assert finding(tmp_path, "05_projects", peak_memory=1_100_000_000) == ""


def test_a_styled_table_needs_a_name(tmp_path):
    table = nbformat.v4.new_output("display_data", data={"text/html": '<table id="T_1a2b3">'})
    assert "cell 1 (line 6) shows a styled table with a random id" in finding(tmp_path, outputs=[[table], []])
