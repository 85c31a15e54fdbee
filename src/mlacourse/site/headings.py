"""Headings: one title, no skipped level, and anchors that GitHub and the notebooks use too."""

from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.transforms import SphinxTransform


class UseSlugs(SphinxTransform):
    """Make the slug of a heading the first id of its section, so that ``#slug`` works everywhere."""

    default_priority = 870  # after the ids are given, before the tables of contents are collected

    def apply(self, **kwargs: Any) -> None:
        """Move or add the slugs; sections that a directive made become targets of links too."""
        known = self.env.metadata[self.env.docname].setdefault("myst_slugs", {})
        for section in self.document.findall(nodes.section):
            slug = section.get("slug")
            if slug:
                section["ids"] = [slug, *(i for i in section["ids"] if i != slug)]
                known.setdefault(slug, (section.line, slug, section[0].astext()))


def register(app: Sphinx) -> None:
    """Add the transform."""
    app.add_transform(UseSlugs)
