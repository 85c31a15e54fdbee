"""Where a reader can go from a page: the parts of the course, and the sections of the page."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from docutils import nodes
from sphinx.environment import BuildEnvironment
from sphinx_external_toc.api import FileItem, SiteMap


@dataclass
class Entry:
    """A link of the navigation, with the links under it."""

    title: str
    address: str
    current: bool = False
    entries: list["Entry"] = field(default_factory=list)


@dataclass
class Part:
    """A part of the course; it is open on the pages it holds."""

    caption: str
    entries: list[Entry]

    @property
    def current(self) -> bool:
        """Whether the page being shown is in this part."""
        return any(entry.current for entry in self.entries)


def parts(env: BuildEnvironment, pagename: str, address: Callable[[str], str]) -> list[Part]:
    """Return the course's parts as the table of contents has them, seen from ``pagename``."""
    site_map: SiteMap = env.external_site_map  # type: ignore[attr-defined]  # put there by sphinx-external-toc
    return [
        Part(
            caption=tree.caption or "",
            entries=[
                Entry(env.titles[name].astext(), address(name), current=name == pagename)
                for item in tree.items
                if isinstance(item, FileItem) and (name := _docname(env, str(item))) in env.titles
            ],
        )
        for tree in site_map.root.subtrees
    ]


def caption(env: BuildEnvironment, pagename: str) -> str:
    """Return the name of the part that ``pagename`` stands in, or nothing."""
    found = (part.caption for part in parts(env, pagename, lambda name: name) if part.current)
    return next(found, "")


def sections(env: BuildEnvironment, pagename: str) -> list[Entry]:
    """Return the sections of a page, two levels deep."""
    toc = env.tocs.get(pagename)
    page = next(_items(toc), None) if toc is not None else None
    return page.entries if page else []


def _items(node: nodes.Element) -> Iterator[Entry]:
    for item in node.children:
        if not isinstance(item, nodes.list_item):
            continue
        reference = next(item.findall(nodes.reference), None)
        if reference is None:
            continue
        entry = Entry(reference.astext(), reference["anchorname"] or "#")
        for child in item.children:
            if isinstance(child, nodes.bullet_list):
                entry.entries = list(_items(child))
        yield entry


def _docname(env: BuildEnvironment, item: str) -> str:
    return env.path2doc(item) or item if "." in item.rsplit("/", 1)[-1] else item
