"""The chapters as the rest of the house sees them: front matter and headings of each source."""

import re
from collections.abc import Set
from pathlib import Path
from typing import Annotated, Any, Literal, Self

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from mlacourse import resources

_FRONT_MATTER = re.compile(r"\A---\n(.*?)\n---\n", re.DOTALL)
_FENCE = re.compile(r"^(`{3,}|~{3,}).*?^\1`*\s*$", re.DOTALL | re.MULTILINE)
_HEADING = re.compile(r"^(#{1,6})\s+(.+?)\s*#*$", re.MULTILINE)


class ChapterError(ValueError):
    """A chapter's front matter does not hold; the message names file, field and mend."""


class Lab(BaseModel):
    """Something to do in a chapter that counts as done once: a learner's progress is keyed by its id."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", description="Stable for ever.")]
    title: Annotated[str, Field(min_length=1)]
    section: Annotated[str, Field(min_length=1, description="The anchor of the heading under which it stands.")]


class ChapterHeader(BaseModel):
    """What stands at the front of a chapter, from its ``mlacourse`` metadata."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    title: Annotated[str, Field(min_length=1)]
    promise: Annotated[str, Field(min_length=1, description="One sentence.")]
    minutes: Annotated[int, Field(ge=5, le=600)]
    prerequisites: list[str]
    skills: dict[str, list[str]]
    objectives: Annotated[list[str], Field(min_length=1, description="In the form 'choose …', after 'you can'.")]
    labs: list[Lab] = []
    extras: Annotated[
        list[Literal["chapters", "cloud"]],
        Field(description="Extras of the package that the chapter needs on Colab, where only the core is installed."),
    ] = []

    @model_validator(mode="after")
    def _labs_are_distinct(self) -> Self:
        ids = [lab.id for lab in self.labs]
        repeated = sorted({name for name in ids if ids.count(name) > 1})
        if repeated:
            raise ValueError(f"labs: id {repeated[0]!r} stands twice; give each its own id")
        return self


def sources(root: Path | None = None) -> list[Path]:
    """Return the Markdown sources of all chapters, in book order."""
    base = root if root is not None else resources.root()
    return sorted(base.glob("chapters/[0-9]*/[0-9]*.md"))


def chapter_id(source: Path) -> str:
    """Return a chapter's id.

    >>> chapter_id(Path("chapters/01_data/02_batch.md"))
    '01_data/02_batch'
    """
    return f"{source.parent.name}/{source.stem}"


def header(source: Path) -> ChapterHeader:
    """Read a chapter's header from its source.

    Raises ``ChapterError`` if a field is missing or wrong.
    """
    name = f"chapters/{chapter_id(source)}.md"
    front = _FRONT_MATTER.match(source.read_text(encoding="utf-8"))
    if not front:
        raise ChapterError(f"{name}:1: has no front matter. Start with '---', see CONTRIBUTING.md.")
    return validate_header(yaml.safe_load(front.group(1)).get("mlacourse"), name, anchors(source))


def validate_header(metadata: Any, name: str, headings: Set[str]) -> ChapterHeader:
    """Return the header in ``metadata``; ``name`` is the file that an error names, ``headings`` has its anchors."""
    try:
        validated = ChapterHeader.model_validate(metadata or {})
    except ValidationError as error:
        findings = [
            f"{name}:1: mlacourse.{'.'.join(map(str, finding['loc']))}: {finding['msg']}. Mend the front matter."
            for finding in error.errors()
        ]
        raise ChapterError("\n".join(findings)) from None
    lost = [
        f"{name}:1: mlacourse.labs: {lab.id!r}: section {lab.section!r} is no heading of the chapter. "
        f"Headings: {', '.join(sorted(headings))}."
        for lab in validated.labs
        if lab.section not in headings
    ]
    if lost:
        raise ChapterError("\n".join(lost))
    return validated


def anchors(source: Path) -> set[str]:
    """Return the anchors of a chapter's headings, as the site and GitHub make them."""
    text = _FRONT_MATTER.sub("", source.read_text(encoding="utf-8"))
    return {slug(match.group(2)) for match in _HEADING.finditer(_FENCE.sub("", text))}


def slug(heading: str) -> str:
    """Return a heading's anchor.

    >>> slug("Choosing a threshold from `costs`, not habit")
    'choosing-a-threshold-from-costs-not-habit'
    """
    plain = re.sub(r"[`*]|\[([^\]]*)\]\([^)]*\)", lambda m: m.group(1) or "", heading)
    return re.sub(r"[^\w\- ]", "", plain.lower()).replace(" ", "-")
