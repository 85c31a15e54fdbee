"""Demos that recompute in Python, with a recorded sweep for readers who have no kernel."""

import altair
from ipywidgets import Widget

from mlacourse.notebook import charts
from mlacourse.notebook.publish import publish_widget


def show(widget: Widget, *, sweep: altair.TopLevelMixin, alt: str) -> None:
    """Display ``widget`` where a kernel runs; elsewhere the chart ``sweep`` over the same parameter.

    ``alt`` describes the sweep in words.
    """
    publish_widget(widget, charts.bundle(sweep, alt=alt))
