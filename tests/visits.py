"""Opening the built site's pages as a reader does, and what axe says about them."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page, Request, expect

# A block of code or a row of a table whose every element has the classes and the place of one seen before.
MARK_ALIKE = """() => {
    const seen = new Set();
    const look = (element) => element.tagName + "." + element.className;
    const place = (element) => {
        const names = [];
        for (let one = element; one; one = one.parentElement) names.push(look(one));
        return names.join(" ");
    };
    for (const block of document.querySelectorAll("pre, tr")) {
        const where = `${place(block)} ${block.rowIndex % 2}`;
        const looks = [block, ...block.querySelectorAll("*")].map((one) => `${where} ${look(one)}`);
        if (looks.every((one) => seen.has(one))) block.dataset.alike = "";
        looks.forEach((one) => seen.add(one));
    }
}"""


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


def violations(page: Page, rules: list[str]) -> list[str]:
    """What breaks these rules, given by tag; contrast is another question, see below."""
    return _found(page, None, {"type": "tag", "values": rules}, {"color-contrast": {"enabled": False}})


def poor_contrasts(page: Page) -> list[str]:
    """Where text is too pale, of all that looks different: axe needs a minute for the colours of 5,000 code words."""
    page.evaluate(MARK_ALIKE)
    return _found(page, {"exclude": [["[data-alike]"]]}, {"type": "rule", "values": ["color-contrast"]}, {})


def _found(page: Page, context: dict[str, Any] | None, chosen: dict[str, Any], changed: dict[str, Any]) -> list[str]:
    # axe would fetch the style sheets again, which the pages' policy forbids; and nobody reads the thousands that pass.
    options = {"runOnly": chosen, "rules": changed, "preload": False, "resultTypes": ["violations"]}
    result: dict[str, Any] = Axe().run(page, context=context, options=options).response
    return [f"{v['id']}: {[node['html'][:200] for node in v['nodes']][:3]}" for v in result["violations"]]
