"""What runs in the browser: an application's place on a page, and its data as scripts that hand them over."""

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective
from sphinx.util.osutil import relative_uri

from mlacourse.bank import BankError
from mlacourse.bank.exam import exam_document
from mlacourse.bank.progress import progress_document
from mlacourse.site import cards
from mlacourse.site.course import course
from mlacourse.site.html import render, script_json
from mlacourse.site.questions import learn_link
from mlacourse.site.translator import CourseTranslator

Document = dict[str, Any]
_LOGGER = logging.getLogger(__name__)

# Addresses in the data start at the site's root: one file serves pages of every depth.
DATA: dict[str, Callable[[CourseTranslator], Document]] = {
    "exam_bank": lambda page: exam_document(link=lambda chapter, learn: learn_link(page, chapter, learn, root=True)),
    "course": course,
    "progress_lists": lambda _: progress_document(),
    "card_bank": cards.card_bank,
}
_DOCUMENTS: dict[str, Document] = {}
# What a reader can download from the application's page.
FILES: dict[str, Callable[[CourseTranslator], bytes]] = {cards.ANKI: cards.anki, cards.TABLE: cards.table}


@dataclass(frozen=True)
class App:
    """Its bundle is ``<name>.js``, its style ``<name>.css``, what it says without JavaScript ``<name>.html``."""

    name: str
    data: tuple[str, ...]
    files: tuple[str, ...] = ()
    asks_later: bool = False
    """Whether its script loads the data by itself: most readers of the page do not need them."""


APPS = {
    app.name: app
    for app in (
        App("exam", ("exam_bank",)),
        App("mistakes", ("exam_bank", "course")),
        App("cards", ("card_bank",), (cards.ANKI, cards.TABLE)),
        App("plan", ("course",)),
        App("progress", ("course", "progress_lists")),
        App("today", ("course",), asks_later=True),
        App("transfer", ()),
    )
}


class AppNode(nodes.General, nodes.Element):
    """Stands for an application; ``app`` is its name."""


class AppDirective(SphinxDirective):
    """``{app} exam``: an application of the list above."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Mark the place; its data are written when every chapter has been read."""
        name = self.arguments[0]
        if name not in APPS:
            raise self.error(f"there is no application {name!r}. Use one of {', '.join(APPS)}.")
        self.env.metadata[self.env.docname]["mlacourse_app"] = True
        return [AppNode(app=name)]


def register(app: Sphinx) -> None:
    """Add the directive, and write its pages again on every build, since any chapter or question may have changed."""
    app.add_directive("app", AppDirective)
    app.add_node(AppNode, html=(_write, None))
    app.connect("env-updated", _pages_to_write_again)


def names(doctree: nodes.document | None) -> list[str]:
    """Return the names of the applications on a page, in their order there."""
    found = doctree.findall(AppNode) if doctree is not None else ()
    return list(dict.fromkeys(str(node["app"]) for node in found))


def data_script(name: str, document: Document) -> str:
    """Return a classic script that hands data to whoever listens: no page has to fetch, which ``file://`` refuses."""
    root = 'document.currentScript.getAttribute("src").replace(/_static\\/.*|[^/]*$/,"")'
    detail = f"{{root:{root},content:{script_json(document)}}}"
    return f'document.dispatchEvent(new CustomEvent("mlacourse:{name}",{{detail:{detail}}}));\n'


def _pages_to_write_again(app: Sphinx, env: BuildEnvironment) -> Iterable[str]:
    _DOCUMENTS.clear()
    return [name for name, metadata in env.metadata.items() if "mlacourse_app" in metadata]


def _document(self: CourseTranslator, name: str) -> Document:
    """Return a data document, made once for each build: several pages hold the same."""
    if name not in _DOCUMENTS:
        _DOCUMENTS[name] = DATA[name](self)
    return _DOCUMENTS[name]


def _write(self: CourseTranslator, node: AppNode) -> None:
    app = APPS[node["app"]]
    builder = self.builder
    try:
        documents = {name: _document(self, name) for name in app.data}
    except BankError as error:
        _LOGGER.warning(str(error), location=builder.current_docname, type="mlacourse", subtype="app")
        raise nodes.SkipNode from None
    here = builder.get_target_uri(builder.current_docname)
    self.body.append(render(f"{app.name}.html", at=lambda target: relative_uri(here, target), **documents))
    for name, document in documents.items():
        script = data_script(name, document)
        address = f"_static/{name}.js"
        file = Path(builder.outdir, address)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(script, encoding="utf-8")
        if app.asks_later:
            continue
        version = hashlib.sha256(script.encode()).hexdigest()[:10]
        self.body.append(f'<script src="{relative_uri(here, address)}?v={version}" defer></script>\n')
    for name in app.files:
        Path(builder.outdir, "_static", name).write_bytes(FILES[name](self))
    raise nodes.SkipNode
