"""One output with several faces: a widget where a kernel runs, data for the site, a line of text elsewhere."""

import sys
from typing import Any

from IPython.display import display
from ipywidgets import Widget

WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"


def on_colab() -> bool:
    """Tell whether the notebook runs on Google Colab."""
    return "google.colab" in sys.modules


def publish(bundle: dict[str, Any], metadata: dict[str, Any] | None = None) -> None:
    """Display a MIME bundle as it is."""
    display(bundle, metadata=metadata or {}, raw=True)  # type: ignore[no-untyped-call]


def publish_widget(widget: Widget, bundle: dict[str, Any]) -> None:
    """Display ``widget`` with ``bundle`` beside it, for front ends that have no kernel.

    Colab's ipywidgets 7 ignores what stands beside a widget, so there the widget is shown alone.
    """
    if on_colab() or not hasattr(widget, "_repr_mimebundle_"):
        display(widget)  # type: ignore[no-untyped-call]
        return
    rendered = widget._repr_mimebundle_()
    view = rendered[0] if isinstance(rendered, tuple) else rendered
    publish({WIDGET_VIEW: view[WIDGET_VIEW], **bundle})
