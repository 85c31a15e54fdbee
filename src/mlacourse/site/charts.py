"""Charts: Vega-Lite compiled at build, with a title, a text alternative, a still picture and the data as a table."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

import vl_convert
from docutils import nodes
from markupsafe import Markup
from myst_nb.core.render import MimeData, NbElementRenderer
from sphinx.application import Sphinx
from sphinx.util import logging

from mlacourse.site import images
from mlacourse.site.html import render
from mlacourse.site.responsive import fit_to_container, wrap_titles
from mlacourse.site.translator import CourseTranslator

VEGALITE = "application/vnd.vegalite.v5+json"
LANGUAGE_VERSION = "5.20"
COLUMN_WIDTH = 600
ROWS_ON_PAGE = 200
_LOGGER = logging.getLogger(__name__)


class Chart(nodes.General, nodes.Element):
    """One chart; its child, if any, is the still picture."""


@dataclass(frozen=True)
class Compiled:
    """A Vega specification and the height that its view takes on a wide page."""

    vega: dict[str, Any]
    height: int


def register(app: Sphinx) -> None:
    """Add the node."""
    app.add_node(Chart, html=(_open, _close))


def figure(renderer: NbElementRenderer, data: MimeData, *, picture: bool) -> list[nodes.Element]:
    """Return the chart that a cell displayed, with its still picture if the output holds one."""
    env = renderer.renderer.sphinx_env
    spec = json.loads(json.dumps(data.content))
    title, subtitle = _title(spec)
    alt = str(spec.get("description", "")).strip()
    for name, text in (("title", title), ("text alternative", alt)):
        if not text:
            _LOGGER.warning(
                "cell %s displays a chart without a %s. Use charts.show(chart, alt='what it shows') with a title.",
                (data.cell_index or 0) + 1,
                name,
                location=(env.docname, data.line),
                type="mlacourse",
                subtype="chart",
            )
            return []
    env.temp_data["mlacourse_charts"] = number = env.temp_data.get("mlacourse_charts", 0) + 1
    cache = Path(env.app.outdir).parent / "vega"
    compiled = compile_cached(spec, cache)
    node = Chart("", ids=[f"chart-{number}"], number=number, title=title, subtitle=subtitle, alt=alt)
    node["vega"], node["height"] = compiled.vega, compiled.height
    node["tables"] = tables(spec)
    if picture:
        node += _still_picture(renderer, data, alt)
    return [node]


def compile_cached(spec: dict[str, Any], cache: Path) -> Compiled:
    """Compile ``spec``, or read what an earlier build compiled from the same content."""
    content = json.dumps(spec, sort_keys=True).encode()
    code = Path(__file__).read_bytes() + Path(__file__).with_name("responsive.py").read_bytes()
    key = hashlib.sha256(content + code + version("vl-convert-python").encode()).hexdigest()
    file = cache / f"{key}.json"
    if file.is_file():
        return Compiled(**json.loads(file.read_text(encoding="utf-8")))
    compiled = compile_spec(spec)
    cache.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(asdict(compiled)), encoding="utf-8")
    return compiled


def compile_spec(spec: dict[str, Any]) -> Compiled:
    """Compile Vega-Lite to Vega that takes the width of its container; the page shows the title itself."""
    bare = {key: value for key, value in spec.items() if key not in ("title", "usermeta")}
    bare["background"] = "transparent"
    config = dict(bare.get("config", {}))
    for left_to_the_page in ("background", "font"):
        config.pop(left_to_the_page, None)
    bare["config"] = config
    faceted = {"facet", "row", "column"} & set(bare.get("encoding", {}))
    single = "layer" in bare or ("mark" in bare and not faceted)
    if single:
        bare["width"] = COLUMN_WIDTH
    width, height = _natural_size(bare)
    if single:
        bare["width"] = "container"
    vega: dict[str, Any] = vl_convert.vegalite_to_vega(bare, vl_version=LANGUAGE_VERSION)
    if not single:
        fit_to_container(vega, width)
    wrap_titles(vega)
    return Compiled(vega, height)


def tables(spec: dict[str, Any]) -> list[tuple[list[str], list[list[str]]]]:
    """Return columns and rows of the chart's data; nothing if they are too long for the page."""
    inline = [d["values"] for d in _data_of(spec) if isinstance(d.get("values"), list)]
    found = [rows for rows in [*spec.get("datasets", {}).values(), *inline] if rows and isinstance(rows[0], dict)]
    telling = [rows for rows in found if len(rows) > 1] or found  # a lone row only places a label
    if any(len(rows) > ROWS_ON_PAGE for rows in telling):
        return []
    written = []
    for rows in telling:
        columns = list(dict.fromkeys(key for row in rows for key in row))
        written.append((columns, [["" if row.get(c) is None else str(row[c]) for c in columns] for row in rows]))
    return written


def _data_of(spec: Any) -> Iterator[dict[str, Any]]:
    if isinstance(spec, dict):
        if isinstance(spec.get("data"), dict):
            yield spec["data"]
        for key in ("layer", "concat", "hconcat", "vconcat"):
            for part in spec.get(key, []):
                yield from _data_of(part)
        yield from _data_of(spec.get("spec"))


def _title(spec: dict[str, Any]) -> tuple[str, str]:
    title = spec.get("title", "")
    parts = [title.get("text", ""), title.get("subtitle", "")] if isinstance(title, dict) else [title, ""]
    first, second = (" ".join(part) if isinstance(part, list) else str(part) for part in parts)
    return first.strip(), second.strip()


def _natural_size(spec: dict[str, Any]) -> tuple[int, int]:
    svg = vl_convert.vegalite_to_svg(spec, vl_version=LANGUAGE_VERSION)
    _, _, width, height = svg.split('viewBox="', 1)[1].split('"', 1)[0].split()
    return round(float(width)), round(float(height))


def _still_picture(renderer: NbElementRenderer, data: MimeData, alt: str) -> nodes.Element:
    _, outputs = renderer.renderer.nb_client.code_cell_outputs(data.cell_index or 0)
    png = outputs[data.output_index or 0]["data"]["image/png"]
    metadata = {"image/png": {"alt": alt}}
    face = MimeData("image/png", png, output_metadata=metadata, cell_index=data.cell_index, line=data.line)
    (image,) = images.figure(renderer, face)
    return image


def _open(self: CourseTranslator, node: Chart) -> None:
    self.body.append(render("chart_open.html", chart=node.attributes))
    if node.children:
        self.body.append("<noscript>")


def _close(self: CourseTranslator, node: Chart) -> None:
    if node.children:
        self.body.append("</noscript>\n")
    self.body.append(render("chart_close.html", chart=node.attributes, tables=node["tables"]))


def page_style(doctree: nodes.document) -> Markup:
    """Return the rules that keep room for the charts of a page, so that it does not jump when they appear."""
    rules = (f"#{c['ids'][0]} .chart-view{{min-height:{c['height']}px}}" for c in doctree.findall(Chart))
    return Markup("").join(Markup(rule) for rule in rules)
