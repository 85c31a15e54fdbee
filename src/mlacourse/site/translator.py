"""Document nodes to lean, accessible HTML without inline styles."""

from pathlib import Path
from typing import Any
from urllib.parse import quote

from docutils import nodes
from sphinx.util.images import get_image_size
from sphinx.writers.html5 import HTML5Translator


class CourseTranslator(HTML5Translator):
    """Sphinx's HTML, changed where it would need inline styles or hinder a screen reader."""

    def depart_title(self, node: nodes.Element) -> None:
        """Add the heading's own link, outside its name: the page's contents list has it for everyone."""
        if isinstance(node.parent, nodes.section) and node.parent["ids"] and self.section_level > 1:
            self.body.append(
                f'<a class="headerlink" href="#{node.parent["ids"][0]}" aria-hidden="true" tabindex="-1">#</a>'
            )
        super().depart_title(node)

    def add_permalink_ref(self, node: nodes.Element, title: str) -> None:
        """Write nothing: ``depart_title`` has written the link."""

    def visit_block_quote(self, node: nodes.Element) -> None:
        """Write a quotation without the extra division."""
        self.body.append(self.starttag(node, "blockquote"))

    def depart_block_quote(self, node: nodes.Element) -> None:
        """Close the quotation."""
        self.body.append("</blockquote>\n")

    def visit_table(self, node: nodes.Element) -> None:
        """Write a table inside an area that can scroll sideways."""
        self.body.append('<div class="table-scroll">')
        super().visit_table(node)

    def depart_table(self, node: nodes.Element) -> None:
        """Close the table and its area."""
        super().depart_table(node)
        self.body.append("</div>\n")

    def visit_colspec(self, node: nodes.Element) -> None:
        """Write nothing: column widths would be inline styles, and the browser chooses better ones."""

    def depart_colspec(self, node: nodes.Element) -> None:
        """Write nothing."""

    def visit_entry(self, node: nodes.Element) -> None:
        """Write a cell; heads say what they head, and an empty corner is no head."""
        row = node.parent
        in_head = isinstance(row.parent, nodes.thead)
        is_head = in_head and bool(node.astext().strip())
        attributes: dict[str, Any] = {"scope": "col"} if is_head else {}
        for name, extra in (("rowspan", "morerows"), ("colspan", "morecols")):
            if extra in node:
                attributes[name] = node[extra] + 1
        tag = "th" if is_head else "td"
        self.body.append(self.starttag(node, tag, "", **attributes))
        self.context.append(f"</{tag}>\n")

    def depart_entry(self, node: nodes.Element) -> None:
        """Close the cell."""
        self.body.append(self.context.pop())

    def visit_image(self, node: nodes.Element) -> None:
        """Write an image with its own size, so that the page does not jump, and load it when it comes near."""
        source = node["uri"]
        address = source
        if source in self.builder.images:
            address = f"{self.builder.imgpath}/{quote(self.builder.images[source])}"
        attributes: dict[str, Any] = {"src": address, "alt": node.get("alt", ""), "loading": "lazy"}
        size = get_image_size(str(Path(self.builder.srcdir) / source.lstrip("/")))
        if size:
            attributes["width"], attributes["height"] = size
        self.body.append(self.emptytag(node, "img", "", **attributes))

    def depart_image(self, node: nodes.Element) -> None:
        """Write nothing."""
