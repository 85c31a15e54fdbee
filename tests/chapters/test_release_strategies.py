"""The release chapter's traffic model, canary statistics and exercises, taken from its cells."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from functools import partial
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from chapter_source import ChapterSource, words
from scipy import stats

from mlacourse import cloud
from mlacourse.notebook import charts

SOURCE = ChapterSource("03_deployment", "08_release_strategies")
IMPORTS = SOURCE.cell_with("import altair")


def cells_tagged(*tags: str) -> SimpleNamespace:
    """Run the imports and the cells with these tags, and return what they define."""
    names: dict[str, Any] = {}
    exec(IMPORTS, names)
    return SOURCE.defined(*tags, **names)


chapter = cells_tagged("release", "canary-size")
WATCHES = ["the whole endpoint", "the new fleet"]
GRID = list(itertools.product(chapter.STRATEGIES, [10, 20, 25, 50], [1, 4, 10], [0, 6, 36], WATCHES))


@pytest.mark.parametrize("strategy", chapter.STRATEGIES)
def test_a_plan_never_takes_traffic_back_and_ends_with_all_of_it(strategy: str) -> None:
    for size, bake in itertools.product([10, 20, 25, 50], [1, 4, 10]):
        end = chapter.planned_minutes(strategy, size, bake)
        shares = [chapter.on_new(strategy, minute, size, bake) for minute in range(end + 1)]
        assert shares == sorted(shares)
        assert shares[end - bake] == 100, "the last baking time is one with all of the traffic"


def test_more_errors_hurt_more_as_long_as_the_alarm_does_not_ring_earlier() -> None:
    for strategy, size, bake, _, watches in GRID:
        four, three = (chapter.release(strategy, size, bake, errors, watches) for errors in (4, 3))
        assert (four.alarm, three.alarm) == (None, None)
        assert four.hurt > three.hurt > 0


def test_an_alarm_on_the_new_fleet_never_rings_later_than_one_on_both() -> None:
    for strategy, size, bake, errors, _ in GRID:
        both, new = (chapter.release(strategy, size, bake, errors, watches) for watches in WATCHES)
        assert both.alarm is None or (new.alarm is not None and new.alarm <= both.alarm)
        assert new.hurt <= both.hurt


def test_what_is_hurt_is_the_traffic_on_the_new_version_until_all_is_back() -> None:
    # By hand: ten minutes of 60 requests and two of 600, 36 % of which fail; 20 instances for 12 minutes and the start.
    canary = chapter.release("canary", 10, 10, 36, "the whole endpoint")
    assert canary.hurt == pytest.approx((10 * 60 + 2 * 600) * 0.36)
    assert (canary.alarm, canary.back) == (12, 12)
    assert canary.extra == pytest.approx(20 * (5 + 12) / 60)


def test_a_rolling_update_waits_for_instances_on_the_way_back_once_it_has_ended_some() -> None:
    first = chapter.release("rolling", 10, 10, 36, "the new fleet")
    second = chapter.release("rolling", 10, 10, 36, "the whole endpoint")
    assert (first.alarm, first.back) == (2, 2)
    assert (second.alarm, second.back) == (17, 22)
    assert second.extra == pytest.approx((2 * (5 + 17) + 4 * 5) / 60)


def test_a_rolling_update_costs_one_batch_and_blue_green_a_whole_fleet() -> None:
    rolling, linear = (chapter.release(s, 10, 10, 0, "the new fleet").extra for s in ("rolling", "linear"))
    assert rolling == pytest.approx(2 * (5 + 145) / 60)
    assert linear == pytest.approx(20 * (5 + 100) / 60)


@pytest.fixture(scope="module")
def traffic_chart() -> dict[str, Any]:
    """The specification of the first demo."""
    shown: list[dict[str, Any]] = []
    names: dict[str, Any] = vars(cells_tagged("release"))
    names["charts"] = SimpleNamespace(
        POSITIVE=charts.POSITIVE,
        NEGATIVE=charts.NEGATIVE,
        NEUTRAL=charts.NEUTRAL,
        show=lambda chart, *, alt: shown.append(charts.spec(chart, alt=alt)),
    )
    SOURCE.defined("traffic-chart", **names)
    return shown[0]


@pytest.mark.parametrize(
    ("watches", "size", "bake", "errors"),
    [
        ("the whole endpoint", 10, 10, 36),
        ("the new fleet", 10, 10, 36),
        ("the whole endpoint", 25, 1, 36),
        ("the whole endpoint", 20, 15, 12),
        ("the new fleet", 50, 3, 4),
        ("the whole endpoint", 10, 4, 0),
    ],
)
def test_the_demo_says_what_the_function_computes(
    traffic_chart: dict[str, Any], watches: str, size: int, bake: int, errors: int
) -> None:
    written = words(traffic_chart, watches=watches, size=size, bake=bake, errors=errors)
    for strategy in chapter.STRATEGIES:
        outcome = chapter.release(strategy, size, bake, errors, watches)
        end = "no rollback" if outcome.back is None else f"back after {outcome.back} min"
        hurt = next(text for text in written if text.startswith(f"{strategy}: ") and "back" in text)
        number = hurt.split(": ")[1].split(", ")[0].replace(",", "")
        assert float(number) == pytest.approx(outcome.hurt, abs=0.51)
        assert end in hurt
        fleet = next(text for text in written if text.startswith(f"{strategy}: ") and "plan of" in text)
        assert float(fleet.split(": ")[1].split(" h")[0]) == pytest.approx(outcome.extra, abs=0.051)
        assert fleet.endswith(f"plan of {chapter.planned_minutes(strategy, size, bake)} min")


def test_the_chances_of_a_canary_are_those_of_simulated_canaries() -> None:
    rng = np.random.default_rng(0)
    for n, errors in ((15, 0.1), (40, 0.06), (200, 0.1)):
        missed, false = chapter.chances(n, errors)
        bad, good = (rng.random((20_000, n)) < rate for rate in (errors, chapter.USUAL / 100))
        assert missed == pytest.approx(np.mean(bad.mean(axis=1) <= 0.05 + 1e-12), abs=0.02)
        assert false == pytest.approx(np.mean(good.mean(axis=1) > 0.05 + 1e-12), abs=0.01)


@pytest.mark.parametrize("grade_id", ["release-share", "release-baking", "release-contract"])
def test_the_solution_of_an_exercise_passes_its_check(grade_id: str) -> None:
    names: dict[str, Any] = {}
    exec(IMPORTS, names)
    assert SOURCE.passes(grade_id, names)


WRONG = {
    "divides without looking": (
        "release-share",
        "def share_that_rings(errors, usual, threshold):\n    return (threshold - usual) / (errors - usual)",
    ),
    "takes equal for above": (
        "release-share",
        "def share_that_rings(errors, usual, threshold):\n"
        "    if usual > threshold:\n        return 0.0\n"
        "    return None if errors < threshold else (threshold - usual) / (errors - usual)",
    ),
    "forgets the old version": (
        "release-share",
        "def share_that_rings(errors, usual, threshold):\n"
        "    if usual > threshold:\n        return 0.0\n"
        "    return None if errors <= threshold else threshold / errors",
    ),
    "counts all the traffic": (
        "release-baking",
        "def baking_minutes(requests, share, errors, certainty=0.95):\n"
        "    return int(np.ceil(np.log(1 - certainty) / np.log(1 - errors) / requests))",
    ),
    "waits for one expected failure": (
        "release-baking",
        "def baking_minutes(requests, share, errors, certainty=0.95):\n"
        "    return int(np.ceil(1 / (requests * share * errors)))",
    ),
    "sees new fields only": (
        "release-contract",
        "def breaking_changes(old, new):\n"
        "    fields = new['request'].items()\n"
        "    return sorted(f'request.{f}' for f, (_, must) in fields if must and f not in old['request'])",
    ),
    "calls an ignored field broken": (
        "release-contract",
        "def breaking_changes(old, new):\n"
        "    gone = [f'request.{f}' for f in old['request'] if new['request'].get(f) != old['request'][f]]\n"
        "    gone += [f'answer.{f}' for f in old['answer'] if new['answer'].get(f) != old['answer'][f]]\n"
        "    gone += [f'request.{f}' for f, (_, must) in new['request'].items() if must and f not in old['request']]\n"
        "    return sorted(gone)",
    ),
}


@pytest.mark.parametrize(("grade_id", "answer"), WRONG.values(), ids=WRONG)
def test_a_typical_wrong_answer_fails_its_check(grade_id: str, answer: str) -> None:
    names: dict[str, Any] = {}
    exec(IMPORTS, names)
    exec(answer, names)
    with pytest.raises((AssertionError, ZeroDivisionError)):
        exec(SOURCE.check(grade_id), names)


def test_the_share_of_the_exercise_agrees_with_the_demo() -> None:
    names: dict[str, Any] = {}
    exec(SOURCE.solution("release-share"), names)
    share = names["share_that_rings"](0.36, chapter.USUAL / 100, chapter.ALARM_AT / 100)
    for size in (10, 20, 25, 50):
        asleep = chapter.release("canary", size, 10, 36, "the whole endpoint").alarm > 10
        assert asleep == (size / 100 <= share)


def test_the_minutes_of_the_exercise_are_those_of_the_binomial() -> None:
    names: dict[str, Any] = {}
    exec(SOURCE.solution("release-baking"), names)
    minutes = names["baking_minutes"](60, 0.1, 0.1)
    assert stats.binom.pmf(0, 6 * minutes, 0.1) <= 0.05 < stats.binom.pmf(0, 6 * (minutes - 1), 0.1)


@pytest.fixture(scope="module")
def laboratory() -> Iterator[dict[str, Any]]:
    """What the lab's cells define before section 4."""
    names: dict[str, Any] = {}
    try:
        for text in ("import altair", 'BUCKET = "', "def account_with_models", '@cloud.step("1"', "def alarm_draft"):
            exec(SOURCE.cell_with(text), names)
        names["put_out"] = partial(names["put_out"], requests=4)
        yield names
    finally:
        cloud.stop()


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({}, "The alarm of version 2 must ring."),
        ({"Threshold": -1}, "Version 3 must be in service at the end."),
    ],
    ids=["an alarm that never rings", "an alarm that always rings"],
)
def test_a_guardrail_that_does_not_tell_the_versions_apart_fails_the_labs_check(
    laboratory: dict[str, Any], change: dict[str, Any], told: str
) -> None:
    draft = laboratory["alarm_draft"]
    laboratory["alarm_for"] = lambda config: draft(config) | {"AlarmName": f"guard-{config}"} | change
    laboratory["deployment_for"] = laboratory["deployment_draft"]
    exec(SOURCE.cell_with('cloud.checkpoint("4")\nfor'), laboratory)
    with pytest.raises(AssertionError, match=told):
        exec(SOURCE.check("release-guardrail"), laboratory)
