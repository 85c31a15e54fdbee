"""The hash that decides whether a chapter's outputs still hold."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from pathlib import Path

from mlacourse.notebook.sync.repository import Repository
from mlacourse.notebook.sync.source import Source

LOCK = "requirements.txt"
# Tags that change what a run does; the rest of a cell's metadata is for viewers and nbgrader.
_EXECUTION_TAGS = {"raises-exception", "allow-stderr"}


def execution_hash(source: Source, inputs: Iterable[str], repository: Repository) -> str:
    """Return the hash of a chapter's code, the files it read and the lock file.

    ``inputs`` are paths below the root; one that is gone counts as changed.
    """
    digest = hashlib.sha256()
    code = [[cell.text, sorted(_EXECUTION_TAGS.intersection(cell.tags))] for cell in source.code]
    digest.update(json.dumps(code).encode())
    for name in [*sorted(inputs), LOCK]:
        file = repository.root / name
        content = hashlib.sha256(_content(file)).hexdigest() if file.is_file() else "missing"
        digest.update(f"\n{name} {content}".encode())
    return digest.hexdigest()


def _content(file: Path) -> bytes:
    """Return what can change a run: of the lock file its pins, not its remarks on who wants them."""
    content = file.read_bytes()
    if file.name != LOCK:
        return content
    return b"\n".join(line for line in content.splitlines() if not line.lstrip().startswith(b"#"))
