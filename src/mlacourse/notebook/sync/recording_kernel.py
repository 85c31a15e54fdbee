"""An IPython kernel that records what a chapter read; run as a script, so that it imports nothing of the course."""

from __future__ import annotations

import json
import os
import resource
import sys
from pathlib import Path
from typing import Any

from ipykernel.ipkernel import IPythonKernel
from ipykernel.kernelapp import IPKernelApp

_READ: set[Path] = set()
_WRITTEN: set[Path] = set()
_WRITING_FLAGS = os.O_WRONLY | os.O_RDWR
# Questions and addresses are looked up where a chapter is shown, and source files count when they are imported.
_NO_INPUTS = {"book", "quizzes", "src"}


def _note_opened(event: str, args: tuple[Any, ...]) -> None:
    """Note a file that Python opens; what native code opens by itself, such as DuckDB, raises no audit event."""
    if event != "open" or not isinstance(args[0], str | bytes):
        return
    path, mode, flags = Path(os.fsdecode(args[0])), args[1], args[2]
    writes = any(letter in mode for letter in "wax+") if isinstance(mode, str) else flags & _WRITING_FLAGS
    (_WRITTEN if writes else _READ).add(path.absolute())


def _record(root: Path) -> dict[str, Any]:
    """Return the files below ``root`` that count as inputs, as relative paths, and the peak memory in bytes."""
    modules = [module for name, module in list(sys.modules.items()) if name.partition(".")[0] == "mlacourse"]
    files = [Path(file).resolve() for module in modules if (file := getattr(module, "__file__", None))]
    inputs = {path for path in files if path.is_relative_to(root)}
    for path in (opened.resolve() for opened in _READ - _WRITTEN):
        if not path.is_file() or not path.is_relative_to(root) or path.is_relative_to(Path(sys.prefix).resolve()):
            continue
        parts = path.relative_to(root).parts
        if parts[0] not in _NO_INPUTS and not any(part.startswith(".") for part in parts):
            inputs.add(path)
    return {
        "inputs": sorted(path.relative_to(root).as_posix() for path in inputs),
        "peak_memory": _peak_memory(),
        "processor_seconds": _processor_seconds(),
    }


def _processor_seconds() -> float:
    """Return the processor time of this process and of those that it has waited for."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


def _peak_memory() -> int:
    """Return the largest resident size of this process in bytes.

    Linux carries ``ru_maxrss`` over from the parent through ``exec``, so the process's own mark is read instead.
    """
    status = Path("/proc/self/status")
    if status.exists():
        marks = [line for line in status.read_text().splitlines() if line.startswith("VmHWM:")]
        return int(marks[0].split()[1]) * 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


class RecordingKernel(IPythonKernel):
    """Writes the record to ``MLACOURSE_SYNC_RECORD`` when it is asked to shut down."""

    async def do_shutdown(self, restart: bool) -> Any:
        """Write the record, then shut down."""
        record = _record(Path(os.environ["MLACOURSE_SYNC_ROOT"]))
        Path(os.environ["MLACOURSE_SYNC_RECORD"]).write_text(json.dumps(record))
        return super().do_shutdown(restart)  # type: ignore[no-untyped-call]


if __name__ == "__main__":
    sys.addaudithook(_note_opened)
    IPKernelApp.launch_instance(kernel_class=RecordingKernel)
