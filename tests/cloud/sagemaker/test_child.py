from __future__ import annotations

import gc
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from cloud.sagemaker.account import until

from mlacourse.cloud.sagemaker.child import Child, bare_environment

LISTENS_TO_TERM = """
import signal, sys
signal.signal(signal.SIGTERM, lambda *_: (print("saved"), sys.exit(7)))
print("up")
signal.pause()
"""


def child(folder: Path, on_line: Callable[[str], object], *command: str, memory: int = 1_000_000_000) -> Child:
    return Child(
        command, environment=bare_environment(folder), root=folder, folder=folder, on_line=on_line, memory=memory
    )


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_a_program_gives_its_lines_and_its_exit_code(tmp_path: Path) -> None:
    lines: list[str] = []
    program = child(tmp_path, lines.append, sys.executable, "-c", "import sys; print('a'); sys.exit('b')")
    assert program.wait() == 1
    assert lines == ["a", "b"]


def test_a_program_that_is_asked_to_stop_may_save_first(tmp_path: Path) -> None:
    lines: list[str] = []
    program = child(tmp_path, lines.append, sys.executable, "-c", LISTENS_TO_TERM)
    until(lambda: "up" in lines)
    program.stop(grace=20)
    assert program.wait() == 7
    assert lines == ["up", "saved"]


def test_a_program_that_has_ended_already_is_stopped_without_complaint(tmp_path: Path) -> None:
    complaints: list[object] = []
    hook, sys.unraisablehook = sys.unraisablehook, complaints.append
    try:
        program = child(tmp_path, lambda _: None, sys.executable, "-c", "")
        program.wait()
        program.stop(grace=1)
        del program
        gc.collect()
    finally:
        sys.unraisablehook = hook
    assert complaints == []


def test_a_program_that_does_not_stop_is_killed_with_what_it_started(tmp_path: Path) -> None:
    lines: list[str] = []
    program = child(tmp_path, lines.append, "sh", "-c", "trap '' TERM; sleep 600 & echo $!; wait")
    until(lambda: bool(lines))
    program.stop(grace=0.1)
    assert program.wait() == 128 + signal.SIGKILL
    until(lambda: not alive(int(lines[0])))


@pytest.mark.skipif(sys.platform != "linux", reason="other systems do not enforce the limit")
def test_a_program_gets_no_more_memory_than_its_limit(tmp_path: Path) -> None:
    lines: list[str] = []
    program = child(tmp_path, lines.append, sys.executable, "-c", "b'1' * 400_000_000", memory=300_000_000)
    assert program.wait() == 1
    assert lines[-1] == "MemoryError"


def test_a_program_sees_one_thread_and_none_of_the_learners_variables(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "mine")
    monkeypatch.setenv("MY_TOKEN", "mine")
    environment = bare_environment(tmp_path)
    assert "mine" not in environment.values()
    assert environment["OMP_NUM_THREADS"] == "1"
    assert environment["HOME"] == str(tmp_path)


def test_nothing_outlives_a_kernel_that_is_killed(tmp_path: Path) -> None:
    kernel_code = """
import sys
from pathlib import Path
from mlacourse.cloud.sagemaker.child import Child, bare_environment
root = Path(sys.argv[1])
def tell(line): print(line, flush=True)
command = ["sh", "-c", "sleep 600 & echo $!; wait"]
Child(command, environment=bare_environment(root), root=root, folder=root, on_line=tell).wait()
"""
    kernel = subprocess.Popen([sys.executable, "-c", kernel_code, str(tmp_path)], stdout=subprocess.PIPE, text=True)
    assert kernel.stdout is not None
    with kernel.stdout:
        sleeper = int(kernel.stdout.readline())
        assert alive(sleeper)
        kernel.kill()
        kernel.wait()
    until(lambda: not alive(sleeper) and not tmp_path.exists())
