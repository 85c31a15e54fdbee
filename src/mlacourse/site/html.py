"""HTML fragments: templates that escape what they are given, and the plain text of the bank as HTML."""

import json
import re
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

_TEMPLATES = Environment(
    loader=PackageLoader("mlacourse.site", "fragments"),
    autoescape=True,
    trim_blocks=True,
    lstrip_blocks=True,
    undefined=StrictUndefined,
)
_INLINE = re.compile(r"`([^`]+)`|\*\*([^*]+)\*\*")


def render(template: str, **values: Any) -> Markup:
    """Render a template of ``fragments/``; every value is escaped unless it is ``Markup``."""
    return Markup(_TEMPLATES.get_template(template).render(**values))


def inline(text: str) -> Markup:
    """Return a text of the bank with its `code` and **strong** as HTML.

    >>> str(inline("Use `f1 < 1`, **not** accuracy."))
    'Use <code>f1 &lt; 1</code>, <strong>not</strong> accuracy.'
    """
    parts: list[Markup] = []
    end = 0
    for match in _INLINE.finditer(text):
        parts.append(escape(text[end : match.start()]))
        code, strong = match.groups()
        parts.append(Markup("<code>{}</code>").format(code) if code else Markup("<strong>{}</strong>").format(strong))
        end = match.end()
    parts.append(escape(text[end:]))
    return Markup("").join(parts)


def paragraphs(text: str) -> Markup:
    r"""Return a text of the bank as HTML paragraphs; blank lines part them.

    >>> str(paragraphs("One.\n\nTwo."))
    '<p>One.</p><p>Two.</p>'
    """
    blocks = re.split(r"\n\s*\n", text.strip())
    return Markup("").join(Markup("<p>{}</p>").format(inline(" ".join(block.split()))) for block in blocks)


def script_json(data: Any) -> Markup:
    """Return ``data`` as JSON that is safe inside a ``script`` element."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return Markup(text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029"))


def single_questions(questions: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the questions with each case study taken apart."""
    return [single for question in questions for single in question.get("questions", [question])]


_TEMPLATES.filters.update(
    inline=inline, paragraphs=paragraphs, script_json=script_json, single_questions=single_questions
)
