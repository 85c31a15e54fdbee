"""What a feature's text stands for: its type's value, and the instant of an event time."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime

Value = int | float | str

# The two forms of an event time that is a String.
_ISO = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{3})?Z")
_READ: dict[str, Callable[[str], Value]] = {"Integral": int, "Fractional": float, "String": str}


def value(text: str, kind: str) -> Value:
    """Read a feature's text as its type; raises ``ValueError`` for text that is none.

    >>> value("3", "Integral"), value("3", "Fractional"), value("3", "String")
    (3, 3.0, '3')
    """
    return _READ[kind](text)


def instant(text: str, kind: str) -> datetime:
    """Read an event time: seconds since 1970 as Fractional, ISO 8601 in UTC as String.

    >>> instant("2013-07-08T11:00:00Z", "String") == instant("1373281200", "Fractional")
    True

    Raises ``ValueError`` for any other form.
    """
    if kind == "Fractional":
        return datetime.fromtimestamp(float(text), UTC)
    if not _ISO.fullmatch(text):
        raise ValueError(f"{text!r} is not of the form yyyy-MM-dd'T'HH:mm:ssZ or yyyy-MM-dd'T'HH:mm:ss.SSSZ")
    return datetime.fromisoformat(text)
