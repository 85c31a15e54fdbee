"""Condition operators: whether a statement's conditions hold for a request."""

import base64
import ipaddress
from collections.abc import Callable
from datetime import UTC, datetime

from mlacourse.cloud.iam import arns
from mlacourse.cloud.iam.context import Context
from mlacourse.cloud.iam.patterns import equals, matches
from mlacourse.cloud.iam.policy import Condition

Comparison = Callable[[str, str, Context | None], bool]
"""Policy value, request value, and the context for policy variables (none in version 2008-10-17)."""


def holds(condition: Condition, context: Context, *, variables: bool = True) -> bool:
    """Return whether one condition holds.

    >>> tls = Condition("Bool", "aws:SecureTransport", ("true",))
    >>> holds(tls, Context({"aws:SecureTransport": True})), holds(tls, Context())
    (True, False)

    A key that the request lacks makes a condition false, but true with ``IfExists``, with a negated operator such as
    ``StringNotEquals``, and with ``ForAllValues``.
    """
    given = context.get(condition.key)
    if condition.operator == "Null":
        return any((given is None) == (value == "true") for value in condition.values)
    compare, negated = OPERATORS[condition.operator]
    scope = context if variables else None

    def fits(value: str) -> bool:
        """Return whether one value of the request meets the condition; a negated operator wants no match at all."""
        return any(compare(wanted, value, scope) for wanted in condition.values) != negated

    if given is None:
        return condition.if_exists or condition.quantifier == "ForAllValues" or (negated and not condition.quantifier)
    values = (given,) if isinstance(given, str) else given
    if condition.quantifier == "ForAllValues":
        return all(map(fits, values))
    if condition.quantifier == "ForAnyValue":
        return any(map(fits, values))
    found = any(compare(wanted, value, scope) for wanted in condition.values for value in values)
    return found != negated


def _string(fold: bool) -> Comparison:
    return lambda wanted, value, context: equals(wanted, value, context, fold=fold)


def _number(test: Callable[[float, float], bool]) -> Comparison:
    def compare(wanted: str, value: str, _: Context | None) -> bool:
        try:
            return test(float(value), float(wanted))
        except ValueError:
            return False

    return compare


def _date(test: Callable[[datetime, datetime], bool]) -> Comparison:
    def compare(wanted: str, value: str, _: Context | None) -> bool:
        try:
            return test(instant(value), instant(wanted))
        except ValueError:
            return False

    return compare


def instant(text: str) -> datetime:
    """Return the instant of an ISO 8601 date or of seconds since 1970. Raises ``ValueError`` for anything else.

    >>> instant("2027-01-11T09:00:00Z") == instant("1799658000")
    True
    """
    if text.replace(".", "", 1).isdigit() and "-" not in text:
        return datetime.fromtimestamp(float(text), UTC)
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _address(wanted: str, value: str, _: Context | None) -> bool:
    try:
        return ipaddress.ip_address(value) in ipaddress.ip_network(wanted, strict=False)
    except ValueError:
        return False


def _binary(wanted: str, value: str, _: Context | None) -> bool:
    try:
        return base64.b64decode(wanted, validate=True) == base64.b64decode(value, validate=True)
    except ValueError:
        return False


def _boolean(wanted: str, value: str, context: Context | None) -> bool:
    return equals(wanted, value, context, fold=True)


OPERATORS: dict[str, tuple[Comparison, bool]] = {
    "StringEquals": (_string(fold=False), False),
    "StringNotEquals": (_string(fold=False), True),
    "StringEqualsIgnoreCase": (_string(fold=True), False),
    "StringNotEqualsIgnoreCase": (_string(fold=True), True),
    "StringLike": (matches, False),
    "StringNotLike": (matches, True),
    "NumericEquals": (_number(lambda value, wanted: value == wanted), False),
    "NumericNotEquals": (_number(lambda value, wanted: value == wanted), True),
    "NumericLessThan": (_number(lambda value, wanted: value < wanted), False),
    "NumericLessThanEquals": (_number(lambda value, wanted: value <= wanted), False),
    "NumericGreaterThan": (_number(lambda value, wanted: value > wanted), False),
    "NumericGreaterThanEquals": (_number(lambda value, wanted: value >= wanted), False),
    "DateEquals": (_date(lambda value, wanted: value == wanted), False),
    "DateNotEquals": (_date(lambda value, wanted: value == wanted), True),
    "DateLessThan": (_date(lambda value, wanted: value < wanted), False),
    "DateLessThanEquals": (_date(lambda value, wanted: value <= wanted), False),
    "DateGreaterThan": (_date(lambda value, wanted: value > wanted), False),
    "DateGreaterThanEquals": (_date(lambda value, wanted: value >= wanted), False),
    "Bool": (_boolean, False),
    "BinaryEquals": (_binary, False),
    "IpAddress": (_address, False),
    "NotIpAddress": (_address, True),
    "ArnEquals": (arns.condition_matches, False),
    "ArnLike": (arns.condition_matches, False),
    "ArnNotEquals": (arns.condition_matches, True),
    "ArnNotLike": (arns.condition_matches, True),
}
