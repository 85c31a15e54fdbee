"""The course's one table of prices: each is an input with a source and a day, never a fact in prose."""

from __future__ import annotations

import itertools
from datetime import date
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from typing import Annotated

import yaml
from pydantic import BaseModel, ConfigDict, Field, HttpUrl, TypeAdapter, ValidationError

FILE = Path(__file__).with_suffix(".yml")

Text = Annotated[str, Field(min_length=1)]


class PriceError(ValueError):
    """A price is unknown or badly written; the message says where and how to mend it."""


class Price(BaseModel):
    """What one unit of something costs in one Region, according to a source of a given day.

    ``amount`` is in US dollars per ``unit`` ("hour", "GB-month", "million requests"). ``as_of`` is the day of the
    source: prices change, so a decision about money starts with reading ``source`` again.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: Annotated[str, Field(pattern=r"^[a-z0-9_.-]+$")]
    title: Text
    service: Text
    amount: Annotated[float, Field(gt=0)]
    unit: Text
    region: Annotated[str, Field(pattern=r"^[a-z]{2}(-[a-z]+)+-\d$")]
    source: HttpUrl
    as_of: date


def price(name: str) -> Price:
    """Return a price of the table.

    Raises ``PriceError`` if there is none of that id, or if the table cannot be read.
    """
    table = prices()
    if name not in table:
        near = get_close_matches(name, table, n=1)
        hint = f"Did you mean '{near[0]}'?" if near else f"Add it to {FILE.name} with its source and the source's day."
        raise PriceError(f"There is no price '{name}'. {hint}")
    return table[name]


def prices() -> dict[str, Price]:
    """Return the whole table by id, in the order of the ids.

    Raises ``PriceError`` naming the entry, the field and the mend.
    """
    return read(FILE)


@cache
def read(file: Path) -> dict[str, Price]:
    """Return the prices of a file by id; ``prices`` reads the course's own."""
    try:
        content = yaml.safe_load(file.read_text(encoding="utf-8"))
        entries = TypeAdapter(list[Price]).validate_python(content)
    except yaml.YAMLError as error:
        raise PriceError(f"{file.name}: is not valid YAML: {' '.join(str(error).split())}. Mend it there.") from error
    except ValidationError as error:
        first = error.errors()[0]
        place = [_named(content, first["loc"][0]), *first["loc"][1:]] if first["loc"] else []
        where = "".join(f"{part}: " for part in place)
        raise PriceError(f"{file.name}: {where}{first['msg']}.") from error
    ids = [entry.id for entry in entries]
    for before, after in itertools.pairwise(ids):
        if after <= before:
            mend = "drop one" if after == before else "sort the entries by id"
            raise PriceError(f"{file.name}: {after}: stands after {before}; {mend}.")
    return {entry.id: entry for entry in entries}


def _named(content: object, entry: object) -> str:
    """Return the id of the entry at a place of the file, or its number if it has none."""
    assert isinstance(content, list)
    assert isinstance(entry, int)
    number = f"entry {entry + 1}"
    return content[entry].get("id", number) if isinstance(content[entry], dict) else number
