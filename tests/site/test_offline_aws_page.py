"""The page of the offline AWS says what the cloud itself refuses by."""

from __future__ import annotations

from small_book import ROOT, SmallBook

from mlacourse.cloud import fidelity


def test_the_page_has_every_row_of_every_table(book: SmallBook) -> None:
    book.write("book/reference/offline_aws.md", (ROOT / "book/reference/offline_aws.md").read_text(encoding="utf-8"))
    built = book.build()
    assert (built.whole, built.faults) == (True, "")
    page = built.page("reference/offline_aws")
    for service in fidelity.services():
        section = page.find(id=service)
        assert section is not None
        assert fidelity.TITLES[service] in section.get_text()
        items = section.find("ul").find_all("li", recursive=False)
        for row, item in zip(fidelity.rows(service), items, strict=True):
            level = {"behaves": "As on AWS.", "simplified": "Simplified.", "missing": "Refused."}[row.level]
            assert item.p.get_text().startswith(level)
            assert tuple(code.get_text() for code in item.find_all("code")) == row.operations
