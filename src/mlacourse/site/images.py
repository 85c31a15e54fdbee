"""Pictures: every one has a text alternative."""

from typing import Any

from docutils import nodes
from myst_nb.core.render import MimeData, NbElementRenderer
from sphinx.application import Sphinx
from sphinx.transforms import SphinxTransform
from sphinx.util import logging

_LOGGER = logging.getLogger(__name__)
MIMES = ("image/png", "image/jpeg", "image/gif", "image/svg+xml")


class CheckAlternatives(SphinxTransform):
    """Refuse pictures in the text that say nothing to who cannot see them."""

    default_priority = 800

    def apply(self, **kwargs: Any) -> None:
        """Report each picture without a text alternative."""
        for image in self.document.findall(nodes.image):
            if not image.get("alt", "").strip():
                _LOGGER.warning(
                    "the image %s has no text alternative. Say in words what it shows: ![what it shows](…).",
                    image["uri"],
                    location=_placed(image),
                    type="mlacourse",
                    subtype="alt",
                )
                image["alt"] = "missing"


def _placed(node: nodes.Element) -> nodes.Element:
    """Return the nearest element that knows its line: pictures in a paragraph do not."""
    while not node.line and node.parent is not None:
        node = node.parent
    return node


def register(app: Sphinx) -> None:
    """Add the check."""
    app.add_transform(CheckAlternatives)


def figure(renderer: NbElementRenderer, data: MimeData) -> list[nodes.Element]:
    """Return the picture that a cell displayed, with the text alternative stored beside it."""
    metadata = data.output_metadata.get(data.mime_type, {})
    alt = str(metadata.get("alt", "")).strip()
    if not alt:
        _LOGGER.warning(
            "cell %s displays an image without a text alternative. Use figures.show(figure, alt='what it shows').",
            (data.cell_index or 0) + 1,
            location=(renderer.renderer.sphinx_env.docname, data.line),
            type="mlacourse",
            subtype="alt",
        )
        return []
    (image,) = renderer.render_image(data)
    image["alt"] = alt
    image["classes"].append("figure")
    if metadata.get("needs_background") == "light":
        image["classes"].append("on-light")
    return [image]
