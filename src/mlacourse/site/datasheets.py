"""The page of data sets: each one's datasheet, from ``datasets/*.yml``."""

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from mlacourse import datasets, resources
from mlacourse.site.html import render


class DatasheetsDirective(SphinxDirective):
    """``{datasheets}``: one section for each data set of the course."""

    def run(self) -> list[nodes.Node]:
        """Return the sections."""
        sections: list[nodes.Node] = []
        for name in datasets.NAMES:
            self.env.note_dependency(str(resources.path("datasets", f"{name}.yml")))
            try:
                sheet = datasets.describe(name)
            except datasets.DatasetError as error:
                raise self.error(str(error)) from None
            anchor = name.replace("_", "-")
            section = nodes.section(ids=[anchor], names=[name], slug=anchor)
            section += nodes.title("", sheet.title)
            section += nodes.raw("", render("datasheet.html", sheet=sheet), format="html")
            sections.append(section)
        return sections


def register(app: Sphinx) -> None:
    """Add the directive."""
    app.add_directive("datasheets", DatasheetsDirective)
