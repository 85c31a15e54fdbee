"""A chapter as its tests take it: its code cells, its exercises' solutions and checks, its charts' words."""

from __future__ import annotations

import ast
import copy
import functools
import html
import json
import re
from types import SimpleNamespace
from typing import Any

import jupytext
import vl_convert

from mlacourse import resources
from mlacourse.notebook import charts

Names = dict[str, Any]


class ChapterSource:
    """Code comes from the chapter's text; charts and other outputs come from its notebook."""

    def __init__(self, part: str, name: str) -> None:
        self.path = resources.path("chapters", part, f"{name}.md")

    @functools.cached_property
    def cells(self) -> list[Any]:
        return [cell for cell in jupytext.read(self.path).cells if cell.cell_type == "code"]

    def cell_with(self, text: str) -> str:
        """The one code cell that has this text."""
        return self._only(f"the text {text!r}", [cell for cell in self.cells if text in cell.source])

    def tagged(self, *tags: str) -> list[str]:
        """The code cells that have one of these tags."""
        return [str(cell.source) for cell in self.cells if set(tags) & set(cell.metadata.get("tags", []))]

    def defined(self, *tags: str, **names: Any) -> SimpleNamespace:
        """What the cells with these tags define when they run with these names."""
        for source in self.tagged(*tags):
            exec(source, names)
        return SimpleNamespace(**names)

    def definitions(self) -> Names:
        """The chapter's own functions and classes, with its imports and nothing else run: their globals."""
        names: Names = {}
        wanted = (ast.Import, ast.ImportFrom, ast.FunctionDef, ast.ClassDef)
        for cell in self.cells:
            body: list[ast.stmt] = [node for node in ast.parse(cell.source).body if isinstance(node, wanted)]
            exec(compile(ast.Module(body, []), self.path.name, "exec"), names)
        return names

    def solution(self, grade_id: str) -> str:
        wanted = [cell for cell in self.cells if cell.metadata.get("nbgrader", {}).get("grade_id") == grade_id]
        return self._only(f"the grade_id {grade_id!r}", wanted)

    def check(self, grade_id: str) -> str:
        """An exercise's checks, hidden ones included."""
        return self.solution(f"{grade_id}-check")

    def passes(self, grade_id: str, names: Names, answer: str | None = None) -> bool:
        """Whether an answer, or the chapter's own, passes the exercise's checks."""
        exec(self.solution(grade_id) if answer is None else answer, names)
        return complaint(self.check(grade_id), names) is None

    @functools.cached_property
    def outputs(self) -> list[dict[str, Any]]:
        """What the notebook stores under its cells, by MIME type."""
        notebook = json.loads(self.path.with_suffix(".ipynb").read_text(encoding="utf-8"))
        return [output.get("data", {}) for cell in notebook["cells"] for output in cell.get("outputs", [])]

    def specs(self) -> list[dict[str, Any]]:
        return [data[charts.VEGALITE] for data in self.outputs if charts.VEGALITE in data]

    def shown(self, number: int = 0, **values: Any) -> list[str]:
        """What a chart writes on the screen when its controls stand at ``values``."""
        return words(self.specs()[number], **values)

    def said(self, number: int, start: str, **values: Any) -> list[float]:
        """The numbers in the line of a chart that begins with ``start``, when its controls stand at ``values``."""
        line = next(text for text in self.shown(number, **values) if text.startswith(start))
        return [float(part.replace(",", "")) for part in re.findall(r"\d[\d,]*(?:\.\d+)?", line)]

    def _only(self, what: str, found: list[Any]) -> str:
        if len(found) != 1:
            raise LookupError(f"{self.path.name}: {len(found)} code cells have {what}. The test needs exactly one.")
        return str(found[0].source)


def words(spec: dict[str, Any], **values: Any) -> list[str]:
    """What the chart of a specification writes when its controls stand at ``values``."""
    spec = copy.deepcopy(spec)
    controls = {param["name"]: param for param in spec["params"]}
    for name, value in values.items():
        controls[name]["value"] = value
    svg = vl_convert.vegalite_to_svg(spec, vl_version="5.20")
    return [html.unescape(text) for text in re.findall(r">([^<>]+)</t(?:ext|span)>", svg)]


def complaint(check: str, names: Names, *, refusals: tuple[type[Exception], ...] = (AssertionError,)) -> str | None:
    """What a check says about the answer in ``names``, or None if it passes."""
    try:
        exec(check, names)
    except refusals as error:
        return str(error) or "an assertion without words"
    return None
