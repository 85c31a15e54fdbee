"""The front of a chapter: its metadata checked, and shown under the title."""

import json
import re
from collections.abc import Iterator
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from docutils import nodes
from pydantic import ValidationError
from sphinx.application import Sphinx
from sphinx.transforms import SphinxTransform
from sphinx.util import logging

from mlacourse.bank import load_blueprints
from mlacourse.chapters import ChapterHeader
from mlacourse.site import launch
from mlacourse.site.html import render
from mlacourse.site.translator import CourseTranslator

_LOGGER = logging.getLogger(__name__)
_CHAPTER_ID = re.compile(r"[0-9a-z_]+/[0-9a-z_]+")


class ChapterFront(nodes.General, nodes.Element):
    """What stands under a chapter's title; its children are the promise and the objectives."""


def is_chapter(docname: str) -> bool:
    """Tell chapters from the pages around them."""
    return docname.startswith("chapters/")


def register(app: Sphinx) -> None:
    """Check each chapter's metadata when it is read, and write it on the page."""
    # After the notebook's lines are known: the header cell is cut to its title.
    app.connect("source-read", _cut_header_cell, priority=600)
    app.add_transform(InsertFront)
    app.add_node(ChapterFront, html=(_write_front, None))


def findings(metadata: Any) -> Iterator[tuple[str, str]]:
    """Yield the field and the message of each thing that does not hold in a chapter's metadata."""
    try:
        header = ChapterHeader.model_validate(metadata or {})
    except ValidationError as error:
        for finding in error.errors():
            field = ".".join(str(step) for step in finding["loc"])
            if finding["type"] == "missing":
                yield field, f"mlacourse.{field} is missing. Add it to the front matter."
            else:
                yield field, f"mlacourse.{field}: {finding['msg']}. Mend the front matter."
        return
    exams = load_blueprints().exams
    for exam, skills in header.skills.items():
        if exam not in exams:
            yield "skills", f"mlacourse.skills: {exam!r} is no exam of the blueprints; use {sorted(exams)}."
            continue
        for skill in skills:
            if skill not in exams[exam].skills:
                near = get_close_matches(skill, exams[exam].skills, n=1)
                hint = f" Did you mean {near[0]!r}?" if near else ""
                yield "skills", f"mlacourse.skills.{exam}: {skill!r} is not a skill of the exam.{hint}"


class InsertFront(SphinxTransform):
    """Put the front under the title and report what is wrong with it."""

    default_priority = 60

    def apply(self, **kwargs: Any) -> None:
        """Add the front to a chapter's tree."""
        if not is_chapter(self.env.docname):
            return
        metadata = json.loads(self.env.temp_data.get("mlacourse_header", "null"))
        wrong = list(findings(metadata))
        for field, message in wrong:
            _LOGGER.warning(message, location=(self.env.docname, self._line(field)), type="mlacourse", subtype="header")
        title = next(self.document.findall(nodes.title), None)
        if wrong or title is None:
            return
        header = ChapterHeader.model_validate(metadata)
        self.env.metadata[self.env.docname]["chapter_header"] = header.model_dump()
        front = ChapterFront()
        front += nodes.paragraph("", header.promise)
        front += nodes.bullet_list("", *(nodes.list_item("", nodes.paragraph("", o)) for o in header.objectives))
        title.parent.insert(title.parent.index(title) + 1, front)

    def _line(self, field: str) -> int:
        source = Path(self.env.doc2path(self.env.docname)).with_suffix(".md")
        if not source.is_file():
            return 1
        lines = source.read_text(encoding="utf-8").splitlines()
        for name in (field.split(".")[0], "mlacourse"):
            for number, line in enumerate(lines, start=1):
                if re.match(rf"\s*{re.escape(name)}:", line):
                    return number
        return 1


def _cut_header_cell(app: Sphinx, docname: str, content: list[str]) -> None:
    """Keep only the title of the header cell: the page writes the rest from the metadata."""
    if not is_chapter(docname):
        return
    notebook = json.loads(content[0])
    app.env.temp_data["mlacourse_header"] = json.dumps(notebook["metadata"].get("mlacourse"))
    for cell in notebook["cells"]:
        source = "".join(cell["source"])
        if cell["cell_type"] == "markdown" and source.startswith("# "):
            cell["source"] = source.splitlines()[0]
            break
    content[0] = json.dumps(notebook)


def _write_front(self: CourseTranslator, node: ChapterFront) -> None:
    env = self.builder.env
    docname = self.builder.current_docname
    header = ChapterHeader.model_validate(env.metadata[docname]["chapter_header"])
    exams = load_blueprints().exams
    self.body.append(
        render(
            "chapter_front.html",
            header=header,
            prerequisites=[_prerequisite(self, text) for text in header.prerequisites],
            exams=[
                (exam.upper(), [(skill, exams[exam].skills[skill]) for skill in skills])
                for exam, skills in header.skills.items()
                if skills
            ],
            launch=launch.links(self.builder, docname),
        )
    )
    raise nodes.SkipNode


def _prerequisite(self: CourseTranslator, text: str) -> tuple[str, str | None]:
    """Return the words and, for a chapter of the site, the address of a prerequisite."""
    chapter = f"chapters/{text}"
    if not _CHAPTER_ID.fullmatch(text) or chapter not in self.builder.env.titles:
        return text, None
    title = self.builder.env.titles[chapter].astext()
    return title, self.builder.get_relative_uri(self.builder.current_docname, chapter)
