from __future__ import annotations

import math
from statistics import fmean, median

import pytest
from hypothesis import given
from hypothesis import strategies as st
from optuna.distributions import FloatDistribution

from mlacourse.cloud.sagemaker.tuning_ranges import Range, read
from mlacourse.cloud.sagemaker.tuning_search import Search
from mlacourse.cloud.sagemaker.tuning_stopping import Hyperband, Median, Never

curves = st.lists(st.floats(-5, 5), min_size=1, max_size=6)


def share_below(one: Range, limit: float, draws: int = 300) -> float:
    """How many of the drawn values are below a limit."""
    search = Search("Random", [one], draws, 0, maximize=True)
    return fmean(float(search.ask()[1][one.name]) < limit for _ in range(draws))


@pytest.mark.parametrize(
    ("low", "high", "scaling", "limit", "share"),
    [
        (0.0001, 1, "Linear", 0.1, 0.1),
        (0.0001, 1, "Logarithmic", 0.1, 0.75),
        (0.0001, 1, "Auto", 0.1, 0.75),
        (0.1, 1, "Auto", 0.55, 0.5),
        (0, 1, "Auto", 0.5, 0.5),
        (0.9, 0.9999, "ReverseLogarithmic", 0.99, 1 / 3),
    ],
)
def test_a_scale_says_where_values_are_drawn(low: float, high: float, scaling: str, limit: float, share: float) -> None:
    found = share_below(Range("rate", "Continuous", low, high, scaling), limit)
    assert found == pytest.approx(share, abs=0.08)


@given(st.floats(0.001, 0.999))
def test_a_value_is_drawn_from_the_text_that_it_became(value: float) -> None:
    for scaling in ("Linear", "Logarithmic", "ReverseLogarithmic"):
        one = Range("rate", "Continuous", 0.0005, 0.9995, scaling)
        drawn = one.drawn(repr(value))
        assert drawn is not None
        assert float(one.text(drawn)) == pytest.approx(value)


def test_integers_and_categories_are_drawn_from_their_texts() -> None:
    depth, kind = read(
        {
            "IntegerParameterRanges": [{"Name": "depth", "MinValue": "1", "MaxValue": "9"}],
            "CategoricalParameterRanges": [{"Name": "kind", "Values": ["a", "b"]}],
        }
    )
    assert [depth.drawn(text) for text in ("3", "3.5", "10", "deep")] == [3, None, None, None]
    assert [kind.drawn(text) for text in ("a", "c")] == ["a", None]


def test_what_lies_outside_of_the_ranges_is_not_learnt() -> None:
    search = Search("Bayesian", [Range("rate", "Continuous", 0.1, 1)], 4, 0, maximize=True)
    assert search.learn({"rate": "0.5", "other": "1"}, 0.7)
    assert not search.learn({"rate": "0.01"}, 0.7)
    assert not search.learn({}, 0.7)


def test_a_reverse_logarithmic_range_is_optunas_distance_from_one() -> None:
    found = Range("momentum", "Continuous", 0.9, 0.999, "ReverseLogarithmic").distribution
    assert isinstance(found, FloatDistribution)
    assert (found.log, found.low, found.high) == (True, pytest.approx(0.001), pytest.approx(0.1))


@given(curves, st.lists(curves, max_size=5), st.booleans())
def test_the_median_rule_is_the_guides_sentence(curve: list[float], earlier: list[list[float]], maximize: bool) -> None:
    epoch = len(curve)
    averages = [sum(other[:epoch]) / epoch for other in earlier if len(other) >= epoch]
    ends = Median().ends(9, curve, earlier, maximize=maximize)
    if not averages:
        assert not ends
    elif not math.isclose(curve[-1], median(averages), abs_tol=1e-9):
        assert ends == ((curve[-1] < median(averages)) == maximize)


@given(curves, st.lists(curves, max_size=5))
def test_the_rules_see_a_mirror_image_alike(curve: list[float], earlier: list[list[float]]) -> None:
    mirrored, others = [-value for value in curve], [[-value for value in other] for other in earlier]
    for rule in (Never(), Median(), Hyperband(1, 4, keep=2)):
        one = rule.ends(0, curve, earlier, maximize=True)
        assert one == rule.ends(0, mirrored, others, maximize=False)


@pytest.mark.parametrize(
    ("least", "most", "rungs"),
    [(1, 81, [[1, 3, 9, 27], [3, 9, 27], [9, 27], [27], []]), (2, 20, [[2, 6], [6], []]), (5, 5, [[]]), (1, 2, [[]])],
)
def test_hyperbands_brackets_are_those_of_the_paper(least: int, most: int, rungs: list[list[int]]) -> None:
    bands = Hyperband(least, most)
    assert [bands.rungs(bracket) for bracket in range(bands.brackets)] == rungs


def test_a_round_of_hyperband_has_the_papers_sizes() -> None:
    # Li and others: n = ceil((s_max + 1) / (s + 1) * eta^s) with R = 81 and eta = 3.
    sizes = [Hyperband(1, 81).round.count(bracket) for bracket in range(5)]
    assert sizes == [81, 34, 15, 8, 5]


def test_a_third_of_the_trials_passes_a_rung() -> None:
    bands, earlier = Hyperband(1, 3), []
    passed = 0
    for number, value in enumerate([0.5, 0.9, 0.1, 0.8, 0.7, 0.95, 0.2, 0.3, 0.4]):
        curve = [value]
        if bands.bracket(number) == 0 and not bands.ends(number, curve, earlier, maximize=True):
            passed += 1
            curve = [value] * 3
            assert bands.ends(number, curve, earlier, maximize=True), "the greatest resource"
        earlier.append(curve)
    assert 1 <= passed <= 3


def test_a_grid_is_asked_in_an_order_that_the_seed_gives() -> None:
    ranges = [Range("a", "Categorical", values=("1", "2", "3")), Range("b", "Categorical", values=("x", "y"))]

    def order(seed: int) -> list[tuple[str, ...]]:
        search = Search("Grid", ranges, 6, seed, maximize=True)
        return [tuple(search.ask()[1].values()) for _ in range(6)]

    assert order(0) == order(0) != order(1)
    assert sorted(order(0)) == sorted(order(1))
    assert len(set(order(0))) == 6
