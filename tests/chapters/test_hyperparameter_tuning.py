"""The chapter on tuning: its records against training again, its formulas, its demos, its exercises."""

import functools
import itertools
import json
import math
import re
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from chapter_source import ChapterSource
from hypothesis import given
from hypothesis import strategies as st
from recorded import recorder

from mlacourse import resources
from mlacourse.cloud.sagemaker.tuning_stopping import Hyperband, Median

SOURCE = ChapterSource("02_modeling", "05_hyperparameter_tuning")
WHO_LEADS, WHERE, SCALES, BILL = range(4)
STRATEGIES = ["grid", "random", "Bayesian", "Hyperband", "evolutionary"]


@functools.cache
def chapter() -> SimpleNamespace:
    return SimpleNamespace(**SOURCE.definitions())


@functools.cache
def record(name: str) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(
        resources.path("datasets", "recorded", f"{name}.json").read_text(encoding="utf-8")
    )
    return content


@pytest.fixture(autouse=True, scope="module")
def _imports_done() -> None:
    """Import before hypothesis times the first example."""
    chapter()


# --- the records ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "trials"), [("grid", 3), ("random", 6), ("evolutionary", 12), ("Bayesian", 12)])
def test_the_record_of_the_race_is_what_training_again_gives(name: str, trials: int) -> None:
    again = itertools.islice(recorder("tuning_race").RACE[name](1), trials)
    kept = record("tuning_race")["arms"][name][1]["loss"]
    assert [one.loss for one in again] == pytest.approx(kept[:trials], abs=2e-4)


def test_the_record_of_hyperband_is_what_training_again_gives() -> None:
    kept = record("tuning_race")["arms"]["Hyperband"][0]
    again = list(itertools.islice(recorder("tuning_race").hyperband(0), 40))
    assert [one.rounds for one in again] == kept["rounds"][:40]
    assert [one.loss for one in again] == pytest.approx(kept["loss"][:40], abs=2e-4)


def test_a_model_that_goes_on_learning_is_the_one_that_never_paused() -> None:
    race = recorder("tuning_race")
    paused = race.model([0.7] * 5, race.WIDE, 9)
    whole = race.fit(race.model([0.7] * 5, race.WIDE))
    race.fit(race.fit(paused).set_params(max_iter=race.ROUNDS))
    rows = race.groups()[1]
    assert race.losses(paused, rows) == pytest.approx(race.losses(whole, rows))


def test_every_run_of_the_race_spends_its_budget_and_no_more() -> None:
    race = record("tuning_race")
    most = race["rounds"] * race["trials"]
    for name, runs in race["arms"].items():
        assert len(runs) == len(race["seeds"]) >= 20
        for run in runs:
            spent = sum(run.get("rounds", [race["rounds"]] * len(run["loss"])))
            assert 0.95 * most < spent <= most, name


def test_the_record_of_parallel_searches_is_what_training_again_gives() -> None:
    parallel, kept = recorder("tuning_parallel"), record("tuning_parallel")
    assert parallel.random(1) == pytest.approx(kept["whole runs"]["random"][1], abs=2e-3)
    assert parallel.bayesian(0, 16) == pytest.approx(kept["whole runs"]["Bayesian, 16 at once"][0], abs=2e-3)
    for name, best in kept["best"].items():
        assert [min(losses) for losses in kept["whole runs"][name]] == best[:2]


# --- formulas -------------------------------------------------------------------------------------------------


def best_of_random() -> Callable[[int], float]:
    """The chapter's function, with the trials that it reads."""
    race = record("tuning_race")
    pool = np.sort(np.concatenate([run["loss"] for run in race["arms"]["random"]]))
    names = vars(chapter()) | {"pool": pool, "FLOOR": 0.0}
    for text in ("def excess(", "def best_of_random("):
        source = SOURCE.cell_with(text)
        exec(re.search(rf"^{re.escape(text)}.*?(?=^\S|\Z)", source, re.M | re.S)[0], names)  # type: ignore[index]
    found: Callable[[int], float] = names["best_of_random"]
    return found


def test_the_expected_best_of_n_is_what_drawing_gives() -> None:
    race = record("tuning_race")
    pool = np.concatenate([run["loss"] for run in race["arms"]["random"]])
    drawn = np.random.default_rng(0).choice(pool, (20_000, 32)).min(axis=1).mean()
    assert best_of_random()(32) == pytest.approx(1000 * drawn, abs=0.05)


@given(st.floats(0.01, 0.9), st.floats(0.05, 0.99))
def test_the_number_of_trials_is_the_smallest_that_is_enough(share: float, certainty: float) -> None:
    trials = chapter().trials_needed(share, certainty)
    assert 1 - (1 - share) ** trials >= certainty
    assert trials == 1 or 1 - (1 - share) ** (trials - 1) < certainty


@given(st.floats(0, 1), st.floats(0, 1))
def test_a_place_on_a_scale_never_goes_backwards(a: float, b: float) -> None:
    for scaling in ("Linear", "Logarithmic", "ReverseLogarithmic"):
        low, high = (chapter().place(u, 0.1, 0.95, scaling) for u in sorted((a, b)))
        assert 0.1 - 1e-12 <= low <= high + 1e-12 <= 0.95 + 2e-12


def test_a_logarithmic_scale_is_numpys() -> None:
    ours = [chapter().place(u, 1e-4, 1, "Logarithmic") for u in np.linspace(0, 1, 9)]
    assert ours == pytest.approx(np.geomspace(1e-4, 1, 9))


curves = st.lists(st.floats(0, 1), min_size=1, max_size=5)


@given(curves, st.lists(curves, max_size=4), st.booleans())
def test_the_median_rule_is_the_one_of_the_offline_aws(
    curve: list[float], earlier: list[list[float]], minimize: bool
) -> None:
    epochs = range(1, len(curve) + 1)
    ends = (e for e in epochs if Median().ends(9, curve[:e], earlier, maximize=not minimize))
    stopped = next(ends, None)
    if all(abs(a - b) > 1e-9 for a, b in compared(curve, earlier)):
        assert chapter().stops_at(curve, earlier, minimize) == stopped


def compared(curve: list[float], earlier: list[list[float]]) -> list[tuple[float, float]]:
    pairs = []
    for epoch, value in enumerate(curve, start=1):
        averages = [np.mean(other[:epoch]) for other in earlier if len(other) >= epoch]
        if averages:
            pairs.append((value, float(np.median(averages))))
    return pairs


def test_hyperbands_brackets_are_those_of_the_offline_aws() -> None:
    for least, most in ((1, 27), (1, 81), (3, 81)):
        ours, theirs = chapter().brackets(least, most), Hyperband(least, most)
        assert [rungs[0][0] for rungs in ours] == [theirs.round.count(b) for b in range(theirs.brackets)]
        assert [rungs[0][1] for rungs in ours] == [most // 3 ** (theirs.brackets - 1 - b) for b in range(len(ours))]


@given(st.integers(1, 300), st.integers(1, 90), st.floats(0.01, 9), st.integers(1, 60))
def test_the_bill_does_not_depend_on_how_many_run_at_once(jobs: int, minutes: int, price: float, k: int) -> None:
    alone, hours_alone = chapter().search_bill(jobs, minutes, price)
    together, hours = chapter().search_bill(jobs, minutes, price, k)
    assert alone == together == pytest.approx(jobs * minutes / 60 * price)
    assert hours == pytest.approx(math.ceil(jobs / k) * minutes / 60)
    assert hours <= hours_alone


# --- demos ----------------------------------------------------------------------------------------------------


def best_so_far(name: str, units: int) -> list[float]:
    race = record("tuning_race")
    floor = min(min(run["loss"]) for one in STRATEGIES for run in race["arms"][one])
    found = []
    for run in race["arms"][name]:
        spent = np.cumsum(run.get("rounds", [race["rounds"]] * len(run["loss"]))) / race["rounds"]
        found.append(1000 * (min(np.array(run["loss"])[spent <= units + 1e-9]) - floor))
    return found


@pytest.mark.parametrize(("one", "other", "units"), [("random", "Bayesian", 8), ("grid", "Hyperband", 32)])
def test_the_first_demo_tells_the_medians_of_the_record(one: str, other: str, units: int) -> None:
    told = SOURCE.shown(WHO_LEADS, first=one, second=other, budget=units)
    for name in (one, other):
        line = next(text for text in told if text.startswith(f"{name}: "))
        assert float(re.findall(r"[\d.]+", line)[0]) == pytest.approx(np.median(best_so_far(name, units)), abs=0.06)


@pytest.mark.parametrize(
    ("strategy", "upto", "start"), [("grid", 32, "32 trials, 2 learning rates"), ("random", 5, "5 trials, 5 learning")]
)
def test_the_second_demo_counts_distinct_learning_rates(strategy: str, upto: int, start: str) -> None:
    assert any(text.startswith(start) for text in SOURCE.shown(WHERE, strategy=strategy, upto=upto))


@pytest.mark.parametrize(("scale", "expected"), [("linear", ["27.0", "2.7", "0.3"]), ("logarithmic", ["10.0"] * 3)])
def test_the_third_demo_shares_the_trials_among_decades(scale: str, expected: list[str]) -> None:
    told = SOURCE.shown(SCALES, scale=scale, low_end=3, trials=30)
    assert [text for text in told if re.fullmatch(r"\d+\.\d", text)] == expected


def test_the_third_demo_is_what_drawing_gives() -> None:
    drawn = np.random.default_rng(0).uniform(0.001, 1, 200_000)
    assert np.mean(drawn > 0.1) * 30 == pytest.approx(27.0, abs=0.1)


def test_the_fourth_demo_agrees_with_the_function() -> None:
    told = SOURCE.shown(BILL, jobs=40, minutes=15, start=3, price=0.2, saved=0)
    usd, hours = chapter().search_bill(40, 15, 0.2, 4, 3)
    assert any(text.startswith(f"bill: {usd:.2f} USD") for text in told)
    assert f"{hours:.1f} h, 90 % informed" in told


def test_the_charts_stay_within_their_budget() -> None:
    for spec in SOURCE.specs():
        assert len(json.dumps(spec)) < 100_000


# --- exercises ------------------------------------------------------------------------------------------------

GRADED = {
    "tuning-trials-needed": "trials_needed",
    "tuning-place": "place",
    "tuning-stops-at": "stops_at",
}


def check(grade_id: str, **answer: object) -> None:
    """Run an exercise's check, hidden tests included, on another answer."""
    exec(SOURCE.check(grade_id), vars(chapter()) | answer)


@pytest.mark.parametrize("grade_id", GRADED)
def test_the_solution_passes_its_check(grade_id: str) -> None:
    check(grade_id)


def takes_the_share_of_the_trials(share: float, certainty: float) -> int:
    return math.ceil(certainty / share)


def rounds_down(share: float, certainty: float) -> int:
    return max(1, int(math.log(1 - certainty) / math.log(1 - share)))


def reverses_the_logarithm(u: float, low: float, high: float, scaling: str) -> float:
    if scaling == "ReverseLogarithmic":
        return high + low - low * (high / low) ** (1 - u)
    found: float = chapter().place(u, low, high, scaling)
    return found


def refuses_nothing(u: float, low: float, high: float, scaling: str) -> float:
    try:
        found: float = chapter().place(u, low, high, scaling)
    except ValueError:
        return low + (high - low) * u
    return found


def compares_with_last_values(curve: list[float], earlier: list[list[float]], minimize: bool = True) -> int | None:
    for epoch, value in enumerate(curve, start=1):
        others = [other[epoch - 1] for other in earlier if len(other) >= epoch]
        if others and ((value > np.median(others)) if minimize else (value < np.median(others))):
            return epoch
    return None


def always_minimises(curve: list[float], earlier: list[list[float]], minimize: bool = True) -> int | None:
    found: int | None = chapter().stops_at(curve, earlier)
    return found


def ends_at_equal(curve: list[float], earlier: list[list[float]], minimize: bool = True) -> int | None:
    sign = 1e-9 if minimize else -1e-9
    found: int | None = chapter().stops_at([value + sign for value in curve], earlier, minimize)
    return found


@pytest.mark.parametrize(
    ("grade_id", "answer"),
    [
        ("tuning-trials-needed", takes_the_share_of_the_trials),
        ("tuning-trials-needed", rounds_down),
        ("tuning-place", reverses_the_logarithm),
        ("tuning-place", refuses_nothing),
        ("tuning-stops-at", compares_with_last_values),
        ("tuning-stops-at", always_minimises),
        ("tuning-stops-at", ends_at_equal),
    ],
)
def test_a_typical_wrong_answer_fails_its_check(grade_id: str, answer: Any) -> None:
    with pytest.raises(AssertionError):
        check(grade_id, **{GRADED[grade_id]: answer})


# --- the lab --------------------------------------------------------------------------------------------------


def lab_names() -> dict[str, Any]:
    """What the lab's cells define, with the account of its section 1."""
    names: dict[str, Any] = {}
    for text in ("race = json.loads(", 'census = load("census', "TRAIN = '''", "BUCKET =", '@cloud.step("1"'):
        exec(SOURCE.cell_with(text), names)
    return names


@pytest.mark.parametrize(
    ("mistake", "complaint"),
    [
        (("", ""), None),
        (("jobs=4", "jobs=5"), "Four jobs are paid for."),
        (("rate * 3", "rate * 9"), "One decade at most."),
    ],
)
def test_the_labs_check_reads_the_account(mistake: tuple[str, str], complaint: str | None) -> None:
    names = lab_names()
    try:
        names["cloud"].checkpoint("4")
        exec(SOURCE.cell_with("first_best = sagemaker").split("\n", 1)[1], names)
        exec(SOURCE.solution("tuning-warm-start").replace(*mistake), names)
        if complaint is None:
            exec(SOURCE.check("tuning-warm-start"), names)
        else:
            with pytest.raises(AssertionError, match=complaint):
                exec(SOURCE.check("tuning-warm-start"), names)
    finally:
        names["cloud"].stop()
