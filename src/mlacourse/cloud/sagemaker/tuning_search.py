"""Which hyperparameters a tuning job tries next: Optuna asked for one trial after another.

A trial is chosen from the results of the trials before it that had to be over by then, in the order in which they were
chosen. So the choice depends on the seed and on what the trials found, and not on which of them was quicker.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from random import Random
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from optuna.samplers import BaseSampler
    from optuna.trial import Trial

    from mlacourse.cloud.sagemaker.tuning_ranges import Range

# A Bayesian search begins with this share of its trials at random, and with no more than so many.
_RANDOM_SHARE = 3
_MOST_RANDOM = 10


class Search:
    """One search; every trial is asked for and, later, told."""

    def __init__(self, strategy: str, ranges: Sequence[Range], trials: int, seed: int, *, maximize: bool) -> None:
        import optuna

        optuna.logging.set_verbosity(optuna.logging.ERROR)
        self._optuna, self._ranges = optuna, ranges
        self._space = {one.name: one.distribution for one in ranges}
        sampler = _sampler(strategy, trials, seed)
        self._study = optuna.create_study(sampler=sampler, direction="maximize" if maximize else "minimize")
        if strategy == "Grid":
            # Optuna's grid sampler ends only searches that Optuna runs itself.
            combinations = list(itertools.product(*(one.values for one in ranges)))
            Random(seed).shuffle(combinations)
            for values in combinations:
                self._study.enqueue_trial(dict(zip(self._space, values, strict=True)))

    def ask(self) -> tuple[Trial, dict[str, str]]:
        """Choose the hyperparameters of the next trial."""
        trial = self._study.ask(self._space)
        return trial, {one.name: one.text(trial.params[one.name]) for one in self._ranges}

    def tell(self, trial: Trial, value: float | None) -> None:
        """Report the objective of a trial, None if it has none."""
        failed = self._optuna.trial.TrialState.FAIL
        if value is None:
            self._study.tell(trial, state=failed)
        else:
            self._study.tell(trial, value)

    def learn(self, hyperparameters: Mapping[str, str], value: float) -> bool:
        """Take over what another tuning job found; False if it lies outside of the ranges."""
        drawn: dict[str, Any] = {one.name: one.drawn(hyperparameters.get(one.name, "")) for one in self._ranges}
        if None in drawn.values():
            return False
        known = self._optuna.trial.create_trial(params=drawn, distributions=dict(self._space), value=value)
        self._study.add_trial(known)
        return True


def _sampler(strategy: str, trials: int, seed: int) -> BaseSampler:
    from optuna.samplers import RandomSampler, TPESampler

    if strategy == "Bayesian":
        first = min(_MOST_RANDOM, max(2, trials // _RANDOM_SHARE))
        return TPESampler(seed=seed, n_startup_trials=first, constant_liar=True)
    return RandomSampler(seed=seed)
