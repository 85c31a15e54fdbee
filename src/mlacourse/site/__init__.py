"""The Sphinx extension and theme that turn chapters and the pages of ``book/`` into the site."""

from pathlib import Path
from typing import Any

from sphinx.application import Sphinx

from mlacourse.site import (
    assets,
    callouts,
    cells,
    charts,
    datasheets,
    demos,
    exam,
    faults,
    header,
    headings,
    images,
    lines,
    mathml,
    questions,
)
from mlacourse.site.builder import CourseBuilder
from mlacourse.site.translator import CourseTranslator


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the extension with Sphinx."""
    app.add_builder(CourseBuilder, override=True)
    app.set_translator("html", CourseTranslator, override=True)
    app.add_html_theme("mlacourse", str(Path(__file__).parent / "theme"))
    # Jupyter Book always sets this option of an extension that the site does not load.
    app.add_config_value("comments_config", {}, "", [dict])
    readers = (assets, lines, header, headings, callouts, cells, images, mathml)
    for part in (*readers, charts, questions, exam, demos, datasheets, faults):
        part.register(app)
    return {"version": "1", "parallel_read_safe": False, "parallel_write_safe": False}
