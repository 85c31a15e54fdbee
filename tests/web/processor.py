"""What a page costs the processor, as the browser itself counts it: waiting and the machine's other work stay out."""

from collections.abc import Callable
from typing import NamedTuple

from playwright.sync_api import Page


class Cost(NamedTuple):
    """Milliseconds: of the page's whole main thread, and of the scripts in it."""

    thread: float
    script: float

    def since(self, before: "Cost") -> "Cost":
        return Cost(self.thread - before.thread, self.script - before.script)


def meter(page: Page) -> Callable[[], Cost]:
    """Return a function that reads what the page has cost so far."""
    session = page.context.new_cdp_session(page)
    session.send("Performance.enable")

    def read() -> Cost:
        told = {metric["name"]: metric["value"] for metric in session.send("Performance.getMetrics")["metrics"]}
        return Cost(1000 * told["ThreadTime"], 1000 * told["ScriptDuration"])

    return read


def painted(page: Page) -> None:
    """Wait until what was done last is on the screen."""
    page.evaluate("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
