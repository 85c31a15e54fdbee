"""The chapter on overfitting: its formulas against other libraries, its demos, and the checks of its exercises."""

import copy
import functools
import json
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from chapter_source import ChapterSource
from hypothesis import given
from hypothesis import strategies as st
from sklearn.linear_model import Lasso, LinearRegression, Ridge
from sklearn.model_selection import TimeSeriesSplit
from sklearn.neural_network import MLPClassifier

SOURCE = ChapterSource("02_modeling", "04_overfitting_and_regularization")
BRAKE, STIFF_OR_NERVOUS, WHEN_TO_STOP = range(3)


@functools.cache
def chapter() -> SimpleNamespace:
    return SimpleNamespace(**SOURCE.definitions())


@functools.cache
def patients() -> dict[str, Any]:
    """The first cell as it stands: the patients and their 64 columns."""
    names: dict[str, Any] = {}
    exec(SOURCE.cell_with("load_diabetes("), names)
    return names


@pytest.fixture(autouse=True, scope="module")
def _imports_done() -> None:
    """Import before hypothesis times the first example."""
    chapter()


def check(grade_id: str, **answer: object) -> None:
    """Run an exercise's check, hidden tests included, on another answer."""
    names = vars(chapter()) | {"inputs": SimpleNamespace(day=july()), **answer}
    exec(SOURCE.check(grade_id.removesuffix("-check")), names)


def july() -> Any:
    days = np.repeat(np.arange(1, 32), 4)
    return SimpleNamespace(to_numpy=lambda: days)


weights = st.lists(st.floats(-10, 10), min_size=1, max_size=6)


@given(weights, st.floats(0.01, 5))
def test_soft_thresholding_minimises_the_lasso_objective(z: list[float], alpha: float) -> None:
    def objective(w: np.ndarray) -> np.ndarray:
        return (w - np.array(z)) ** 2 / 2 + alpha * np.abs(w)

    found = chapter().soft_threshold(z, alpha)
    for nudge in (-0.01, 0.01):
        assert np.all(objective(found) <= objective(found + nudge) + 1e-12)


@given(weights, st.floats(0, 5), st.floats(0, 5))
def test_a_stronger_l1_penalty_never_makes_a_weight_larger(z: list[float], a: float, b: float) -> None:
    weak, strong = (np.abs(chapter().soft_threshold(z, alpha)) for alpha in sorted((a, b)))
    assert np.all(strong <= weak)


def test_early_stopping_agrees_with_a_search_over_all_epochs() -> None:
    losses = np.random.default_rng(0).random(40).tolist()
    for patience in (1, 3, 7):
        stop, keep = chapter().early_stop(losses, patience)
        assert keep == int(np.argmin(losses[:stop])) + 1
        assert stop - keep == patience or stop == len(losses)


def test_walking_forward_over_single_days_gives_scikit_learns_time_series_split() -> None:
    ours = [(a.tolist(), b.tolist()) for a, b in chapter().walk_forward(np.arange(12), first=4, width=2, gap=1)]
    theirs = [(a.tolist(), b.tolist()) for a, b in TimeSeriesSplit(4, test_size=2, gap=1).split(np.arange(12))]
    assert ours == theirs


def test_the_networks_gradient_is_the_one_of_its_loss() -> None:
    rng = np.random.default_rng(0)
    x, digit = rng.random((20, 64)), rng.integers(0, 10, 20)
    network = chapter().Network(5, np.random.default_rng(1))
    moved = copy.deepcopy(network)
    moved.step(x, digit, 1e-3, 0.0, rng)
    for layer, place in ((0, (3, 2)), (1, (4, 7))):
        nudged = copy.deepcopy(network)
        nudged.W[layer][place] += 1e-6
        slope = (nudged.loss(x, digit) - network.loss(x, digit)) / 1e-6
        step = (network.W[layer][place] - moved.W[layer][place]) / 1e-3
        assert step == pytest.approx(slope, abs=1e-4)


def test_the_networks_probabilities_are_those_of_scikit_learn_with_the_same_weights() -> None:
    rng = np.random.default_rng(0)
    x = rng.random((30, 64))
    network = chapter().Network(6, rng)
    twin = MLPClassifier(hidden_layer_sizes=(6,), max_iter=1, random_state=0)
    twin.partial_fit(x, np.arange(30) % 10, classes=np.arange(10))
    twin.coefs_, twin.intercepts_ = network.W, network.b
    assert network.forward(x)[0] == pytest.approx(twin.predict_proba(x))


def test_dropout_silences_the_asked_share_and_keeps_the_mean() -> None:
    rng = np.random.default_rng(0)
    network = chapter().Network(50, rng)
    x = rng.random((2000, 64))
    silent, (_, dropped, mask) = network.forward(x)[1], network.forward(x, 0.3, rng)
    assert np.mean(mask == 0) == pytest.approx(0.3, abs=0.01)
    assert dropped.mean() == pytest.approx(silent.mean(), rel=0.01)


def test_nobody_is_silenced_when_the_network_is_used() -> None:
    network = chapter().Network(50, np.random.default_rng(0))
    x = np.random.default_rng(1).random((5, 64))
    assert np.array_equal(network.forward(x, rate=0.9)[1], network.forward(x)[1])


def test_decoupled_decay_shrinks_by_the_share_it_names() -> None:
    # (1 - rate * decay) to the power of the steps; the noise of a thousand weights nearly cancels.
    assert chapter().after_decay(1, decoupled=True) == pytest.approx((1 - 0.01 * 0.05) ** 1000, abs=0.03)


@pytest.mark.parametrize("exponent", [-1.0, 0.6])
def test_the_first_demo_shows_the_errors_of_scikit_learns_models(exponent: float) -> None:
    data = patients()
    x, y, train, tune = (data[name] for name in ("design", "target", "train", "tune"))
    models = {
        "L1 (lasso)": Lasso(10**exponent, max_iter=100_000),
        "L2 (ridge)": Ridge(10**exponent * len(train)),
    }
    for penalty, model in models.items():
        model.fit(x[train], y[train])
        expected = [np.sqrt(np.mean((y[rows] - model.predict(x[rows])) ** 2)) for rows in (train, tune)]
        for kind, error in zip(("training ", "validation "), expected, strict=True):
            assert SOURCE.said(BRAKE, kind, penalty=penalty, strength=exponent) == pytest.approx([error], abs=0.11)
        assert SOURCE.said(BRAKE, "α", penalty=penalty, strength=exponent)[1] == pytest.approx(
            np.sum(np.abs(model.coef_) > 1e-6), abs=1
        )


def test_the_vendors_model_explains_its_patients_and_misses_others() -> None:
    data = patients()
    x, y, train, tune = (data[name] for name in ("design", "target", "train", "tune"))
    plain = LinearRegression().fit(x[train], y[train])
    assert round(plain.score(x[train], y[train]), 2) == 0.73
    assert plain.score(x[tune], y[tune]) < 0


@pytest.mark.parametrize(("rows", "depth"), [(100, 12), (1600, 4)])
def test_the_second_demos_parts_add_up_to_its_error(rows: int, depth: int) -> None:
    starts = ("new people 0", "bias² and noise 0", "+ variance 0")
    error, bias, variance = (SOURCE.said(STIFF_OR_NERVOUS, start, rows=rows, depth=depth)[0] for start in starts)
    assert error == pytest.approx(bias + variance, abs=0.0015)


@pytest.mark.parametrize(("dropout", "patience"), [(0, 60), (0, 2), (50, 20)])
def test_the_third_demo_stops_where_the_exercise_stops(dropout: int, patience: int) -> None:
    (rows,) = SOURCE.specs()[WHEN_TO_STOP]["datasets"].values()
    losses = [row["validation"] for row in rows if row["rate"] == dropout]
    (stop,) = SOURCE.said(WHEN_TO_STOP, "stops", dropout=dropout, patience=patience)
    keep = SOURCE.said(WHEN_TO_STOP, "keeps", dropout=dropout, patience=patience)[0]
    assert (stop, keep) == chapter().early_stop(losses, patience)


def test_the_charts_stay_within_their_budget() -> None:
    for spec in SOURCE.specs():
        assert len(json.dumps(spec)) < 100_000


GRADED = {
    "soft-threshold-check": "soft_threshold",
    "diagnose-check": "diagnose",
    "early-stop-check": "early_stop",
    "walk-forward-check": "walk_forward",
}


@pytest.mark.parametrize("grade_id", GRADED)
def test_the_solution_passes_its_check(grade_id: str) -> None:
    check(grade_id)


def shrinks_a_share(z: Any, alpha: float) -> Any:
    return np.asarray(z, dtype=float) / (1 + alpha)


def looks_at_the_gap_only(training: float, validation: float, acceptable: float, gap: float) -> str:
    return "overfits" if validation - training > gap else "fits" if validation <= acceptable else "underfits"


def keeps_the_last_epoch(losses: list[float], patience: int, tolerance: float = 0.0) -> tuple[int, int]:
    stop, _ = chapter().early_stop(losses, patience, tolerance)
    return stop, stop


def counts_epochs_that_got_worse(losses: list[float], patience: int, tolerance: float = 0.0) -> tuple[int, int]:
    worse = 0
    for epoch in range(1, len(losses)):
        worse = worse + 1 if losses[epoch] > losses[epoch - 1] else 0
        if worse >= patience:
            break
    return epoch + 1, int(np.argmin(losses[: epoch + 1])) + 1


def trains_on_the_future_too(days: Any, first: int, width: int, gap: int = 0) -> Any:
    for _, out in chapter().walk_forward(days, first, width, gap):
        yield np.setdiff1d(np.arange(len(days)), out), out


def forgets_the_gap(days: Any, first: int, width: int, gap: int = 0) -> Any:
    yield from chapter().walk_forward(days, first, width, 0)


@pytest.mark.parametrize(
    ("grade_id", "answer"),
    [
        ("soft-threshold-check", shrinks_a_share),
        ("diagnose-check", looks_at_the_gap_only),
        ("early-stop-check", keeps_the_last_epoch),
        ("early-stop-check", counts_epochs_that_got_worse),
        ("walk-forward-check", trains_on_the_future_too),
        ("walk-forward-check", forgets_the_gap),
    ],
)
def test_a_typical_wrong_answer_fails_its_check(grade_id: str, answer: Any) -> None:
    with pytest.raises(AssertionError):
        check(grade_id, **{GRADED[grade_id]: answer})
