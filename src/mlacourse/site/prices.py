"""The page of prices: what every cost demo reckons with, from ``prices.yml``."""

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from mlacourse.prices import FILE, PriceError, prices
from mlacourse.site.html import render


class PricesDirective(SphinxDirective):
    """``{prices}``: a section with a table for each service."""

    def run(self) -> list[nodes.Node]:
        """Return the sections, in the order of the services' names."""
        self.env.note_dependency(str(FILE))
        try:
            table = list(prices().values())
        except PriceError as error:
            raise self.error(str(error)) from None
        sections: list[nodes.Node] = []
        for service in sorted({price.service for price in table}):
            anchor = nodes.make_id(service)
            section = nodes.section(ids=[anchor], names=[service], slug=anchor)
            section += nodes.title("", service)
            entries = [price for price in table if price.service == service]
            section += nodes.raw("", render("prices.html", entries=entries, service=service), format="html")
            sections.append(section)
        return sections


def register(app: Sphinx) -> None:
    """Add the directive."""
    app.add_directive("prices", PricesDirective)
