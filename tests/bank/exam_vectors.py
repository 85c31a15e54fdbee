"""Cases that Python and the browser must agree on; written by ``python tests/bank/exam_vectors.py``."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

from scipy.stats import binomtest

from mlacourse.bank import load_blueprints
from mlacourse.bank.forms import Unit, apportion, form

FILE = Path(__file__).parents[1] / "vectors" / "exam.json"
TYPES = {"multiple_choice": 68, "multiple_response": 16, "ordering": 5, "matching": 5, "case_study": 6}


def generated_units(count: int, seed: int) -> list[Unit]:
    """Units of every type, spread unevenly over the tasks, in the order of their ids."""
    chance = random.Random(seed)
    tasks = [task.id for domain in load_blueprints().exams["mla-c01"].domains for task in domain.tasks]
    units = []
    for number in range(count):
        kind = chance.choices(list(TYPES), weights=list(TYPES.values()))[0]
        size = chance.choice([2, 3]) if kind == "case_study" else 1
        task = tasks[min(int(chance.expovariate(0.2)), len(tasks) - 1)]
        identifier = f"unit-{number:04}"
        questions = tuple(f"{identifier}-{part}" for part in range(size))
        units.append(Unit(identifier, kind, (task,) * size, questions))
    return units


def vectors() -> dict[str, Any]:
    """Every case with its result."""
    exam = load_blueprints().exams["mla-c01"]
    weights = [
        {"1": 28, "2": 26, "3": 22, "4": 24},
        {"1": 28, "2": 24, "3": 24, "4": 24},
        {"a": 1, "b": 1, "c": 1},
        TYPES,
    ]
    shares = [(right, total) for total in (1, 7, 24, 50, 65) for right in range(total + 1)]
    intervals = [binomtest(right, total).proportion_ci(method="wilson") for right, total in shares]
    return {
        "apportion": [
            {"total": total, "weights": one, "seats": apportion(total, one)}
            for one in weights
            for total in (0, 1, 24, 50, 65)
        ],
        "wilson": [
            {"right": right, "total": total, "low": interval.low, "high": interval.high}
            for (right, total), interval in zip(shares, intervals, strict=True)
        ],
        "forms": [
            {
                "units": [unit.__dict__ for unit in generated_units(count, seed)],
                "seed": seed,
                "entries": [entry.__dict__ for entry in form(exam, generated_units(count, seed), TYPES, seed)],
            }
            for count, seed in ((0, 1), (12, 2), (60, 3), (260, 4), (260, 4_000_000_000))
        ],
        "exam": {
            "questions": exam.mechanics.questions,
            "scored": exam.mechanics.scored,
            "types": TYPES,
            "domains": [{"id": domain.id, "weight": domain.weight} for domain in exam.domains],
        },
    }


def text() -> str:
    """The file's content."""
    return json.dumps(vectors(), separators=(",", ":")) + "\n"


if __name__ == "__main__":
    FILE.write_text(text(), encoding="utf-8")
