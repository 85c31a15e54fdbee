"""Takes out of a cell's outputs what differs from run to run, and nothing else."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from mlacourse.notebook.sync.repository import Repository

_WIDGET = "application/vnd.jupyter.widget-view+json"
_OVERWRITTEN = re.compile(r"^.*\r(?=[^\n])", re.MULTILINE)


def clean(outputs: list[NotebookNode], repository: Repository) -> list[NotebookNode]:
    """Return the outputs as they are stored; cleaning them again changes nothing.

    JSON bundles stay as they are: nbval compares them with a fresh run and sanitizes text only.
    """
    text = _text_cleaner(repository)
    kept: list[NotebookNode] = []
    for given in outputs:
        output = nbformat.from_dict(given)
        if output.output_type == "stream":
            if kept and kept[-1].output_type == "stream" and kept[-1].name == output.name:
                kept[-1].text += output.text
            else:
                kept.append(output)
            continue
        if output.output_type == "error":
            output.evalue = text(output.evalue)
            # Frames name files and lines of this machine's libraries.
            output.traceback = [f"{output.ename}: {output.evalue}"]
            kept.append(output)
            continue
        output.data.pop(_WIDGET, None)
        for mime, value in output.data.items():
            if isinstance(value, str) and not mime.startswith("image/p"):
                output.data[mime] = text(value)
        if output.data:
            kept.append(output)
    for output in kept:
        if output.output_type == "stream":
            output.text = text(_OVERWRITTEN.sub("", output.text))
    return kept


def _text_cleaner(repository: Repository) -> Callable[[str], str]:
    root, home = _path_pattern(repository.root), _path_pattern(Path.home())

    def cleaned(text: str) -> str:
        text = home.sub("~", root.sub("…", text))
        for pattern, replacement in repository.volatile_text:
            text = pattern.sub(replacement, text)
        return text

    return cleaned


def _path_pattern(path: Path) -> re.Pattern[str]:
    """Match a path on this machine, but not as a part of an address such as ``s3://bucket/root``."""
    return re.compile(rf"(?<![\w/:.]){re.escape(str(path))}(?![\w.-])")
