"""Single parts of the extension: tables, charts, launch links, the archive, the server."""

from __future__ import annotations

import http.client
import threading
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlacourse.site import charts, launch, mathml, tables
from mlacourse.site.command import pack
from mlacourse.site.html import inline, script_json
from mlacourse.site.server import Changes, server


def test_a_data_frame_loses_styles_and_gains_scopes() -> None:
    markup = '<div><style scoped>.x{}</style><table border="1"><thead><tr style="a"><th></th><th>age</th></tr></thead>'
    markup += "<tbody><tr><th>0</th><td>31 &lt; 40</td></tr></tbody></table></div>"
    cleaned = tables.clean(markup)
    assert cleaned is not None
    assert '<td></td><th scope="col">age</th>' in cleaned
    assert '<th scope="row">0</th><td>31 &lt; 40</td>' in cleaned
    assert "style" not in cleaned


def test_output_without_a_table_is_left_to_its_text() -> None:
    assert tables.clean("<div><script>alert(1)</script>Pipeline</div>") is None


def chart(rows: int, **extra: Any) -> dict[str, Any]:
    values = [{"x": n, "y": n} for n in range(rows)]
    encoding = {"x": {"field": "x", "type": "quantitative"}, "y": {"field": "y", "type": "quantitative"}}
    return {"data": {"values": values}, "mark": "point", "encoding": encoding, **extra}


def test_a_long_data_set_is_left_for_the_browser_to_write() -> None:
    assert charts.tables(chart(charts.ROWS_ON_PAGE + 1)) == []
    assert len(charts.tables(chart(charts.ROWS_ON_PAGE))[0][1]) == charts.ROWS_ON_PAGE


def test_one_view_takes_the_width_of_its_container() -> None:
    vega = charts.compile_spec(chart(3, title="T")).vega
    assert vega["autosize"] == {"type": "fit-x", "contains": "padding"}


def test_views_side_by_side_fall_into_one_column_on_a_phone() -> None:
    data = chart(3)
    view = {"mark": data["mark"], "encoding": data["encoding"], "width": 200}
    vega = charts.compile_spec({"data": data["data"], "hconcat": [view, view]}).vega
    name = vega["layout"]["columns"]["signal"]
    signals = {signal["name"]: signal for signal in vega["signals"]}
    assert signals[name]["init"].endswith("? 1 : 2")
    assert "containerSize()[0]" in signals["childWidth"]["init"]
    assert "value" not in signals["childWidth"]


def test_long_titles_take_two_lines_on_a_phone() -> None:
    title = "predicted risk of death in percent, on a scale of roots"
    encoding = {**chart(3)["encoding"], "x": {"field": "x", "type": "quantitative", "title": title}}
    vega = charts.compile_spec(chart(3, encoding=encoding)).vega
    (signal,) = [axis["title"]["signal"] for axis in vega["axes"] if isinstance(axis.get("title"), dict)]
    assert signal.endswith(f'? ["predicted risk of death in percent,", "on a scale of roots"] : "{title}"')


def test_a_compiled_chart_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = charts.compile_cached(chart(3), tmp_path)
    monkeypatch.setattr(charts, "compile_spec", lambda spec: pytest.fail("compiled again"))
    assert charts.compile_cached(chart(3), tmp_path) == first


def test_launch_links_follow_the_configured_repository() -> None:
    links = launch.addresses("https://github.com/me/fork", "trunk", "chapters/a/b.ipynb")
    assert links.binder == "https://mybinder.org/v2/gh/me/fork/trunk?urlpath=lab%2Ftree%2Fchapters%2Fa%2Fb.ipynb"
    assert links.source == "https://github.com/me/fork/blob/trunk/chapters/a/b.md"


def test_aligned_equations_are_set_in_rows() -> None:
    markup = mathml.mathml(r"\begin{aligned} a &= b \\ c &= d \end{aligned}", True)
    assert markup.count("<mtr>") == 2


@given(st.text())
def test_no_text_of_the_bank_becomes_markup(text: str) -> None:
    markup = str(inline(text))
    for tag in ("<code>", "</code>", "<strong>", "</strong>"):
        markup = markup.replace(tag, "")
    assert "<" not in markup


@given(st.recursive(st.text(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)))
def test_no_data_closes_its_script(data: Any) -> None:
    assert "<" not in str(script_json(data))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "index.html").write_text("<body>front</body>")
    (tmp_path / "404.html").write_text('<a href="/mlacourse/index.html">front</a>')
    return tmp_path


@pytest.fixture
def served(folder: Path) -> Iterator[tuple[http.client.HTTPConnection, Changes]]:
    changes = Changes()
    running = server(folder, "https://mlacourse.github.io/mlacourse/", changes=changes)
    threading.Thread(target=running.serve_forever, daemon=True).start()
    yield http.client.HTTPConnection("127.0.0.1", running.server_port, timeout=10), changes
    running.shutdown()
    running.server_close()


def fetch(connection: http.client.HTTPConnection, path: str) -> tuple[int, str]:
    connection.request("GET", path)
    answer = connection.getresponse()
    return answer.status, answer.read().decode()


def test_a_wrong_address_gets_the_page_for_it_with_local_links(
    served: tuple[http.client.HTTPConnection, Changes],
) -> None:
    assert fetch(served[0], "/no/such/page.html") == (404, '<a href="/index.html">front</a>')


def test_an_open_page_is_told_to_reload_after_a_build(served: tuple[http.client.HTTPConnection, Changes]) -> None:
    connection, changes = served
    assert '<script src="/_live.js" defer>' in fetch(connection, "/")[1]
    threading.Timer(0.2, changes.announce).start()
    assert fetch(connection, "/_changed") == (200, "location.reload()")


def test_a_taken_port_gives_way_to_a_free_one(folder: Path) -> None:
    first = server(folder, "https://example.org/")
    second = server(folder, "https://example.org/", port=first.server_port)
    assert second.server_port != first.server_port
    first.server_close()
    second.server_close()


def test_the_archive_opens_by_its_front_page(folder: Path, tmp_path: Path) -> None:
    (folder / ".buildinfo").write_text("hidden")
    archive = pack(folder, tmp_path.parent / "offline.zip")
    assert zipfile.ZipFile(archive).namelist() == ["ml-engineer-course/404.html", "ml-engineer-course/index.html"]
