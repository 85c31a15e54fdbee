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


def test_every_chapter_has_a_whole_header() -> None:
    for file in chapters.sources():
        assert chapters.header(file).objectives
