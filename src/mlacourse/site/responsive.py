"""Charts of several views: they share the width of their container, and stand in one column on a phone."""

import json
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

NARROWEST_VIEW = 160  # pixels, without its axis
NARROW_MARGIN = 65  # pixels of a short axis and the gap to the next view
LONGEST_LINE = 36  # characters of a title on a phone
PHONE = 460  # a container below this many pixels is one
_CONTAINER = "containerSize()[0]"


@dataclass(frozen=True)
class _View:
    """A view whose width is a signal, and the widths' signals of the views in its row, itself among them."""

    signal: str
    row: tuple[str, ...]


def fit_to_container(vega: dict[str, Any], natural_width: int) -> None:
    """Replace the fixed widths of a compiled composition by shares of its container, in place.

    ``natural_width`` is the width of the whole drawing as written: what exceeds the views is axes and padding.
    """
    widths = _fixed_widths(vega)
    rows: dict[str, tuple[str, ...]] = {}
    for view in _views(vega, widths):
        if len(view.row) > len(rows.get(view.signal, ())):
            rows[view.signal] = view.row
    if not rows:
        return
    longest = max(rows.values(), key=lambda row: sum(widths[name] for name in row))
    around = max(0, natural_width - sum(widths[name] for name in longest))
    margin = around / len(longest)
    # How the views share what is around them is unknown; below each other, one may need nearly all of it.
    widest_margin = max(margin, around - (len(longest) - 1) * NARROW_MARGIN)
    signals = [signal for signal in vega.get("signals", []) if signal["name"] not in rows]
    for number, (layout, count) in enumerate(_layouts(vega), start=1):
        layout["columns"] = {"signal": f"columns_{number}"}
        signals.append(_following(f"columns_{number}", f"{_narrow(count, margin)} ? 1 : {count}"))
    for name, row in rows.items():
        alone = f"{_CONTAINER} - {widest_margin:.0f}"
        share = widths[name] / sum(widths[other] for other in row)
        beside = f"({_CONTAINER} - {margin * len(row):.0f}) * {share:.4f}"
        width = alone if len(row) == 1 else f"{_narrow(len(row), margin)} ? {alone} : {beside}"
        signals.insert(0, _following(name, f"max(120, {width})"))
    vega["signals"] = signals
    vega.pop("width", None)


def wrap_titles(node: dict[str, Any]) -> None:
    """Let long titles of views and of their horizontal axes take several lines on a phone, in place."""
    holders = [axis for axis in node.get("axes", []) if axis.get("orient") in ("top", "bottom")]
    for holder, key in [(node.get("title"), "text"), *((axis, "title") for axis in holders)]:
        text = holder.get(key) if isinstance(holder, dict) else None
        if isinstance(text, str) and len(text) > LONGEST_LINE:
            lines = json.dumps(textwrap.wrap(text, LONGEST_LINE))
            holder[key] = {"signal": f"{_CONTAINER} < {PHONE} ? {lines} : {json.dumps(text)}"}
    for mark in node.get("marks", []):
        if mark.get("type") == "group":
            wrap_titles(mark)


def _following(name: str, update: str) -> dict[str, Any]:
    return {"name": name, "init": update, "on": [{"events": "window:resize", "update": update}]}


def _narrow(count: int, margin: float) -> str:
    return f"{_CONTAINER} < {count * (NARROWEST_VIEW + margin):.0f}"


def _fixed_widths(vega: dict[str, Any]) -> dict[str, float]:
    candidates = {s["name"]: s.get("value") for s in vega.get("signals", []) if s["name"].lower().endswith("width")}
    candidates["width"] = vega.get("width")
    return {name: value for name, value in candidates.items() if isinstance(value, int | float)}


def _groups(node: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the groups that the layout of ``node`` places: views and compositions, not the heads of a facet."""
    groups = [mark for mark in node.get("marks", []) if mark.get("type") == "group"]
    return [mark for mark in groups if _width_signal(mark) or "layout" in mark]


def _width_signal(mark: dict[str, Any]) -> str | None:
    width = mark.get("encode", {}).get("update", {}).get("width", {})
    return width.get("signal") if isinstance(width, dict) else None


def _is_grid(node: dict[str, Any]) -> bool:
    """Tell a facet with heads along its sides, which must keep its shape."""
    roles = {mark.get("role", "") for mark in node.get("marks", [])}
    return any(role.startswith(("row-", "column-")) and role.endswith("header") for role in roles)


def _columns(node: dict[str, Any]) -> int:
    """Return how many views stand side by side in ``node``."""
    groups = _groups(node)
    columns = node.get("layout", {}).get("columns")
    faceted = any("facet" in mark.get("from", {}) for mark in groups)
    if faceted:
        return columns if isinstance(columns, int) else 1
    return min(columns, len(groups)) if isinstance(columns, int) else len(groups)


def _views(node: dict[str, Any], widths: dict[str, float]) -> Iterator[_View]:
    if _is_grid(node):
        return
    groups = _groups(node)
    columns = _columns(node) if "layout" in node else 1
    for index, mark in enumerate(groups):
        signal = _width_signal(mark)
        if signal in widths:
            assert signal is not None
            if "facet" in mark.get("from", {}):
                yield _View(signal, (signal,) * columns)
            else:
                start = index - index % columns
                beside = (_width_signal(other) for other in groups[start : start + columns])
                yield _View(signal, tuple(name for name in beside if name in widths))
        yield from _views(mark, widths)


def _layouts(node: dict[str, Any]) -> Iterator[tuple[dict[str, Any], int]]:
    """Yield each layout that stands views side by side, and how many."""
    if "layout" in node and not _is_grid(node) and _columns(node) > 1:
        yield node["layout"], _columns(node)
    for mark in _groups(node):
        yield from _layouts(mark)
