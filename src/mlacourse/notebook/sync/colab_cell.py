# @title Install the course (on Colab only; does nothing elsewhere)
"""Installs the course on Colab and leaves everything that Colab has as it is, so that nothing asks for a restart."""

import sys

if "google.colab" in sys.modules:

    def install_course(version: str, wheel: str, repository: str) -> None:
        """Install the wheel unless this version is there; say so if Colab's packages do not allow it."""
        import importlib
        import subprocess
        import tempfile
        from importlib import metadata

        try:
            if metadata.version("mlacourse") == version:
                return
        except metadata.PackageNotFoundError:
            pass
        print("Installing the course …")
        pip = [sys.executable, "-m", "pip", "--disable-pip-version-check"]
        there = subprocess.check_output([*pip, "list", "--format=freeze"], text=True).splitlines()
        with tempfile.NamedTemporaryFile("w", suffix=".txt") as constraints:
            constraints.write("\n".join(line for line in there if not line.startswith("mlacourse==")))
            constraints.flush()
            command = [*pip, "install", "--progress-bar", "off", "--constraint", constraints.name, wheel]
            done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
        if done.returncode:
            said = "\n".join(done.stdout.splitlines()[-15:])
            raise RuntimeError(
                "The course could not be installed beside the packages of this Colab. Run the chapter on Binder, "
                f"or report this text from pip at {repository}/issues:\n{said}"
            )
        importlib.invalidate_caches()
        print("Ready.")

    install_course(
        version="{version}",
        wheel="{wheel}",
        repository="{repository}",
    )
