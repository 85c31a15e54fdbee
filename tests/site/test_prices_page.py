"""The page of prices shows what the table holds, and a bad table stops the build with the mend."""

from __future__ import annotations

from pathlib import Path

import pytest
from small_book import ROOT, SmallBook

from mlacourse import prices
from mlacourse.site import prices as page_of_prices

PAGE = "book/reference/prices.md"
TABLE = """
- id: s3.standard.storage
  title: Storage in S3 Standard
  service: Amazon S3
  amount: {amount}
  unit: GB-month
  region: us-east-1
  source: https://aws.amazon.com/s3/pricing/
  as_of: 2026-01-31
"""


@pytest.fixture
def table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    file = tmp_path / "table" / "prices.yml"
    file.parent.mkdir()
    monkeypatch.setattr(prices, "FILE", file)
    monkeypatch.setattr(page_of_prices, "FILE", file)
    return file


def test_each_price_stands_under_its_service_with_unit_day_and_source(book: SmallBook, table: Path) -> None:
    table.write_text(TABLE.format(amount=0.023))
    book.write(PAGE, (ROOT / PAGE).read_text(encoding="utf-8"))
    built = book.build()
    assert (built.whole, built.faults) == (True, "")
    section = built.page("reference/prices").find(id="amazon-s3")
    row = [cell.get_text() for cell in section.tbody.tr.find_all("td")]
    assert row[1:] == ["0.023", "GB-month", "us-east-1", "2026-01-31", "aws.amazon.com"]


def test_a_bad_price_stops_the_build_with_its_place(book: SmallBook, table: Path) -> None:
    table.write_text(TABLE.format(amount=-1))
    book.write(PAGE, (ROOT / PAGE).read_text(encoding="utf-8"))
    built = book.build()
    assert not built.whole
    assert "prices.yml: s3.standard.storage: amount" in built.faults
