"""Building the site: the front end if it is stale, then Sphinx in this process, with Jupyter Book's configuration."""

import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from jupyter_book.config import get_final_config
from sphinx.application import Sphinx
from sphinx.errors import SphinxError
from sphinx.util.docutils import docutils_namespace, patch_docutils

from mlacourse.site import assets


class BuildError(Exception):
    """The site could not be built; the message says why."""


def front_end(root: Path) -> None:
    """Bundle scripts and styles again if a source is newer than what was built.

    Raises ``BuildError`` if the bundler fails.
    """
    dist = assets.folder(root)
    built = [dist / name for name in assets.NAMES]
    sources = [root / "deno.json", *(root / "web").glob("*.ts"), *(root / "web" / "src").rglob("*.*")]
    newest = max(source.stat().st_mtime for source in sources)
    if all(file.is_file() and file.stat().st_mtime >= newest for file in built):
        return
    beside = Path(sys.executable).with_name("deno")
    deno = str(beside) if beside.is_file() else shutil.which("deno")
    if deno is None:
        raise BuildError("Deno is missing. Install the development requirements: make site does it.")
    done = subprocess.run([deno, "task", "--quiet", "build"], cwd=root, capture_output=True, text=True, check=False)
    if done.returncode:
        raise BuildError(f"The front end could not be built:\n{done.stderr.strip() or done.stdout.strip()}")
    for file in built:
        file.touch()  # a bundle whose sources changed in a comment alone is as new as they are


@contextmanager
def loaded(root: Path) -> Iterator[Sphinx]:
    """Load Sphinx as ``jupyter-book build . --config book/_config.yml --toc book/_toc.yml -n -W --keep-going`` does.

    Raises ``BuildError`` if the configuration cannot be used.
    """
    book, output = root / "book", root / "_build"
    command_line = {"nitpicky": True, "external_toc_path": str(book / "_toc.yml"), "latex_individualpages": False}
    settings, _ = get_final_config(user_yaml=book / "_config.yml", cli_config=command_line, sourcedir=root)
    with patch_docutils(), docutils_namespace():
        try:
            app = Sphinx(
                srcdir=root,
                confdir=None,
                outdir=output / "html",
                doctreedir=output / ".doctrees",
                buildername="html",
                confoverrides=settings,
                status=None,
                warning=sys.stderr,
                warningiserror=True,
                keep_going=True,
            )
        except SphinxError as error:
            raise BuildError(f"{error.category}: {error}") from error
        yield app


def build(app: Sphinx, *, everything: bool = False) -> bool:
    """Bring the pages up to date, print what it took, and tell whether all is well."""
    started = time.perf_counter()
    app._warncount = 0
    app.statuscode = 0
    try:
        app.build(force_all=everything)
    except SphinxError as error:
        raise BuildError(f"{error.category}: {error}") from error
    pages = len(app.env.all_docs)
    seconds = time.perf_counter() - started
    if app.statuscode:
        count = "1 fault" if app._warncount == 1 else f"{app._warncount} faults"
        print(f"{count} in {pages} pages, told above. The site is not whole until they are mended.")
    else:
        print(f"{pages} pages up to date in {seconds:.1f} s: {Path(app.outdir, 'index.html')}")
    return app.statuscode == 0
