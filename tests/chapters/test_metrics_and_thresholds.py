import functools
from types import SimpleNamespace

import numpy as np
import pytest
from chapter_source import ChapterSource
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from sklearn import metrics

SOURCE = ChapterSource("02_modeling", "06_metrics_and_thresholds")
WHERE_THE_ALARM_GOES, _ILLNESS, TWENTY_OF_A_HUNDRED, ONE_LATE_FLIGHT = range(4)


@functools.cache
def chapter():
    return SimpleNamespace(**SOURCE.definitions())


@functools.cache
def desk():
    """The first cell as it stands: the data, the model and the risks of the year 2000."""
    names = {}
    exec(SOURCE.cell_with("crashes = load("), names)
    return SimpleNamespace(**names)


@pytest.fixture(autouse=True, scope="module")
def _imports_done():
    """Import before hypothesis times the first example."""
    chapter()


cases = st.lists(st.tuples(st.booleans(), st.integers(0, 20)), min_size=2, max_size=40)


def columns(rows):
    outcome, score = np.array([int(y) for y, _ in rows]), np.array([s / 20 for _, s in rows])
    return outcome, score


@given(cases.filter(lambda rows: len({y for y, _ in rows}) == 2))
def test_auc_by_pairs_is_the_mann_whitney_statistic(rows):
    outcome, score = columns(rows)
    u = stats.mannwhitneyu(score[outcome == 1], score[outcome == 0]).statistic
    assert chapter().auc_by_pairs(outcome, score) == pytest.approx(u / (outcome.sum() * (1 - outcome).sum()))


@given(cases, st.integers(1, 500), st.integers(1, 500))
def test_no_threshold_is_cheaper_than_the_cheapest(rows, miss, vain):
    outcome, score = columns(rows)
    found = chapter().cheapest_threshold(outcome, score, miss, vain)
    costs = [chapter().bill(outcome, score >= cut, miss, vain) for cut in np.unique(score)]
    assert chapter().bill(outcome, score >= found, miss, vain) == min(costs)


@given(cases.filter(lambda rows: len({s for _, s in rows}) == len(rows)), st.integers(1, 40))
def test_the_cheapest_threshold_respects_the_capacity(rows, capacity):
    outcome, score = columns(rows)
    found = chapter().cheapest_threshold(outcome, score, miss=10, vain=1, capacity=capacity)
    assert np.sum(score >= found) <= capacity


@given(st.floats(1, 1e6), st.floats(1, 1e6))
def test_at_the_threshold_from_costs_both_bets_cost_the_same(miss, vain):
    risk = chapter().threshold_from_costs(miss, vain)
    assert risk * miss == pytest.approx((1 - risk) * vain)


@given(st.permutations(range(12)), st.lists(st.integers(0, 3), min_size=12, max_size=12), st.integers(1, 12))
def test_ndcg_agrees_with_scikit_learn(score, relevance, k):
    expected = metrics.ndcg_score([relevance], [score], k=k)
    assert chapter().ndcg_at_k(relevance, score, k) == pytest.approx(expected)


def test_ndcg_gives_the_value_published_for_amazon_personalize():
    # Second and fifth of five recommendations relevant: 0.6241.
    # https://docs.aws.amazon.com/personalize/latest/dg/working-with-training-metrics.html
    relevance = np.array([0, 1, 0, 0, 1])
    assert chapter().ndcg_at_k(relevance, -np.arange(5), k=5) == pytest.approx(0.6241, abs=5e-5)


@given(st.integers(1, 400).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_wilson_agrees_with_scipy(counts):
    interval = stats.binomtest(*counts).proportion_ci(0.95, method="wilson")
    assert chapter().wilson(*counts, z=stats.norm.ppf(0.975)) == pytest.approx(tuple(interval), abs=1e-9)


@given(st.integers(1, 99), st.integers(1, 99), st.integers(1, 99), st.integers(1, 99))
def test_precision_at_its_own_prevalence_is_precision(tp, fp, fn, tn):
    prevalence = (tp + fn) / (tp + fp + fn + tn)
    result = chapter().precision_at(prevalence, tp / (tp + fn), tn / (tn + fp))
    assert result == pytest.approx(tp / (tp + fp))


@pytest.mark.parametrize("percent", [50, 11, 4])
def test_the_threshold_demo_shows_what_scikit_learn_counts(percent):
    written = SOURCE.shown(WHERE_THE_ALARM_GOES, threshold=percent)
    tn, fp, fn, tp = metrics.confusion_matrix(desk().died, desk().risk >= percent / 100).ravel()
    for count in (tn, fp, fn, tp):
        assert f"{count:,}" in written
    cost = chapter().bill(desk().died, desk().risk >= percent / 100)
    assert any(text.endswith("M USD") and float(text.split()[0]) == pytest.approx(cost, abs=0.006) for text in written)
    assert f"{metrics.f1_score(desk().died, desk().risk >= percent / 100):.1%}" in written


def test_a_smaller_team_moves_the_ring_of_the_threshold_demo():
    allowed = [cut for cut in range(1, 80) if np.sum(desk().risk >= cut / 100) <= 500]
    cheapest = min(allowed, key=lambda cut: chapter().bill(desk().died, desk().risk >= cut / 100))
    assert f"{cheapest} %" in SOURCE.shown(WHERE_THE_ALARM_GOES, capacity=500)


def test_the_calibration_demo_computes_the_log_loss_of_the_shifted_model():
    balanced = desk().risk_model(desk().logistic(class_weight="balanced"))
    train, test = desk().train, desk().test
    odds = chapter().to_log_odds(balanced.fit(train, train.died).predict_proba(test)[:, 1]).ravel()
    for shift in (0, -3.1):
        shifted = 1 / (1 + np.exp(-(odds + shift)))
        written = SOURCE.shown(TWENTY_OF_A_HUNDRED, shift=shift)
        loss = next(float(text.split()[-1]) for text in written if text.startswith("log loss"))
        assert loss == pytest.approx(metrics.log_loss(test.died, shifted), abs=0.0015)
        assert f"mean risk {shifted.mean():.1%}, died {test.died.mean():.1%}" in written


@pytest.mark.parametrize("late", [1, 300, 900])
def test_the_flight_demo_agrees_with_scikit_learn(late):
    (rows,) = [rows for spec in SOURCE.specs() for rows in spec.get("datasets", {}).values() if "moved" in rows[0]]
    predicted = np.array([row["predicted"] for row in rows])
    actual = np.array([late if row["moved"] else row["actual"] for row in rows])
    written = " ".join(SOURCE.shown(ONE_LATE_FLIGHT, late=late))
    assert f"→ {metrics.root_mean_squared_error(actual, predicted):.1f} min" in written
    assert f"→ {metrics.mean_absolute_error(actual, predicted):.1f} min" in written
    assert f"→ {metrics.median_absolute_error(actual, predicted):.1f} min" in written
    assert f"→ {metrics.mean_absolute_percentage_error(actual, predicted):.0%}" in written
    assert f"→ {metrics.r2_score(actual, predicted):.2f}" in written.replace("−", "-")
