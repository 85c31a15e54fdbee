"""The command ``mlacourse sync``."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from mlacourse import resources
from mlacourse.notebook.sync.errors import SyncError
from mlacourse.notebook.sync.repository import Repository
from mlacourse.notebook.sync.synchronise import check, synchronise, take_over


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of ``mlacourse sync``."""
    parser.add_argument("paths", nargs="*", type=Path, help="chapters or folders; all chapters if none is given")
    mode = parser.add_mutually_exclusive_group()
    mode.add_argument("--check", action="store_true", help="run nothing; fail if a notebook differs from its source")
    mode.add_argument("--force", action="store_true", help="run every cell again and overwrite edited notebooks")
    mode.add_argument("--from-notebook", action="store_true", help="first write a notebook's edits into its source")
    parser.add_argument(
        "--jobs", type=_positive, default=min(2, os.cpu_count() or 1), help="notebooks at once (%(default)s)"
    )
    parser.add_argument("--timeout", type=_positive, default=120, help="seconds that one cell may run (%(default)s)")
    parser.add_argument("--root", type=Path, default=resources.root(), help="the repository (%(default)s)")


def run(args: argparse.Namespace) -> int:
    """Run ``mlacourse sync`` and return its exit code."""
    repository = Repository(args.root.resolve())
    try:
        if args.check:
            findings = check(repository, args.paths)
        else:
            if args.from_notebook:
                take_over(repository, args.paths)
            findings = synchronise(repository, args.paths, force=args.force, jobs=args.jobs, timeout=args.timeout)
    except SyncError as error:
        findings = [str(error)]
    for finding in findings:
        print(finding, file=sys.stderr)
    if not findings:
        count = len(repository.sources(args.paths))
        print(f"{count} {'notebook matches its source' if count == 1 else 'notebooks match their sources'}.")
    return 1 if findings else 0


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError(f"{text} is not 1 or more")
    return number
