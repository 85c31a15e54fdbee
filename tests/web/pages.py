"""Small pages that hold what the site's build writes, to be opened from a folder under the site's strict policy."""

import json
from pathlib import Path
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page
from served import address_of

ROOT = Path(__file__).parents[2]
DIST = ROOT / "web" / "dist"
POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:"

_PAGE = """<!doctype html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <meta http-equiv="Content-Security-Policy" content="{policy}">
  <title>A page</title>
  <link rel="icon" href="data:,">
  {styles}
</head>
<body><main><h1>A page</h1>{body}</main>{scripts}</body>
</html>
"""
_PAGE_CSS = """
body { margin: 0; background: var(--color-bg); color: var(--color-text); font-family: var(--font-body); }
main { max-width: var(--measure); margin: 0 auto; padding: 1rem; }
figure { margin: 0; }
"""


def write_page(folder: Path, body: str, *, scripts: list[str], styles: list[str]) -> str:
    """Write a page and what it needs into a folder and return its address."""
    for name in {*scripts, *styles, "vega.js"}:
        if (DIST / name).exists():
            (folder / name).write_bytes((DIST / name).read_bytes())
    for source in ("theme/tokens.css", "charts/charts.css"):
        path = ROOT / "web" / "src" / source
        (folder / path.name).write_bytes(path.read_bytes())
    (folder / "page.css").write_text(_PAGE_CSS)
    page = folder / "page.html"
    page.write_text(
        _PAGE.format(
            policy=POLICY,
            body=body,
            styles="".join(f'<link rel="stylesheet" href="{file}">' for file in ("tokens.css", "page.css", *styles)),
            scripts="".join(f'<script src="{file}"></script>' for file in scripts),
        )
    )
    return address_of(page)


def embedded(content: Any) -> str:
    """JSON for a script element: nothing in it can close the element."""
    return json.dumps(content).replace("<", "\\u003c")


def quiz_section(quiz: dict[str, Any]) -> str:
    """A quiz as a page of the site holds it."""
    return (
        f'<section class="quiz" data-quiz="{quiz["id"]}" aria-label="Quiz: {quiz["title"]}">'
        f'<script type="application/json">{embedded(quiz)}</script>'
        '<ol class="quiz-static"><li>What the page says without JavaScript</li></ol></section>'
    )


def chart_figure(spec: dict[str, Any], *, number: int = 1, title: str = "Where should the alarm go off?") -> str:
    """A chart as a page of the site holds it."""
    return (
        f'<figure class="chart" data-chart id="chart-{number}" aria-labelledby="chart-{number}-title">'
        f'<figcaption id="chart-{number}-title">{title}</figcaption>'
        '<div class="chart-view"></div><form class="chart-controls"></form>'
        '<p class="chart-alt">Two clouds of points that overlap around a score of 0.5.</p>'
        '<details class="chart-data"><summary>Data as a table</summary></details>'
        f'<script type="application/json">{embedded(spec)}</script></figure>'
    )


def violations(page: Page) -> list[str]:
    """Rules of WCAG 2.2 AA and axe's best practices that the page breaks."""
    # Without its preload, which asks for style sheets that the policy does not let it read.
    options = {"preload": False, "rules": {"target-size": {"enabled": True}}, "resultTypes": ["violations"]}
    results = Axe().run(page, options=options)
    return [f"{rule['id']}: {rule['help']} ({rule['nodes'][0]['html']})" for rule in results.response["violations"]]
