"""Measures nine families of algorithms on three data sets, and how their cost grows with rows and columns.

The times are seconds of one processor and do not repeat, and the long fits take minutes, so a chapter reads the
record. To write it again: ``python datasets/recorded/algorithms_measured.py 2026-11-30`` with the day of the run.
"""

from __future__ import annotations

import json
import pickle
import platform
import sys
import time
from collections.abc import Callable, Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from sklearn.datasets import load_digits
from sklearn.ensemble import HistGradientBoostingClassifier, RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.naive_bayes import GaussianNB
from sklearn.neighbors import KNeighborsClassifier
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC, LinearSVC
from sklearn.tree import DecisionTreeClassifier
from threadpoolctl import threadpool_limits

from mlacourse.datasets import load

RECORD = Path(__file__).with_suffix(".json")
SEED = 0
ROWS = [500, 1000, 2000, 4000, 8000, 16000]
COLUMNS = [25, 50, 100, 200, 400, 800]

FAMILIES: dict[str, Callable[[], Any]] = {
    "logistic regression": lambda: LogisticRegression(max_iter=2000),
    "linear SVM": lambda: LinearSVC(dual=False),
    "naive Bayes": lambda: GaussianNB(),
    "k-NN": lambda: KNeighborsClassifier(15, algorithm="brute"),
    "SVM with a kernel": lambda: SVC(),
    "decision tree": lambda: DecisionTreeClassifier(min_samples_leaf=20, random_state=SEED),
    "random forest": lambda: RandomForestClassifier(200, min_samples_leaf=2, random_state=SEED),
    "gradient boosting": lambda: HistGradientBoostingClassifier(
        max_iter=150, max_leaf_nodes=15, early_stopping=False, random_state=SEED
    ),
    "neural network": lambda: MLPClassifier((64,), max_iter=60, early_stopping=True, random_state=SEED),
}
"""The nine families with the same settings on every data set; nothing is tuned to one of them."""


class Rows(NamedTuple):
    """A table of numbers, its answers, and which rows a model learns from and is judged on."""

    table: np.ndarray
    answer: np.ndarray
    learn: np.ndarray
    judge: np.ndarray


def flights() -> Rows:
    """Whether a flight lands at least 15 minutes late; learnt in the first half-year, judged on the second."""
    data = load("flight_delays")
    table = pd.get_dummies(data[["carrier", "origin"]], dtype=float).join(
        data[["distance", "temperature", "wind_speed", "precipitation", "visibility", "departure_delay"]]
    )
    when = data.scheduled_departure.dt
    table = table.assign(hour=when.hour, month=when.month, weekday=when.dayofweek).astype(float)
    middle = len(data) // 2
    late = (data.arrival_delay >= 15).to_numpy()
    return Rows(table.fillna(table.median()).to_numpy(), late, np.arange(middle), np.arange(middle, len(data)))


def census() -> Rows:
    """Whether a person is at work; learnt from 10,000 people of 2015, judged on 10,000 of 2018."""
    data = load("census_employment")
    table = pd.get_dummies(data.drop(columns=["employed", "year"]), dtype=float).to_numpy()
    learn = np.random.default_rng(SEED).permutation(np.flatnonzero(data.year == 2015))[:10_000]
    return Rows(table, data.employed.to_numpy(), learn, np.flatnonzero(data.year == 2018)[:10_000])


def digits() -> Rows:
    """Which digit a picture of 64 pixels shows; 1,000 to learn from, 797 to judge."""
    data = load_digits()
    order = np.random.default_rng(SEED).permutation(len(data.target))
    return Rows(data.data, data.target, order[:1000], order[1000:])


SETS = {"flights": flights, "census": census, "digits": digits}


def numbers_held(model: Any, columns: int) -> int:
    """Return how many numbers a fitted model answers with: weights, leaves, or stored rows times columns."""
    if hasattr(model, "coefs_"):
        return sum(part.size for part in [*model.coefs_, *model.intercepts_])
    if hasattr(model, "coef_") and not hasattr(model, "support_"):
        return int(model.coef_.size + np.size(model.intercept_))
    if hasattr(model, "theta_"):
        return int(model.theta_.size + model.var_.size + model.class_prior_.size)
    if hasattr(model, "support_"):
        return int(len(model.support_) * columns + model.dual_coef_.size + model.intercept_.size)
    if hasattr(model, "n_samples_fit_"):
        return int(model.n_samples_fit_ * (columns + 1))
    if hasattr(model, "tree_"):
        return int(model.get_n_leaves())
    if hasattr(model, "estimators_"):
        return sum(int(tree.get_n_leaves()) for tree in model.estimators_)
    return sum(int(tree.get_n_leaf_nodes()) for step in model._predictors for tree in step)


def seconds(work: Callable[[], Any]) -> float:
    """Return the least processor time of up to three runs; one run if it takes over a second."""
    taken = []
    for _ in range(3):
        begin = time.process_time()
        work()
        taken.append(time.process_time() - begin)
        if taken[-1] > 1:
            break
    return float(f"{min(taken):.3g}")


def fitted(family: str, rows: Rows) -> Any:
    """Return a pipeline of a scaler and the family's model, fitted to the rows to learn from."""
    return make_pipeline(StandardScaler(), FAMILIES[family]()).fit(rows.table[rows.learn], rows.answer[rows.learn])


def measured(family: str, rows: Rows) -> dict[str, Any]:
    """Return what a family scores, takes and holds on one data set; prediction is timed for 1,000 rows."""
    model = fitted(family, rows)
    some = rows.table[rows.judge[:1000]]
    return {
        "accuracy": round(float(model.score(rows.table[rows.judge], rows.answer[rows.judge])), 4),
        "training seconds": seconds(lambda: fitted(family, rows)),
        "prediction seconds": float(f"{seconds(lambda: model.predict(some)) * 1000 / len(some):.3g}"),
        "bytes": len(pickle.dumps(model)),
        "numbers": numbers_held(model[-1], rows.table.shape[1]),
    }


def growth() -> Iterator[dict[str, Any]]:
    """Yield times on the census by the number of rows, and by the number of columns at 2,000 rows."""
    data = load("census_employment")
    table = pd.get_dummies(data.drop(columns=["employed", "year"]), dtype=float).to_numpy()
    answer = data.employed.to_numpy()
    order = np.random.default_rng(SEED).permutation(len(table))
    pairs = np.random.default_rng(SEED).integers(0, table.shape[1], (max(COLUMNS), 2))
    # More columns than the census asks for: products of two of them, and a little noise so that none is constant.
    wide = table[order[:3000]][:, pairs[:, 0]] * table[order[:3000]][:, pairs[:, 1]]
    wide = wide + np.random.default_rng(SEED).normal(0, 0.1, wide.shape)
    for family in FAMILIES:
        for size in ROWS:
            yield timed(family, Rows(table, answer, order[:size], order[-1000:]), "rows", size)
        for count in COLUMNS:
            few = Rows(wide[:, :count], answer[order[:3000]], np.arange(2000), np.arange(2000, 3000))
            yield timed(family, few, "columns", count)


def timed(family: str, rows: Rows, axis: str, size: int) -> dict[str, Any]:
    """Return one point of a growth curve."""
    model = fitted(family, rows)
    return {
        "family": family,
        "axis": axis,
        "size": size,
        "training": seconds(lambda: fitted(family, rows)),
        "prediction": seconds(lambda: model.predict(rows.table[rows.judge])),
        "bytes": len(pickle.dumps(model)),
        "numbers": numbers_held(model[-1], rows.table.shape[1]),
    }


def main(day: str) -> None:
    """Write the record of a run."""
    began = time.monotonic()
    with threadpool_limits(1):
        sets = {
            name: {family: measured(family, load_rows()) for family in FAMILIES} for name, load_rows in SETS.items()
        }
        points = list(growth())
    record = {
        "made_by": f"datasets/recorded/{Path(__file__).name}",
        "day": day,
        "seconds": round(time.monotonic() - began, 1),
        "python": platform.python_version(),
        "machine": platform.machine(),
        "versions": {name: version(name) for name in ("scikit-learn", "numpy", "scipy", "pandas")},
        "seed": SEED,
        "unit": "seconds of one processor; prediction for 1,000 rows",
        "sets": sets,
        "growth": points,
    }
    RECORD.write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1])
