"""What is known about a request: condition keys and their values."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

Value = str | tuple[str, ...]


class Context(Mapping[str, Value]):
    """Condition keys of one request; their names are case-insensitive, as in AWS.

    A string is a single-valued key, a sequence a multivalued one:

    >>> context = Context({"aws:SecureTransport": True, "aws:TagKeys": ["team", "cost"]})
    >>> context["AWS:securetransport"], context["aws:tagkeys"]
    ('true', ('team', 'cost'))
    """

    def __init__(self, values: Mapping[str, Any] | None = None) -> None:
        self._names = {name.lower(): name for name in values or {}}
        self._values = {name.lower(): _value(value) for name, value in (values or {}).items()}

    def __getitem__(self, key: str) -> Value:
        return self._values[key.lower()]

    def __iter__(self) -> Iterator[str]:
        return iter(self._names.values())

    def __len__(self) -> int:
        return len(self._values)

    def __repr__(self) -> str:
        return f"Context({ {name: self[name] for name in self} })"


def text(value: Any) -> str:
    """Return a JSON scalar as policies compare it: booleans in lower case, the rest as written."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def _value(value: Any) -> Value:
    if isinstance(value, Sequence | set | frozenset) and not isinstance(value, str):
        return tuple(text(item) for item in value)
    return text(value)
