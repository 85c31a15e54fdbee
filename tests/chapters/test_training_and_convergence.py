"""The chapter on training: its gradients and sums against other computations, its demos, its exercises' checks."""

import copy
import functools
import inspect
import json
import math
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from chapter_source import ChapterSource, complaint
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.datasets import load_digits
from sklearn.linear_model import LinearRegression
from sklearn.neural_network import MLPClassifier

SOURCE = ChapterSource("02_modeling", "03_training_and_convergence")
STEP_SIZE, SLOW_DOWN, LOST, WORKERS = range(4)


TAGS = ("imports", "weather", "network", "digits", "schedules", "deep", "early", "parallel", "speed-up", "pipeline")
GRADED = {"training-plan": "plan", "training-rule": "not_decreasing", "training-spot": "finish_hour"}


@functools.cache
def chapter() -> SimpleNamespace:
    """What the chapter's cells with definitions define, and its solutions."""
    names = vars(SOURCE.defined(*TAGS))
    for grade_id in GRADED:
        exec(SOURCE.solution(grade_id), names)
    return SimpleNamespace(**names)


@functools.cache
def weather() -> SimpleNamespace:
    """The first cells as they stand: 8,706 hours, two standardised columns, gradient descent."""
    return SOURCE.defined("imports", "weather")


@pytest.fixture(autouse=True, scope="module")
def _imports_done() -> None:
    """Import before hypothesis times the first example."""
    chapter()


# Gradient descent and its limit


def test_the_best_weights_are_those_of_scikit_learn() -> None:
    data = weather()
    fitted = LinearRegression().fit(data.x, data.y)
    assert data.best_weights == pytest.approx(fitted.coef_)
    assert data.rmse(data.best_weights) == pytest.approx(np.sqrt(np.mean((fitted.predict(data.x) - data.y) ** 2)))


def test_the_gradient_is_the_slope_of_half_the_mean_squared_error() -> None:
    data, weights = weather(), np.array([3.0, -2.0])
    for axis in np.eye(2):
        slope = (data.rmse(weights + 1e-5 * axis) ** 2 - data.rmse(weights - 1e-5 * axis) ** 2) / 4e-5
        assert data.gradient(weights) @ axis == pytest.approx(slope, rel=1e-6)


@pytest.mark.parametrize(("exponent", "size"), [(-2.0, None), (-0.4, 64), (0.0, None)])
def test_the_first_demo_tells_where_gradient_descent_arrives(exponent: float, size: int | None) -> None:
    name = "all 8,706 rows" if size is None else f"{size} rows"
    expected = weather().rmse(weather().descend(10**exponent, size)[-1])
    assert SOURCE.said(STEP_SIZE, "RMSE ", exponent=exponent, batch=name)[0] == pytest.approx(expected, abs=0.06)


def test_the_first_demo_says_that_a_rate_above_the_limit_diverges() -> None:
    shown = SOURCE.shown(STEP_SIZE, exponent=0.2, batch="all 8,706 rows")
    assert "worse than the average, 19.9" in shown


def test_the_limit_of_the_rate_is_two_over_the_largest_curvature() -> None:
    data = weather()
    limit = 2 / np.linalg.eigvalsh(np.corrcoef(data.x.T)).max()
    lengths = [np.linalg.norm(data.descend(share * limit, None, 400)[-1] - data.best_weights) for share in (0.99, 1.01)]
    assert lengths[0] < np.linalg.norm(data.best_weights) < lengths[1]


# The network


def sample(rows: int = 20) -> tuple[np.ndarray, np.ndarray]:
    pixels, digit = load_digits(return_X_y=True)
    return pixels[:rows] / 16, digit[:rows]


@pytest.mark.parametrize("activation", ["relu", "tanh", "sigmoid"])
@pytest.mark.parametrize("normalise", [False, True])
def test_the_networks_gradients_are_those_of_its_loss(activation: str, normalise: bool) -> None:
    x, digit = sample()
    network = chapter().Network([64, 7, 6, 10], np.random.default_rng(1), activation, 1.0, normalise)
    _, found = network.gradients(x, digit)
    for layer, place in ((0, (20, 2)), (1, (4, 3)), (2, (5, 7))):
        losses = []
        for nudge in (1e-5, -1e-5):
            nudged = copy.deepcopy(network)
            nudged.W[layer][place] += nudge
            losses.append(nudged.gradients(x, digit)[0])
        assert found[layer][0][place] == pytest.approx((losses[0] - losses[1]) / 2e-5, abs=1e-6)


@pytest.mark.parametrize(("ours", "theirs"), [("relu", "relu"), ("tanh", "tanh"), ("sigmoid", "logistic")])
def test_the_networks_probabilities_are_those_of_scikit_learn_with_the_same_weights(ours: str, theirs: str) -> None:
    x, digit = sample(40)
    network = chapter().Network([64, 6, 10], np.random.default_rng(0), ours)
    twin = MLPClassifier(hidden_layer_sizes=(6,), activation=theirs, max_iter=1, random_state=0)
    twin.partial_fit(x, np.arange(40) % 10, classes=np.arange(10))
    twin.coefs_, twin.intercepts_ = network.W, network.b
    probability = twin.predict_proba(x)
    assert network.gradients(x, digit)[0] == pytest.approx(-np.log(probability[np.arange(40), digit]).mean())


def test_a_normalised_layer_has_mean_zero_and_spread_one_in_each_row() -> None:
    x, _ = sample()
    network = chapter().Network([64, 30, 10], np.random.default_rng(0), "tanh", 4, True)
    normal = network.forward(x)[2][0]
    assert normal.mean(axis=1) == pytest.approx(0, abs=1e-9)
    assert normal.std(axis=1) == pytest.approx(1, abs=1e-3)


def test_clipping_shortens_a_step_and_keeps_its_direction() -> None:
    x, digit = sample()
    start = chapter().Network([64, 8, 10], np.random.default_rng(0))
    moves = []
    for clip in (None, 0.1, 1e6):
        network = copy.deepcopy(start)
        _, length = network.step(x, digit, 1.0, clip)
        moves.append(np.concatenate([(a - b).ravel() for a, b in zip(network.W, start.W, strict=True)]))
    whole, clipped, untouched = moves
    assert clipped == pytest.approx(whole * 0.1 / length, abs=2e-5)
    assert np.array_equal(whole, untouched)


# Schedules, early stopping


@given(st.floats(0, 0.999))
def test_no_schedule_leaves_the_range_from_zero_to_the_top_rate(done: float) -> None:
    assert all(0 <= schedule(done) <= 1 for schedule in chapter().SCHEDULES.values())


def test_early_stopping_agrees_with_a_search_over_all_epochs() -> None:
    losses = np.random.default_rng(0).random(40).tolist()
    for patience in (1, 3, 7):
        stop, keep = chapter().stop_epoch(losses, patience)
        assert keep == int(np.argmin(losses[:stop])) + 1
        assert stop - keep == patience or stop == len(losses)


def test_the_second_demo_shows_what_a_schedule_reaches() -> None:
    (rows,) = SOURCE.specs()[SLOW_DOWN]["datasets"].values()
    for name in ("constant", "warm-up, cosine"):
        row = next(row for row in rows if (row["schedule"], row["top"], row["epoch"]) == (name, 1.2, 10))
        assert SOURCE.said(SLOW_DOWN, "loss at the end", schedule=name, top=1.2) == pytest.approx(
            [row["loss"]], abs=6e-4
        )


@pytest.mark.parametrize(
    ("activation", "scale", "norm", "verdict"),
    [("sigmoid", 1, "no", "it vanishes"), ("tanh", 1, "no", "every layer can learn"), ("relu", 2, "no", "it explodes")],
)
def test_the_third_demo_names_what_happens_to_the_gradient(
    activation: str, scale: float, norm: str, verdict: str
) -> None:
    assert verdict in SOURCE.shown(LOST, act=activation, scale=scale, norm=norm)


# Workers


@given(st.integers(2, 7), st.integers(1, 40))
@settings(deadline=None)
def test_a_ring_gives_everybody_the_sum_and_sends_less_than_twice_the_array(workers: int, length: int) -> None:
    arrays = [np.random.default_rng(i).standard_normal(length) for i in range(workers)]
    sums, sent = chapter().ring_all_reduce(arrays)
    for total in sums:
        assert total == pytest.approx(np.sum(arrays, axis=0))
    # Pieces differ by one number at most.
    assert max(sent) <= 2 * (workers - 1) * math.ceil(length / workers)
    assert sum(sent) == 2 * (workers - 1) * length


@given(st.integers(1, 30))
@settings(max_examples=20, deadline=None)
def test_the_gradients_of_shards_add_up_to_that_of_the_batch_wherever_it_is_cut(cut: int) -> None:
    here = chapter()
    network = here.Network([64, 5, 10], np.random.default_rng(0))
    rows = here.learn[:31]
    parts = here.flat_gradient(network, rows[:cut]) + here.flat_gradient(network, rows[cut:])
    assert parts == pytest.approx(here.flat_gradient(network, rows))


@pytest.mark.parametrize(
    ("workers", "compute", "megabytes", "gigabits", "grows"),
    [(16, 0.5, 400, 25, False), (2, 0.5, 800, 25, False), (64, 4, 50, 400, False), (16, 0.5, 400, 25, True)],
)
def test_the_fourth_demo_computes_what_its_function_computes(
    workers: int, compute: float, megabytes: float, gigabits: float, grows: bool
) -> None:
    here = chapter()
    shown = {"workers": workers, "compute": compute, "megabytes": megabytes, "gigabits": gigabits}
    batch = "grows with the workers" if grows else "stays"
    times = SOURCE.said(WORKERS, f"{workers} worker", **shown, global_batch=batch)[1]
    assert times == pytest.approx(here.speed_up(workers, compute, megabytes, gigabits, grows), abs=0.051)
    price = SOURCE.said(WORKERS, "cost of a row", **shown, global_batch=batch)[0]
    assert price == pytest.approx(workers / here.speed_up(workers, compute, megabytes, gigabits, grows), abs=0.051)


def test_one_worker_does_not_talk() -> None:
    assert chapter().speed_up(1, 0.5, 3000, 5) == 1
    assert chapter().step_seconds(1, 0.5, 3000, 5) == 0.5


def test_nobody_beats_the_ideal() -> None:
    for workers in (2, 8, 64):
        for grows in (False, True):
            assert chapter().speed_up(workers, 1.0, 100, 100, grows) < workers


def test_a_pipeline_of_one_stage_never_waits() -> None:
    assert chapter().idle_share(1, 5) == 0
    assert chapter().idle_share(4, 1) == 0.75


def test_the_charts_stay_within_their_budget() -> None:
    for spec in SOURCE.specs():
        assert len(json.dumps(spec)) < 100_000


# Exercises


def check(grade_id: str, **answer: object) -> str | None:
    """What an exercise's check, hidden tests included, says about another answer."""
    return complaint(SOURCE.check(grade_id), vars(chapter()) | answer, refusals=(AssertionError, TypeError))


@pytest.mark.parametrize("grade_id", GRADED)
def test_the_solution_passes_its_check(grade_id: str) -> None:
    assert check(grade_id) is None


# Wrong plans: each answers with one thing changed, whichever way the check names the arguments.


def asked(*args: Any, **named: Any) -> dict[str, Any]:
    bound = inspect.signature(chapter().plan).bind(*args, **named)
    bound.apply_defaults()
    return bound.arguments


def forgets_accumulation(*args: Any, **named: Any) -> dict[str, float]:
    return chapter().plan(**{**asked(*args, **named), "accumulate": 1})  # type: ignore[no-any-return]


def scales_by_the_workers(*args: Any, **named: Any) -> dict[str, float]:
    given = asked(*args, **named)
    return {**chapter().plan(**given), "rate": given["base_rate"] * given["workers"]}


def drops_only_once(*args: Any, **named: Any) -> dict[str, float]:
    given = asked(*args, **named)
    plan = chapter().plan(**given)
    return {**plan, "steps": given["rows"] * given["epochs"] // plan["global_batch"]}


def lets_nan_pass(losses: list[float], num_steps: int, diff_percent: float = 0.0) -> int | None:
    for step in range(num_steps, len(losses), num_steps):
        before = losses[step - num_steps]
        if losses[step] >= before or before - losses[step] < diff_percent / 100 * before:
            return step
    return None


def looks_at_every_step(losses: list[float], num_steps: int, diff_percent: float = 0.0) -> int | None:
    for step in range(num_steps, len(losses)):
        before = losses[step - num_steps]
        if not (losses[step] < before and before - losses[step] >= diff_percent / 100 * before):
            return step
    return None


def starts_from_zero(work: float, every: float, save: float, restart: float, interruptions: Any = ()) -> float:
    return chapter().finish_hour(work, work, save, restart, interruptions)  # type: ignore[no-any-return]


def saves_at_the_end_too(work: float, every: float, save: float, restart: float, interruptions: Any = ()) -> float:
    return chapter().finish_hour(work, every, save, restart, interruptions) + save  # type: ignore[no-any-return]


def keeps_an_incomplete_checkpoint(
    work: float, every: float, save: float, restart: float, interruptions: Any = ()
) -> float:
    clock, kept = 0.0, 0.0
    for hit in [*sorted(interruptions), math.inf]:
        while hit >= clock:
            piece = min(every, work - kept)
            end = clock + piece + (0 if kept + piece >= work else save)
            if clock + piece > hit:
                break
            kept += piece
            if kept >= work:
                return end
            clock = end
        clock = hit + restart
    return clock


@pytest.mark.parametrize(
    ("grade_id", "answer"),
    [
        ("training-plan", forgets_accumulation),
        ("training-plan", scales_by_the_workers),
        ("training-plan", drops_only_once),
        ("training-rule", lets_nan_pass),
        ("training-rule", looks_at_every_step),
        ("training-spot", starts_from_zero),
        ("training-spot", saves_at_the_end_too),
        ("training-spot", keeps_an_incomplete_checkpoint),
    ],
)
def test_a_typical_wrong_answer_fails_its_check(grade_id: str, answer: Any) -> None:
    assert check(grade_id, **{GRADED[grade_id]: answer}) is not None


# The lab's checkpoint, without a job


def checkpoint_module(text: str) -> SimpleNamespace:
    names: dict[str, Any] = {}
    exec(text, names)
    return SimpleNamespace(**names)


@functools.cache
def checkpoints() -> dict[str, SimpleNamespace]:
    names = dict(vars(chapter()))
    source = SOURCE.cell_with("DRAFT = '''")
    exec(source[source.index("DRAFT = ") : source.index("def account_with_data")], names)
    exec(SOURCE.solution("training-checkpoint"), names)
    return {"draft": checkpoint_module(names["DRAFT"]), "mended": checkpoint_module(names["CHECKPOINT"])}


def test_the_mended_checkpoint_restores_all_of_the_state_of_the_latest_epoch(tmp_path: Any) -> None:
    module, rng = checkpoints()["mended"], np.random.default_rng(3)
    rng.random(5)
    for epoch in (9, 10, 11):
        module.save(tmp_path, epoch, np.array([epoch, 0.1]), np.array([0.3, -epoch]), rng)
    epoch, weights, velocity, restored = module.load(tmp_path)
    assert (epoch, weights.tolist(), velocity.tolist()) == (11, [11, 0.1], [0.3, -11])
    assert restored.random(4).tolist() == rng.random(4).tolist()


def test_a_job_without_a_checkpoint_starts_fresh(tmp_path: Any) -> None:
    assert checkpoints()["mended"].load(tmp_path) is None


def test_the_draft_forgets_velocity_and_random_state_and_sorts_epochs_as_text(tmp_path: Any) -> None:
    module, rng = checkpoints()["draft"], np.random.default_rng(3)
    rng.random(5)
    for epoch in (9, 11):
        module.save(tmp_path, epoch, np.array([float(epoch)]), np.array([0.3]), rng)
    epoch, _, velocity, restored = module.load(tmp_path)
    assert epoch == 9
    assert velocity.tolist() == [0]
    assert restored.random() != rng.random()
