"""Trains models of late flights again and again, so that a chapter can show luck, time and worth without the wait.

Two questions, one record: how far does the seed alone move a result (``seeds``), and what does a better result cost in
training time (``trade``)? To write it again: ``OMP_NUM_THREADS=1 python datasets/recorded/experiment_runs.py
2026-11-30`` with the day of the run, on one core that nobody else uses. Scores repeat on every machine to four digits;
times are those of the machine that ran it.
"""

from __future__ import annotations

import json
import platform
import sys
import time
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from sklearn.ensemble import (
    GradientBoostingClassifier,
    HistGradientBoostingClassifier,
    RandomForestClassifier,
)
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.tree import DecisionTreeClassifier

from mlacourse.datasets import load

RECORD = Path(__file__).with_suffix(".json")
SEEDS = range(40)
WARNED = 0.2  # of all flights


def forest(trees: int, depth: int, leaf: int = 5) -> Callable[[int], Any]:
    """Return a maker of random forests by seed."""
    return lambda seed: RandomForestClassifier(trees, max_depth=depth, min_samples_leaf=leaf, random_state=seed)


def boosted(rounds: int, rate: float = 0.1, leaves: int = 31) -> Callable[[int], Any]:
    """Return a maker of histogram-based boosting by seed; nothing in it is drawn, so the seed does not count."""
    return lambda seed: HistGradientBoostingClassifier(
        max_iter=rounds, learning_rate=rate, max_leaf_nodes=leaves, early_stopping=False, random_state=seed
    )


# The model in production, and two changes that somebody proposes.
COMPARED = {
    "production": forest(20, 10),
    "leaves of 4 flights": forest(20, 10, leaf=4),
    "60 trees": forest(60, 10),
}
TRADED = {
    "logistic regression": lambda seed: make_pipeline(StandardScaler(), LogisticRegression()),
    "one tree": lambda seed: DecisionTreeClassifier(max_depth=6, min_samples_leaf=20, random_state=seed),
    "forest of 5": forest(5, 10),
    "forest of 20": forest(20, 10),
    "forest of 60": forest(60, 10),
    "deep forest of 60": forest(60, 20),
    "deep forest of 300": forest(300, 20),
    "boosting, 30 rounds": boosted(30),
    "boosting, 100 rounds": boosted(100),
    "boosting, 400 small steps": boosted(400, 0.03, 16),
    "boosting, 1,500 small steps": boosted(1500, 0.02),
    "exact boosting, 200 rounds": lambda seed: GradientBoostingClassifier(
        n_estimators=200, max_depth=5, subsample=0.5, random_state=seed
    ),
}


def inputs_and_labels() -> tuple[pd.DataFrame, np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    """Return what is known before departure, whether a flight came more than 15 minutes late, and its day's number."""
    flights = load("flight_delays")
    when = flights.scheduled_departure
    table = pd.DataFrame(
        {
            "hour": when.dt.hour,
            "minute": when.dt.minute,
            "month": when.dt.month,
            "weekday": when.dt.dayofweek,
            "carrier": flights.carrier.cat.codes,
            "origin": flights.origin.cat.codes,
            "destination": flights.destination.cat.codes,
            "distance": flights.distance,
            "temperature": flights.temperature,
            "wind_speed": flights.wind_speed,
            "precipitation": flights.precipitation,
            "visibility": flights.visibility,
        }
    )
    return table, (flights.arrival_delay > 15).to_numpy(), when.dt.dayofyear.to_numpy()


def caught(late: np.ndarray[Any, Any], score: np.ndarray[Any, Any]) -> float:
    """Return the share of the late flights among the fifth of all flights that is warned of."""
    warned = np.argsort(-score, kind="stable")[: int(len(score) * WARNED)]
    return float(late[warned].sum() / late.sum())


def run(make: Callable[[int], Any], seed: int) -> list[float]:
    """Train on three days of five, return AUC and catch on the fourth; the fifth is left alone."""
    table, late, day = inputs_and_labels()
    train, tune = np.isin(day % 5, (1, 2, 3)), day % 5 == 4
    score = make(seed).fit(table[train].to_numpy(), late[train]).predict_proba(table[tune].to_numpy())[:, 1]
    return [round(float(roc_auc_score(late[tune], score)), 4), round(caught(late[tune], score), 4)]


def crossed(make: Callable[[int], Any]) -> dict[str, float]:
    """Train five times on four days of five; measure all flights, each by the model that has not seen its day."""
    table, late, day = inputs_and_labels()
    score, training, predicting = np.zeros(len(late)), [], []
    for fold in range(5):
        train, out = day % 5 != fold, day % 5 == fold
        model = make(0)
        began = time.process_time()
        model.fit(table[train].to_numpy(), late[train])
        trained = time.process_time()
        score[out] = model.predict_proba(table[out].to_numpy())[:, 1]
        training.append(trained - began)
        predicting.append((time.process_time() - trained) / out.sum())
    return {
        "auc": round(float(roc_auc_score(late, score)), 4),
        "caught": round(caught(late, score), 4),
        "seconds": round(min(training), 3),
        "microseconds_a_flight": round(min(predicting) * 1e6, 1),
    }


def main(day: str) -> None:
    """Write the record of a run."""
    began = time.monotonic()
    seeds = {name: [run(make, seed) for seed in SEEDS] for name, make in COMPARED.items()}
    trade = {name: crossed(make) for name, make in TRADED.items()}
    made = {
        "made_by": f"datasets/recorded/{Path(__file__).name}",
        "day": day,
        "took": round(time.monotonic() - began),
        "python": platform.python_version(),
        "scikit_learn": version("scikit-learn"),
        "processor": platform.machine(),
    }
    content = {
        **made,
        "seeds": seeds,
        "trade": trade,
    }
    RECORD.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1])
