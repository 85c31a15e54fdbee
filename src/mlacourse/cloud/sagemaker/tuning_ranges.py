"""What a tuning job may choose from: the ranges of a request as distributions, and values as hyperparameters' text."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from mlacourse.cloud.sagemaker.state import invalid

if TYPE_CHECKING:
    from optuna.distributions import BaseDistribution

Kind = Literal["Integer", "Continuous", "Categorical"]
Value = str | int | float
# More digits than any search needs, and fewer than machines may disagree on.
_DIGITS = 12
# Where Auto turns from a linear to a logarithmic scale.
_WIDE = 100


@dataclass(frozen=True)
class Range:
    """One hyperparameter that is searched for; ``low`` and ``high`` are those of numbers, ``values`` of categories."""

    name: str
    kind: Kind
    low: float = 0
    high: float = 0
    scaling: str = "Auto"
    values: tuple[str, ...] = ()

    @property
    def distribution(self) -> BaseDistribution:
        """What Optuna draws from; for a reverse logarithmic scale that is the distance from 1."""
        from optuna.distributions import CategoricalDistribution, FloatDistribution, IntDistribution

        if self.kind == "Categorical":
            return CategoricalDistribution(self.values)
        if self.kind == "Integer":
            return IntDistribution(int(self.low), int(self.high), log=self._logarithmic)
        if self.scaling == "ReverseLogarithmic":
            return FloatDistribution(1 - self.high, 1 - self.low, log=True)
        return FloatDistribution(self.low, self.high, log=self._logarithmic)

    def text(self, drawn: Any) -> str:
        """Return a hyperparameter from what Optuna drew.

        >>> Range("momentum", "Continuous", 0.9, 0.999, "ReverseLogarithmic").text(0.025)
        '0.975'
        """
        if self.kind != "Continuous":
            return str(drawn)
        value = 1 - drawn if self.scaling == "ReverseLogarithmic" else drawn
        rounded = float(f"{value:.{_DIGITS}g}")
        return repr(min(max(rounded, self.low), self.high))

    def drawn(self, text: str) -> Value | None:
        """Return what Optuna would have drawn for a hyperparameter, or None if it lies outside of the range."""
        if self.kind == "Categorical":
            return text if text in self.values else None
        try:
            value = float(text)
        except ValueError:
            return None
        if not self.low <= value <= self.high:
            return None
        if self.kind == "Integer":
            return int(value) if value.is_integer() else None
        return 1 - value if self.scaling == "ReverseLogarithmic" else value

    @property
    def _logarithmic(self) -> bool:
        if self.scaling == "Auto":
            return self.low > 0 and self.high / self.low >= _WIDE
        return self.scaling == "Logarithmic"


def read(ranges: Mapping[str, Any]) -> list[Range]:
    """Return the ranges of a request, numbers before categories; raises :class:`AwsError` for a wrong one."""
    numbers: Sequence[tuple[Kind, str]] = (
        ("Integer", "IntegerParameterRanges"),
        ("Continuous", "ContinuousParameterRanges"),
    )
    found = [_number(kind, one) for kind, member in numbers for one in ranges.get(member, [])]
    for one in ranges.get("CategoricalParameterRanges", []):
        if len(set(one["Values"])) != len(one["Values"]):
            raise invalid(f"The values of hyperparameter {one['Name']} must be unique.")
        found.append(Range(one["Name"], "Categorical", values=tuple(one["Values"])))
    names = [one.name for one in found]
    if not names:
        raise invalid("Give at least one range of a hyperparameter to search.")
    if len(set(names)) != len(names):
        raise invalid("Each hyperparameter may have one range only.")
    return found


def _number(kind: Kind, given: Mapping[str, str]) -> Range:
    name, scaling = given["Name"], given.get("ScalingType", "Auto")
    try:
        convert = int if kind == "Integer" else float
        low, high = convert(given["MinValue"]), convert(given["MaxValue"])
    except ValueError:
        raise invalid(f"MinValue and MaxValue of hyperparameter {name} must be {kind.lower()} numbers.") from None
    if not (math.isfinite(low) and math.isfinite(high) and low < high):
        raise invalid(f"MaxValue of hyperparameter {name} must be greater than its MinValue.")
    if scaling == "Logarithmic" and low <= 0:
        raise invalid(f"Hyperparameter {name}: logarithmic scaling works only for ranges of values greater than 0.")
    if scaling == "ReverseLogarithmic":
        if kind == "Integer":
            raise invalid(f"Hyperparameter {name}: reverse logarithmic scaling is not supported for integers.")
        if not 0 <= low < high < 1:
            raise invalid(f"Hyperparameter {name}: reverse logarithmic scaling works only for ranges within 0<=x<1.0.")
    return Range(name, kind, low, high, scaling)
