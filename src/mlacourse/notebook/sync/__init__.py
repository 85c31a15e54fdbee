"""Keeps each chapter's executed notebook in line with its Markdown source."""

from mlacourse.notebook.sync.command import configure, run

__all__ = ["configure", "run"]
