"""Front matter and headings of chapter sources."""

from pathlib import Path

import pytest

from mlacourse import chapters


def source(folder: Path, text: str) -> Path:
    file = folder / "01_data" / "01_x.md"
    file.parent.mkdir()
    file.write_text(text, encoding="utf-8")
    return file


def test_a_missing_field_is_named(tmp_path: Path) -> None:
    file = source(tmp_path, "---\nmlacourse:\n  title: X\n---\n")
    with pytest.raises(chapters.ChapterError, match=r"chapters/01_data/01_x\.md:1: mlacourse\.promise"):
        chapters.header(file)


def test_a_source_without_front_matter_is_named(tmp_path: Path) -> None:
    with pytest.raises(chapters.ChapterError, match="has no front matter"):
        chapters.header(source(tmp_path, "# X\n"))


def test_headings_in_code_are_no_anchors(tmp_path: Path) -> None:
    file = source(tmp_path, "## Choosing a `threshold`\n\n```python\n# not a heading\n```\n\n### A, B & C\n")
    assert chapters.anchors(file) == {"choosing-a-threshold", "a-b--c"}


FRONT = """---
mlacourse:
  title: X
  promise: Y.
  minutes: 30
  prerequisites: []
  skills: {}
  objectives: [choose]
  labs:
    - {id: %s, title: Deploy, section: %s}
    - {id: second, title: Measure, section: lab-one}
---

## Lab one
"""


def test_a_lab_stands_under_a_heading(tmp_path: Path) -> None:
    labs = chapters.header(source(tmp_path, FRONT % ("first", "lab-one"))).labs
    assert [(lab.id, lab.section) for lab in labs] == [("first", "lab-one"), ("second", "lab-one")]


@pytest.mark.parametrize(
    ("identifier", "section", "told"),
    [
        ("first", "lab-two", r"mlacourse\.labs: 'first': section 'lab-two' is no heading.* Headings: lab-one\."),
        ("second", "lab-one", "labs: id 'second' stands twice"),
        ("First lab", "lab-one", r"mlacourse\.labs\.0\.id"),
    ],
)
def test_a_lab_without_its_heading_or_an_id_of_its_own_is_named(
    tmp_path: Path, identifier: str, section: str, told: str
) -> None:
    with pytest.raises(chapters.ChapterError, match=rf"chapters/01_data/01_x\.md:1: .*{told}"):
        chapters.header(source(tmp_path, FRONT % (identifier, section)))


def test_every_chapter_has_a_whole_header() -> None:
    for file in chapters.sources():
        assert chapters.header(file).objectives
