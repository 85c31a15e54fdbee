"""Metric math: an expression over series, read as a tree and never run as code."""

from __future__ import annotations

import ast
import math
import operator
from collections.abc import Callable, Mapping
from datetime import datetime
from statistics import mean

from mlacourse.cloud.cloudwatch.metrics import Series

Value = Series | float | list[Series]

_ARITHMETIC: dict[type[ast.operator], Callable[[float, float], float]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Pow: operator.pow,
}
_COMPARISON: dict[type[ast.cmpop], Callable[[float, float], bool]] = {
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
}

_COMBINE: dict[str, Callable[[list[float]], float]] = {"SUM": math.fsum, "AVG": mean, "MIN": min, "MAX": max}


class ExpressionError(ValueError):
    """An expression that cannot be read or computed; the message says what and where."""


def evaluate(expression: str, known: Mapping[str, Series]) -> Series:
    """Return the series of an expression over series by id.

    Two series meet where both have a point; a division by zero gives no point, as on AWS. Understood are numbers, ids,
    ``+ - * / ^``, comparisons (1 or 0) and IF, FILL, ABS, SUM, AVG, MIN, MAX and METRICS.

    >>> minute = datetime(2027, 1, 11)
    >>> evaluate("100 * m1 / m2", {"m1": {minute: 1.0}, "m2": {minute: 4.0}}) == {minute: 25.0}
    True
    """
    try:
        tree = ast.parse(expression.replace("^", "**"), mode="eval")
    except SyntaxError as error:
        raise ExpressionError(f"Error in expression {expression!r}: {error.msg}") from None
    value = _value(tree.body, known, expression)
    if not isinstance(value, dict):
        raise ExpressionError(f"Error in expression {expression!r}: it gives no single time series")
    return value


def _value(node: ast.expr, known: Mapping[str, Series], whole: str) -> Value:
    def part(child: ast.expr) -> Value:
        return _value(child, known, whole)

    match node:
        case ast.Constant(value=int() | float() as number):
            return float(number)
        case ast.Name(id=name) if name in known:
            return known[name]
        case ast.Name(id=name):
            raise ExpressionError(f"Error in expression {whole!r}: {name!r} is no id of a query")
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return _pairwise(operator.sub, 0.0, part(operand), whole)
        case ast.BinOp(left=left, op=op, right=right) if type(op) in _ARITHMETIC:
            return _pairwise(_ARITHMETIC[type(op)], part(left), part(right), whole)
        case ast.Compare(left=left, ops=[op], comparators=[right]) if type(op) in _COMPARISON:
            return _pairwise(_COMPARISON[type(op)], part(left), part(right), whole)
        case ast.List(elts=elements):
            return [_series(part(element), whole) for element in elements]
        case ast.Call(func=ast.Name(id=name), args=arguments, keywords=[]):
            return _call(name.upper(), [part(argument) for argument in arguments], known, whole)
    raise ExpressionError(f"Error in expression {whole!r}: {ast.unparse(node)!r} is not built in the offline cloud")


def _call(name: str, arguments: list[Value], known: Mapping[str, Series], whole: str) -> Value:
    match name, arguments:
        case "METRICS", []:
            return list(known.values())
        case "ABS", [value]:
            return {moment: abs(number) for moment, number in _series(value, whole).items()}
        case "IF", [condition, then, other]:
            chosen = {moment: then if number else other for moment, number in _series(condition, whole).items()}
            found = {moment: _at(value, moment) for moment, value in chosen.items()}
            return {moment: number for moment, number in found.items() if number is not None}
        case "FILL", [dict() as value, filler]:
            moments = sorted({moment for series in known.values() for moment in series})
            return {
                moment: number for moment in moments if (number := value.get(moment, _at(filler, moment))) is not None
            }
        case "SUM" | "AVG" | "MIN" | "MAX", [list() as several]:
            moments = sorted({moment for series in several for moment in series})
            return {moment: _COMBINE[name]([s[moment] for s in several if moment in s]) for moment in moments}
    raise ExpressionError(
        f"Error in expression {whole!r}: {name} with {len(arguments)} arguments of these kinds is not built in the "
        "offline cloud"
    )


def _at(value: Value, moment: datetime) -> float | None:
    if isinstance(value, dict):
        return value.get(moment)
    if isinstance(value, list):
        raise ExpressionError("a list of series stands where one is needed")
    return value


def _series(value: Value, whole: str) -> Series:
    if not isinstance(value, dict):
        raise ExpressionError(f"Error in expression {whole!r}: a number or a list stands where a series is needed")
    return value


def _pairwise(apply: Callable[[float, float], float], left: Value, right: Value, whole: str) -> Value:
    if isinstance(left, list) or isinstance(right, list):
        raise ExpressionError(f"Error in expression {whole!r}: combine lists with SUM, AVG, MIN or MAX")
    if not isinstance(left, dict) and not isinstance(right, dict):
        return float(apply(left, right))
    both = [set(value) for value in (left, right) if isinstance(value, dict)]
    moments = sorted(set.intersection(*both))
    found: Series = {}
    for moment in moments:
        one, other = _at(left, moment), _at(right, moment)
        try:
            found[moment] = float(apply(one, other))  # type: ignore[arg-type]
        except ZeroDivisionError:
            continue
    return found
