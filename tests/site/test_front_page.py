"""The front page: what it says of a chapter is what the chapter says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FRONT = (ROOT / "book" / "index.md").read_text(encoding="utf-8")
PROMISES = re.findall(r"^- \*\*\[.+?\]\(\.\./(chapters/.+?)\.ipynb\)\*\*: (.+)$", FRONT, re.MULTILINE)


def test_the_front_page_presents_chapters() -> None:
    assert PROMISES


@pytest.mark.parametrize(("chapter", "text"), PROMISES)
def test_numbers_on_the_front_page_stand_in_the_chapter(chapter: str, text: str) -> None:
    source = (ROOT / f"{chapter}.md").read_text(encoding="utf-8")
    for number in re.findall(r"\d[\d.,]*\d|\d", text):
        assert re.search(rf"(?<!\d){re.escape(number)}(?!\d)", source), f"{number} is not in {chapter}.md"
