"""A table of the Data Catalog as its files in S3 hold it now."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

Value = float | str | datetime | bool | None

_CSV = ("OpenCSVSerde", "LazySimpleSerDe")


class UnreadableError(ValueError):
    """A table whose format is not built here."""


@dataclass(frozen=True)
class Table:
    """Columns by name, each with one value for every row; None is NULL."""

    columns: dict[str, list[Value]]
    rows: int


def read(glue: Any, s3: Any, database: str, name: str) -> Table:
    """Read the files below a table's location, with the clients of whoever asks.

    The file's first line names the columns. A blank in a column of type string is an empty text, elsewhere it is NULL,
    and so is what cannot be read as the column's type.
    """
    described = glue.get_table(DatabaseName=database, Name=name)["Table"]
    storage = described.get("StorageDescriptor", {})
    serde = storage.get("SerdeInfo", {})
    settings = {**described.get("Parameters", {}), **serde.get("Parameters", {})}
    if not serde.get("SerializationLibrary", "").endswith(_CSV) or settings.get("skip.header.line.count") != "1":
        raise UnreadableError(
            f"over the table {name} in this format. Describe a CSV file with OpenCSVSerde and skip.header.line.count 1"
        )
    delimiter = settings.get("separatorChar") or settings.get("field.delim") or ","
    types = {column["Name"]: column["Type"] for column in storage["Columns"]}
    records: list[dict[str, str]] = []
    names: set[str] = set()
    for text in _texts(s3, storage["Location"]):
        reader = csv.DictReader(io.StringIO(text), delimiter=delimiter)
        names |= set(reader.fieldnames or ())
        records += reader
    columns = {
        column: [_value(kind, record.get(column) or "") for record in records]
        for column, kind in types.items()
        if column in names
    }
    return Table(columns, len(records))


def _texts(s3: Any, location: str) -> list[str]:
    bucket, _, prefix = location.removeprefix("s3://").partition("/")
    pages = s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix)
    keys = [one["Key"] for page in pages for one in page.get("Contents", []) if one["Size"]]
    return [s3.get_object(Bucket=bucket, Key=key)["Body"].read().decode("utf-8") for key in keys]


_READERS: dict[str, Callable[[str], Value]] = {
    **dict.fromkeys(("tinyint", "smallint", "int", "bigint"), lambda text: float(int(text))),
    **dict.fromkeys(("float", "double"), float),
    **dict.fromkeys(("date", "timestamp"), datetime.fromisoformat),
    "boolean": lambda text: {"true": True, "false": False}[text.lower()],
}


def _value(kind: str, text: str) -> Value:
    if kind == "string" or kind.startswith(("char", "varchar")):
        return text
    if kind not in _READERS:
        raise UnreadableError(f"with a column of type {kind}. Use string, int, double, boolean, date or timestamp")
    try:
        return _READERS[kind](text)
    except (ValueError, KeyError):
        return None
