"""Measures what a Bayesian search loses when many of its trials run at once, on a problem with a narrow optimum.

Each trial trains a kernel machine on 250 handwritten digits (UCI, as shipped with scikit-learn) and judges it on 500
others. Three hyperparameters are searched over many orders of magnitude, and few places are good. To write the record
again: ``OPENBLAS_NUM_THREADS=1 python datasets/recorded/tuning_parallel.py 2026-11-30`` with the day of the run.
"""

from __future__ import annotations

import functools
import json
import platform
import sys
import time
import warnings
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.datasets import load_digits

RECORD = Path(__file__).with_name("tuning_parallel.json")
TRIALS, SEEDS, FIRST = 32, 40, 8
AT_ONCE = (1, 4, 8, 16, 32)
# Orders of magnitude: width of the kernel, penalty, exponent of the pixels' brightness.
SPACE = {"gamma": (-5.0, 3.0), "alpha": (-7.0, 2.0), "power": (-1.0, 1.0)}
DIGITS = 4


@functools.cache
def digits() -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Return pictures and one column for each class, to learn from and to judge by."""
    pictures, classes = load_digits(return_X_y=True)
    rows = np.random.default_rng(0).permutation(len(pictures))
    train, tune = rows[:250], rows[250:750]
    one_hot = np.eye(10)[classes]
    return pictures[train] / 16, one_hot[train], pictures[tune] / 16, one_hot[tune]


def loss(point: Sequence[float]) -> float:
    """Train at a place of the cube from 0 to 1; return a hundred times the mean squared error of the ten scores."""
    gamma, alpha, power = (
        10 ** (low + (high - low) * place) for place, (low, high) in zip(point, SPACE.values(), strict=True)
    )
    x, y, new, truth = digits()
    x, new = x**power, new**power
    kernel = _kernel(x, x, gamma)
    kernel[np.diag_indices(len(x))] += alpha
    scores = _kernel(new, x, gamma) @ np.linalg.solve(kernel, y - 0.1) + 0.1
    return float(100 * np.mean((scores - truth) ** 2))


def _kernel(a: np.ndarray, b: np.ndarray, gamma: float) -> np.ndarray:
    apart = (a**2).sum(1)[:, None] + (b**2).sum(1) - 2 * a @ b.T
    return np.asarray(np.exp(-gamma * apart))


def random(seed: int) -> list[float]:
    """Return the losses of places by chance."""
    rng = np.random.default_rng(seed)
    return [loss(rng.random(3)) for _ in range(TRIALS)]


def bayesian(seed: int, at_once: int) -> list[float]:
    """Return the losses of Optuna's TPE; so many trials are chosen before the first of them has ended."""
    import optuna

    optuna.logging.set_verbosity(optuna.logging.ERROR)
    warnings.simplefilter("ignore", optuna.exceptions.ExperimentalWarning)
    sampler = optuna.samplers.TPESampler(n_startup_trials=FIRST, seed=seed, constant_liar=at_once > 1)
    study = optuna.create_study(sampler=sampler)
    sides: dict[str, Any] = {name: optuna.distributions.FloatDistribution(0, 1) for name in SPACE}
    losses = []
    for _ in range(TRIALS // at_once):
        for one in [study.ask(sides) for _ in range(at_once)]:
            losses.append(loss([one.params[name] for name in SPACE]))
            study.tell(one, losses[-1])
    return losses


def main(day: str) -> None:
    """Write the record of a run."""
    began = time.process_time()
    runs = {"random": [random(seed) for seed in range(SEEDS)]}
    for at_once in AT_ONCE:
        runs[f"Bayesian, {at_once} at once"] = [bayesian(seed, at_once) for seed in range(SEEDS)]
    made = {
        "made_by": f"datasets/recorded/{Path(__file__).name}",
        "day": day,
        "seconds": round(time.process_time() - began),
        "python": platform.python_version(),
        "libraries": {name: version(name) for name in ("scikit-learn", "optuna", "numpy")},
        "source": "sklearn.datasets.load_digits",
        "seeds": list(range(SEEDS)),
        "trials": TRIALS,
        "space": SPACE,
        "best": {name: [round(min(losses), DIGITS) for losses in run] for name, run in runs.items()},
        "whole runs": {name: [[round(x, DIGITS) for x in losses] for losses in run[:2]] for name, run in runs.items()},
    }
    RECORD.write_text(json.dumps(made, indent=None).replace('"Bayesian', '\n"Bayesian') + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1])
