"""Code cells on the page: what a reader needs of them, and the folds that hide the rest."""

import re
from typing import Any

from docutils import nodes
from myst_nb.sphinx_ import HideCodeCellNode
from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import SphinxPostTransform

from mlacourse.site.translator import CourseTranslator

_HIDDEN_TESTS = re.compile(r"^[ \t]*### BEGIN HIDDEN TESTS.*?### END HIDDEN TESTS[^\n]*\n?", re.DOTALL | re.MULTILINE)
_MARKERS = re.compile(r"^[ \t]*### (BEGIN|END) SOLUTION[^\n]*\n?", re.MULTILINE)


def reading_copy(notebook: dict[str, Any]) -> dict[str, Any]:
    """Return the notebook without the marks that only the grading tools need."""
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            source = "".join(cell["source"])
            cell["source"] = _MARKERS.sub("", _HIDDEN_TESTS.sub("", source)).rstrip()
    return notebook


def register(app: Sphinx) -> None:
    """Fold hidden cells into disclosures that say what they hold."""
    app.add_post_transform(NameFolds)
    app.add_node(HideCodeCellNode, override=True, html=(_open_fold, _close_fold))


class NameFolds(SphinxPostTransform):
    """Say on each fold what it holds, before myst-nb wraps the cells."""

    default_priority = 190
    formats = ("html",)

    def run(self, **kwargs: Any) -> None:
        """Set the text of every fold."""
        for cell in self.document.findall(nodes.container):
            if cell.get("nb_element") == "cell_code" and cell.get("hide_mode"):
                cell["prompt_show"] = _prompt(cell["hide_mode"], cell["cell_metadata"])


def _prompt(mode: str, metadata: dict[str, Any]) -> str:
    if metadata.get("nbgrader", {}).get("solution"):
        return "Show the solution"
    return {"all": "Show the code and its result", "output": "Show the result"}.get(mode, "Show the code")


def _open_fold(self: CourseTranslator, node: HideCodeCellNode) -> None:
    self.body.append(f'<details class="fold"><summary>{self.encode(node["prompt_show"])}</summary>\n')


def _close_fold(self: CourseTranslator, node: HideCodeCellNode) -> None:
    self.body.append("</details>\n")
