"""What a cell displayed, turned into what the page shows: the plug-in that myst-nb asks first."""

from collections.abc import Sequence
from typing import ClassVar

from docutils import nodes
from myst_nb.core.render import MimeData, NbElementRenderer

from mlacourse.site import charts, images, questions, tables


class MimeRenderer:
    """Renders the course's own kinds of output, and the common ones without scripts and inline styles."""

    mime_priority_overrides: ClassVar[Sequence[tuple[str, str, int | None]]] = [
        ("html", charts.VEGALITE, 1),
        ("html", questions.QUIZ, 1),
        ("html", questions.CARDS, 1),
    ]

    @staticmethod
    def handle_mime(renderer: NbElementRenderer, data: MimeData, inline: bool) -> list[nodes.Element] | None:
        """Return the nodes for one face of an output, nothing to leave it out, ``None`` for myst-nb's own way."""
        beside = outputs_beside(renderer, data)
        if data.mime_type == charts.VEGALITE:
            return charts.figure(renderer, data, picture="image/png" in beside)
        if data.mime_type == questions.QUIZ:
            return questions.quiz(renderer, data)
        if data.mime_type == questions.CARDS:
            return questions.cards(renderer, data)
        if charts.VEGALITE in beside or data.mime_type.startswith(("application/javascript", "application/vnd.")):
            return []  # the chart speaks for them; scripts and widgets have no kernel here
        if data.mime_type in images.MIMES:
            return images.figure(renderer, data)
        if data.mime_type == "text/html":
            table = tables.clean(data.string)
            return [nodes.raw("", table, format="html", classes=["output"])] if table else []
        return None


def outputs_beside(renderer: NbElementRenderer, data: MimeData) -> set[str]:
    """Return the kinds of data in the same output."""
    if data.cell_index is None or data.output_index is None:
        return set()
    _, outputs = renderer.renderer.nb_client.code_cell_outputs(data.cell_index)
    if data.output_index >= len(outputs):
        return set()
    return set(outputs[data.output_index].get("data", {}))
