"""The Sphinx extension and theme that turn chapters and the pages of ``book/`` into the site."""

import zlib
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx

from mlacourse.site import (
    apps,
    assets,
    callouts,
    cells,
    charts,
    datasheets,
    demos,
    faults,
    header,
    headings,
    images,
    lines,
    manifest,
    mathml,
    offline_aws,
    prices,
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
    for part in (*readers, charts, questions, apps, demos, datasheets, offline_aws, prices, manifest, faults):
        part.register(app)
    return {"env_version": _code_version(), "parallel_read_safe": False, "parallel_write_safe": False}


def _code_version() -> int:
    """Return a number that changes with the extension's code: pages that an older one read are read again."""
    files = sorted(Path(__file__).parent.rglob("*.py"))
    return zlib.crc32(b"".join(file.read_bytes() for file in files))
