"""Charts that move without a kernel: one palette, one look, one bundle for every front end."""

import math
from typing import Any

import altair as alt

from mlacourse.notebook.publish import on_colab, publish

VEGALITE = "application/vnd.vegalite.v5+json"

# Okabe and Ito's palette: told apart with any common colour blindness.
# Source: https://jfly.uni-koeln.de/color/
POSITIVE = "#d55e00"
NEGATIVE = "#0072b2"
NEUTRAL = "#7f7f7f"
CATEGORY = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9"]


@alt.theme.register("mlacourse", enable=True)
def _theme() -> alt.theme.ThemeConfig:
    return alt.theme.ThemeConfig(
        config={
            "background": "white",
            "font": "Liberation Sans, Arial, Helvetica, sans-serif",
            "view": {"continuousWidth": 560, "continuousHeight": 300, "stroke": None},
            "title": {"anchor": "start", "fontSize": 15, "fontWeight": 600, "offset": 12},
            "axis": {
                "labelFontSize": 12,
                "titleFontSize": 12,
                "titleFontWeight": "normal",
                "gridOpacity": 0.5,
                "tickCount": 6,
            },
            "legend": {"labelFontSize": 12, "titleFontSize": 12, "orient": "top", "symbolSize": 90},
            "range": {"category": CATEGORY},
            "line": {"strokeWidth": 2.5},
            "point": {"size": 60, "filled": True},
        }
    )


def show(chart: alt.TopLevelMixin, *, alt: str) -> None:
    """Display a chart that moves in JupyterLab, VS Code, Colab and on the site.

    ``alt`` says in words what the chart shows; screen readers and the site's text alternative use it.
    Numbers are rounded to four significant digits, so that stored outputs repeat on every machine.
    Raises ``ValueError`` if the chart has no title or ``alt`` is empty.
    """
    if on_colab():
        spec(chart, alt=alt)
        publish({"text/html": chart.to_html(), "text/plain": alt})
        return
    publish(bundle(chart, alt=alt))


def bundle(chart: alt.TopLevelMixin, *, alt: str) -> dict[str, Any]:
    """Return the MIME bundle of a chart."""
    return {VEGALITE: spec(chart, alt=alt), "text/plain": alt}


def spec(chart: alt.TopLevelMixin, *, alt: str) -> dict[str, Any]:
    """Return the chart's Vega-Lite specification, described by ``alt`` and with rounded data."""
    content: dict[str, Any] = chart.to_dict()
    if not content.get("title"):
        raise ValueError("The chart has no title. Add .properties(title='Which question does it answer?').")
    if not alt.strip():
        raise ValueError("The chart has no text alternative. Pass alt='what the chart shows, in words'.")
    content["description"] = " ".join(alt.split())
    return _numbered(_rounded(content))


def _numbered(content: dict[str, Any]) -> dict[str, Any]:
    """Name data sets by number: Altair's names hash the rows as they were before rounding."""
    numbers = {name: f"data-{number}" for number, name in enumerate(content.get("datasets", {}), start=1)}

    def renamed(value: Any) -> Any:
        if isinstance(value, dict):
            return {numbers.get(key, key): renamed(item) for key, item in value.items()}
        if isinstance(value, list):
            return [renamed(item) for item in value]
        return numbers.get(value, value) if isinstance(value, str) else value

    result: dict[str, Any] = renamed({key: item for key, item in content.items() if key != "datasets"})
    if numbers:
        result["datasets"] = {numbers[name]: rows for name, rows in content["datasets"].items()}
    return result


def _rounded(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _rounded(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_rounded(item) for item in value]
    if isinstance(value, float) and math.isfinite(value) and value:
        return round(value, max(0, 3 - math.floor(math.log10(abs(value)))))
    return value
