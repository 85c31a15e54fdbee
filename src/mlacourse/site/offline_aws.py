"""The page of the offline AWS: what each service's calls do there and how truly, from ``cloud/tables/*.yml``."""

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from mlacourse.cloud import fidelity
from mlacourse.site.html import render


class OfflineAwsDirective(SphinxDirective):
    """``{offline-aws}``: one section for each service that labs use."""

    def run(self) -> list[nodes.Node]:
        """Return the sections, in the order of their titles."""
        sections: list[nodes.Node] = []
        for service in sorted(fidelity.services(), key=lambda service: fidelity.TITLES.get(service, service)):
            self.env.note_dependency(str(fidelity.FOLDER / f"{service}.yml"))
            section = nodes.section(ids=[service], names=[service], slug=service)
            section += nodes.title("", fidelity.TITLES.get(service, service))
            section += nodes.raw("", render("offline_aws.html", rows=fidelity.rows(service)), format="html")
            sections.append(section)
        return sections


def register(app: Sphinx) -> None:
    """Add the directive."""
    app.add_directive("offline-aws", OfflineAwsDirective)
