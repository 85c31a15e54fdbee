"""Policy documents as values: statements and their elements, read from AWS's JSON."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from mlacourse.cloud.iam.context import text
from mlacourse.cloud.iam.patterns import variables

Effect = Literal["Allow", "Deny"]


class MalformedPolicyError(ValueError):
    """A document that AWS refuses; the message is the one of AWS."""


@dataclass(frozen=True)
class Element:
    """``Action`` or ``Resource`` of a statement, or their negation ``NotAction``, ``NotResource``."""

    values: tuple[str, ...]
    negated: bool = False


@dataclass(frozen=True)
class Principals:
    """``Principal`` or ``NotPrincipal``: pairs such as ``("Service", "sagemaker.amazonaws.com")``."""

    values: tuple[tuple[str, str], ...]
    negated: bool = False


@dataclass(frozen=True)
class Condition:
    """One key of one operator, for example ``ForAnyValue:StringEqualsIfExists`` on ``aws:TagKeys``."""

    operator: str
    key: str
    values: tuple[str, ...]
    quantifier: str = ""
    if_exists: bool = False

    def __str__(self) -> str:
        name = f"{self.quantifier}:" * bool(self.quantifier) + self.operator + "IfExists" * self.if_exists
        return f"{name} {self.key}: {', '.join(self.values)}"


@dataclass(frozen=True)
class Statement:
    """One statement; ``number`` counts from 1 in its document."""

    effect: Effect
    actions: Element
    resources: Element | None
    principals: Principals | None
    conditions: tuple[Condition, ...]
    number: int
    sid: str = ""

    @property
    def name(self) -> str:
        """How a person finds it in its document."""
        return self.sid or f"statement {self.number}"


@dataclass(frozen=True)
class Policy:
    """A named document; managed policies have an ARN, and AWS prints it in errors."""

    name: str
    statements: tuple[Statement, ...]
    arn: str = ""
    variables: bool = True
    """Whether ``${aws:username}`` and the like are replaced: only in version 2012-10-17."""
    source: Mapping[str, Any] = field(default_factory=dict, compare=False, repr=False)


def parse(document: str | Mapping[str, Any], *, name: str, arn: str = "") -> Policy:
    """Read a policy document.

    >>> policy = parse('{"Version": "2012-10-17", "Statement": {"Effect": "Deny", "Action": "s3:*", "Resource": "*"}}',
    ...                name="no-s3")
    >>> policy.statements[0].effect, policy.statements[0].actions.values
    ('Deny', ('s3:*',))

    Raises ``MalformedPolicyError`` where no statement can be read; ``validation`` checks the rest.
    """
    content = load(document)
    return Policy(
        name=name,
        arn=arn,
        statements=tuple(_statement(item, number) for number, item in enumerate(statements(content), start=1)),
        variables=content.get("Version") == "2012-10-17",
        source=content,
    )


def keys_of(policy: Policy) -> set[str]:
    """Return the condition keys that a policy asks for, in conditions and as variables, in lower case."""
    conditions = [condition for statement in policy.statements for condition in statement.conditions]
    elements = [statement.resources for statement in policy.statements if statement.resources]
    texts = [text for condition in conditions for text in condition.values]
    texts += [text for element in elements for text in element.values]
    named = [condition.key for condition in conditions] + [key for written in texts for key in variables(written)]
    return {key.lower() for key in named}


def load(document: str | Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the JSON object of a document. Raises ``MalformedPolicyError`` if it is none."""
    try:
        content = json.loads(document) if isinstance(document, str) else document
    except ValueError:
        raise MalformedPolicyError("This policy contains invalid Json") from None
    if not isinstance(content, Mapping):
        raise MalformedPolicyError("This policy contains invalid Json")
    return content


def statements(content: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Return the statements of a document, of which a single one needs no list."""
    found = content.get("Statement")
    listed: list[Any] = found if isinstance(found, list) else [found]
    if not all(isinstance(item, Mapping) for item in listed):
        raise MalformedPolicyError("Syntax errors in policy.")
    return listed


def strings(value: Any) -> tuple[str, ...]:
    """Return one string or a list of them as a tuple; booleans and numbers as policies compare them."""
    return tuple(text(item) for item in value) if isinstance(value, list | tuple) else (text(value),)


def _statement(item: Mapping[str, Any], number: int) -> Statement:
    actions = _element(item, "Action")
    if item.get("Effect") not in {"Allow", "Deny"} or actions is None:
        raise MalformedPolicyError("Syntax errors in policy.")
    return Statement(
        effect=item["Effect"],
        actions=actions,
        resources=_element(item, "Resource"),
        principals=_principals(item),
        conditions=tuple(
            _condition(operator, key, values)
            for operator, keys in item.get("Condition", {}).items()
            for key, values in keys.items()
        ),
        number=number,
        sid=item.get("Sid", ""),
    )


def _element(item: Mapping[str, Any], name: str) -> Element | None:
    for key, negated in ((name, False), (f"Not{name}", True)):
        if key in item:
            return Element(strings(item[key]), negated)
    return None


def _principals(item: Mapping[str, Any]) -> Principals | None:
    for key, negated in (("Principal", False), ("NotPrincipal", True)):
        if key in item:
            listed = item[key] if isinstance(item[key], Mapping) else {"AWS": item[key]}
            return Principals(tuple((kind, one) for kind, named in listed.items() for one in strings(named)), negated)
    return None


def _condition(operator: str, key: str, values: Any) -> Condition:
    quantifier, _, name = operator.rpartition(":")
    base = name.removesuffix("IfExists")
    return Condition(base, key, strings(values), quantifier, if_exists=base != name)
