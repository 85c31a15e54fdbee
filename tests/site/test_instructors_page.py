"""The instructors' page knows every chapter's note."""

from __future__ import annotations

import re

from small_book import ROOT

from mlacourse.chapters import header


def test_every_chapter_of_the_contents_has_a_note_that_the_page_names() -> None:
    contents = (ROOT / "book" / "_toc.yml").read_text(encoding="utf-8")
    page = (ROOT / "book" / "instructors" / "index.md").read_text(encoding="utf-8")
    chapters = re.findall(r"file: chapters/(\S+)", contents)
    assert chapters
    for chapter in chapters:
        note = f"notes/{chapter.replace('/', '_')}"
        assert f"- file: book/instructors/{note}\n" in contents
        assert f"[{header(ROOT / 'chapters' / f'{chapter}.md').title}]({note}.md)" in page
