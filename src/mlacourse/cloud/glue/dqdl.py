"""The Data Quality Definition Language: the text of a ruleset, read into rules."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum


class Keyword(Enum):
    """What a list of allowed values may name besides values."""

    NULL = "NULL"
    EMPTY = "EMPTY"
    WHITESPACES_ONLY = "WHITESPACES_ONLY"


Operand = float | str | Keyword


@dataclass(frozen=True)
class Condition:
    """An operator with what it compares to, such as ``between 1 and 10`` or ``in ["JFK", "LGA"]``."""

    operator: str
    operands: tuple[Operand, ...]


@dataclass(frozen=True)
class Rule:
    """One rule: its type, the quoted parameters, a condition, and ``with threshold`` where it has one."""

    kind: str
    parameters: tuple[str, ...]
    condition: Condition | None
    threshold: Condition | None
    text: str


@dataclass(frozen=True)
class Composite:
    """Rules in brackets, joined by one operator."""

    operator: str
    parts: tuple[Rule | Composite, ...]
    text: str


class MalformedError(ValueError):
    """A text that is no DQDL."""


class NotBuiltError(ValueError):
    """DQDL that AWS knows and this package does not."""


# Each type with its fewest and most parameters, and whether it needs a condition, may not have one, or either.
_FORMS = {
    "ColumnExists": (1, 1, False),
    "ColumnValues": (1, 1, True),
    "Completeness": (1, 1, True),
    "IsComplete": (1, 1, False),
    "IsPrimaryKey": (1, 99, False),
    "IsUnique": (1, 99, False),
    "ReferentialIntegrity": (2, 2, True),
    "RowCount": (0, 0, True),
}
_ELSEWHERE = {
    *("AggregateMatch", "ColumnCorrelation", "ColumnCount", "ColumnDataType", "ColumnLength", "CustomSql"),
    *("ColumnNamesMatchPattern", "DataFreshness", "DatasetMatch", "DetectAnomalies", "DistinctValuesCount", "Entropy"),
    *("FileFreshness", "FileMatch", "FileSize", "FileUniqueness", "Mean", "RowCountMatch", "SchemaMatch"),
    *("StandardDeviation", "Sum", "UniqueValueRatio", "Uniqueness"),
}
_COMPARISONS = ("<=", ">=", "!=", "<", ">", "=")
_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|<=|>=|!=|[<>=\[\](),]|-?\d+(?:\.\d+)?|[A-Za-z_]\w*|#[^\n]*|\S')
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")


def parse(text: str) -> tuple[Rule | Composite, ...]:
    """Read a ruleset.

    >>> [rule.kind for rule in parse('Rules = [ IsComplete "order-id", RowCount > 100 ]')]
    ['IsComplete', 'RowCount']

    Raises ``MalformedError`` for what is no DQDL and ``NotBuiltError`` for what is not built here.
    """
    reader = _Reader(text)
    if reader.peek() in ("Analyzers", "Metadata", "Sources", "DefaultLabels"):
        raise NotBuiltError(f"the section {reader.peek()}")
    for word in ("Rules", "=", "["):
        reader.take(word)
    rules = [reader.rule()]
    while reader.accept(","):
        rules.append(reader.rule())
    reader.take("]")
    if reader.peek():
        raise reader.wrong("the end of the ruleset")
    return tuple(rules)


class _Reader:
    """The words of a ruleset, read from left to right."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._words = [found for found in _TOKEN.finditer(text) if not found[0].startswith("#")]
        self._at = 0

    def peek(self) -> str:
        """Return the next word, empty at the end."""
        return self._words[self._at][0] if self._at < len(self._words) else ""

    def next(self) -> str:
        """Take the next word."""
        word = self.peek()
        self._at += 1
        return word

    def accept(self, *words: str) -> bool:
        """Take the next words if they are these."""
        ahead = [found[0].lower() for found in self._words[self._at : self._at + len(words)]]
        if ahead != [word.lower() for word in words]:
            return False
        self._at += len(words)
        return True

    def take(self, word: str) -> None:
        """Take the next word, which must be this one; DQDL is case sensitive."""
        if self.peek() != word:
            raise self.wrong(f"'{word}'")
        self._at += 1

    def wrong(self, expected: str) -> MalformedError:
        """Return the refusal of the next word."""
        found = f"'{self.peek()}'" if self.peek() else "nothing"
        return MalformedError(f"expected {expected} and found {found}")

    def rule(self) -> Rule | Composite:
        """Read a rule, or several in brackets."""
        start = self._at
        if self.peek() != "(":
            return self._single()
        parts = [self._in_brackets()]
        operators = set()
        while self.peek().lower() in ("and", "or"):
            operators.add(self.next().lower())
            parts.append(self._in_brackets())
        if len(operators) > 1:
            raise MalformedError("'and' and 'or' in one line need brackets around one of them")
        if not operators:
            return parts[0]
        return Composite(operators.pop(), tuple(parts), self._since(start))

    def _in_brackets(self) -> Rule | Composite:
        self.take("(")
        rule = self.rule()
        self.take(")")
        return rule

    def _single(self) -> Rule:
        start, kind = self._at, self.next()
        if kind in _ELSEWHERE:
            raise NotBuiltError(f"the rule type {kind}")
        if kind not in _FORMS:
            raise MalformedError(f"'{kind}' is no rule type" if kind else "a rule is missing")
        fewest, most, conditional = _FORMS[kind]
        parameters = tuple(self._strings())
        if not fewest <= len(parameters) <= most:
            wanted = str(fewest) if fewest == most else f"at least {fewest}"
            raise MalformedError(f"{kind} takes {wanted} column names in quotes and has {len(parameters)}")
        condition = self._condition() if conditional else None
        threshold = None
        if self.accept("with", "threshold"):
            if kind != "ColumnValues" or condition is None or condition.operator not in ("in", "not in", "matches"):
                raise NotBuiltError("'with threshold' outside ColumnValues with in, not in or matches")
            threshold = self._numeric()
        if self.peek() == "where":
            raise NotBuiltError("the where clause")
        if self.peek() == "labels":
            raise NotBuiltError("labels")
        return Rule(kind, parameters, condition, threshold, self._since(start))

    def _strings(self) -> Iterator[str]:
        while self.peek().startswith('"'):
            yield _unquoted(self.next())

    def _condition(self) -> Condition:
        if self.accept("not", "in"):
            return Condition("not in", self._list())
        if self.accept("in"):
            return Condition("in", self._list())
        if self.accept("matches"):
            if not self.peek().startswith('"'):
                raise self.wrong("a pattern in quotes")
            return Condition("matches", (_unquoted(self.next()),))
        if self.accept("between"):
            low = self._operand()
            if not self.accept("and"):
                raise self.wrong("'and'")
            return Condition("between", (low, self._operand()))
        if self.peek() in _COMPARISONS:
            return Condition(self.next(), (self._operand(),))
        raise self.wrong("a condition such as > 0.95, between 1 and 10 or in [...]")

    def _numeric(self) -> Condition:
        condition = self._condition()
        if not all(isinstance(operand, float) for operand in condition.operands):
            raise MalformedError("a threshold compares to numbers")
        return condition

    def _list(self) -> tuple[Operand, ...]:
        self.take("[")
        found = [self._operand()]
        while self.accept(","):
            found.append(self._operand())
        self.take("]")
        return tuple(found)

    def _operand(self) -> Operand:
        word = self.peek()
        if word in Keyword.__members__:
            self.next()
            return Keyword[word]
        if word.startswith('"'):
            return _unquoted(self.next())
        if _NUMBER.fullmatch(word):
            self.next()
            if self.peek() in ("hours", "days", "minutes"):
                raise NotBuiltError("an expression with a time")
            return float(word)
        if word in ("now", "(", "avg", "min", "max", "last"):
            raise NotBuiltError("an expression with dates or with earlier runs")
        raise self.wrong("a number, a value in quotes or NULL")

    def _since(self, start: int) -> str:
        begin, end = self._words[start].start(), self._words[self._at - 1].end()
        return " ".join(self._text[begin:end].split())


def _unquoted(word: str) -> str:
    if len(word) < 2 or not word.endswith('"'):
        raise MalformedError("a quote that is opened must be closed")
    return re.sub(r"\\(.)", lambda found: found[1] if found[1] in '"\\' else found[0], word[1:-1])
