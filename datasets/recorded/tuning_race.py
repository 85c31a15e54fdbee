"""Races search strategies on one budget of real training, and measures when a Bayesian search pays.

Every trial fits scikit-learn's gradient boosting on people of a census and asks other people. A full training is 27
rounds (trees) and costs one unit; a training that is stopped costs its share. To write the record again:
``OMP_NUM_THREADS=1 python datasets/recorded/tuning_race.py 2026-11-30`` with the day of the run. It takes about
a quarter of an hour of one processor.
"""

from __future__ import annotations

import functools
import json
import platform
import sys
import time
import warnings
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier

from mlacourse.datasets import load

RECORD = Path(__file__).with_name("tuning_race.json")
ROUNDS, TRIALS, SEEDS = 27, 32, 20
DIGITS = 5
# A search walks through a cube of five sides from 0 to 1; a space says what a place on each side means.
Space = dict[str, tuple[str, float, float]]
WIDE: Space = {
    "learning_rate": ("log", 0.003, 1.0),
    "max_leaf_nodes": ("log", 2, 256),
    "min_samples_leaf": ("log", 1, 500),
    "l2_regularization": ("log", 1e-3, 1e3),
    "max_features": ("linear", 0.1, 1.0),
}
LINEAR: Space = {name: ("linear", low, high) for name, (_, low, high) in WIDE.items()}
# What is left once somebody who knows the model has chosen the learning rate and the size of the trees.
FLAT: Space = {
    "learning_rate": ("linear", 0.3, 0.3),
    "max_leaf_nodes": ("linear", 8, 8),
    "min_samples_leaf": ("log", 10, 60),
    "l2_regularization": ("log", 1e-3, 10),
    "max_features": ("linear", 0.5, 1.0),
}
WHOLE = ("max_leaf_nodes", "min_samples_leaf")


@functools.cache
def people() -> tuple[np.ndarray, np.ndarray]:
    """Return what is known of 60,000 people, and whether each is employed."""
    census = load("census_employment")
    asked = [name for name in census.columns if name not in ("year", "employed")]
    columns = [census[name].cat.codes if census[name].dtype.name == "category" else census[name] for name in asked]
    return np.column_stack(columns).astype(np.float32), census["employed"].to_numpy().astype(int)


@functools.cache
def groups() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the rows to learn from, to choose by, and to report on."""
    rows = np.random.default_rng(0).permutation(len(people()[0]))
    return rows[:3000], rows[3000:6000], rows[6000:26000]


def settings(point: Sequence[float], space: Space) -> dict[str, Any]:
    """Return the hyperparameters at a place of the cube.

    >>> settings([0.5] * 5, WIDE)["max_leaf_nodes"]
    23
    """
    chosen: dict[str, Any] = {}
    for place, (name, (scale, low, high)) in zip(point, space.items(), strict=True):
        value = low * (high / low) ** place if scale == "log" else low + (high - low) * place
        chosen[name] = round(value) if name in WHOLE else value
    return chosen


def model(point: Sequence[float], space: Space, rounds: int = ROUNDS) -> HistGradientBoostingClassifier:
    """Return an unfitted model."""
    return HistGradientBoostingClassifier(
        **settings(point, space), max_iter=rounds, early_stopping=False, random_state=0, warm_start=True
    )


def losses(fitted: HistGradientBoostingClassifier, rows: np.ndarray) -> np.ndarray:
    """Return the log loss of each row."""
    x, y = people()
    said = fitted.predict_proba(x[rows])[np.arange(len(rows)), y[rows]]
    return -np.log(np.clip(said, 1e-6, 1))


def fit(fitted: HistGradientBoostingClassifier) -> HistGradientBoostingClassifier:
    """Learn, or go on learning after ``max_iter`` was raised."""
    x, y = people()
    train = groups()[0]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return fitted.fit(x[train], y[train])


@dataclass
class Trial:
    """One model: where it lies, what it cost, and what a judge said of it."""

    point: list[float]
    rounds: int
    loss: float
    heard: float


def trial(point: Sequence[float], space: Space, noise: np.random.Generator | None = None) -> Trial:
    """Train fully. With ``noise`` the search hears the loss of 100 people drawn anew, and not that of all 3,000."""
    each = losses(fit(model(point, space)), groups()[1])
    heard = each.mean() if noise is None else each[noise.choice(len(each), 100, replace=False)].mean()
    return Trial([float(place) for place in point], ROUNDS, float(each.mean()), float(heard))


Run = Callable[[int], Iterator[Trial]]


def grid(seed: int) -> Iterator[Trial]:
    """Two values half a side apart on each of five sides; where they lie, and their order, are chance."""
    rng = np.random.default_rng(seed)
    sides = [[start, start + 0.5] for start in rng.random(5) / 2]
    for point in rng.permutation(np.stack(np.meshgrid(*sides), axis=-1).reshape(-1, 5)):
        yield trial(point, WIDE)


def random(seed: int, space: Space = WIDE, noisy: bool = False) -> Iterator[Trial]:
    """Any place of the cube."""
    rng = np.random.default_rng(seed)
    noise = np.random.default_rng([seed, 1]) if noisy else None
    for _ in range(TRIALS):
        yield trial(rng.random(5), space, noise)


def bayesian(seed: int, space: Space = WIDE, parallel: int = 1, noisy: bool = False) -> Iterator[Trial]:
    """Optuna's TPE; ``parallel`` trials are chosen before the first of them has ended."""
    import optuna

    optuna.logging.set_verbosity(optuna.logging.ERROR)
    warnings.simplefilter("ignore", optuna.exceptions.ExperimentalWarning)
    sampler = optuna.samplers.TPESampler(n_startup_trials=8, seed=seed, constant_liar=parallel > 1)
    study = optuna.create_study(sampler=sampler)
    sides: dict[str, Any] = {f"{side}": optuna.distributions.FloatDistribution(0, 1) for side in range(5)}
    noise = np.random.default_rng([seed, 1]) if noisy else None
    for _ in range(TRIALS // parallel):
        asked = [study.ask(sides) for _ in range(parallel)]
        for one in asked:
            done = trial([one.params[f"{side}"] for side in range(5)], space, noise)
            study.tell(one, done.heard)
            yield done


def evolutionary(seed: int, population: int = 8) -> Iterator[Trial]:
    """Change the best of three of the youngest sixteen in one or two places."""
    rng = np.random.default_rng(seed)
    alive: list[Trial] = []
    for born in range(TRIALS):
        point = rng.random(5)
        if born >= population:
            young = alive[-2 * population :]
            parent = min((young[i] for i in rng.choice(len(young), 3, replace=False)), key=lambda one: one.loss)
            changed = rng.choice(5, rng.integers(1, 3), replace=False)
            point = np.array(parent.point)
            point[changed] = np.clip(point[changed] + rng.normal(0, 0.2, len(changed)), 0, 1)
        alive.append(trial(point, WIDE))
        yield alive[-1]


def hyperband(seed: int, least: int = 1, keep: int = 3) -> Iterator[Trial]:
    """Start many small, give the best third three times the rounds; brackets from bold to careful, again and again."""
    rng = np.random.default_rng(seed)
    brackets = round(np.log(ROUNDS / least) / np.log(keep))
    while True:
        for bracket in range(brackets, -1, -1):
            rounds = ROUNDS // keep**bracket
            count = int(np.ceil((brackets + 1) / (bracket + 1) * keep**bracket))
            racers = [(point, model(point, WIDE)) for point in rng.random((count, 5))]
            before = 0
            while racers:
                scored = []
                for point, racer in racers:
                    loss = losses(fit(racer.set_params(max_iter=rounds)), groups()[1]).mean()
                    scored.append((loss, point, racer))
                    yield Trial(point.tolist(), rounds - before, float(loss), float(loss))
                scored.sort(key=lambda one: one[0])
                best = scored[: len(scored) // keep] if rounds < ROUNDS else []
                racers = [(point, racer) for _, point, racer in best]
                before, rounds = rounds, rounds * keep


RACE: dict[str, Run] = {
    "grid": grid,
    "random": random,
    "Bayesian": bayesian,
    "Hyperband": hyperband,
    "evolutionary": evolutionary,
}
OTHERS: dict[str, Run] = {
    "Bayesian, 4 at once": functools.partial(bayesian, parallel=4),
    "Bayesian, 8 at once": functools.partial(bayesian, parallel=8),
    "Bayesian, 16 at once": functools.partial(bayesian, parallel=16),
    "Bayesian, linear scale": functools.partial(bayesian, space=LINEAR),
    "random, linear scale": functools.partial(random, space=LINEAR),
    "Bayesian, noisy": functools.partial(bayesian, noisy=True),
    "random, noisy": functools.partial(random, noisy=True),
    "Bayesian, flat": functools.partial(bayesian, space=FLAT),
    "random, flat": functools.partial(random, space=FLAT),
}


def within_budget(trials: Iterator[Trial]) -> list[Trial]:
    """Return the trials that ``TRIALS`` full trainings pay for."""
    spent, paid = 0, []
    for one in trials:
        spent += one.rounds
        if spent > TRIALS * ROUNDS:
            break
        paid.append(one)
        if spent == TRIALS * ROUNDS:
            break
    return paid


def recorded(run: Run, seed: int) -> dict[str, Any]:
    """Return what one run of a search leaves in the record."""
    began = time.process_time()
    trials = within_budget(run(seed))
    kept: dict[str, Any] = {
        "seconds": round(time.process_time() - began, 1),
        "loss": [round(one.loss, DIGITS) for one in trials],
    }
    if any(one.rounds != ROUNDS for one in trials):
        kept["rounds"] = [one.rounds for one in trials]
    if any(one.heard != one.loss for one in trials):
        kept["heard"] = [round(one.heard, DIGITS) for one in trials]
    if seed < 2:
        kept["point"] = [[round(place, 3) for place in one.point] for one in trials]
    if run in RACE.values():
        kept["test"] = round(float(reported(trials)), DIGITS)
    return kept


def reported(trials: Sequence[Trial]) -> float:
    """Return the loss of the chosen model on people who took no part in choosing it."""
    best = min(trials, key=lambda one: one.heard)
    rounds = sum(one.rounds for one in trials[: trials.index(best) + 1] if one.point == best.point)
    return float(losses(fit(model(best.point, WIDE, rounds)), groups()[2]).mean())


def main(day: str) -> None:
    """Write the record of a run."""
    began = time.process_time()
    arms: dict[str, list[dict[str, Any]]] = {}
    for name, run in {**RACE, **OTHERS}.items():
        arms[name] = [recorded(run, seed) for seed in range(SEEDS)]
        best = np.median([min(one["loss"]) for one in arms[name]])
        print(f"{name}: median of the best {best:.4f}, {time.process_time() - began:.0f} s so far", flush=True)
    defaults = HistGradientBoostingClassifier(max_iter=ROUNDS, early_stopping=False, random_state=0)
    fit(defaults)
    made = {
        "made_by": f"datasets/recorded/{Path(__file__).name}",
        "day": day,
        "seconds": round(time.process_time() - began),
        "python": platform.python_version(),
        "libraries": {name: version(name) for name in ("scikit-learn", "optuna", "numpy")},
        "source": "census_employment.csv.gz",
        "seeds": list(range(SEEDS)),
        "rounds": ROUNDS,
        "trials": TRIALS,
        "spaces": {"wide": WIDE, "linear": LINEAR, "flat": FLAT},
        "defaults": {
            "validation": round(float(losses(defaults, groups()[1]).mean()), DIGITS),
            "test": round(float(losses(defaults, groups()[2]).mean()), DIGITS),
        },
    }
    text = json.dumps({**made, "arms": arms}, ensure_ascii=False, separators=(",", ":"))
    RECORD.write_text(text.replace('{"seconds"', '\n{"seconds"') + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1])
