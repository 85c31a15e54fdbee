"""Charts of several views: side by side where there is room, one below the other on a phone."""

from collections.abc import Iterator
from typing import Any

NARROWEST_VIEW = 230  # pixels, with its axis


def stack_on_narrow_screens(vega: dict[str, Any]) -> None:
    """Let each row of views in a compiled chart fall into one column when its container is narrow, in place."""
    signals = vega.setdefault("signals", [])
    for number, (layout, count) in enumerate(_rows(vega), start=1):
        columns = f"containerSize()[0] < {count * NARROWEST_VIEW} ? 1 : {count}"
        name = f"columns_{number}"
        signals.append(
            {"name": name, "init": columns, "on": [{"events": "window:resize", "update": columns}]},
        )
        layout["columns"] = {"signal": name}


def _rows(node: dict[str, Any]) -> Iterator[tuple[dict[str, Any], int]]:
    """Yield each layout that stands views side by side, and how many."""
    layout = node.get("layout")
    groups = [mark for mark in node.get("marks", []) if mark.get("type") == "group"]
    if layout and layout.get("columns") != 1:
        faceted = any("facet" in mark.get("from", {}) for mark in groups)
        # A grid of rows and columns has heads along its sides and must keep its shape.
        count = layout.get("columns", 0) if faceted else layout.get("columns", len(groups))
        if isinstance(count, int) and count > 1:
            yield layout, count
    for mark in groups:
        yield from _rows(mark)
