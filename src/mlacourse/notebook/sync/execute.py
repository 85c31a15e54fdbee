"""Runs a chapter's code in a fresh kernel and returns its outputs, what it read and what it cost."""

from __future__ import annotations

import json
import logging
import os
import re
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import nbformat
from jupyter_client.kernelspec import KernelSpec, KernelSpecManager
from jupyter_client.manager import AsyncKernelManager
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from nbformat import NotebookNode

from mlacourse.notebook.sync.errors import SyncError
from mlacourse.notebook.sync.repository import Repository
from mlacourse.notebook.sync.source import Cell, Source

_KERNEL = Path(__file__).with_name("recording_kernel.py")
# nbclient logs what is raised as well.
_SILENT = logging.Logger("mlacourse.sync", logging.CRITICAL + 1)
_ANSI = re.compile(r"\x1b\[[0-9;]*m")


@dataclass(frozen=True)
class Run:
    """One execution: outputs and seconds for each code cell, inputs as paths below the root, memory in bytes.

    ``processor_seconds`` is what the kernel and its processes worked, whatever else the machine did meanwhile.
    """

    outputs: list[list[NotebookNode]]
    seconds: list[float]
    processor_seconds: float
    inputs: tuple[str, ...]
    peak_memory: int


class _ThisInterpreter(KernelSpecManager):
    """Finds one kernel, the recording one, without any installed kernelspec."""

    def get_kernel_spec(self, kernel_name: str) -> KernelSpec:
        """Return the kernel of this interpreter, whatever the name."""
        # -P keeps the modules beside the script from being importable by their bare names.
        argv = [sys.executable, "-P", str(_KERNEL), "-f", "{connection_file}"]
        return KernelSpec(argv=argv, display_name="Python 3", language="python")


async def execute(
    source: Source, repository: Repository, timeout: int, on_cell: Callable[[], object] = lambda: None
) -> Run:
    """Run the code cells of ``source`` in its own folder; call ``on_cell`` after each.

    Raises ``SyncError`` with the cell, its line and the line that failed.
    """
    cells = source.code
    notebook = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_code_cell(cell.text, metadata=nbformat.from_dict(cell.metadata)) for cell in cells]
    )
    with tempfile.TemporaryDirectory(prefix="mlacourse-sync-") as scratch:
        record = Path(scratch, "record.json")
        client = NotebookClient(
            notebook,
            km=AsyncKernelManager(
                kernel_spec_manager=_ThisInterpreter(),
                transport="ipc",
                connection_file=str(Path(scratch, "kernel.json")),
            ),
            timeout=timeout,
            skip_cells_with_tag="",
            on_cell_executed=lambda **_: on_cell(),
            iopub_timeout=60,
            raise_on_iopub_timeout=True,
            log=_SILENT,
        )
        try:
            await client.async_execute(
                cwd=str(source.path.parent),
                env=_environment(repository, Path(scratch), record),
                cleanup_kc=True,
            )
        except CellExecutionError as error:
            raise SyncError(_failure(source, notebook, error)) from None
        except CellTimeoutError:
            number, cell = _current(source, notebook)
            raise SyncError(
                f"{source.name}: cell {number} (line {cell.line}) ran longer than {timeout} s. "
                "Make it faster, or give it more time with --timeout."
            ) from None
        except DeadKernelError:
            number, cell = _current(source, notebook)
            raise SyncError(
                f"{source.name}: the kernel died in cell {number} (line {cell.line}). Look for memory or native code."
            ) from None
        except RuntimeError as error:
            raise SyncError(f"{source.name}: no kernel started: {error}. Install requirements.txt.") from None
        recorded = json.loads(record.read_text())
    return Run(
        [cell.outputs for cell in notebook.cells],
        [_seconds(cell) for cell in notebook.cells],
        recorded["processor_seconds"],
        tuple(recorded["inputs"]),
        recorded["peak_memory"],
    )


def _environment(repository: Repository, scratch: Path, record: Path) -> dict[str, str]:
    """Return the kernel's environment: one thread, fixed hashes, nothing of the user's configuration."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("IPYTHON", "JUPYTER", "PYTHON"))}
    threads = {f"{library}_NUM_THREADS": "1" for library in ("OMP", "OPENBLAS", "MKL", "NUMEXPR", "NUMBA")}
    fixed = {
        "IPYTHONDIR": str(scratch / "ipython"),
        "XDG_CONFIG_HOME": str(scratch / "config"),
        "MPLBACKEND": "module://matplotlib_inline.backend_inline",
        "PYTHONHASHSEED": "0",
        "PYTHONPATH": str(repository.root / "src"),
        "MLACOURSE_SYNC_ROOT": str(repository.root),
        "MLACOURSE_SYNC_RECORD": str(record),
    }
    return {**kept, **threads, **fixed}


def _seconds(cell: NotebookNode) -> float:
    """Return how long a cell ran, by the kernel's own clock."""
    times: dict[str, str] = cell.metadata["execution"]
    start, end = (datetime.fromisoformat(times[key]) for key in ("iopub.execute_input", "shell.execute_reply"))
    return (end - start).total_seconds()


def _current(source: Source, notebook: NotebookNode) -> tuple[int, Cell]:
    """Return number and cell of the last one that was started."""
    started = [n for n, cell in enumerate(notebook.cells) if "execution" in cell.metadata]
    number = started[-1] if started else 0
    return number + 1, source.code[number]


def _failure(source: Source, notebook: NotebookNode, error: CellExecutionError) -> str:
    number, cell = _current(source, notebook)
    lines = cell.text.splitlines()
    failed = _failed_line(notebook.cells[number - 1], number)
    at = f"line {cell.line + failed - 1}: {lines[failed - 1].strip()}" if failed else f"line {cell.line}"
    last = f"{error.ename}: {error.evalue}".strip().splitlines()[-1]
    return f"{source.name}: cell {number} (line {cell.line}) failed at {at}\n  {last}"


def _failed_line(cell: NotebookNode, number: int) -> int | None:
    """Return the line of the cell, from 1, that raised, as IPython's traceback names it."""
    raised = [output for output in cell.outputs if output.output_type == "error"]
    traceback = "\n".join(line for output in raised for line in output.traceback)
    named = re.findall(rf"Cell In\[{number}\], line (\d+)", _ANSI.sub("", traceback))
    return int(named[-1]) if named else None
