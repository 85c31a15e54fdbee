"""The drift chapter's detectors, taken from its cells, against SciPy, published values and their own properties."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from chapter_source import ChapterSource
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from scipy.spatial.distance import jensenshannon

SOURCE = ChapterSource("04_monitoring_security", "01_drift")
chapter = SOURCE.defined("detectors", np=np, stats=stats)

samples = st.lists(st.integers(-50, 50), min_size=2, max_size=60).map(np.array)
binned = st.lists(st.integers(0, 200), min_size=3, max_size=12).filter(lambda counts: sum(counts) > 0).map(np.array)
BINNED_DISTANCES = [chapter.psi, chapter.js_distance]
SAMPLE_DISTANCES = [chapter.ks_distance, chapter.wasserstein]


def two_samples(seed: int, shift: float = 0.3, n: int = 400, m: int = 700) -> tuple[Any, Any]:
    rng = np.random.default_rng(seed)
    return rng.normal(size=n), rng.normal(loc=shift, size=m)


@pytest.mark.parametrize("seed", range(5))
def test_ks_distance_and_p_value_agree_with_scipy(seed: int) -> None:
    reference, window = two_samples(seed, shift=0.04, n=4000, m=7000)
    theirs = stats.ks_2samp(reference, window, method="asymp")
    distance = chapter.ks_distance(reference, window)
    assert distance == pytest.approx(theirs.statistic, abs=1e-12)
    # SciPy corrects for finite samples; the plain series is the limit.
    assert chapter.ks_p_value(distance, len(reference), len(window)) == pytest.approx(theirs.pvalue, abs=0.005)


def test_ks_p_value_is_kolmogorovs_limit_distribution() -> None:
    for strength in (0.21, 0.5, 0.828, 1.0, 1.358, 2.0):
        n = 10_000
        assert chapter.ks_p_value(strength / np.sqrt(n / 2), n, n) == pytest.approx(
            stats.kstwobign.sf(strength), abs=1e-9
        )
    assert chapter.ks_p_value(0.0, 50, 50) == 1.0


@pytest.mark.parametrize("seed", range(5))
def test_wasserstein_agrees_with_scipy(seed: int) -> None:
    reference, window = two_samples(seed)
    assert chapter.wasserstein(reference, window) == pytest.approx(stats.wasserstein_distance(reference, window))


@given(reference=binned, scale=st.integers(1, 9))
def test_chi_square_agrees_with_scipy(reference: Any, scale: int) -> None:
    window = np.roll(reference, 1) * scale
    used = (reference + window) > 0
    if used.sum() < 2:
        return
    theirs = stats.chi2_contingency([reference[used], window[used]], correction=False)
    statistic, p_value = chapter.chi_square(reference, window)
    assert statistic == pytest.approx(theirs.statistic)
    assert p_value == pytest.approx(theirs.pvalue)


@given(reference=binned)
def test_js_distance_agrees_with_scipy(reference: Any) -> None:
    window = reference[::-1]
    assert chapter.js_distance(reference, window) == pytest.approx(jensenshannon(reference, window, base=2), abs=1e-7)


def test_psi_is_the_sum_of_both_kullback_leibler_divergences() -> None:
    p, q = np.array([40.0, 30, 20, 10]), np.array([10.0, 20, 30, 40])
    assert chapter.psi(p, q) == pytest.approx(stats.entropy(p + 0.5, q + 0.5) + stats.entropy(q + 0.5, p + 0.5))


@pytest.mark.parametrize("distance", BINNED_DISTANCES)
def test_binned_distances_are_zero_on_equal_counts_and_symmetric(distance: Callable[..., float]) -> None:
    @given(reference=binned)
    def holds(reference: Any) -> None:
        window = np.roll(reference, 2)
        assert distance(reference, reference) == pytest.approx(0, abs=1e-9)
        assert distance(reference, window) == pytest.approx(distance(window, reference))
        assert distance(reference, window) >= 0

    holds()


@pytest.mark.parametrize("distance", SAMPLE_DISTANCES)
def test_sample_distances_are_zero_on_equal_samples_and_symmetric(distance: Callable[..., float]) -> None:
    @given(reference=samples, window=samples)
    @settings(max_examples=60)
    def holds(reference: Any, window: Any) -> None:
        assert distance(reference, reference) == 0
        assert distance(reference, window) == pytest.approx(distance(window, reference))

    holds()


@given(reference=samples, window=samples)
def test_ks_and_js_stay_between_zero_and_one(reference: Any, window: Any) -> None:
    assert 0 <= chapter.ks_distance(reference, window) <= 1
    counts = [chapter.bin_counts(sample, np.arange(-40, 50, 10)) for sample in (reference, window)]
    assert 0 <= chapter.js_distance(*counts) <= 1 + 1e-12


@given(sample=samples, shift=st.integers(0, 20))
def test_wasserstein_of_a_shifted_sample_is_the_shift(sample: Any, shift: int) -> None:
    assert chapter.wasserstein(sample, sample + shift) == pytest.approx(shift)


def test_js_distance_without_overlap_is_one() -> None:
    assert chapter.js_distance(np.array([5, 0]), np.array([0, 9])) == pytest.approx(1)


def test_an_empty_bin_leaves_psi_finite() -> None:
    assert np.isfinite(chapter.psi(np.array([100, 0]), np.array([50, 50])))


def test_deciles_put_a_tenth_of_the_reference_into_each_bin() -> None:
    reference = np.random.default_rng(0).normal(size=1000)
    assert chapter.bin_counts(reference, chapter.deciles(reference)).tolist() == [100] * 10


def test_ndcg_repeats_the_developer_guides_example() -> None:
    """SAT score, GPA and class rank: the page prints 0.69.

    Source: https://docs.aws.amazon.com/sagemaker/latest/dg/clarify-model-monitor-feature-attribution-drift.html
    """
    value = chapter.ndcg([0.70, 0.50, 0.05], [0.10, 0.20, 0.70])
    assert value == pytest.approx(0.6876, abs=5e-5)
    assert f"{value:.2f}" == "0.69"


@given(training=st.lists(st.floats(0.01, 10), min_size=2, max_size=12), seed=st.integers(0, 99))
def test_ndcg_is_one_for_the_same_order_and_never_more(training: list[float], seed: int) -> None:
    live = np.random.default_rng(seed).permutation(training)
    assert chapter.ndcg(training, np.array(training) * 7) == pytest.approx(1)
    assert 0 < chapter.ndcg(training, live) <= 1 + 1e-12


def river_example() -> list[int]:
    """The stream of River's documentation: 0 or 1 a thousand times, then 4 to 7."""
    rng = random.Random(12345)
    return rng.choices([0, 1], k=1000) + rng.choices(range(4, 8), k=1000)


def test_adwin_finds_the_change_of_rivers_example() -> None:
    """River 0.26.1 reports index 1023, as its documentation prints; it looks every 32 values, with a milder bound.

    Looking after each value it reports 1011. Ours corrects for every cut that it tries.
    Source: https://riverml.xyz/dev/api/drift/ADWIN/
    """
    values = np.array(river_example()) / 7  # the bound is for values between 0 and 1
    alarms, means = chapter.adwin(values, np.ones(len(values)))
    assert 1000 <= alarms[0] <= 1023
    assert means[-1] == pytest.approx(values[1000:].mean(), abs=0.02)


def test_adwin_is_silent_on_a_steady_stream_and_keeps_all_of_it() -> None:
    errors = np.random.default_rng(3).binomial(50, 0.2, size=300)
    alarms, means = chapter.adwin(errors, np.full(300, 50))
    assert alarms == []
    assert means[-1] == pytest.approx(errors.mean() / 50)


def test_a_smaller_delta_of_adwin_never_rings_earlier() -> None:
    rng = np.random.default_rng(4)
    errors = np.concatenate([rng.binomial(50, 0.2, size=100), rng.binomial(50, 0.35, size=100)])
    first = [chapter.adwin(errors, np.full(200, 50), delta)[0][0] for delta in (0.1, 0.01, 0.0001)]
    assert first == sorted(first)
    assert first[0] >= 100


@given(p_values=st.lists(st.floats(0, 1), min_size=1, max_size=40))
def test_benjamini_hochberg_agrees_with_scipy(p_values: list[float]) -> None:
    theirs = stats.false_discovery_control(p_values) <= 0.05
    ours = chapter.benjamini_hochberg(p_values)
    # Ties of equal p-values and the last bit of a division may fall on either side of the line.
    close = np.isclose(stats.false_discovery_control(p_values), 0.05, rtol=1e-9)
    assert (ours == theirs)[~close].all()


@given(p_values=st.lists(st.floats(0, 1), min_size=1, max_size=40))
def test_bonferroni_alarms_are_a_part_of_benjamini_hochbergs(p_values: list[float]) -> None:
    assert (chapter.bonferroni(p_values) <= chapter.benjamini_hochberg(p_values)).all()


def test_benjamini_hochberg_repeats_a_published_example() -> None:
    """Seven p-values from the manual of the R package HDLSSkST, level 0.05.

    Source: https://search.r-project.org/CRAN/refmans/HDLSSkST/html/BenHoch.html
    """
    found = chapter.benjamini_hochberg([0.50, 0.01, 0.001, 0.69, 0.02, 0.05, 0.0025])
    assert found.astype(int).tolist() == [0, 1, 1, 0, 1, 0, 1]
