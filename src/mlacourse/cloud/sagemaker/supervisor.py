"""Runs one program and ends it when the kernel that asked for it is gone; run as a script, outside the course.

The kernel holds the other end of standard input. A line ``stop 2.5`` asks the program to end (SIGTERM) and ends it
after that many seconds; the end of input, which a killed kernel leaves behind as well, ends it at once and deletes
the folder that the kernel cannot delete any more.
"""

import os
import shutil
import signal
import subprocess
import sys
import threading

POSIX = os.name == "posix"


def main(memory: int, folder: str, command: list[str]) -> int:
    """Run the program and return its exit code, 128 more than the signal that ended it."""
    program = subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        start_new_session=True,
        preexec_fn=(lambda: _limit(memory)) if POSIX else None,
    )
    obeying = threading.Thread(target=_obey, args=(program,), daemon=True)
    obeying.start()
    code = program.wait()
    _send(program, kill=True)
    if not obeying.is_alive():
        shutil.rmtree(folder, ignore_errors=True)
    return code if code >= 0 else 128 - code


def _limit(memory: int) -> None:
    import resource

    resource.setrlimit(resource.RLIMIT_DATA, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _obey(program: "subprocess.Popen[bytes]") -> None:
    for line in sys.stdin:
        _send(program, kill=False)
        timer = threading.Timer(float(line.split()[1]), _send, (program,), {"kill": True})
        timer.daemon = True
        timer.start()
    _send(program, kill=True)


def _send(program: "subprocess.Popen[bytes]", *, kill: bool) -> None:
    """Signal the program and whatever it started."""
    try:
        if POSIX:
            os.killpg(program.pid, signal.SIGKILL if kill else signal.SIGTERM)
        elif kill:
            program.kill()
        else:
            program.terminate()
    except OSError:
        pass


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), sys.argv[2], sys.argv[3:]))
