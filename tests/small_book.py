"""Small books for the tests: a few pages, built as the site is."""

from __future__ import annotations

import contextlib
import io
import json
import re
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bs4 import BeautifulSoup

from mlacourse.site import assets
from mlacourse.site.build import build, loaded

ROOT = Path(__file__).parents[1]
CHAPTER = "chapters/02_modeling/06_metrics_and_thresholds"
HEADER: dict[str, Any] = {
    "title": "Metrics and thresholds",
    "promise": "Choose a threshold that you can defend.",
    "minutes": 75,
    "prerequisites": ["Reading a scatter plot"],
    "skills": {"mla-c01": ["2.3.K1"], "mla-c02": ["2.3.6"]},
    "objectives": ["read a confusion matrix"],
}
# The file's first pixels are enough: a PNG of one by one.
PNG = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="


def markdown(text: str) -> dict[str, Any]:
    return {"cell_type": "markdown", "metadata": {}, "source": text}


def code(source: str, *outputs: dict[str, Any], **metadata: Any) -> dict[str, Any]:
    return {
        "cell_type": "code",
        "metadata": metadata,
        "source": source,
        "outputs": list(outputs),
        "execution_count": 1,
    }


def displayed(data: Mapping[str, Any], metadata: Mapping[str, Any] | None = None) -> dict[str, Any]:
    return {"output_type": "display_data", "data": dict(data), "metadata": dict(metadata or {})}


def notebook(*cells: dict[str, Any], header: Mapping[str, Any] = HEADER) -> str:
    """A chapter as the sync writes it: the cell for Colab, the header, the body."""
    front = [code("install()", tags=["remove-cell"]), markdown(f"# {header.get('title', 'Untitled')}\n\nWritten.")]
    content = {
        "nbformat": 4,
        "nbformat_minor": 5,
        "metadata": {
            "kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"},
            "language_info": {"name": "python"},
            "mlacourse": header,
        },
        "cells": [{"id": f"cell-{n}", **cell} for n, cell in enumerate([*front, *cells])],
    }
    return json.dumps(content)


@dataclass(frozen=True)
class Built:
    """What a build left behind."""

    folder: Path
    whole: bool
    faults: str

    def text(self, name: str) -> str:
        return (self.folder / f"{name}.html").read_text(encoding="utf-8")

    def page(self, name: str = CHAPTER) -> BeautifulSoup:
        return BeautifulSoup(self.text(name), "html.parser")


class SmallBook:
    """A book with a front page; ``write`` adds pages, ``build`` builds them all."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._pages: list[str] = []
        dist = assets.folder(root)
        dist.mkdir(parents=True)
        for name in assets.NAMES:
            (dist / name).write_text(f"/* {name} */")
        self.write("book/index.md", "# The front page\n\nWelcome.\n")
        (root / "book" / "_config.yml").write_bytes((ROOT / "book" / "_config.yml").read_bytes())
        (root / "quizzes").mkdir()
        shutil.copy(ROOT / "quizzes" / "blueprints.yml", root / "quizzes")

    def write(self, path: str, text: str) -> None:
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
        page = path.rsplit(".", 1)[0]
        if page != "book/index" and page not in self._pages:
            self._pages.append(page)

    def take_out(self, page: str) -> None:
        self._pages.remove(page)

    def build(self) -> Built:
        parts = "".join(f"      - file: {page}\n" for page in self._pages)
        toc = "format: jb-book\nroot: book/index\n"
        toc += f"parts:\n  - caption: Part two\n    chapters:\n{parts}" if parts else ""
        (self.root / "book" / "_toc.yml").write_text(toc, encoding="utf-8")
        complaints = io.StringIO()
        with (
            contextlib.redirect_stderr(complaints),
            contextlib.redirect_stdout(io.StringIO()),
            loaded(self.root) as app,
        ):
            whole = build(app)
            folder = Path(app.outdir)
        faults = re.sub(r"\x1b\[[0-9;]*m", "", complaints.getvalue()).replace(f"{self.root}/", "")
        return Built(folder, whole, faults)
