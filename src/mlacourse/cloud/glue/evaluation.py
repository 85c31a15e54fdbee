"""What a rule finds in a table: passed or not, the metric behind it, and which rows hold it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from mlacourse.cloud.glue.dqdl import Composite, Condition, Keyword, Operand, Rule
from mlacourse.cloud.glue.tables import Table, Value

ROW = "ROW"


@dataclass(frozen=True)
class Outcome:
    """The result of one rule; ``rows`` says of each row whether it holds, where the rule looks at single rows."""

    passed: bool
    message: str | None = None
    metrics: dict[str, float] = field(default_factory=dict)
    rows: list[bool] | None = None


def evaluate(rule: Rule | Composite, table: Table, others: Mapping[str, Table], composite: str = "COLUMN") -> Outcome:
    """Evaluate one rule.

    ``others`` are the additional data sources by their alias. ``composite`` says how brackets are joined: by the
    results of whole columns, which is the default, or row by row.
    """
    if isinstance(rule, Composite):
        return _composite(rule, table, others, composite)
    missing = [name for name in _columns(rule) if name not in table.columns]
    if rule.kind == "ColumnExists":
        return Outcome(not missing, f"Column {missing[0]} does not exist." if missing else None)
    if missing:
        return Outcome(False, f"Input data does not include column {missing[0]}!")
    return {
        "ColumnValues": _column_values,
        "Completeness": _completeness,
        "IsComplete": _completeness,
        "IsPrimaryKey": _unique,
        "IsUnique": _unique,
        "ReferentialIntegrity": _referential,
        "RowCount": _row_count,
    }[rule.kind](rule, table, others)


def _columns(rule: Rule) -> list[str]:
    if rule.kind == "ReferentialIntegrity":
        return [name.strip() for name in rule.parameters[0].split(",")]
    return list(rule.parameters)


def _composite(rule: Composite, table: Table, others: Mapping[str, Table], method: str) -> Outcome:
    parts = [evaluate(part, table, others, method) for part in rule.parts]
    joined = all if rule.operator == "and" else any
    metrics = {name: value for part in parts for name, value in part.metrics.items()}
    masks = [part.rows for part in parts]
    if method == ROW and all(mask is not None for mask in masks):
        rows = [joined(row) for row in zip(*(mask for mask in masks if mask is not None), strict=True)]
        passed = all(rows)
    else:
        rows, passed = None, joined(part.passed for part in parts)
    message = None if passed else "; ".join(part.message for part in parts if part.message)
    return Outcome(passed, message, metrics, rows)


def _row_count(rule: Rule, table: Table, _: Mapping[str, Table]) -> Outcome:
    return _measured(rule.condition, "Dataset.*.RowCount", table.rows)


def _completeness(rule: Rule, table: Table, _: Mapping[str, Table]) -> Outcome:
    name = rule.parameters[0]
    rows = [value is not None for value in table.columns[name]]
    whole = rule.condition or Condition("=", (1.0,))
    found = _measured(whole, f"Column.{name}.Completeness", _share(rows))
    return Outcome(found.passed, found.message, found.metrics, rows)


def _unique(rule: Rule, table: Table, _: Mapping[str, Table]) -> Outcome:
    """Look for keys that occur once. A row whose key is NULL throughout counts for IsPrimaryKey only, as incomplete."""
    keys = list(zip(*(table.columns[name] for name in rule.parameters), strict=True))
    counts = Counter(key for key in keys if any(value is not None for value in key))
    once = [counts[key] <= 1 for key in keys]
    entity = "Column" if len(rule.parameters) == 1 else "Multicolumn"
    metric = f"{entity}.{','.join(rule.parameters)}.Uniqueness"
    counted = [row for row, key in zip(once, keys, strict=True) if key in counts]
    found = _measured(Condition("=", (1.0,)), metric, _share(counted))
    if rule.kind == "IsUnique":
        return Outcome(found.passed, found.message, found.metrics, once)
    whole = [all(value is not None for value in key) for key in keys]
    rows = [left and right for left, right in zip(once, whole, strict=True)]
    passed = found.passed and all(whole)
    return Outcome(passed, None if passed else found.message or _unmet(_share(whole)), found.metrics, rows)


def _column_values(rule: Rule, table: Table, _: Mapping[str, Table]) -> Outcome:
    assert rule.condition is not None
    name, operator = rule.parameters[0], rule.condition.operator
    values = table.columns[name]
    rows = [_holds(rule.condition, value) for value in values]
    known = [value for value in values if isinstance(value, float)]
    compliance = _share(rows)
    # One-sided comparisons report the extreme value, as Deequ does; everything else the share of rows that hold.
    if operator in (">", ">=") and known:
        metrics = {f"Column.{name}.Minimum": min(known)}
    elif operator in ("<", "<=") and known:
        metrics = {f"Column.{name}.Maximum": max(known)}
    elif operator == "matches":
        metrics = {f"Column.{name}.PatternMatch": compliance}
    else:
        metrics = {f"Column.{name}.ColumnValues.Compliance": compliance}
    passed = _holds(rule.threshold or Condition("=", (1.0,)), compliance)
    if passed:
        return Outcome(True, None, metrics, rows)
    null = not rule.threshold and all(row or value is None for row, value in zip(rows, values, strict=True))
    message = "Value: NULL does not meet the constraint requirement!" if null else _unmet(next(iter(metrics.values())))
    return Outcome(False, message, metrics, rows)


def _referential(rule: Rule, table: Table, others: Mapping[str, Table]) -> Outcome:
    alias, _, rest = rule.parameters[1].partition(".")
    if alias not in others:
        return Outcome(False, f"Reference dataset {alias} is not among the additional data sources.")
    reference, names = others[alias], [name.strip() for name in rest.strip("{}").split(",")]
    missing = [name for name in names if name not in reference.columns]
    if missing:
        return Outcome(False, f"Input data does not include column {missing[0]}!")
    known = set(zip(*(reference.columns[name] for name in names), strict=True))
    rows = [key in known for key in zip(*(table.columns[name] for name in _columns(rule)), strict=True)]
    found = _measured(rule.condition, f"Column.{alias}.ReferentialIntegrity", _share(rows))
    return Outcome(found.passed, found.message, found.metrics, rows)


def _measured(condition: Condition | None, name: str, metric: float) -> Outcome:
    assert condition is not None
    passed = _holds(condition, float(metric))
    return Outcome(passed, None if passed else _unmet(metric), {name: float(metric)})


def _unmet(metric: float) -> str:
    return f"Value: {float(metric)} does not meet the constraint requirement!"


def _share(rows: Sequence[bool]) -> float:
    """Return the share of rows that hold; in an empty table none does."""
    return sum(rows) / len(rows) if rows else 0.0


def _holds(condition: Condition, value: Value) -> bool:
    """Whether one value meets a condition.

    NULL meets only a negation and a list that names NULL, and ``between`` leaves both its ends out.

    >>> _holds(Condition("between", (1.0, 10.0)), 10.0)
    False
    """
    operator, operands = condition.operator, condition.operands
    if operator in ("in", "=", "not in", "!="):
        return any(_equals(operand, value) for operand in operands) != (operator in ("not in", "!="))
    if value is None:
        return False
    if operator == "matches":
        return isinstance(value, str) and re.fullmatch(str(operands[0]), value) is not None
    ends = [_like(value, operand) for operand in operands]
    if any(type(end) is not type(value) for end in ends):
        return False
    if operator == "between":
        return bool(ends[0] < value < ends[1])  # type: ignore[operator]
    if operator == ">":
        return bool(value > ends[0])  # type: ignore[operator]
    if operator == ">=":
        return bool(value >= ends[0])  # type: ignore[operator]
    if operator == "<":
        return bool(value < ends[0])  # type: ignore[operator]
    return bool(value <= ends[0])  # type: ignore[operator]


def _equals(operand: Operand, value: Value) -> bool:
    if operand is Keyword.NULL:
        return value is None
    if operand is Keyword.EMPTY:
        return value == ""
    if operand is Keyword.WHITESPACES_ONLY:
        return isinstance(value, str) and value != "" and not value.strip()
    return value is not None and _like(value, operand) == value


def _like(value: Value, operand: Operand) -> object:
    """Return the operand as a moment where it is compared to one."""
    return datetime.fromisoformat(operand) if isinstance(value, datetime) and isinstance(operand, str) else operand
