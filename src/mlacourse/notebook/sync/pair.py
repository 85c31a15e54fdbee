"""A source and its notebook: what the notebook should be, and how the one on disk differs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode

from mlacourse.notebook.sync.clean import clean
from mlacourse.notebook.sync.derived import COLAB_ID, HEADER_ID, derived_cells
from mlacourse.notebook.sync.inputs import execution_hash
from mlacourse.notebook.sync.picture import add_pictures
from mlacourse.notebook.sync.repository import Repository
from mlacourse.notebook.sync.source import Source, read
from mlacourse.notebook.sync.stored import digest, dumps, face, read_notebook

_KERNELSPEC = {"display_name": "Python 3", "language": "python", "name": "python3"}
# What viewers need; a version would differ from machine to machine.
_LANGUAGE = {"file_extension": ".py", "mimetype": "text/x-python", "name": "python", "pygments_lexer": "ipython3"}


@dataclass(frozen=True)
class Pair:
    """A chapter's source and the notebook beside it, if there is one."""

    repository: Repository
    source: Source
    derived: list[NotebookNode]
    stored: NotebookNode | None

    @property
    def notebook_path(self) -> Path:
        """Where the notebook is, or will be."""
        return self.source.path.with_suffix(".ipynb")

    @property
    def name(self) -> str:
        """The notebook as a person writes it."""
        return self.repository.name(self.notebook_path)

    @property
    def inputs(self) -> list[str]:
        """Files that the last run read."""
        return [str(name) for name in self._recorded.get("inputs", [])]

    @property
    def source_edited(self) -> bool:
        """Whether the source's body changed since the notebook was written."""
        return self._recorded.get("body") not in {None, digest(self.body())}

    @property
    def _recorded(self) -> dict[str, Any]:
        metadata = self.stored.metadata if self.stored else {}
        recorded: dict[str, Any] = metadata.get("mlacourse_sync", {})
        return recorded

    def body(self) -> list[NotebookNode]:
        """Return the notebook's cells that the source holds, without outputs."""
        make: dict[str, Callable[..., NotebookNode]] = {
            "code": nbformat.v4.new_code_cell,
            "markdown": nbformat.v4.new_markdown_cell,
            "raw": nbformat.v4.new_raw_cell,
        }
        return [
            make[cell.kind](cell.text, id=cell.id, metadata=nbformat.from_dict(cell.metadata))
            for cell in self.source.cells
        ]

    def stored_body(self) -> list[NotebookNode]:
        """Return the cells of the notebook on disk that belong in a source: all but the two derived ones."""
        texts = {cell.source for cell in self.derived}
        cells = self.stored.cells if self.stored else []
        return [cell for cell in cells if cell.get("id") not in {COLAB_ID, HEADER_ID} and cell.source not in texts]

    def kept_outputs(self) -> list[list[NotebookNode]] | None:
        """Return the stored outputs of each code cell if they still hold, else ``None``."""
        if not self.stored or self._recorded.get("hash") != execution_hash(self.source, self.inputs, self.repository):
            return None
        cells = [cell for cell in self.stored.cells if _ran(cell)]
        same_code = [cell.source for cell in cells] == [cell.text for cell in self.source.code]
        return [cell.outputs for cell in cells] if same_code and _in_order(cells) else None

    def built(self, outputs: Sequence[list[NotebookNode]], inputs: Sequence[str]) -> NotebookNode:
        """Return the notebook of this source with these outputs, one list for each code cell."""
        body = self.body()
        ran = [cell for cell in body if _ran(cell)]
        for count, (cell, found) in enumerate(zip(ran, outputs, strict=True), start=1):
            cell.outputs = clean(found, self.repository)
            cell.execution_count = count
            for output in cell.outputs:
                if output.output_type == "execute_result":
                    output.execution_count = count
            add_pictures(cell.outputs)
        front = self.source.front
        metadata = {
            "kernelspec": front.get("kernelspec", _KERNELSPEC),
            "language_info": _LANGUAGE,
            "mlacourse": front["mlacourse"],
            "mlacourse_sync": {
                "body": digest(body),
                "hash": execution_hash(self.source, inputs, self.repository),
                "inputs": sorted(inputs),
            },
        }
        notebook: NotebookNode = nbformat.v4.new_notebook(
            cells=[*self.derived, *body], metadata=nbformat.from_dict(metadata)
        )
        return notebook

    def edits(self) -> str | None:
        """Return what to tell if the notebook's body was edited since it was written, else ``None``."""
        if not self.stored:
            return None
        expected, actual = self.body(), self.stored_body()
        if digest(actual) in {self._recorded.get("body"), digest(expected)}:
            return None
        if self.source_edited:
            who, keep = "it and its source were edited", "Move its edits into the source by hand"
        else:
            who = "was edited, its source was not"
            keep = f"Keep its edits with `mlacourse sync --from-notebook {self.name}`"
        return (
            f"{self.name}: {who} (first difference: {_first_difference(expected, actual)}). "
            f"{keep}, or drop them with `mlacourse sync --force {self.name}`."
        )

    def difference(self) -> str | None:
        """Return how the notebook on disk differs from what the sync would write, and the mend; else ``None``."""
        if not self.stored:
            return f"{self.name}: is missing. Run `mlacourse sync`."
        if edits := self.edits():
            return edits
        outputs = self.kept_outputs()
        if outputs is not None and dumps(self.built(outputs, self.inputs)) == self.notebook_path.read_bytes():
            return None
        return f"{self.name}: {self._difference_in(self.stored, outputs is None)}. Run `mlacourse sync`."

    def _difference_in(self, stored: NotebookNode, stale: bool) -> str:
        ran = [cell for cell in stored.cells if _ran(cell)]
        if not _in_order(ran):
            return f"its cells ran out of order or not at all ({', '.join(str(c.execution_count) for c in ran)})"
        if stale:
            return "its code, the data or modules it reads or requirements.txt changed since it ran"
        if digest(self.stored_body()) != digest(self.body()):
            return "its text is not that of its source"
        if [face(cell) for cell in stored.cells[:2]] != [face(cell) for cell in self.derived]:
            return f"its first two cells are not what {self.source.name}'s front matter and book/_config.yml say"
        return "is written in another form than the sync writes"


def load(path: Path, repository: Repository) -> Pair:
    """Read a source and its notebook. Raises ``SyncError`` for a fault in either."""
    source = read(path, repository.name(path))
    derived = derived_cells(source, repository)
    notebook = path.with_suffix(".ipynb")
    stored = read_notebook(notebook, repository.name(notebook)) if notebook.exists() else None
    return Pair(repository, source, derived, stored)


def _ran(cell: NotebookNode) -> bool:
    return cell.cell_type == "code" and bool(cell.source.strip()) and cell.get("id") != COLAB_ID


def _in_order(cells: Sequence[NotebookNode]) -> bool:
    return [cell.execution_count for cell in cells] == list(range(1, len(cells) + 1))


def _first_difference(expected: Sequence[NotebookNode], actual: Sequence[NotebookNode]) -> str:
    """Return where two lists of cells part, told by the first line that the notebook has there."""
    pairs = zip(expected, actual, strict=False)
    parting = (index for index, (one, other) in enumerate(pairs) if face(one) != face(other))
    index = next(parting, min(len(expected), len(actual)))
    if index == len(actual):
        return "cells are missing at its end"
    lines = actual[index].source.strip().splitlines() or ["an empty cell"]
    return f"the cell that starts {lines[0]!r}"
