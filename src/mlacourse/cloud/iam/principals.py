"""Whom a statement of a resource policy means, and how directly: that decides which other policies still limit it."""

from enum import IntEnum

from mlacourse.cloud.call import Principal
from mlacourse.cloud.iam.policy import Principals


class Named(IntEnum):
    """How a ``Principal`` element names the one who asks, from not at all to in person."""

    NO = 0
    ACCOUNT = 1
    """By account (its id or ``:root``): the account decides with its identity-based policies."""
    ROLE = 2
    """By the role behind the session: boundary and session policies still limit."""
    DIRECTLY = 3
    """By the user's or the session's own ARN, by service name, or by ``*``."""


def named(principals: Principals | None, who: Principal) -> Named:
    """Return how a ``Principal`` element names ``who``; ``NotPrincipal`` names everybody whom it does not spare.

    >>> named(Principals((("AWS", "111122223333"),)), Principal("arn:aws:iam::111122223333:user/ana", "user",
    ...       "111122223333"))
    <Named.ACCOUNT: 1>
    """
    if principals is None:
        return Named.NO
    levels = {_names(kind, value, who) for kind, value in principals.values}
    if not principals.negated:
        return max(levels, default=Named.NO)
    return Named.NO if _spared(levels, who) else Named.DIRECTLY


def _spared(levels: set[Named], who: Principal) -> bool:
    """``NotPrincipal`` spares a user or role that is listed together with its account, as AWS asks for."""
    if who.kind in {"root", "service", "anonymous"}:
        return Named.DIRECTLY in levels
    return Named.ACCOUNT in levels and bool(levels & {Named.ROLE, Named.DIRECTLY})


def _names(kind: str, value: str, who: Principal) -> Named:
    if value == "*" and kind == "AWS":
        return Named.NO if who.kind == "service" else Named.DIRECTLY
    if kind == "Service":
        return Named.DIRECTLY if who.kind == "service" and who.arn == value else Named.NO
    if kind != "AWS" or who.kind in {"service", "anonymous"}:
        return Named.NO
    if value == who.arn:
        return Named.DIRECTLY
    if who.role_arn and value == who.role_arn:
        return Named.ROLE
    if value in {who.account, f"arn:aws:iam::{who.account}:root"}:
        return Named.DIRECTLY if who.kind == "root" else Named.ACCOUNT
    return Named.NO
