"""A chapter's MyST source as cells with their line numbers, and back to text."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
from jupytext.myst import MystMetadataParsingError, myst_to_notebook, notebook_to_myst
from nbformat import NotebookNode

from mlacourse.notebook.sync.errors import SyncError

_FRONT_MATTER = re.compile(r"\A---\n.*?\n---\n", re.DOTALL)


@dataclass(frozen=True)
class Cell:
    """A cell of the source; ``line`` is where its text starts in the file, counted from 1."""

    kind: str
    text: str
    metadata: dict[str, Any]
    line: int
    id: str

    @property
    def runs(self) -> bool:
        """Whether a kernel counts it: a code cell with something in it."""
        return self.kind == "code" and bool(self.text.strip())

    @property
    def tags(self) -> list[str]:
        """Tags in the order written."""
        return [str(tag) for tag in self.metadata.get("tags", [])]


@dataclass(frozen=True)
class Source:
    """A chapter as written."""

    path: Path
    name: str
    front: dict[str, Any]
    cells: tuple[Cell, ...]

    @property
    def code(self) -> list[Cell]:
        """The cells that run, in order."""
        return [cell for cell in self.cells if cell.runs]


def read(path: Path, name: str) -> Source:
    """Read a chapter's source. Raises ``SyncError`` if it is not MyST with a front matter."""
    text = path.read_text(encoding="utf-8")
    if not _FRONT_MATTER.match(text):
        raise SyncError(f"{name}:1: has no front matter. Copy the block between the --- lines from another chapter.")
    try:
        notebook = myst_to_notebook(text, add_source_map=True)
    except MystMetadataParsingError as error:
        raise SyncError(f"{name}: {error}. Mend the YAML there.") from None
    starts = notebook.metadata.pop("source_map")
    lines = text.splitlines()
    ids = _ids(notebook.cells)
    cells = tuple(
        Cell(cell.cell_type, cell.source, dict(cell.metadata), _line(lines, start, cell.source), identifier)
        for cell, start, identifier in zip(notebook.cells, starts, ids, strict=True)
    )
    return Source(path, name, dict(notebook.metadata), cells)


def rewritten(text: str, cells: list[NotebookNode]) -> str:
    """Return the source ``text`` with its front matter kept and its body replaced by ``cells``."""
    front = _FRONT_MATTER.match(text)
    assert front, "a source that was read has a front matter"
    body = notebook_to_myst(nbformat.v4.new_notebook(cells=cells), default_lexer="ipython3")
    return f"{front.group()}\n{body}"


def _line(lines: list[str], start: int, text: str) -> int:
    """Find where a cell's text begins at or after ``start``: its options and blank lines come first."""
    wanted = text.splitlines()
    for line in range(start, len(lines) - len(wanted) + 1):
        if lines[line : line + len(wanted)] == wanted:
            return line + 1
    return start + 1


def _ids(cells: list[NotebookNode]) -> list[str]:
    """Name cells by what they say, so that a new cell renames none of the others."""
    seen: Counter[str] = Counter()
    ids = []
    for cell in cells:
        identifier = hashlib.sha256(f"{cell.cell_type}\n{cell.source}".encode()).hexdigest()[:12]
        seen[identifier] += 1
        ids.append(identifier if seen[identifier] == 1 else f"{identifier}-{seen[identifier]}")
    return ids
