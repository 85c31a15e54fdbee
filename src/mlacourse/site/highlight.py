"""Code in five colours: one class for each, and no markup for what has none."""

from typing import Any

from pygments.formatters import HtmlFormatter
from pygments.token import Comment, Keyword, Name, Number, Operator, String
from sphinx.highlighting import PygmentsBridge

_CLASSES = (
    (Comment, "comment"),
    (Keyword, "keyword"),
    (Operator.Word, "keyword"),
    (String, "string"),
    (Number, "number"),
    (Name.Function, "name"),
    (Name.Class, "name"),
    (Name.Decorator, "name"),
    (Name.Builtin, "name"),
    (Name.Tag, "name"),
    (Name.Attribute, "name"),
)


class LeanFormatter(HtmlFormatter):
    """Writes a span only where the page has a colour; a chapter has thousands of names, brackets and commas."""

    def _get_css_classes(self, ttype: Any) -> str:
        return next((name for kind, name in _CLASSES if ttype in kind), "")


class LeanHighlighter(PygmentsBridge):
    """Sphinx's way to Pygments, with the lean formatter."""

    html_formatter = LeanFormatter
