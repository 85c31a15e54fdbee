"""Callouts: a quotation that opens with a bold label becomes a named note."""

from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.transforms import SphinxTransform

from mlacourse.site.translator import CourseTranslator

LABELS = {
    "Exam tip": "exam-tip",
    "Trap": "trap",
    "On AWS": "on-aws",
    "Try it": "try-it",
    "Note": "note",
    "Predict": "predict",
    "Retired service": "retired-service",
}


class Callout(nodes.General, nodes.Element):
    """A note beside the text; ``label`` names it."""


class FindCallouts(SphinxTransform):
    """Turn labelled quotations into callouts; any other quotation stays one."""

    default_priority = 400

    def apply(self, **kwargs: Any) -> None:
        """Replace the quotations of one document."""
        for quote in list(self.document.findall(nodes.block_quote)):
            label = _take_label(quote)
            if label:
                self.env.temp_data["mlacourse_callouts"] = number = self.env.temp_data.get("mlacourse_callouts", 0) + 1
                callout = Callout("", *quote.children, label=label, number=number)
                callout.source, callout.line = quote.source, quote.line
                quote.replace_self(callout)


def _take_label(quote: nodes.block_quote) -> str | None:
    """Cut the label off the first paragraph and return it."""
    paragraph = quote.children[0] if quote.children else None
    if not isinstance(paragraph, nodes.paragraph):
        return None
    told = [child for child in paragraph.children if child.astext()]  # the parser may leave empty text in front
    label = told[0].astext().rstrip(".:") if told and isinstance(told[0], nodes.strong) else None
    if label not in LABELS:
        return None
    rest = told[1:]
    if rest and isinstance(rest[0], nodes.Text):
        rest[0] = nodes.Text(rest[0].astext().lstrip(" .:\n"))
    paragraph.children = []
    paragraph.extend(rest)
    if not rest:
        quote.remove(paragraph)
    return str(label)


def register(app: Sphinx) -> None:
    """Add the transform and the node."""
    app.add_transform(FindCallouts)
    app.add_node(Callout, html=(_open, _close))


def _open(self: CourseTranslator, node: Callout) -> None:
    name = f"callout-{node['number']}"
    self.body.append(
        f'<div class="callout callout-{LABELS[node["label"]]}" role="note" aria-labelledby="{name}">'
        f'<p class="callout-label" id="{name}">{node["label"]}</p>\n'
    )


def _close(self: CourseTranslator, node: Callout) -> None:
    self.body.append("</div>\n")
