"""Wildcards and policy variables: how a string in a policy matches a string of a request."""

import re
from functools import lru_cache

from mlacourse.cloud.iam.context import Context

_TOKEN = re.compile(r"\$\{(?P<variable>[^}]+)\}|(?P<wildcard>[*?])")
_ESCAPES = {"*", "?", "$"}


def matches(pattern: str, value: str, context: Context | None = None, *, fold: bool = False) -> bool:
    """Return whether ``value`` fits ``pattern``; ``*`` is any text, ``?`` any one character.

    With a context, policy variables are replaced first; ``${*}``, ``${?}`` and ``${$}`` stand for the characters
    themselves, and a variable without a value makes the pattern match nothing. ``fold`` ignores case.

    >>> matches("arn:aws:s3:::home/${aws:username}/*", "arn:aws:s3:::home/ana/a.csv", Context({"aws:username": "ana"}))
    True
    >>> matches("home/${aws:username}/*", "home/ana/a.csv", Context())
    False
    """
    source = _regex(pattern, context, wildcards=True)
    return source is not None and bool(_compiled(source, fold).fullmatch(value))


def equals(pattern: str, value: str, context: Context | None = None, *, fold: bool = False) -> bool:
    """Return whether ``value`` is ``pattern`` after its variables were replaced; wildcards are plain characters."""
    source = _regex(pattern, context, wildcards=False)
    return source is not None and bool(_compiled(source, fold).fullmatch(value))


def variables(pattern: str) -> list[str]:
    """Return the condition keys that the policy variables in ``pattern`` name."""
    return [name.split(",")[0].strip() for name in re.findall(r"\$\{([^}]+)\}", pattern) if name not in _ESCAPES]


def _regex(pattern: str, context: Context | None, *, wildcards: bool) -> str | None:
    parts: list[str] = []
    position = 0
    for token in _TOKEN.finditer(pattern):
        parts.append(re.escape(pattern[position : token.start()]))
        position = token.end()
        if wildcard := token["wildcard"]:
            parts.append({"*": ".*", "?": "."}[wildcard] if wildcards else re.escape(wildcard))
        elif context is None:
            parts.append(re.escape(token[0]))
        elif token["variable"] in _ESCAPES:
            parts.append(re.escape(token["variable"]))
        else:
            replacement = _replacement(token["variable"], context)
            if replacement is None:
                return None
            parts.append(re.escape(replacement))
    return "".join([*parts, re.escape(pattern[position:])])


def _replacement(variable: str, context: Context) -> str | None:
    """Return the value of a variable such as ``aws:username`` or ``aws:PrincipalTag/team, 'none'``."""
    key, _, default = variable.partition(",")
    value = context.get(key.strip())
    if isinstance(value, str):
        return value
    quoted = re.fullmatch(r"\s*'(.*)'\s*", default)
    return quoted[1] if quoted else None


@lru_cache(maxsize=4096)
def _compiled(source: str, fold: bool) -> re.Pattern[str]:
    return re.compile(source, re.DOTALL | (re.IGNORECASE if fold else 0))
