"""The hash that decides whether a chapter's outputs still hold."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable

from mlacourse.notebook.sync.repository import Repository
from mlacourse.notebook.sync.source import Source

# Tags that change what a run does; the rest of a cell's metadata is for viewers and nbgrader.
_EXECUTION_TAGS = {"raises-exception", "allow-stderr"}


def execution_hash(source: Source, inputs: Iterable[str], repository: Repository) -> str:
    """Return the hash of a chapter's code, the files it read and the lock file.

    ``inputs`` are paths below the root; one that is gone counts as changed.
    """
    digest = hashlib.sha256()
    code = [[cell.text, sorted(_EXECUTION_TAGS.intersection(cell.tags))] for cell in source.code]
    digest.update(json.dumps(code).encode())
    for name in [*sorted(inputs), "requirements.txt"]:
        file = repository.root / name
        content = hashlib.sha256(file.read_bytes()).hexdigest() if file.is_file() else "missing"
        digest.update(f"\n{name} {content}".encode())
    return digest.hexdigest()
