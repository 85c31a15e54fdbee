"""Amazon Resource Names: their six parts, and how a policy's ARN matches a request's."""

import re
from typing import NamedTuple

from mlacourse.cloud.iam.context import Context
from mlacourse.cloud.iam.patterns import matches


class Arn(NamedTuple):
    """The six parts of ``arn:partition:service:region:account:resource``."""

    arn: str
    partition: str
    service: str
    region: str
    account: str
    resource: str

    def __str__(self) -> str:
        return ":".join(self)


def parse(text: str) -> Arn | None:
    """Return the parts of an ARN, ``None`` for text that is none.

    >>> parse("arn:aws:s3:::data/train.csv").resource
    'data/train.csv'
    >>> parse("data/train.csv")
    """
    parts = text.split(":", 5)
    return Arn(*parts) if len(parts) == 6 and parts[0] == "arn" else None


def resource_matches(pattern: str, resource: str, context: Context | None = None) -> bool:
    """Return whether a ``Resource`` of a policy covers ``resource``: part by part, case kept.

    A pattern with fewer parts is completed with wildcards, as AWS does it:

    >>> resource_matches("arn:aws:sqs", "arn:aws:sqs:us-east-1:111122223333:jobs")
    True
    """
    if pattern == "*":
        return True
    if resource == "*":
        return matches(pattern, resource, context)
    parts = _parts(pattern)
    named = resource.split(":", 5)
    return all(
        matches(part, value, context)
        for part, value in zip(parts + ["*"] * (6 - len(parts)), named + [""] * (6 - len(named)), strict=True)
    )


def condition_matches(pattern: str, value: str, context: Context | None = None) -> bool:
    """Return whether an ARN in a condition matches: all six parts must be there, each with its own wildcards."""
    if pattern == "*":
        return True
    parts, named = _parts(pattern), value.split(":", 5)
    return len(parts) == len(named) == 6 and all(
        matches(part, value, context) for part, value in zip(parts, named, strict=True)
    )


def _parts(pattern: str) -> list[str]:
    """Split at colons, but not at those of a policy variable."""
    return re.split(r":(?![^{}]*\})", pattern, maxsplit=5)
