"""Mathematics as MathML, made when the site is built; formulas that cannot be set stop the build."""

import re
from functools import lru_cache
from typing import Any

from docutils import nodes
from latex2mathml.converter import convert
from sphinx.application import Sphinx
from sphinx.transforms import SphinxTransform
from sphinx.util import logging

from mlacourse.site.translator import CourseTranslator

_LOGGER = logging.getLogger(__name__)
# The converter passes on what it does not know: an unknown command, or the columns of an unknown environment.
_LEFT_OVER = re.compile(r"<(?:mi|mo|mtext)[^>]*>(\\[A-Za-z]+|&)</")
_ALIGNMENT = re.compile(r' columnalign="(left|right|center)"')


class MathError(ValueError):
    """A formula that cannot be set; the message says why."""


@lru_cache(maxsize=4096)
def mathml(latex: str, display: bool) -> str:
    """Return a formula as MathML.

    >>> mathml("x^2", False)
    '<math display="inline"><mrow><msup><mi>x</mi><mn>2</mn></msup></mrow></math>'

    Raises ``MathError`` if it holds something that the converter does not know.
    """
    # `aligned` is `align*` inside a formula; the converter knows only the latter.
    source = re.sub(r"\\(begin|end)\{aligned\}", r"\\\1{align*}", latex.strip())
    try:
        markup: str = convert(source, display="block" if display else "inline")
    except Exception as error:  # the converter has a dozen errors without a common base
        raise MathError(f"the formula {latex.strip()!r} is not whole ({type(error).__name__})") from None
    unknown = _LEFT_OVER.search(markup)
    if unknown:
        raise MathError(f"the formula {latex.strip()!r} uses {unknown[1]}, which cannot be set as MathML")
    return _ALIGNMENT.sub(r' class="\1"', markup.replace(' xmlns="http://www.w3.org/1998/Math/MathML"', ""))


class CheckMath(SphinxTransform):
    """Report formulas that cannot be set, where they stand."""

    default_priority = 810

    def apply(self, **kwargs: Any) -> None:
        """Try every formula of one document."""
        for node in self.document.findall(lambda n: isinstance(n, nodes.math | nodes.math_block)):
            try:
                mathml(node.astext(), isinstance(node, nodes.math_block))
            except MathError as error:
                _LOGGER.warning("%s. Mend the LaTeX.", error, location=node, type="mlacourse", subtype="math")
                node.replace_self(nodes.literal("", node.astext()))


def register(app: Sphinx) -> None:
    """Make this the renderer ``mathml`` of ``html_math_renderer``."""
    app.add_transform(CheckMath)
    app.add_html_math_renderer("mathml", (_inline, None), (_block, None))


def _inline(self: CourseTranslator, node: nodes.math) -> None:
    self.body.append(mathml(node.astext(), False))
    raise nodes.SkipNode


def _block(self: CourseTranslator, node: nodes.math_block) -> None:
    self.body.append(f'<div class="math-block">{mathml(node.astext(), True)}</div>\n')
    raise nodes.SkipNode
