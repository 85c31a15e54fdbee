"""The site that follows its sources: what changed decides what is done, and Sphinx stays loaded."""

import sys
import threading
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path

from sphinx.application import Sphinx
from watchfiles import Change, watch

from mlacourse.site.build import BuildError, build, front_end, loaded
from mlacourse.site.server import Changes, server

WATCHED = ("chapters", "book", "quizzes", "datasets", "web/src", "src/mlacourse/site")
_SUFFIXES = (".md", ".yml", ".ts", ".tsx", ".css", ".html", ".toml", ".svg")
_SETTINGS = ("book/_config.yml", "book/_toc.yml")


def serve(root: Path, port: int) -> int:
    """Build the site, serve it, and build again after each edit, until it is interrupted."""
    changes = Changes()
    front_end(root)
    edits = watch(*(root / name for name in WATCHED), watch_filter=_is_source, debounce=200, raise_interrupt=True)
    address = ""
    while True:  # once more for each change of the settings, with which Sphinx has to start afresh
        with loaded(root) as app:
            _try(partial(build, app))
            if not address:
                http = server(Path(app.outdir), app.config.html_baseurl, port=port, changes=changes)
                threading.Thread(target=http.serve_forever, daemon=True).start()
                address = f"http://127.0.0.1:{http.server_port}/"
                print(f"The site is at {address} and follows your edits. Ctrl-C ends it.", flush=True)
            changes.announce()
            _follow(root, app, edits, changes)


def _follow(root: Path, app: Sphinx, edits: Iterable[set[tuple[Change, str]]], changes: Changes) -> None:
    """Build after each edit, until one changes what Sphinx was started with."""
    for edit in edits:
        names = {Path(path).relative_to(root).as_posix() for _, path in edit}
        print(f"Changed: {', '.join(sorted(names))}", flush=True)
        if any(name.startswith("web/") for name in names):
            _try(partial(front_end, root))
            return
        if names & set(_SETTINGS):
            return
        chapters = [root / name for name in names if name.startswith("chapters/") and name.endswith(".md")]
        _synchronise(root, [path for path in chapters if path.is_file()])
        own = any(name.startswith("src/") for name in names)
        _try(partial(build, app, everything=own))
        changes.announce()


def _synchronise(root: Path, sources: list[Path]) -> None:
    """Write the notebooks of edited chapters, running what has to run."""
    if not sources:
        return
    from mlacourse.notebook.sync.errors import SyncError
    from mlacourse.notebook.sync.repository import Repository
    from mlacourse.notebook.sync.synchronise import synchronise

    try:
        findings = synchronise(Repository(root), sources)
    except SyncError as error:
        findings = [str(error)]
    for finding in findings:
        print(finding, file=sys.stderr)


def _try(step: Callable[[], object]) -> None:
    """Run a step; what goes wrong is told, and the next edit may mend it."""
    try:
        step()
    except BuildError as error:
        print(error, file=sys.stderr)


def _is_source(change: Change, path: str) -> bool:
    """Tell what a person edits; notebooks follow their source, and Python code needs a new start."""
    name = Path(path).name
    return name.endswith(_SUFFIXES) and not name.startswith(".") and not name.endswith(".d.ts")
