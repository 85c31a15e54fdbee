"""The picture of a chart, for readers of GitHub, where Vega-Lite is not drawn."""

from __future__ import annotations

import base64
import json
from typing import Any

import vl_convert
from nbformat import NotebookNode

from mlacourse.notebook.png import with_palette

VEGALITE = "application/vnd.vegalite.v5+json"
_VEGALITE_OF_ALTAIR_5 = "5.20"
# vl-convert carries this font, so that machines agree; others come from the system.
_FONT = "Liberation Sans"


def add_pictures(outputs: list[NotebookNode]) -> None:
    """Add ``image/png`` to every output that holds a Vega-Lite chart and has none."""
    for output in outputs:
        data = output.get("data", {})
        if VEGALITE in data and "image/png" not in data:
            data["image/png"] = base64.b64encode(_png(data[VEGALITE])).decode("ascii")


def _png(spec: dict[str, Any]) -> bytes:
    drawn = _in_one_font(json.loads(json.dumps(spec)))
    drawn["config"] = {**drawn.get("config", {}), "font": _FONT}
    png = vl_convert.vegalite_to_png(drawn, vl_version=_VEGALITE_OF_ALTAIR_5, scale=1, allowed_base_urls=[])
    return with_palette(png)


def _in_one_font(node: Any) -> Any:
    """Replace every font that a chart or its theme names."""
    if isinstance(node, dict):
        return {
            key: _FONT if key.lower().endswith("font") and isinstance(value, str) else _in_one_font(value)
            for key, value in node.items()
            if key != "datasets"
        } | ({"datasets": node["datasets"]} if "datasets" in node else {})
    return [_in_one_font(value) for value in node] if isinstance(node, list) else node
