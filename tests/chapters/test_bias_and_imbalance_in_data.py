"""The bias chapter's metrics against smclarify's and AWS's published values, its claims, its demo and its checks."""

from __future__ import annotations

import functools
import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from chapter_source import ChapterSource
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from scipy.spatial.distance import jensenshannon

from mlacourse import datasets

SOURCE = ChapterSource("01_data", "09_bias_and_imbalance_in_data")
VECTORS = json.loads(Path(__file__).parents[1].joinpath("vectors", "clarify_pretraining.json").read_text("utf-8"))
DISTANCES = ("KL", "JS", "LP", "TVD", "KS")
MISSING = "a label that facet d never has"


@functools.cache
def chapter() -> SimpleNamespace:
    """What the cell tagged ``metrics`` defines; it needs no data."""
    names: dict[str, Any] = {"np": np}
    return SOURCE.defined("metrics", **names)


def distance(name: str, p: Any, q: Any) -> float:
    return float(getattr(chapter(), name.lower())(np.asarray(p), np.asarray(q)))


def columns(a: dict[str, int], d: dict[str, int]) -> tuple[list[str], list[bool]]:
    """The label and facet columns of a table with these counts."""
    rows = [(value, side) for side, counts in ((False, a), (True, d)) for value, n in counts.items() for _ in range(n)]
    label, in_d = zip(*rows, strict=True)
    return list(label), list(in_d)


@functools.cache
def mortgages() -> pd.DataFrame:
    return datasets.load("mortgage_decisions")


@functools.cache
def facets() -> dict[str, pd.Series]:
    rows = mortgages()
    return {
        "black": rows["group"] == "black",
        "single": rows["single"],
        "self-employed": rows["self_employed"],
        "condominium": rows["condominium"],
        "no diploma": ~rows["high_school_diploma"],
        "housing": rows["housing_to_income"] > 0.26,
    }


@functools.cache
def debts() -> pd.Series:
    names = ["up to 28 %", "28 to 33 %", "33 to 37 %", "above 37 %"]
    return pd.cut(mortgages()["payments_to_income"], [-1, 0.28, 0.33, 0.37, 9], labels=names).astype(str)


@pytest.mark.parametrize("table", VECTORS["counts"], ids=lambda table: table["name"])
@pytest.mark.parametrize("metric", ["CI", *DISTANCES])
def test_every_metric_of_small_tables_agrees_with_smclarify(table: dict[str, Any], metric: str) -> None:
    label, in_d = columns(table["a"], table["d"])
    p, q = chapter().label_shares(label, in_d)
    if table["name"] == MISSING:  # smclarify leaves such a label out of both facets; the definition does not
        shared = (p > 0) & (q > 0)
        p, q = p[shared], q[shared]
    ours = chapter().class_imbalance(in_d) if metric == "CI" else distance(metric, p, q)
    assert ours == pytest.approx(table["values"][metric], abs=1e-9)


@pytest.mark.parametrize("facet", VECTORS["mortgages"])
def test_every_metric_of_the_mortgages_agrees_with_smclarify(facet: str) -> None:
    approved, in_d = mortgages()["approved"], facets()[facet]
    p, q = chapter().label_shares(approved, in_d)
    ours = {
        "CI": chapter().class_imbalance(in_d),
        "DPL": chapter().difference_in_proportions(approved, in_d),
        **{metric: distance(metric, p, q) for metric in DISTANCES},
        "CDDL consumer_credit": chapter().cddl(approved, in_d, mortgages()["consumer_credit"]),
        "CDDL mortgage_credit": chapter().cddl(approved, in_d, mortgages()["mortgage_credit"]),
        "CDDL debts": chapter().cddl(approved, in_d, debts()),
    }
    assert ours == pytest.approx(VECTORS["mortgages"][facet], abs=1e-9)


def test_kl_is_the_developer_guides_loan_example() -> None:
    """80 % and 30 % approved: the page prints 0.53.

    Source: https://docs.aws.amazon.com/sagemaker/latest/dg/clarify-data-bias-metric-kl-divergence.html
    """
    assert f"{distance('KL', [0.8, 0.2], [0.3, 0.7]):.2f}" == "0.53"


def test_ks_is_the_developer_guides_college_example() -> None:
    """40, 40, 20 % against 20, 10, 70 %: the page prints 0.5.

    Source: https://docs.aws.amazon.com/sagemaker/latest/dg/clarify-data-bias-metric-kolmogorov-smirnov.html
    """
    assert distance("KS", [0.4, 0.4, 0.2], [0.2, 0.1, 0.7]) == pytest.approx(0.5)


def test_demographic_disparity_is_the_developer_guides_admission_example() -> None:
    """Women are 60 % of the rejected and 50 % of the accepted: the page prints 0.1.

    Source: https://docs.aws.amazon.com/sagemaker/latest/dg/clarify-data-bias-metric-cddl.html
    """
    accepted, woman = [True] * 10 + [False] * 10, [True] * 5 + [False] * 5 + [True] * 6 + [False] * 4
    assert chapter().demographic_disparity(accepted, woman) == pytest.approx(0.1)


shares = st.lists(st.integers(1, 50), min_size=2, max_size=6)


@st.composite
def two_shares(draw: st.DrawFn) -> tuple[Any, Any]:
    first = draw(shares)
    second = draw(st.lists(st.integers(1, 50), min_size=len(first), max_size=len(first)))
    return np.array(first) / sum(first), np.array(second) / sum(second)


@given(two_shares())
def test_distances_agree_with_scipy_and_numpy(pair: tuple[Any, Any]) -> None:
    p, q = pair
    assert distance("KL", p, q) == pytest.approx(stats.entropy(p, q), abs=1e-12)
    assert distance("JS", p, q) == pytest.approx(jensenshannon(p, q) ** 2, abs=1e-9)
    assert distance("LP", p, q) == pytest.approx(np.linalg.norm(p - q))


@given(two_shares())
def test_distances_keep_the_ranges_that_the_table_states(pair: tuple[Any, Any]) -> None:
    for metric, top in (("JS", np.log(2)), ("LP", np.sqrt(2)), ("TVD", 1), ("KS", 1), ("KL", np.inf)):
        assert -1e-12 <= distance(metric, *pair) <= top + 1e-12


@given(two_shares())
def test_only_kl_changes_when_the_facets_swap(pair: tuple[Any, Any]) -> None:
    for metric in ("JS", "LP", "TVD", "KS"):
        assert distance(metric, *pair) == pytest.approx(distance(metric, *pair[::-1]))


def test_kl_of_the_swapped_quiz_example_differs() -> None:
    assert round(distance("KL", [0.7, 0.3], [0.4, 0.6]), 3) == 0.184
    assert round(distance("KL", [0.4, 0.6], [0.7, 0.3]), 3) == 0.192


@pytest.mark.parametrize(("metric", "top"), [("JS", np.log(2)), ("LP", np.sqrt(2)), ("TVD", 1), ("KS", 1)])
def test_facets_without_a_common_label_reach_the_upper_end(metric: str, top: float) -> None:
    assert distance(metric, [1.0, 0], [0, 1.0]) == pytest.approx(top)
    assert distance("KL", [1.0, 0], [0, 1.0]) == np.inf


tables = st.lists(st.tuples(st.booleans(), st.booleans(), st.integers(0, 2)), min_size=4, max_size=60).filter(
    lambda rows: len({d for _, d, _ in rows}) == 2
)


@given(tables)
def test_swapping_the_facets_turns_the_signed_metrics(rows: list[tuple[bool, bool, int]]) -> None:
    positive, in_d, group = (np.array(column) for column in zip(*rows, strict=True))
    assert chapter().class_imbalance(~in_d) == pytest.approx(-chapter().class_imbalance(in_d))
    gap = chapter().difference_in_proportions(positive, in_d)
    assert chapter().difference_in_proportions(positive, ~in_d) == pytest.approx(-gap)
    assert -1 <= chapter().cddl(positive, in_d, group) <= 1


@given(tables)
def test_two_outcomes_make_ks_tvd_and_dpl_one_number(rows: list[tuple[bool, bool, int]]) -> None:
    positive, in_d, _ = (np.array(column) for column in zip(*rows, strict=True))
    p, q = chapter().label_shares(positive, in_d)
    gap = abs(chapter().difference_in_proportions(positive, in_d))
    assert distance("KS", p, q) == pytest.approx(gap)
    assert distance("TVD", p, q) == pytest.approx(gap)
    assert distance("LP", p, q) == pytest.approx(np.sqrt(2) * gap)


@given(tables)
def test_one_stratum_makes_cddl_the_plain_disparity(rows: list[tuple[bool, bool, int]]) -> None:
    positive, in_d, group = (np.array(column) for column in zip(*rows, strict=True))
    whole = chapter().demographic_disparity(positive, in_d)
    assert chapter().cddl(positive, in_d, np.zeros_like(group)) == pytest.approx(whole)


@pytest.mark.parametrize(
    ("who", "facet", "within", "by"),
    [
        ("recorded as black", "black", "consumer credit history", "consumer_credit"),
        ("housing above 26 % of income", "housing", "all debts, share of income", "debts"),
        ("no high-school diploma", "no diploma", "mortgage credit history", "mortgage_credit"),
    ],
)
def test_the_demo_writes_smclarifys_values(who: str, facet: str, within: str, by: str) -> None:
    written = SOURCE.shown(who=who, within=within)
    values = VECTORS["mortgages"][facet]
    for metric in ("CI", "DPL", *DISTANCES, f"CDDL {by}"):
        assert f"{values[metric]:.3f}".replace("-", "−") in written, metric


@functools.cache
def surroundings() -> dict[str, Any]:
    """What earlier cells give to the exercises' checks."""
    art, crashes = datasets.load("tate_artworks"), datasets.load("crash_fatality")
    untitled = art["title"].str.lower().str.contains("untitled|no title")
    weight = crashes.groupby("speed_change", observed=True)["survey_weight"].sum()
    y = crashes.loc[crashes["year"] <= 1999, "died"].to_numpy()

    def to_true_share(probability: Any) -> Any:
        ratio = y.mean() / (1 - y.mean())
        odds = probability / (1 - probability) * ratio
        return odds / (1 + odds)

    return {
        "np": np,
        "pd": pd,
        **vars(chapter()),
        "mortgages": mortgages(),
        "approved": mortgages()["approved"],
        "black": facets()["black"],
        "high_housing": facets()["housing"],
        "debts": debts(),
        "art": art,
        "untitled": untitled,
        "kind_shares": chapter().label_shares(art["kind"], untitled),
        "crashes": crashes,
        "by_speed": pd.DataFrame({"share on the road": weight / weight.sum()}),
        "y": y,
        "to_true_share": to_true_share,
    }


def passes(grade_id: str, answer: str | None = None) -> bool:
    """Whether an answer, or the chapter's own, passes the exercise's checks."""
    names = dict(surroundings())
    return SOURCE.passes(grade_id, names, answer)


EXERCISES = ["bias-label-norm", "bias-reversed-strata", "bias-population-weights", "bias-undo-undersampling"]


@pytest.mark.parametrize("grade_id", EXERCISES)
def test_the_chapters_own_solution_passes(grade_id: str) -> None:
    assert passes(grade_id)


SLIPS = {
    "bias-label-norm": {
        "only the positive label": """
def label_norm(label, in_d, power=2):
    p, q = label_shares(label, in_d)
    return abs(p[-1] - q[-1])
""",
        "always the square": """
def label_norm(label, in_d, power=2):
    p, q = label_shares(label, in_d)
    return float(np.sqrt(np.sum((p - q) ** 2)))
""",
    },
    "bias-reversed-strata": {
        "negative strata": """
def reversed_strata(positive, in_d, group, min_rows=30):
    positive, in_d, group = (np.asarray(column) for column in (positive, in_d, group))
    return [s for s in np.unique(group) if difference_in_proportions(positive[group == s], in_d[group == s]) < 0]
""",
        "counts all rows of the stratum": """
def reversed_strata(positive, in_d, group, min_rows=30):
    positive, in_d, group = (np.asarray(column) for column in (positive, in_d, group))
    whole = difference_in_proportions(positive, in_d)
    return [
        s for s in np.unique(group)
        if (group == s).sum() >= min_rows
        and difference_in_proportions(positive[group == s], in_d[group == s]) * whole < 0
    ]
""",
    },
    "bias-population-weights": {
        "shares as weights": """
def population_weights(facet, population):
    return np.array([population[value] for value in facet])
""",
        "a missing value passes in silence": """
def population_weights(facet, population):
    facet = np.asarray(facet)
    weights = np.zeros(len(facet))
    for value, share in population.items():
        if (facet == value).any():
            weights[facet == value] = share / (facet == value).mean()
    return weights
""",
    },
    "bias-undo-undersampling": {
        "the probability times the share": """
def undo_undersampling(probability, kept):
    return np.asarray(probability) * kept
""",
        "odds that divide by zero": """
def undo_undersampling(probability, kept):
    probability = np.asarray(probability, dtype=float)
    with np.errstate(divide="ignore", invalid="ignore"):
        odds = kept * probability / (1 - probability)
        return odds / (1 + odds)
""",
        "the wrong way": """
def undo_undersampling(probability, kept):
    probability = np.asarray(probability, dtype=float)
    return probability / (probability + kept * (1 - probability))
""",
    },
}


@pytest.mark.parametrize(("grade_id", "slip"), [(e, s) for e, slips in SLIPS.items() for s in slips])
def test_a_typical_slip_fails(grade_id: str, slip: str) -> None:
    assert not passes(grade_id, SLIPS[grade_id][slip])
