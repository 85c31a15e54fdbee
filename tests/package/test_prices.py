"""The table of prices: what is in it, and what it says to one who adds a bad entry."""

from pathlib import Path

import pytest

from mlacourse.prices import PriceError, price, prices, read

ENTRY = """
- id: {id}
  title: Storage in S3 Standard
  service: Amazon S3
  amount: {amount}
  unit: GB-month
  region: us-east-1
  source: https://aws.amazon.com/s3/pricing/
  as_of: 2026-01-31
"""


def written(tmp_path: Path, *entries: dict[str, object]) -> Path:
    file = tmp_path / "prices.yml"
    file.write_text("".join(ENTRY.format(**{"id": "s3.standard", "amount": 0.023, **entry}) for entry in entries))
    return file


def test_the_table_of_the_course_can_be_read() -> None:
    assert all(entry.as_of.year >= 2024 for entry in prices().values())


def test_an_unknown_price_says_what_to_do() -> None:
    with pytest.raises(PriceError, match=r"no price 's3\.moon'\. (Did you mean|Add it to prices\.yml)"):
        price("s3.moon")


def test_a_price_has_its_unit_its_day_and_its_source(tmp_path: Path) -> None:
    entry = read(written(tmp_path, {}))["s3.standard"]
    assert (entry.amount, entry.unit, entry.as_of.isoformat()) == (0.023, "GB-month", "2026-01-31")


@pytest.mark.parametrize(
    ("entries", "message"),
    [
        ([{"amount": 0}], r"prices\.yml: s3\.standard: amount: .*greater than 0"),
        ([{"id": "S3 Standard"}], r"prices\.yml: S3 Standard: id: "),
        ([{}, {}], r"s3\.standard: stands after s3\.standard; drop one"),
        ([{}, {"id": "a"}], r"prices\.yml: a: stands after s3\.standard; sort the entries"),
    ],
)
def test_a_bad_entry_is_named_with_its_mend(tmp_path: Path, entries: list[dict[str, object]], message: str) -> None:
    with pytest.raises(PriceError, match=message):
        read(written(tmp_path, *entries))


def test_a_file_that_is_no_list_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "prices.yml"
    file.write_text("s3: 0.023\n")
    with pytest.raises(PriceError, match=r"prices\.yml: .*list"):
        read(file)
