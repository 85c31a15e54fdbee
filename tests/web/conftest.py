"""Fresh bundles and a page that must stay quiet."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page

from web.pages import DIST, ROOT, write_page


@pytest.fixture(scope="session")
def bundles() -> None:
    """The bundles, built now: a test of stale bundles proves nothing."""
    deno = Path(sys.executable).with_name("deno")
    built = subprocess.run([deno, "task", "build"], cwd=ROOT, capture_output=True, text=True, check=False)
    for name in ("quiz.js", "quiz.css", "charts.js", "vega.js"):
        if not (DIST / name).exists():
            pytest.fail(f"web/dist/{name} was not built:\n{built.stderr}", pytrace=False)


@pytest.fixture
def address(tmp_path: Path, bundles: None) -> Callable[..., str]:
    """Write a page around a body and return its address."""

    def write(body: str, *, scripts: list[str], styles: list[str]) -> str:
        return write_page(tmp_path, body, scripts=scripts, styles=styles)

    return write


@pytest.fixture
def quiet(page: Page) -> Iterator[Page]:
    """A page from which nothing asks elsewhere and whose console stays silent."""
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("request", lambda request: complaints.append(request.url))
    yield page
    assert [said for said in complaints if not said.startswith(("file:", "data:"))] == []
