"""Places in messages: a notebook's cells are traced back to the lines of the Markdown source beside it."""

import json
import logging
import re
from pathlib import Path

from jupytext.myst import myst_to_notebook
from sphinx.application import Sphinx
from sphinx.util import logging as sphinx_logging

from mlacourse.site.cells import reading_copy

_LOGGER = sphinx_logging.getLogger(__name__)
_NOTEBOOK_LINE = re.compile(r"^(?P<path>.+)\.ipynb:(?P<line>\d+)$")


def cell_lines(source: str) -> list[int]:
    """Return the line, counted from 0, at which each cell of a MyST source begins.

    >>> cell_lines("# Title\\n\\n```{code-cell}\\n1 + 1\\n```\\n")
    [0, 3]
    """
    lines: list[int] = myst_to_notebook(source, add_source_map=True).metadata["source_map"]
    return lines


def register(app: Sphinx) -> None:
    """Give every notebook the lines of its source, and let messages name that source."""
    app.connect("source-read", _trace)
    app.connect("builder-inited", _name_sources)


def _trace(app: Sphinx, docname: str, content: list[str]) -> None:
    path = Path(app.env.doc2path(docname))
    if path.suffix != ".ipynb":
        return
    notebook = json.loads(content[0])
    source = path.with_suffix(".md")
    if source.is_file():
        body = cell_lines(source.read_text(encoding="utf-8"))
        before = len(notebook["cells"]) - len(body)
        if before >= 0:
            notebook["metadata"]["source_map"] = [0] * before + body
        else:
            _LOGGER.warning(
                "%s has more cells than its notebook. Run `mlacourse sync`.", source.name, location=(docname, 1)
            )
    content[0] = json.dumps(reading_copy(notebook))


def _name_sources(app: Sphinx) -> None:
    for handler in logging.getLogger("sphinx").handlers:
        if isinstance(handler, sphinx_logging.WarningStreamHandler):
            handler.addFilter(_to_source)


def _to_source(record: logging.LogRecord) -> bool:
    found = _NOTEBOOK_LINE.match(str(getattr(record, "location", "") or ""))
    if found and Path(found["path"] + ".md").is_file():
        record.location = f"{found['path']}.md:{found['line']}"
    return True
