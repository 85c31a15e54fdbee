"""When a tuning job ends one of its training jobs early: the median rule of AWS's guide, and Hyperband's rungs.

A rule compares with earlier trials that had to be over when this one began, so that it does not matter which trial was
quicker. A training job that emits its objective once in an epoch has as many values as epochs.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean, median
from typing import Protocol

Curve = Sequence[float]


class Rule(Protocol):
    """Whether trial ``number`` ends now, after the objective took these values."""

    def ends(self, number: int, curve: Curve, earlier: Sequence[Curve], *, maximize: bool) -> bool:
        """Look at the values of this trial so far, and at those of the trials 0, 1, … that were over at its start."""
        ...


class Never:
    """No early stopping."""

    def ends(self, number: int, curve: Curve, earlier: Sequence[Curve], *, maximize: bool) -> bool:
        """Let it run."""
        return False


class Median:
    """Ends a job whose objective is worse than the median of the earlier jobs' running averages up to this epoch.

    >>> Median().ends(2, [0.5, 0.6], [[0.6, 0.8], [0.7, 0.9]], maximize=True)
    True

    The running averages are 0.7 and 0.8, their median 0.75. Source: *Stop Training Jobs Early*, Amazon SageMaker AI
    Developer Guide. A job that did not come as far is left out.
    """

    def ends(self, number: int, curve: Curve, earlier: Sequence[Curve], *, maximize: bool) -> bool:
        """Compare the newest value."""
        epoch = len(curve)
        averages = [fmean(other[:epoch]) for other in earlier if len(other) >= epoch]
        return bool(averages) and _worse(curve[-1], median(averages), maximize=maximize)


@dataclass(frozen=True)
class Hyperband:
    """Ends a job at a rung unless it is among the best third of its bracket there, and at the greatest resource.

    A bracket begins at ``least`` epochs, the next one at three times as many, and so on. A round gives the brackets as
    many trials as the Hyperband paper, the boldest first. Source: Li and others, 2018, with the rungs decided one trial
    at a time as in ASHA (Li and others, 2020).

    >>> Hyperband(1, 9).round
    [0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 2, 2, 2]
    >>> Hyperband(1, 9).rungs(0)
    [1, 3]
    """

    least: int
    most: int
    keep: int = 3

    @property
    def brackets(self) -> int:
        """How many brackets there are."""
        # Not by a logarithm, which is not exact.
        count = 1
        while self.least * self.keep**count <= self.most:
            count += 1
        return count

    @property
    def round(self) -> list[int]:
        """The bracket of each trial of one round."""
        last = self.brackets - 1
        sizes = [math.ceil((last + 1) * self.keep ** (last - b) / (last - b + 1)) for b in range(self.brackets)]
        return [bracket for bracket, size in enumerate(sizes) for _ in range(size)]

    def bracket(self, number: int) -> int:
        """Return the bracket of a trial."""
        order = self.round
        return order[number % len(order)]

    def rungs(self, bracket: int) -> list[int]:
        """Return the epochs at which a bracket looks at its trials, the greatest resource left out."""
        return [self.least * self.keep**step for step in range(bracket, self.brackets - 1)]

    def ends(self, number: int, curve: Curve, earlier: Sequence[Curve], *, maximize: bool) -> bool:
        """Look whether this epoch is a rung, and who has reached it."""
        epoch, bracket = len(curve), self.bracket(number)
        if epoch >= self.most:
            return True
        if epoch not in self.rungs(bracket):
            return False
        rivals = [
            other[epoch - 1]
            for index, other in enumerate(earlier)
            if self.bracket(index) == bracket and len(other) >= epoch
        ]
        better = sum(not _worse(rival, curve[-1], maximize=maximize) for rival in rivals)
        return better >= max(1, (len(rivals) + 1) // self.keep)


def _worse(value: float, than: float, *, maximize: bool) -> bool:
    return value < than if maximize else value > than
