"""The notebook file: read, compared with what the sync would write, written whole or not at all."""

from __future__ import annotations

import copy
import hashlib
import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode

from mlacourse.notebook.sync.errors import SyncError

# What JupyterLab and others leave behind when a notebook is only opened or run.
_VIEWER_METADATA = {
    *("ExecuteTime", "collapsed", "deletable", "editable", "execution", "scrolled", "slideshow", "trusted"),
    *("colab", "colab_type", "executionInfo", "id", "outputId"),
}


def read_notebook(path: Path, name: str) -> NotebookNode:
    """Read a notebook. Raises ``SyncError`` if it is damaged, for example by a merge."""
    try:
        notebook: NotebookNode = nbformat.read(path, as_version=4)
    except (nbformat.reader.NotJSONError, nbformat.ValidationError, AttributeError, KeyError):
        raise SyncError(f"{name}: is damaged. Delete it and run `mlacourse sync`.") from None
    return notebook


def dumps(notebook: NotebookNode) -> bytes:
    """Return the bytes of a notebook file: as nbformat writes it, but each JSON bundle on one line.

    A chart of 2,000 points would otherwise spend more on indentation than on points.
    """
    notebook = copy.deepcopy(notebook)
    bundles: list[str] = []
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            data = output.get("data", {})
            for mime in [mime for mime in data if mime.endswith("json")]:
                bundles.append(json.dumps(data[mime], sort_keys=True, ensure_ascii=False, separators=(",", ":")))
                data[mime] = f"\ue000{len(bundles) - 1}\ue001"
    text = nbformat.writes(notebook)
    for index, bundle in enumerate(bundles):
        text = text.replace(f'"\ue000{index}\ue001"', bundle)
    return f"{text.rstrip()}\n".encode()


def write_whole(path: Path, content: bytes) -> None:
    """Replace a file in one step, so that an interruption leaves the old one."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        temporary.write_bytes(content)
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def digest(cells: Sequence[NotebookNode]) -> str:
    """Return a digest of what a person can edit in cells: text, kind and metadata."""
    return hashlib.sha256(json.dumps([face(cell) for cell in cells], sort_keys=True).encode()).hexdigest()


def face(cell: NotebookNode) -> list[Any]:
    """Return what a person can edit in a cell."""
    return [cell.cell_type, cell.source, own_metadata(cell)]


def own_metadata(cell: NotebookNode) -> dict[str, Any]:
    """Return a cell's metadata without what viewers leave behind."""
    return {key: value for key, value in cell.metadata.items() if key not in _VIEWER_METADATA}
