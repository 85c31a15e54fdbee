"""Runs DVC on two versions of the flights, so that a chapter can show what DVC writes without having it installed.

DVC's dependencies do not fit those of the offline AWS, so it is not part of the project's environment. To write the
record again: ``uv venv dvc && uv pip install -p dvc dvc==3.67.1``, then
``dvc/bin/python datasets/recorded/dvc_two_versions.py 2026-11-24`` with the day of the run. It needs git.
"""

from __future__ import annotations

import gzip
import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
SOURCE = HERE.parent / "nyc_flights_july.csv.gz"
RECORD = HERE / "dvc_two_versions.json"
# Days of July in each weekly file, and which of them a version has.
WEEKS = {"week1.csv": (1, 7), "week2.csv": (8, 14), "week3.csv": (15, 21)}
VERSIONS = {"v1": ["week1.csv", "week2.csv"], "v2": ["week1.csv", "week2.csv", "week3.csv"]}


def files_of(name: str) -> dict[str, bytes]:
    """Return the files of a version: the weeks in a folder, and the same rows in one file beside it."""
    header, *rows = gzip.decompress(SOURCE.read_bytes()).splitlines(keepends=True)
    weeks = {}
    for week in VERSIONS[name]:
        first, last = WEEKS[week]
        weeks[f"weeks/{week}"] = b"".join(row for row in rows if first <= int(row[8:10]) <= last)
    return {**{path: header + body for path, body in weeks.items()}, "all.csv": header + b"".join(weeks.values())}


def main(day: str) -> None:
    """Write the record of a run."""
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        project = Path(folder, "project")
        project.mkdir()
        content = recorded(project)
    made = {
        "made_by": f"datasets/recorded/{Path(__file__).name}",
        "day": day,
        "seconds": round(time.monotonic() - began, 1),
        "dvc": version("dvc"),
        "git": _run(HERE, "git", "--version").removeprefix("git version ").strip(),
        "python": platform.python_version(),
        "source": SOURCE.name,
        "seed": None,
    }
    RECORD.write_text(json.dumps({**made, **content}, indent=1) + "\n", encoding="utf-8")


def recorded(project: Path) -> dict[str, Any]:
    """Run DVC with a local remote on both versions and return what it wrote and said."""
    _run(project, "git", "init", "--quiet")
    _dvc(project, "init", "--quiet")
    _dvc(project, "config", "core.analytics", "false")
    _dvc(project, "remote", "add", "--default", "shelf", "../shelf")
    versions: dict[str, Any] = {}
    for name in VERSIONS:
        _write(project, files_of(name))
        changed = _json(project, "status", "--json")
        _dvc(project, "add", "all.csv", "weeks")
        _run(project, "git", "add", ".")
        _run(project, "git", "commit", "--quiet", "--message", name)
        _run(project, "git", "tag", name)
        before = _json(project, "status", "--cloud", "--json")
        pushed = _dvc(project, "push").strip()
        versions[name] = {
            "status before add": changed,
            "status --cloud before push": before,
            "push": pushed,
            "pointers": {file: (project / file).read_text() for file in ("all.csv.dvc", "weeks.dvc")},
            "cache": _sizes(project / ".dvc/cache"),
            "remote": _sizes(project.parent / "shelf"),
            "in git": sorted(_run(project, "git", "ls-files").split()),
        }
    diff = _json(project, "diff", "--json", "v1", "v2")
    listing = next((project / ".dvc/cache/files/md5").rglob("*.dir")).parent.parent
    folders = {path.relative_to(listing).as_posix(): json.loads(path.read_text()) for path in listing.rglob("*.dir")}
    return {
        "versions": versions,
        "diff v1 v2": diff,
        "listings": dict(sorted(folders.items())),
        "config": (project / ".dvc/config").read_text(),
        "restored": restored(project),
    }


def restored(project: Path) -> dict[str, bool]:
    """Lose data and cache, go back to the first version, and say for each file whether it is back byte for byte."""
    for lost in ("all.csv", "weeks", ".dvc/cache"):
        path = project / lost
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    _run(project, "git", "checkout", "--quiet", "v1")
    _dvc(project, "pull")
    wanted = files_of("v1")
    found = {path: (project / path).read_bytes() == body for path, body in wanted.items()}
    return {**found, "nothing else": len(list((project / "weeks").iterdir())) == len(wanted) - 1}


def _write(project: Path, files: dict[str, bytes]) -> None:
    for path, body in files.items():
        file = project / path
        file.parent.mkdir(exist_ok=True)
        file.unlink(missing_ok=True)  # DVC may have linked it to its cache
        file.write_bytes(body)


def _sizes(folder: Path) -> dict[str, int]:
    return {path.relative_to(folder).as_posix(): path.stat().st_size for path in _files(folder)}


def _files(folder: Path) -> Iterator[Path]:
    return iter(sorted(path for path in folder.rglob("*") if path.is_file()))


def _dvc(project: Path, *arguments: str) -> str:
    return _run(project, sys.executable, "-m", "dvc", *arguments)


def _json(project: Path, *arguments: str) -> Any:
    return json.loads(_dvc(project, *arguments))


def _run(folder: Path, *command: str) -> str:
    done = subprocess.run(command, cwd=folder, env=_environment(), capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"{' '.join(command)} failed:\n{done.stderr}")
    return done.stdout


def _environment() -> dict[str, str]:
    people = {f"GIT_{role}_{part}": "recorder" for role in ("AUTHOR", "COMMITTER") for part in ("NAME", "EMAIL")}
    return {**os.environ, **people, "DVC_NO_ANALYTICS": "1"}


if __name__ == "__main__":
    main(sys.argv[1])
