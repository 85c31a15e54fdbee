"""A Python process of its own, as a learner's script or job would be."""

from __future__ import annotations

import os
import subprocess
import sys


def child(code: str, **variables: str) -> str:
    """What the process prints, with this process's environment and these variables."""
    environment = os.environ | variables
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, env=environment, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()
