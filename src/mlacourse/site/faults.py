"""Faults are not forgotten: after a build that found some, the next one reads every page again."""

from pathlib import Path

from sphinx.application import ENV_PICKLE_FILENAME, Sphinx


def register(app: Sphinx) -> None:
    """Watch how builds end."""
    app.connect("build-finished", _forget_pages)


def _forget_pages(app: Sphinx, error: Exception | None) -> None:
    if app._warncount:
        Path(app.doctreedir, ENV_PICKLE_FILENAME).unlink(missing_ok=True)
