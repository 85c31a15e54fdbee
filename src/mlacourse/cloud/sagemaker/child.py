"""Programs that run beside the kernel and never outlive it: training scripts, model servers."""

from __future__ import annotations

import contextlib
import os
import site
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

MEMORY = 1_500_000_000
_SUPERVISOR = Path(__file__).with_name("supervisor.py")
_KEPT = ("PATH", "LANG", "LC_ALL", "TZ", "LD_LIBRARY_PATH", "VIRTUAL_ENV", "CONDA_PREFIX", "SYSTEMROOT")
_THREADS = ("OMP", "OPENBLAS", "MKL", "NUMEXPR", "NUMBA")


def bare_environment(home: Path) -> dict[str, str]:
    """Return what a container starts with: this Python on the path, one thread, no settings of the learner."""
    kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
    python = os.pathsep.join([str(Path(sys.executable).parent), kept.get("PATH", os.defpath)])
    return {
        **kept,
        **{f"{library}_NUM_THREADS": "1" for library in _THREADS},
        "HOME": str(home),
        "TMPDIR": str(home),
        "PATH": python,
        "PYTHONHASHSEED": "0",
        "PYTHONUNBUFFERED": "1",
        "PYTHONUSERBASE": site.getuserbase(),
    }


def free_port() -> int:
    """Return a port of the loopback that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class Child:
    """One running program, with what it prints handed on line by line.

    A small supervisor process stands between: it ends the program, and what that started, when this kernel ends however
    it may end, SIGKILL included, and then deletes ``root``.
    """

    def __init__(
        self,
        command: Sequence[str],
        *,
        environment: Mapping[str, str],
        root: Path,
        folder: Path,
        on_line: Callable[[str], object],
        memory: int = MEMORY,
    ) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-I", "-S", str(_SUPERVISOR), str(memory), str(root), *command],
            env=dict(environment),
            cwd=folder,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            # Jupyter interrupts the whole process group of a kernel; a job goes on.
            start_new_session=True,
        )
        self._reader = threading.Thread(target=self._read, args=(on_line,), daemon=True)
        self._reader.start()

    @property
    def running(self) -> bool:
        """Whether the program has not ended yet."""
        return self._process.poll() is None

    def wait(self, timeout: float | None = None) -> int:
        """Wait for the end of the program and of its output, and return its exit code.

        Raises ``TimeoutError`` if it still runs after ``timeout`` seconds.
        """
        try:
            code = self._process.wait(timeout)
        except subprocess.TimeoutExpired:
            raise TimeoutError from None
        self._reader.join()
        return code

    def stop(self, grace: float) -> None:
        """Ask the program to end, and end it after ``grace`` seconds; return at once."""
        assert self._process.stdin is not None
        # Past Python's buffer: what is left in it when the program has ended already would be complained of later.
        with contextlib.suppress(OSError, ValueError):
            os.write(self._process.stdin.fileno(), f"stop {grace}\n".encode())

    def kill(self) -> None:
        """End the program now and wait for that."""
        assert self._process.stdin is not None
        with contextlib.suppress(OSError):
            self._process.stdin.close()
        self.wait()

    def _read(self, on_line: Callable[[str], object]) -> None:
        assert self._process.stdout is not None
        with self._process.stdout as output:
            for line in output:
                on_line(line.decode(errors="replace").rstrip("\r\n"))
