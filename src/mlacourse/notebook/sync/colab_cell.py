# @title Install the course (on Colab only; elsewhere this cell does nothing)
"""Installs the course beside what Colab has. It replaces no package, so that nothing asks for a restart."""

import sys

if "google.colab" in sys.modules:
    from importlib import invalidate_caches, metadata
    from pathlib import Path
    from subprocess import PIPE, STDOUT, run

    wheel = "{wheel}"
    if "{version}" not in {found.version for found in metadata.distributions(name="mlacourse")}:
        print("Installing the course …")
        pip = [sys.executable, "-m", "pip", "--disable-pip-version-check"]
        there = run([*pip, "list", "--format=freeze"], stdout=PIPE, text=True, check=True).stdout.splitlines()
        Path("/tmp/colab.txt").write_text("\n".join(pin for pin in there if not pin.startswith("mlacourse==")))
        done = run([*pip, "install", "--constraint", "/tmp/colab.txt", wheel], stdout=PIPE, stderr=STDOUT, text=True)
        if done.returncode:
            raise RuntimeError(
                "The course cannot be installed beside the packages of this Colab. Run the chapter on Binder, "
                "or report this text from pip at {repository}/issues:\n" + "\n".join(done.stdout.splitlines()[-15:])
            )
        invalidate_caches()
        print("Ready.")
