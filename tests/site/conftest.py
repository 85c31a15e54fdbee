"""Small books to build, and the real site, built once."""

from __future__ import annotations

from pathlib import Path

import pytest
from small_book import SmallBook

from mlacourse import resources
from mlacourse.bank import load_blueprints
from mlacourse.site.build import BuildError, build, front_end, loaded

ROOT = Path(__file__).parents[2]
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
