"""The fairness chapter's metrics against smclarify, AWS's printed values and Fairlearn; its demos and its checks."""

from __future__ import annotations

import functools
import json
import math
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from chapter_source import ChapterSource
from fairlearn import metrics as fairlearn_metrics
from hypothesis import assume, given
from hypothesis import strategies as st
from sklearn.neighbors import KNeighborsClassifier

from mlacourse import datasets

SOURCE = ChapterSource("02_modeling", "10_fairness")
VECTORS = json.loads(Path(__file__).parents[1].joinpath("vectors", "clarify_posttraining.json").read_text("utf-8"))
CELLS = {"tp": (True, True), "fp": (False, True), "fn": (True, False), "tn": (False, False)}
CODES = {"DCAcc": "DCA"}
TWO_THRESHOLDS, TWO_CRITERIA, REMEDIES = range(3)

Counts = dict[str, int]


@functools.cache
def chapter() -> SimpleNamespace:
    """What the cell tagged ``metrics`` defines; it needs no data."""
    names: dict[str, Any] = {"np": np, "KNeighborsClassifier": KNeighborsClassifier}
    return SOURCE.defined("metrics", **names)


@functools.cache
def applicants() -> dict[str, Any]:
    """The first cell as it stands: labels, facets and out-of-fold scores."""
    names: dict[str, Any] = {}
    exec(SOURCE.cell_with('mortgages = load("mortgage_decisions")'), names)
    return names


def columns(a: Counts, d: Counts) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Label, prediction and facet of a table with these counts."""
    rows = [
        (*CELLS[cell], side) for side, table in ((False, a), (True, d)) for cell, n in table.items() for _ in range(n)
    ]
    label, predicted, in_d = np.array(rows, dtype=bool).T
    return label, predicted, in_d


@pytest.fixture(autouse=True, scope="module")
def _metrics_defined() -> None:
    """Run the cells before hypothesis times the first example."""
    chapter()
    before_training()


def number(value: float | str) -> float:
    return float(value)


@pytest.mark.parametrize("table", VECTORS["tables"], ids=lambda table: table["name"])
def test_every_metric_of_small_tables_agrees_with_smclarify(table: dict[str, Any]) -> None:
    label, predicted, in_d = columns(table["a"], table["d"])
    assert chapter().confusion(label, predicted, in_d) == table["d"]
    ours = {CODES.get(name, name): value for name, value in chapter().from_counts(table["a"], table["d"]).items()}
    ours["GE"] = chapter().generalized_entropy(label, predicted)
    assert ours == pytest.approx({name: number(value) for name, value in table["values"].items()}, abs=1e-12)


@pytest.mark.parametrize("facet", VECTORS["mortgages"])
def test_every_metric_of_the_mortgages_agrees_with_smclarify(facet: str) -> None:
    table = datasets.load("mortgage_decisions")
    rule = (table["payments_to_income"] <= 0.4) & (table["consumer_credit"] <= 3) & (table["loan_to_value"] <= 0.92)
    facets = {
        "black": table["group"] == "black",
        "single": table["single"],
        "no diploma": ~table["high_school_diploma"],
    }
    label, predicted, in_d = (column.to_numpy(bool) for column in (table["approved"], rule, facets[facet]))
    near = ["payments_to_income", "housing_to_income", "loan_to_value", "consumer_credit", "mortgage_credit"]
    found = chapter().posttraining(label, predicted, in_d, table["consumer_credit"], table[near].to_numpy(float))
    ours = {CODES.get(name, name): value for name, value in found.items()}
    ours["CDDPL consumer_credit"] = ours.pop("CDDPL")
    ours["CDDPL mortgage_credit"] = chapter().cddpl(predicted, in_d, table["mortgage_credit"])
    ours["FT"] = -ours["FT"]  # smclarify's sign is the opposite of the guide's
    assert ours == pytest.approx(
        {name: number(value) for name, value in VECTORS["mortgages"][facet].items()}, abs=1e-12
    )


def test_the_fliptest_has_the_guides_sign_and_smclarify_the_opposite() -> None:
    """Everybody in d refused whose neighbours in a are accepted: F+ is n_d, so FT is 1.

    Source: https://docs.aws.amazon.com/sagemaker/latest/dg/clarify-post-training-bias-metric-ft.html
    """
    refused = chapter().fliptest([[0.0], [1.0], [2.0], [0.1], [1.1]], np.array([1, 1, 1, 0, 0]) == 1, np.arange(5) > 2)
    assert refused == 1
    assert VECTORS["fliptests"]["all of d refused, all of a accepted"] == -1


@pytest.mark.parametrize(
    ("metric", "a", "d", "printed"),
    [
        ("RD", (65, 10, 5, 20), (20, 5, 7, 18), 0.19),
        ("SD", (65, 10, 5, 20), (20, 5, 7, 18), 0.1159),
        ("AD", (60, 10, 20, 10), (40, 10, 40, 10), 0.2),
        ("DAR", (35, 35, 0, 0), (40, 60, 0, 0), 0.10),
        ("DRR", (0, 0, 20, 80), (0, 0, 10, 40), 0),
        ("DCAcc", (60, 0, 10, 30), (20, 10, 0, 20), 0.5),
        ("DCAcc", (50, 10, 0, 40), (30, 0, 10, 10), -0.5),
        ("DCR", (40, 0, 10, 50), (10, 10, 0, 30), 0.5),
        ("DCR", (30, 10, 0, 60), (20, 0, 10, 20), -0.5),
    ],
)
def test_the_developer_guides_printed_values(
    metric: str, a: tuple[int, ...], d: tuple[int, ...], printed: float
) -> None:
    """The worked examples of the metrics' pages in the developer guide of SageMaker AI."""
    names = ("tp", "fp", "fn", "tn")
    found = chapter().from_counts(dict(zip(names, a, strict=True)), dict(zip(names, d, strict=True)))
    assert found[metric] == pytest.approx(printed, abs=0.005)


def test_the_guides_ratio_for_di_is_five_sixths_and_not_the_printed_four_fifths() -> None:
    found = chapter().from_counts({"tp": 60, "fp": 0, "fn": 0, "tn": 40}, {"tp": 50, "fp": 0, "fn": 0, "tn": 50})
    assert found["DI"] == pytest.approx(5 / 6)


counts = st.fixed_dictionaries({cell: st.integers(0, 40) for cell in CELLS}).filter(
    lambda table: sum(table.values()) > 0
)


@given(counts, counts)
def test_rates_by_facet_are_fairlearns(a: Counts, d: Counts) -> None:
    label, predicted, in_d = columns(a, d)
    assume(all(label[side].any() and not label[side].all() for side in (in_d, ~in_d)))
    frame = fairlearn_metrics.MetricFrame(
        metrics={
            "approved": fairlearn_metrics.selection_rate,
            "recall": fairlearn_metrics.true_positive_rate,
            "specificity": fairlearn_metrics.true_negative_rate,
        },
        y_true=label,
        y_pred=predicted,
        sensitive_features=in_d,
    ).by_group
    for side, table in ((False, a), (True, d)):
        ours = chapter().rates(**table)
        assert {name: ours[name] for name in frame.columns} == pytest.approx(frame.loc[side].to_dict())


@given(counts, counts)
def test_metrics_keep_the_ranges_that_the_table_states(a: Counts, d: Counts) -> None:
    found = chapter().from_counts(a, d)
    for name in ("DPPL", "SD", "RD", "DAR", "DRR", "AD"):
        assert -1 - 1e-12 <= found[name] <= 1 + 1e-12
    assert found["DI"] >= 0
    assert not any(math.isnan(value) for value in found.values())


@given(counts, counts)
def test_swapping_the_facets_turns_every_difference(a: Counts, d: Counts) -> None:
    found, swapped = chapter().from_counts(a, d), chapter().from_counts(d, a)
    for name in set(found) - {"DI"}:
        assert swapped[name] == pytest.approx(-found[name])


@given(counts)
def test_equal_facets_are_at_parity(a: Counts) -> None:
    found = chapter().from_counts(a, a)
    assert {name: value for name, value in found.items() if name != "DI"} == pytest.approx(
        dict.fromkeys(set(found) - {"DI"}, 0)
    )
    assert found["DI"] == (1 if a["tp"] + a["fp"] else 0)


@given(counts)
def test_precision_follows_base_rate_recall_and_false_positive_rate(a: Counts) -> None:
    assume(a["fp"] > 0 and a["tp"] > 0)
    rates = chapter().rates(**a)
    base = (a["tp"] + a["fn"]) / sum(a.values())
    odds = base / (1 - base) * rates["recall"] / (1 - rates["specificity"])
    assert rates["precision"] == pytest.approx(odds / (1 + odds))


@given(st.lists(st.tuples(st.booleans(), st.booleans()), min_size=1, max_size=40))
def test_generalized_entropy_is_half_the_squared_coefficient_of_variation(rows: list[tuple[bool, bool]]) -> None:
    label, predicted = (np.array(column) for column in zip(*rows, strict=True))
    benefit = 1.0 + predicted - label
    assume(benefit.sum() > 0)
    expected = (benefit.std() / benefit.mean()) ** 2 / 2
    assert chapter().generalized_entropy(label, predicted) == pytest.approx(expected)


def test_generalized_entropy_passes_the_end_of_the_range_that_the_guide_prints() -> None:
    most = next(table for table in VECTORS["tables"] if table["name"] == "mostly false negatives")
    assert most["values"]["GE"] == pytest.approx(4.5)
    with pytest.raises(ValueError, match="undefined"):
        chapter().generalized_entropy([1, 1], [0, 0])


@functools.cache
def before_training() -> SimpleNamespace:
    """The pre-training metrics of the chapter on bias in data."""
    return ChapterSource("01_data", "09_bias_and_imbalance_in_data").defined("metrics", np=np)


@given(st.lists(st.tuples(st.booleans(), st.booleans(), st.integers(0, 2)), min_size=4, max_size=60))
def test_cddpl_is_the_pretraining_metric_on_predictions(rows: list[tuple[bool, bool, int]]) -> None:
    predicted, in_d, group = (np.array(column) for column in zip(*rows, strict=True))
    assert chapter().cddpl(predicted, in_d, group) == pytest.approx(before_training().cddl(predicted, in_d, group))


@pytest.mark.parametrize(("ta", "td"), [(80, 80), (80, 60), (80, 91), (55, 95), (40, 40)])
def test_the_first_demo_writes_all_thirteen_metrics_and_the_profit(ta: int, td: int) -> None:
    data = applicants()
    label, in_d, score = (data[name] for name in ("label", "in_d", "score"))
    features = data["features"]
    spread = ((features - features.mean()) / features.std(ddof=0)).to_numpy()
    predicted = score >= np.where(in_d, td, ta)
    expected = chapter().posttraining(label, predicted, in_d, data["mortgages"]["consumer_credit"], spread)
    written = SOURCE.shown(TWO_THRESHOLDS, ta=ta, td=td)
    for name, value in expected.items():
        assert f"{value:.3f}".replace("-", "−") in [text.replace("−0.000", "0.000") for text in written] or (
            abs(value) < 5e-4
        ), name
    usd = 2 * (predicted & label).sum() - 8 * (predicted & ~label).sum()
    assert f"Profit {usd:,} thousand USD" in written
    assert any(text.startswith(f"Accuracy {(predicted == label).mean():.1%}") for text in written)


def test_the_first_demo_keeps_to_its_budget_of_data() -> None:
    rows = sum(len(table) for table in SOURCE.specs()[TWO_THRESHOLDS]["datasets"].values())
    assert rows <= 2000
    assert len(json.dumps(SOURCE.specs()[TWO_THRESHOLDS]["datasets"])) < 100_000


@pytest.mark.parametrize(
    ("pa", "pd", "tpr", "fpr"), [(91, 72, 91, 60), (40, 20, 80, 30), (30, 30, 70, 20), (50, 80, 90, 10)]
)
def test_the_second_demo_follows_the_identity(pa: int, pd: int, tpr: int, fpr: int) -> None:
    written = SOURCE.shown(TWO_CRITERIA, **{"pa": pa, "pd": pd, "tpr": tpr, "fpr": fpr})
    for base in (pa, pd):
        precision = tpr * base / (tpr * base + fpr * (100 - base))
        assert f"{precision:.0%}" in written
    needed = fpr / 100 * pd / (100 - pd) / (pa / (100 - pa))
    assert f"{needed:.0%}" in written


def test_the_second_demo_calls_a_rate_above_one_impossible() -> None:
    assert "impossible" in SOURCE.shown(TWO_CRITERIA, **{"pa": 40, "pd": 90, "fpr": 60})


def test_the_third_demo_lists_every_remedy_with_its_gap_and_cost() -> None:
    written = SOURCE.shown(REMEDIES)
    assert sum(text.endswith(("(none)", "(before)", "(in)", "(after)")) for text in written) == 13
    assert "0.16 / +0.0 %" in written
    assert "0.10 / +0.0" in SOURCE.shown(REMEDIES, gap="DAR", price="accuracy")


@functools.cache
def surroundings() -> dict[str, Any]:
    """What earlier cells give to the exercises' checks."""
    names = dict(applicants()) | vars(chapter())
    label, in_d, features, score = (names[name] for name in ("label", "in_d", "features", "score"))
    spread = ((features - features.mean()) / features.std(ddof=0)).to_numpy()

    def profit(predicted: Any) -> int:
        return int(2 * (predicted & label).sum() - 8 * (predicted & ~label).sum())

    def mortgage_report(predicted: Any) -> dict[str, float]:
        found: dict[str, float] = names["posttraining"](
            label, predicted, in_d, names["mortgages"].consumer_credit, spread
        )
        return found

    return names | {"json": json, "pd": pd, "profit": profit, "mortgage_report": mortgage_report, "score": score}


def passes(grade_id: str, answer: str | None = None) -> bool:
    """Whether an answer, or the chapter's own, passes the exercise's checks."""
    return SOURCE.passes(grade_id, dict(surroundings()), answer)


# A search that is right but for the line that says which cut is better.
COMMON_THRESHOLD = """
def best_common_threshold(points, label, in_d, bound):
    best, most = None, -np.inf
    for cut in range(40, 96):
        predicted = points >= cut
        gap = from_counts(confusion(label, predicted, ~in_d), confusion(label, predicted, in_d))["RD"]
        earned = 2 * (predicted & label).sum() - 8 * (predicted & ~label).sum()
        if {better}:
            best, most = cut, earned
    return best
"""

SLIPS = {
    "fairness-impact-ratios": {
        "the first group is the yardstick": """
def impact_ratios(selected, group):
    selected, group = np.asarray(selected, dtype=bool), np.asarray(group)
    if not selected.any():
        raise ValueError
    names = np.unique(group)
    first = selected[group == names[-1]].mean()
    return {name: selected[group == name].mean() / first for name in names}
""",
        "nobody selected passes in silence": """
def impact_ratios(selected, group):
    selected, group = np.asarray(selected, dtype=bool), np.asarray(group)
    found = {name: selected[group == name].mean() for name in np.unique(group)}
    return {name: rate / (max(found.values()) or 1) for name, rate in found.items()}
""",
        "counts instead of rates": """
def impact_ratios(selected, group):
    selected, group = np.asarray(selected, dtype=bool), np.asarray(group)
    if not selected.any():
        raise ValueError
    found = {name: selected[group == name].sum() for name in np.unique(group)}
    return {name: n / max(found.values()) for name, n in found.items()}
""",
    },
    "fairness-needed-fpr": {
        "base rates instead of their odds": """
def needed_fpr(base_a, base_d, fpr_a):
    needed = fpr_a * base_d / base_a
    return needed if needed <= 1 else None
""",
        "the wrong way": """
def needed_fpr(base_a, base_d, fpr_a):
    needed = fpr_a * (base_a / (1 - base_a)) / (base_d / (1 - base_d))
    return needed if needed <= 1 else None
""",
        "a rate above one": """
def needed_fpr(base_a, base_d, fpr_a):
    return fpr_a * (base_d / (1 - base_d)) / (base_a / (1 - base_a))
""",
    },
    "fairness-common-threshold": {
        "the first within the bound": """
def best_common_threshold(points, label, in_d, bound):
    for cut in range(40, 96):
        predicted = points >= cut
        gap = from_counts(confusion(label, predicted, ~in_d), confusion(label, predicted, in_d))["RD"]
        if abs(gap) <= bound:
            return cut
""",
        "no absolute value": COMMON_THRESHOLD.format(better="gap <= bound and earned > most"),
        "the highest of equals": COMMON_THRESHOLD.format(better="abs(gap) <= bound and earned >= most"),
    },
    "fairness-metric-entry": {
        "an exception escapes": """
def metric_entry(name, compute):
    value = compute()
    if np.isnan(value):
        return {"name": name, "value": None, "error": "not a number"}
    return {"name": name, "value": str(value).replace("inf", "Infinity") if np.isinf(value) else value}
""",
        "not a number as a value": """
def metric_entry(name, compute):
    try:
        value = float(compute())
    except Exception as error:
        return {"name": name, "value": None, "error": str(error)}
    if np.isinf(value):
        value = "Infinity" if value > 0 else "-Infinity"
    return {"name": name, "value": value}
""",
        "one infinity for both": """
def metric_entry(name, compute):
    try:
        value = float(compute())
    except Exception as error:
        return {"name": name, "value": None, "error": str(error)}
    if np.isnan(value):
        return {"name": name, "value": None, "error": "not a number"}
    return {"name": name, "value": "Infinity" if np.isinf(value) else value}
""",
    },
}


@pytest.mark.parametrize("grade_id", SLIPS)
def test_the_chapters_own_solution_passes(grade_id: str) -> None:
    assert passes(grade_id)


@pytest.mark.parametrize(("grade_id", "slip"), [(e, s) for e, slips in SLIPS.items() for s in slips])
def test_a_typical_slip_fails(grade_id: str, slip: str) -> None:
    assert not passes(grade_id, SLIPS[grade_id][slip])
