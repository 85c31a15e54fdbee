"""The page of all demos: every chart of every chapter, with its picture and its place."""

from collections.abc import Iterable
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util.docutils import SphinxDirective

from mlacourse.site.charts import Chart
from mlacourse.site.header import is_chapter
from mlacourse.site.html import render
from mlacourse.site.translator import CourseTranslator


class Demos(nodes.General, nodes.Element):
    """Stands for the list of all demos."""


class DemosDirective(SphinxDirective):
    """``{demos}``: all demos of the course, by chapter."""

    def run(self) -> list[nodes.Node]:
        """Mark the place; the list is written when every chapter has been read."""
        self.env.metadata[self.env.docname]["mlacourse_demos"] = True
        return [Demos()]


def register(app: Sphinx) -> None:
    """Add the directive, and write its page again whenever a chapter changed."""
    app.add_directive("demos", DemosDirective)
    app.add_node(Demos, html=(_write, None))
    app.connect("doctree-read", _note_charts)
    app.connect("env-updated", _pages_to_write_again)


def _note_charts(app: Sphinx, doctree: nodes.document) -> None:
    charts = [{"id": c["ids"][0], "title": c["title"], "alt": c["alt"]} for c in doctree.findall(Chart)]
    app.env.metadata[app.env.docname]["mlacourse_charts"] = charts


def _pages_to_write_again(app: Sphinx, env: BuildEnvironment) -> Iterable[str]:
    return [name for name, metadata in env.metadata.items() if "mlacourse_demos" in metadata]


def _write(self: CourseTranslator, node: Demos) -> None:
    env = self.builder.env
    here = self.builder.current_docname
    chapters: list[dict[str, Any]] = []
    for docname in sorted(filter(is_chapter, env.all_docs)):
        charts = env.metadata[docname].get("mlacourse_charts", [])
        if charts:
            address = self.builder.get_relative_uri(here, docname)
            chapters.append({"title": env.titles[docname].astext(), "address": address, "charts": charts})
    self.body.append(render("demos.html", chapters=chapters))
    raise nodes.SkipNode
