"""Opening the built site's pages as a reader does, and what axe says about them."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page, Request, expect


@dataclass
class Visits:
    """Opens pages and keeps what they asked for and complained about."""

    context: BrowserContext
    base: str
    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def open(self, path: str) -> Page:
        page = self.context.new_page()
        page.on("request", self._note)
        page.on("console", lambda message: self.complaints.append(f"{path}: {message.type}: {message.text}"))
        page.on("pageerror", lambda error: self.complaints.append(f"{path}: {error}"))
        page.goto(self.base + path, wait_until="load")
        return page

    def _note(self, request: Request) -> None:
        self.requests.append(request.url)
        if not request.url.startswith((self.base, "data:", "blob:")):
            self.complaints.append(f"asks elsewhere: {request.url}")


def pages(site: Path) -> list[str]:
    return sorted(path.relative_to(site).as_posix() for path in site.rglob("*.html"))


def chapters(site: Path) -> list[str]:
    found = [page for page in pages(site) if page.startswith("chapters/")]
    assert found
    return found


def bring_charts_into_view(page: Page) -> None:
    for chart in page.locator("figure[data-chart]").all():
        chart.scroll_into_view_if_needed()
        expect(chart.locator("canvas, svg").first).to_be_visible()


def open_folds(page: Page) -> None:
    """Open every fold but the tables of charts, of which one stands for all."""
    page.evaluate(
        """[...document.querySelectorAll('details:not(.chart-data)'), document.querySelector('.chart-data')]
            .forEach(one => { if (one) one.open = true; })"""
    )


def violations(page: Page, rules: list[str], *, contrast: bool = True) -> list[str]:
    chosen = {"type": "rule" if rules == ["color-contrast"] else "tag", "values": rules}
    # axe would fetch the style sheets again, which the pages' policy forbids.
    options = {"runOnly": chosen, "rules": {} if contrast else {"color-contrast": {"enabled": False}}, "preload": False}
    result: dict[str, Any] = Axe().run(page, options=options).response
    return [f"{v['id']}: {[node['html'][:200] for node in v['nodes']][:3]}" for v in result["violations"]]
