"""Small books to build, and the real site, built once."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser
from small_book import SmallBook
from visits import Visits

from mlacourse import resources
from mlacourse.bank import load_blueprints
from mlacourse.site.build import BuildError, build, front_end, loaded
from mlacourse.site.server import server

ROOT = Path(__file__).parents[2]
BASE = "https://mlacourse.github.io/mlacourse/"
SOURCES = ("book", "chapters", "quizzes", "datasets", "web/src", "src/mlacourse")


@pytest.fixture
def book(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SmallBook:
    """An empty book whose quizzes are its own."""
    small = SmallBook(tmp_path)
    load_blueprints()  # from the repository: cached, and the same
    monkeypatch.setattr(resources, "root", lambda: tmp_path)
    return small


@pytest.fixture(scope="session")
def site() -> Path:
    """The folder of the whole site: as ``mlacourse site build`` left it if that is newer than every source."""
    built = ROOT / "_build" / "html"
    stamp = built / ".buildinfo"
    sources = [path for name in SOURCES for path in (ROOT / name).rglob("*.*")]
    read = [path for path in sources if path.suffix != ".pyc" and not path.match("chapters/*/*.md")]
    newest = max(path.stat().st_mtime for path in read)
    if not stamp.is_file() or stamp.stat().st_mtime < newest:
        try:
            front_end(ROOT)
            with loaded(ROOT) as app:
                assert build(app), "the site has faults, see above"
        except BuildError as error:
            pytest.fail(str(error), pytrace=False)
    return built


@pytest.fixture(scope="session")
def address(site: Path) -> Iterator[str]:
    """Where the whole site is served, with its page for wrong addresses."""
    running = server(site, BASE)
    threading.Thread(target=running.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{running.server_port}/"
    running.shutdown()
    running.server_close()


@pytest.fixture
def visits(chromium: Browser, address: str) -> Iterator[Visits]:
    """A laptop's browser on the site that notes requests and complaints."""
    context = chromium.new_context(viewport={"width": 1280, "height": 800}, reduced_motion="reduce")
    yield Visits(context, address)
    context.close()
