"""What state an alarm should be in: the documented rules for missing data, and composite rules."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Sequence
from typing import Literal

State = Literal["OK", "ALARM", "INSUFFICIENT_DATA"]
Treatment = Literal["missing", "ignore", "breaching", "notBreaching"]

# AWS looks further back than it evaluates; in its published examples by two points.
EXTRA_POINTS = 2


def state_of(points: Sequence[bool | None], needed: int, evaluated: int, treatment: str, current: State) -> State:
    """Return the state after seeing these points: breaching, not breaching, or missing; the newest last.

    ``points`` is the evaluation range, ``evaluated`` the N and ``needed`` the M of 'M out of N'. Source: the tables of
    https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html

    >>> state_of([False, None, True, None, None], 2, 3, "breaching", "OK")
    'ALARM'
    """
    newest_first = list(reversed(points))
    real = [(age, breaching) for age, breaching in enumerate(newest_first) if breaching is not None]
    if not real:
        empty: dict[str, State] = {"breaching": "ALARM", "notBreaching": "OK", "ignore": current}
        return empty.get(treatment, "INSUFFICIENT_DATA")
    breaching = sum(breach for _, breach in real[:evaluated])
    filled = max(0, evaluated - len(real))
    if treatment == "breaching":
        breaching += filled
    if breaching >= needed:
        return "ALARM"
    # Old enough bad news that nothing has contradicted is believed, although there is too little of it.
    if (
        filled
        and treatment in ("missing", "ignore")
        and all(breach for _, breach in real)
        and real[-1][0] + 1 >= needed
    ):
        return "ALARM" if treatment == "missing" else current
    return "OK"


def composite_state(rule: str, of: Callable[[str], State]) -> State:
    """Return the state of a composite alarm: its rule over the states of other alarms, by name.

    Raises ``ValueError`` for a rule that cannot be read; ``of`` may raise for an alarm that does not exist.

    >>> composite_state('ALARM("a") AND NOT ALARM("b")', lambda name: "ALARM" if name == "a" else "OK")
    'ALARM'
    """
    words = re.sub(r'"[^"]*"|\b(AND|OR|NOT|TRUE|FALSE)\b', _as_python, rule)
    # Names need no quotation marks.
    words = re.sub(r"\b(ALARM|OK|INSUFFICIENT_DATA)\s*\(\s*([^\"'()]+?)\s*\)", r'\1("\2")', words)
    try:
        tree = ast.parse(words.strip(), mode="eval")
    except SyntaxError as error:
        raise ValueError(f"AlarmRule must not contain syntax errors: {error.msg}") from None
    return "ALARM" if _holds(tree.body, of) else "OK"


def _as_python(match: re.Match[str]) -> str:
    word = match.group(0)
    return word if word.startswith('"') else {"TRUE": "True", "FALSE": "False"}.get(word, word.lower())


def _holds(node: ast.expr, of: Callable[[str], State]) -> bool:
    match node:
        case ast.BoolOp(op=ast.And(), values=values):
            # Every part is looked at, so that an alarm that does not exist is found wherever it stands.
            held = [_holds(value, of) for value in values]
            return all(held)
        case ast.BoolOp(op=ast.Or(), values=values):
            held = [_holds(value, of) for value in values]
            return any(held)
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            return not _holds(operand, of)
        case ast.Constant(value=bool() as value):
            return value
        case ast.Call(func=ast.Name(id="ALARM" | "OK" | "INSUFFICIENT_DATA" as state), args=[ast.Constant(value=name)]):
            return of(str(name).rpartition(":alarm:")[2]) == state
    raise ValueError(
        f"AlarmRule must not contain {ast.unparse(node)!r}. Use ALARM, OK, INSUFFICIENT_DATA, AND, OR, NOT."
    )
