"""Places in messages: a notebook's cells are traced back to the lines of the Markdown source beside it."""

import json
import logging
import re
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.util import logging as sphinx_logging

from mlacourse.notebook.sync.errors import SyncError
from mlacourse.notebook.sync.source import read
from mlacourse.site.cells import reading_copy

_LOGGER = sphinx_logging.getLogger(__name__)
_NOTEBOOK_LINE = re.compile(r"^(?P<path>.+)\.ipynb:(?P<line>\d+)$")


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
        try:
            body = [cell.line - 1 for cell in read(source, source.name).cells]
        except SyncError as error:
            _LOGGER.warning("%s", error, location=(docname, 1))
            body = []
        before = max(0, len(notebook["cells"]) - len(body))  # the cells that the sync writes in front
        notebook["metadata"]["source_map"] = ([0] * before + body)[: len(notebook["cells"])]
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
