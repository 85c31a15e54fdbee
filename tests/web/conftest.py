"""Fresh bundles and a page that must stay quiet."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page
from web.pages import DIST, ROOT, write_page


@pytest.fixture(scope="session")
def bundles() -> subprocess.CompletedProcess[str]:
    """Build the bundles, since stale ones prove nothing; return how what is committed compared before."""
    compared = _build("--check")
    built = _build()
    missing = [
        name
        for name in (
            "quiz.js",
            "quiz.css",
            "exam.js",
            "exam.css",
            "mistakes.js",
            "mistakes.css",
            "cards.js",
            "cards.css",
            "chapter_cards.js",
            "plan.js",
            "plan.css",
            "progress.js",
            "progress.css",
            "today.js",
            "today.css",
            "today_list.js",
            "transfer.js",
            "transfer.css",
            "charts.js",
            "vega.js",
        )
        if not (DIST / name).exists()
    ]
    if missing:
        pytest.fail(f"not built: {', '.join(missing)}\n{built.stderr}", pytrace=False)
    return compared


def _build(*options: str) -> subprocess.CompletedProcess[str]:
    deno = Path(sys.executable).with_name("deno")
    command = [deno, "run", "--allow-all", "web/build.ts", *options]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


@pytest.fixture
def address(tmp_path: Path, bundles: subprocess.CompletedProcess[str]) -> Callable[..., str]:
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
    assert [said for said in complaints if not said.startswith(("http://127.0.0.1:", "data:"))] == []
