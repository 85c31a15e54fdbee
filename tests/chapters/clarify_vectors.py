"""Pre-training bias metrics as smclarify computes them, for the chapter's own definitions to be held against.

smclarify 0.5 needs old libraries, so it is not part of the project's environment. To write the file again:
``uv venv old && uv pip install -p old smclarify==0.5 'numpy<2' 'pandas<2.2' pyfunctional``, then
``old/bin/python tests/chapters/clarify_vectors.py 2026-11-24`` with the day of the run.
"""

from __future__ import annotations

import json
import platform
import sys
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pandas as pd
from smclarify.bias.metrics import pretraining

ROOT = Path(__file__).parents[2]
FILE = ROOT / "tests" / "vectors" / "clarify_pretraining.json"

# Rows of each label value in facet a and in facet d.
COUNTS: dict[str, tuple[dict[str, int], dict[str, int]]] = {
    "the guide's loans, 80 % and 30 % approved": ({"yes": 80, "no": 20}, {"yes": 30, "no": 70}),
    "the guide's college, three outcomes": (
        {"rejected": 40, "waitlisted": 40, "accepted": 20},
        {"rejected": 20, "waitlisted": 10, "accepted": 70},
    ),
    "no difference": ({"yes": 9, "no": 3}, {"yes": 3, "no": 1}),
    "facet d favoured": ({"yes": 10, "no": 30}, {"yes": 12, "no": 8}),
    "a label that facet d never has": ({"yes": 50, "no": 50}, {"yes": 40, "no": 0}),
}
DISTANCES = ("KL", "JS", "LP", "TVD", "KS")
STRATA = ("consumer_credit", "mortgage_credit", "debts")


def distances(label: pd.Series, in_d: pd.Series) -> dict[str, float]:
    return {name: float(getattr(pretraining, name)(label, in_d)) for name in DISTANCES}


def from_counts(a: dict[str, int], d: dict[str, int]) -> dict[str, float]:
    rows = [(value, side) for side, counts in ((False, a), (True, d)) for value, n in counts.items() for _ in range(n)]
    label, in_d = (pd.Series(column) for column in zip(*rows, strict=True))
    return {"CI": float(pretraining.CI(label, in_d)), **distances(label, in_d)}


def mortgages() -> dict[str, dict[str, float]]:
    table = pd.read_csv(ROOT / "datasets" / "mortgage_decisions.csv")
    table["debts"] = pd.cut(table.payments_to_income, [-1, 0.28, 0.33, 0.37, 9], labels=False)
    facets = {
        "black": table.group == "black",
        "single": table.single.astype(bool),
        "self-employed": table.self_employed.astype(bool),
        "condominium": table.condominium.astype(bool),
        "no diploma": ~table.high_school_diploma.astype(bool),
        "housing": table.housing_to_income > 0.26,
    }
    approved = table.approved.astype(bool)
    return {
        name: {
            "CI": float(pretraining.CI(approved, in_d)),
            "DPL": float(pretraining.DPL(approved, in_d, approved)),
            **distances(approved, in_d),
            **{f"CDDL {by}": float(pretraining.CDDL(approved, in_d, approved, table[by])) for by in STRATA},
        }
        for name, in_d in facets.items()
    }


def written(day: str) -> dict[str, Any]:
    return {
        "by": {
            "script": "tests/chapters/clarify_vectors.py",
            "smclarify": version("smclarify"),
            "pandas": version("pandas"),
            "numpy": version("numpy"),
            "python": platform.python_version(),
            "on": day,
        },
        "counts": [{"name": name, "a": a, "d": d, "values": from_counts(a, d)} for name, (a, d) in COUNTS.items()],
        "mortgages": mortgages(),
    }


if __name__ == "__main__":
    FILE.write_text(json.dumps(written(sys.argv[1]), indent=1) + "\n", encoding="utf-8")
