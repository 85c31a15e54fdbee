"""Still figures: transparent, with a text alternative, readable on light and dark pages."""

import base64
import io

import matplotlib.pyplot as plt
from matplotlib.figure import Figure

from mlacourse.notebook.png import with_palette
from mlacourse.notebook.publish import publish


def show(figure: Figure, *, alt: str) -> None:
    """Display a matplotlib figure with its text alternative, and close it.

    Raises ``ValueError`` if ``alt`` is empty.
    """
    if not alt.strip():
        raise ValueError("The figure has no text alternative. Pass alt='what the figure shows, in words'.")
    drawn = io.BytesIO()
    figure.savefig(drawn, format="png", dpi=110, bbox_inches="tight", transparent=True)
    plt.close(figure)
    publish(
        {"image/png": base64.b64encode(with_palette(drawn.getvalue())).decode(), "text/plain": alt},
        metadata={"image/png": {"alt": alt, "needs_background": "light"}},
    )
