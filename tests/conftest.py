"""A real browser for the tests that need one: found on the system, or Playwright's own."""

from __future__ import annotations

import os
import shutil
from collections import Counter
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Error, Page, Playwright, sync_playwright

SYSTEM_BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def launch(playwright: Playwright) -> Browser:
    """Start the browser of ``MLACOURSE_CHROMIUM``, one on the path, or the one Playwright installed."""
    named = os.environ.get("MLACOURSE_CHROMIUM")
    found = [named] if named else [path for name in SYSTEM_BROWSERS if (path := shutil.which(name))]
    tried: list[str] = []
    for path in [*found, None]:
        try:
            return playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        except Error as error:
            tried.append(f"{path or 'the one of Playwright'}: {str(error).strip().splitlines()[0]}")
    raise FileNotFoundError("no browser starts (" + "; ".join(tried) + ")")


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One browser for the session; without one the test is skipped, in CI it fails."""
    with sync_playwright() as playwright:
        try:
            browser = launch(playwright)
        except FileNotFoundError as error:
            message = f"Browser tests not run: {error}. Mend: `playwright install chromium` or install Chromium."
            if os.environ.get("CI"):
                pytest.fail(message, pytrace=False)
            pytest.skip(message)
        yield browser
        browser.close()


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    """A page with empty storage, as wide as a laptop."""
    context = chromium.new_context(viewport={"width": 1280, "height": 800}, reduced_motion="reduce")
    yield context.new_page()
    context.close()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say in one line for each reason how many tests were skipped, wherever they stand."""
    reasons = Counter(report.longrepr[2] for report in terminalreporter.stats.get("skipped", []))
    for reason, count in reasons.items():
        terminalreporter.write_line(f"{count} tests skipped: {reason.removeprefix('Skipped: ')}", yellow=True)
