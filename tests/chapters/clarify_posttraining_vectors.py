"""Post-training bias metrics as smclarify computes them, for the fairness chapter's own definitions to be held against.

It runs in the environment that ``clarify_vectors.py`` describes:
``old/bin/python tests/chapters/clarify_posttraining_vectors.py 2026-11-30`` with the day of the run.
"""

from __future__ import annotations

import json
import math
import platform
import sys
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pandas as pd
from smclarify.bias.metrics import posttraining

ROOT = Path(__file__).parents[2]
FILE = ROOT / "tests" / "vectors" / "clarify_posttraining.json"

Counts = dict[str, int]

# Rows of each cell of the confusion matrix in facet a and in facet d.
TABLES: dict[str, tuple[Counts, Counts]] = {
    "the guide's two matrices": (
        {"tp": 65, "fp": 10, "fn": 5, "tn": 20},
        {"tp": 20, "fp": 5, "fn": 7, "tn": 18},
    ),
    "the guide's accuracies": (
        {"tp": 60, "fp": 10, "fn": 20, "tn": 10},
        {"tp": 40, "fp": 10, "fn": 40, "tn": 10},
    ),
    "d favoured": ({"tp": 30, "fp": 5, "fn": 25, "tn": 40}, {"tp": 28, "fp": 9, "fn": 2, "tn": 11}),
    "no difference": ({"tp": 40, "fp": 4, "fn": 8, "tn": 12}, {"tp": 10, "fp": 1, "fn": 2, "tn": 3}),
    "nobody of d accepted": ({"tp": 30, "fp": 6, "fn": 4, "tn": 10}, {"tp": 0, "fp": 0, "fn": 9, "tn": 11}),
    "nobody of a accepted": ({"tp": 0, "fp": 0, "fn": 9, "tn": 11}, {"tp": 30, "fp": 6, "fn": 4, "tn": 10}),
    "nobody accepted at all": ({"tp": 0, "fp": 0, "fn": 6, "tn": 14}, {"tp": 0, "fp": 0, "fn": 3, "tn": 7}),
    "no false positive in a": ({"tp": 50, "fp": 0, "fn": 5, "tn": 20}, {"tp": 20, "fp": 5, "fn": 7, "tn": 18}),
    "no false positive in either": ({"tp": 50, "fp": 0, "fn": 5, "tn": 20}, {"tp": 20, "fp": 0, "fn": 7, "tn": 18}),
    "everybody right": ({"tp": 50, "fp": 0, "fn": 0, "tn": 20}, {"tp": 20, "fp": 0, "fn": 0, "tn": 18}),
    "mostly false negatives": ({"tp": 5, "fp": 0, "fn": 45, "tn": 0}, {"tp": 5, "fp": 0, "fn": 45, "tn": 0}),
}
CELLS = {"tp": (True, True), "fp": (False, True), "fn": (True, False), "tn": (False, False)}
FROM_COUNTS = ("DCA", "DCR", "SD", "RD", "DAR", "DRR", "AD", "TE")
STRATA = ("consumer_credit", "mortgage_credit")
FEATURES = ("payments_to_income", "housing_to_income", "loan_to_value", "consumer_credit", "mortgage_credit")


def plain(value: float) -> float | str:
    """JSON has no infinity; Clarify writes it as a word."""
    value = float(value)
    return value if math.isfinite(value) else ("Infinity" if value > 0 else "-Infinity")


def from_columns(label: pd.Series, predicted: pd.Series, in_d: pd.Series) -> dict[str, float | str]:
    values = {
        "DPPL": posttraining.DPPL(label, in_d, predicted),
        "DI": posttraining.DI(label, in_d, predicted),
        **{name: getattr(posttraining, name)(label, in_d, label, predicted) for name in FROM_COUNTS},
        "GE": posttraining.GE(label, predicted),
    }
    return {name: plain(value) for name, value in values.items()}


def from_counts(a: Counts, d: Counts) -> dict[str, float | str]:
    rows = [
        (*CELLS[cell], side) for side, table in ((False, a), (True, d)) for cell, n in table.items() for _ in range(n)
    ]
    return from_columns(*(pd.Series(column) for column in zip(*rows, strict=True)))


def mortgages() -> dict[str, dict[str, float | str]]:
    """A rule of thumb instead of a model, so that no other library has to agree on its scores."""
    table = pd.read_csv(ROOT / "datasets" / "mortgage_decisions.csv")
    rule = (table.payments_to_income <= 0.4) & (table.consumer_credit <= 3) & (table.loan_to_value <= 0.92)
    approved = table.approved.astype(bool)
    facets = {
        "black": table.group == "black",
        "single": table.single.astype(bool),
        "no diploma": ~table.high_school_diploma.astype(bool),
    }
    return {
        name: {
            **from_columns(approved, rule, in_d),
            **{f"CDDPL {by}": plain(posttraining.CDDPL(approved, in_d, rule, table[by])) for by in STRATA},
            "FT": plain(posttraining.FT(table[list(FEATURES)], in_d, rule)),
        }
        for name, in_d in facets.items()
    }


def neighbours() -> dict[str, float | str]:
    """The fliptest where the answer is plain: few rows of a, so that one neighbour decides."""
    cases = {
        "all of d refused, all of a accepted": ([1, 1, 1, 0, 0], [0, 0, 0, 1, 1]),
        "all of d accepted, all of a refused": ([0, 0, 0, 1, 1], [0, 0, 0, 1, 1]),
        "one of four of d would be accepted": ([1, 0, 0, 0, 0, 0], [0, 0, 1, 1, 1, 1]),
    }
    place = {5: [0.0, 1.0, 2.0, 0.1, 1.1], 6: [0.0, 9.0, 0.1, 8.0, 8.5, 9.5]}
    found = {}
    for name, (predicted, side) in cases.items():
        columns = (pd.DataFrame({"x": place[len(side)]}), pd.Series(side) == 1, pd.Series(predicted) == 1)
        found[name] = plain(posttraining.FT(*columns))
    return found


def written(day: str) -> dict[str, Any]:
    return {
        "by": {
            "script": "tests/chapters/clarify_posttraining_vectors.py",
            "smclarify": version("smclarify"),
            "pandas": version("pandas"),
            "numpy": version("numpy"),
            "scikit-learn": version("scikit-learn"),
            "python": platform.python_version(),
            "on": day,
        },
        "tables": [{"name": name, "a": a, "d": d, "values": from_counts(a, d)} for name, (a, d) in TABLES.items()],
        "mortgages": mortgages(),
        "fliptests": neighbours(),
    }


if __name__ == "__main__":
    FILE.write_text(json.dumps(written(sys.argv[1]), indent=1) + "\n", encoding="utf-8")
