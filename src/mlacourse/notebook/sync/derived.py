"""The two cells that no source holds: the installation on Colab and the chapter's header."""

from __future__ import annotations

from pathlib import Path

import nbformat
from nbformat import NotebookNode

from mlacourse import chapters
from mlacourse.notebook.sync.errors import SyncError
from mlacourse.notebook.sync.repository import Repository
from mlacourse.notebook.sync.source import Source

COLAB_ID = "mlacourse-colab"
HEADER_ID = "mlacourse-header"

_TEMPLATE = Path(__file__).with_name("colab_cell.py")


def derived_cells(source: Source, repository: Repository) -> list[NotebookNode]:
    """Return the Colab cell and the header cell of a chapter."""
    try:
        header = chapters.validate_header(source.front.get("mlacourse"), source.name, chapters.anchors(source.path))
        return [_colab_cell(header, repository), _header_cell(header, source, repository)]
    except chapters.ChapterError as error:
        raise SyncError(str(error)) from None


def _colab_cell(header: chapters.ChapterHeader, repository: Repository) -> NotebookNode:
    wheel = f"mlacourse[{','.join(header.extras)}] @ {repository.wheel}" if header.extras else repository.wheel
    text = _TEMPLATE.read_text(encoding="utf-8").strip()
    text = text.replace("{version}", repository.version)
    text = text.replace("{wheel}", wheel)
    text = text.replace("{repository}", repository.addresses.repository)
    # Folded where an interface can: a learner need not read it.
    metadata = {"cellView": "form", "jupyter": {"source_hidden": True}, "tags": ["remove-cell"]}
    cell: NotebookNode = nbformat.v4.new_code_cell(text, id=COLAB_ID, metadata=nbformat.from_dict(metadata))
    return cell


def _header_cell(header: chapters.ChapterHeader, source: Source, repository: Repository) -> NotebookNode:
    before = [_prerequisite(entry, source, repository) for entry in header.prerequisites]
    lines = [
        f"# {header.title}",
        "",
        header.promise,
        "",
        "| Time | Before this chapter |",
        "| :-- | :-- |",
        f"| {header.minutes} minutes | {'; '.join(before) or 'nothing'} |",
        "",
        "**After this you can**",
        "",
        *(f"- {objective}" for objective in header.objectives),
        "",
        "| Exam | Skill | What it asks |",
        "| :-- | :-- | :-- |",
        *_skill_rows(header, source, repository),
    ]
    cell: NotebookNode = nbformat.v4.new_markdown_cell("\n".join(lines), id=HEADER_ID)
    return cell


def _prerequisite(entry: str, source: Source, repository: Repository) -> str:
    """Return plain words as they are and a chapter id as a link with the chapter's title."""
    file = repository.root / "chapters" / f"{entry}.md"
    if file.is_file():
        part, name = entry.split("/")
        folder = "" if part == source.path.parent.name else f"../{part}/"
        return f"[{chapters.header(file).title}]({folder}{name}.ipynb)"
    if "/" in entry and " " not in entry:
        raise SyncError(
            f"{source.name}: front matter: mlacourse.prerequisites: {entry!r} is no chapter. "
            "Write the id of one that exists, or plain words."
        )
    return entry


def _skill_rows(header: chapters.ChapterHeader, source: Source, repository: Repository) -> list[str]:
    exams = repository.exams
    rows = []
    for exam, skills in header.skills.items():
        known = exams[exam].skills if exam in exams else {}
        for skill in skills:
            if skill not in known:
                raise SyncError(
                    f"{source.name}: front matter: mlacourse.skills.{exam}: {skill!r} is not in "
                    "quizzes/blueprints.yml. Write an id that is."
                )
            text = known[skill].replace("|", r"\|")
            rows.append(f"| {exam.upper()} | {skill} | {text} |")
    return rows
