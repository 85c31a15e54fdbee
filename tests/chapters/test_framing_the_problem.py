"""The chapter on framing: its numbers against other computations, its demos, and the checks of its exercises."""

import functools
import json
import re
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest
import yaml
from chapter_source import ChapterSource
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import brentq
from scipy.stats import mannwhitneyu
from sklearn.metrics import root_mean_squared_error

from mlacourse import resources
from mlacourse.datasets import load

SOURCE = ChapterSource("02_modeling", "01_framing_the_problem")
LISTS, WINDOW, AHEAD, PRICES = range(4)


@functools.cache
def chapter() -> SimpleNamespace:
    """The chapter's own functions over its data, with what their cells assign."""
    names = SOURCE.definitions()
    for text in ("purchases = load(", "flights = load(", "METRICS = {"):
        exec(SOURCE.cell_with(text), names)
    for grade_id in ("three-requests", "label-rows", "worth-building", "cheapest-route"):
        exec(SOURCE.solution(grade_id), names)
    names |= {"HOSTING": 20, "LIFE": 24}
    return SimpleNamespace(**names)


@pytest.fixture(autouse=True, scope="module")
def _imports_done() -> None:
    """Import before hypothesis times the first example."""
    chapter()


def numbers(demo: int, start: str, **values: object) -> list[float]:
    """The numbers in the line of a demo that begins with or contains ``start``."""
    line = next(text for text in SOURCE.shown(demo, **values) if start in text)
    return [float(part.replace(",", "")) for part in re.findall(r"[−-]?\d[\d,]*(?:\.\d+)?", line.replace("−", "-"))]


def check(grade_id: str, **answer: object) -> None:
    """Run an exercise's check, hidden tests included, on another answer."""
    exec(SOURCE.check(grade_id), vars(chapter()) | answer)


def test_the_datasheet_of_the_purchases_is_right() -> None:
    rows = load("cd_purchases")
    assert rows.customer.nunique() == 23_570
    assert rows.groupby("customer").day.min().between("1997-01-01", "1997-03-31").all()
    assert rows.day.max() == pd.Timestamp("1998-06-30")
    assert (rows.amount == 0).sum() == 80
    assert rows.duplicated().sum() == 255


@pytest.mark.parametrize(("window", "notice"), [(30, 0), (150, 30)])
def test_a_snapshot_agrees_with_a_loop_over_some_customers(window: int, notice: int) -> None:
    made = chapter().snapshot("1998-01-01", window, notice)
    day = pd.Timestamp("1998-01-01")
    for customer in (4, 21, 1000, 23_000):
        own = chapter().purchases[chapter().purchases.customer == customer]
        past = own[own.day < day]
        later = (own.day - day).dt.days
        assert made.silent[customer] == (day - past.day.max()).days
        assert made.spent[customer] == pytest.approx(past.amount.sum())
        recent = past[(day - past.day).dt.days <= 180]
        assert made.spent_180[customer] == pytest.approx(recent.amount.sum())
        assert made.lapsed[customer] == (not later.between(notice, notice + window - 1).any())


def test_no_feature_changes_when_the_future_is_erased() -> None:
    names = dict(vars(chapter()))
    whole = names["snapshot"]("1997-10-01", 60)
    original = names["snapshot"].__globals__["purchases"]
    try:
        names["snapshot"].__globals__["purchases"] = original[original.day < "1997-10-01"]
        known = names["snapshot"]("1997-10-01", 60)
    finally:
        names["snapshot"].__globals__["purchases"] = original
    pd.testing.assert_frame_equal(names["features"](whole), names["features"](known))
    assert known.lapsed.all()


def test_the_money_lost_is_a_sum_over_those_who_lapse() -> None:
    people = pd.DataFrame({"lapsed": [True, False, True], "spent_180": [10.0, 99.0, 2.5]})
    assert chapter().money_lost(people) == 12.5


@pytest.mark.parametrize(
    ("name", "result"), [("Who will leave?", -2000), ("Money about to go?", 8444), ("Rule: top spenders", 7473)]
)
def test_the_first_demo_shows_what_a_list_earns(name: str, result: int) -> None:
    assert numbers(LISTS, "result ", which=name)[-1] == pytest.approx(result, abs=5)


def test_the_rule_of_top_spenders_earns_what_pandas_says() -> None:
    now = chapter().now
    top = now.sort_values("spent_180", ascending=False, kind="stable").head(1000)
    expected = 0.25 * (top.spent_180[top.lapsed]).sum() - 1000 * 3
    shown = numbers(LISTS, "result ", which="Rule: top spenders", vouchers=1000, saved=25, voucher_cost=3)
    assert shown[-1] == pytest.approx(expected, abs=5)


def test_the_map_shows_every_person_on_the_list() -> None:
    spec = SOURCE.specs()[LISTS]
    rows = [
        row for data in spec["datasets"].values() for row in data if "n" in row and "spent" in row and "list" in row
    ]
    on_map = sum(
        row["reached"] for row in rows if row["list"] == "Money about to go?" and row["n"] == 2000 and "lost" not in row
    )
    assert on_map == 2000


@pytest.mark.parametrize("window", [30, 150])
def test_the_second_demos_rule_has_the_auc_of_mann_and_whitney(window: int) -> None:
    people = chapter().snapshot("1998-01-01", window)
    some = people[people.silent <= 180]
    u = mannwhitneyu(some.silent[some.lapsed], some.silent[~some.lapsed]).statistic
    auc = u / (some.lapsed.sum() * (~some.lapsed).sum())
    shown = numbers(WINDOW, "longest silent 0", population="bought in the last 180 days", window=window)
    assert shown[-1] == pytest.approx(auc, abs=1e-3)


@pytest.mark.parametrize("population", ["everybody", "bought in the last 90 days"])
def test_the_second_demo_shows_the_base_rate_of_its_rows(population: str) -> None:
    days = {"everybody": 10_000, "bought in the last 90 days": 90}[population]
    people = chapter().snapshot("1998-01-01", 60, 30)
    people = people[people.silent <= days]
    count, rate = numbers(WINDOW, " people, ", population=population, window=60, notice=30)
    assert count == len(people)
    assert rate == pytest.approx(100 * people.lapsed.mean(), abs=0.06)


def test_the_hours_to_forecast_are_the_same_at_every_distance() -> None:
    counts = {len(test) for test in chapter().tested.values()}
    assert len(counts) == 1


@pytest.mark.parametrize("ahead", [1, 3, 8])
def test_a_forecast_uses_only_hours_that_are_known(ahead: int) -> None:
    test = chapter().tested[ahead]
    share = chapter().shares["JFK"].ffill()
    of_jfk = test[test.airport == "JFK"]
    earlier = share.shift(ahead).loc[of_jfk.index]
    assert np.array_equal(of_jfk["last value"], earlier)


@pytest.mark.parametrize("ahead", [2, 6, 12])
def test_the_third_demo_shows_scikit_learns_errors(ahead: int) -> None:
    test = chapter().tested[ahead]
    model = 100 * root_mean_squared_error(test.truth, test["model"])
    rivals = [100 * root_mean_squared_error(test.truth, test[name]) for name in ("constant", "rule", "last value")]
    shown = numbers(AHEAD, "model ", ahead=ahead) + numbers(AHEAD, "best rival", ahead=ahead)
    assert shown == pytest.approx([model, min(rivals)], abs=0.06)
    (gain,) = numbers(AHEAD, "gain ", ahead=ahead)[:1]
    assert gain == pytest.approx(100 * (1 - model / min(rivals)), abs=0.6)


def test_the_verdict_of_the_third_demo_follows_the_gain_that_pays() -> None:
    assert any("worth building" in text for text in SOURCE.shown(AHEAD, ahead=3, needed=10))
    assert any("keep the rule" in text for text in SOURCE.shown(AHEAD, ahead=3, needed=25))


def test_a_perfect_model_gains_everything_in_every_draw() -> None:
    test = chapter().tested[3].copy()
    test["model"] = test.truth
    assert chapter().gain_interval(test, "rule").tolist() == [1.0, 1.0]


money = st.floats(0, 1e6)


@given(money, money, st.floats(1e-5, 1), st.floats(0, 0.2), st.floats(0, 5))
def test_at_the_break_even_both_cost_the_same(
    build: float, upkeep: float, price: float, avoided: float, wrong: float
) -> None:
    volume = chapter().break_even(build, upkeep, price, hosting=0.0, avoided=avoided, wrong=wrong)
    assert volume * (price + avoided * wrong) == pytest.approx(build / 24 + upkeep)


def test_the_break_even_is_where_a_root_finder_sees_it() -> None:
    root = brentq(lambda v: v * 0.0015 - (60_000 / 24 + 4_000 + v * 20e-6), 1, 1e9)
    assert chapter().break_even(60_000, 4_000, 0.0015, hosting=20e-6) == pytest.approx(root)


def test_a_service_cheaper_than_the_own_hosting_is_never_beaten() -> None:
    assert chapter().break_even(1, 1, price=1e-6, hosting=2e-6) is None


def test_the_fourth_demo_names_the_cheapest_and_the_break_even() -> None:
    low, high = SOURCE.shown(PRICES, volume=5), SOURCE.shown(PRICES, volume=7)
    assert any("cheapest: foundation model" in text for text in low)
    assert any("cheapest: own model" in text for text in high)
    assert numbers(PRICES, "beats AI service")[-1] == pytest.approx(4.39)
    assert numbers(PRICES, "beats FM")[-1] == pytest.approx(8.9)
    better = chapter().break_even(60_000, 4_000, 0.0015, hosting=20e-6, avoided=0.02, wrong=0.1)
    assert numbers(PRICES, "beats AI service", avoided=2)[-1] == pytest.approx(better / 1e6, abs=0.01)


def test_the_break_even_of_the_quiz_is_right() -> None:
    volume = chapter().break_even(120_000, 3_000, 0.01, hosting=0.0005, avoided=0.01, wrong=0.2)
    assert volume == pytest.approx(695_652, abs=1)


def test_every_service_of_the_syllabus_stands_in_the_chapter() -> None:
    text = SOURCE.path.read_text(encoding="utf-8")
    for service in (
        *("Rekognition", "Textract", "Comprehend", "Transcribe", "Translate", "Polly", "Lex", "Personalize", "Kendra"),
        *("HealthLake", "Comprehend Medical", "Amazon Q Business", "Fraud Detector", "Lookout for Vision"),
        *("Lookout for Metrics", "Lookout for Equipment", "Canvas", "Autopilot", "JumpStart", "Bedrock"),
    ):
        assert re.search(rf"\| [^|\n]*{service}|\*\*[^*\n]*{service}", text), service


def test_every_card_of_the_bank_stands_in_the_chapter() -> None:
    bank = yaml.safe_load(
        resources.path("quizzes", "02_modeling", "01_framing_the_problem.yml").read_text(encoding="utf-8")
    )
    text = SOURCE.path.read_text(encoding="utf-8")
    assert [card["id"] for card in bank["cards"] if f'"{card["id"]}"' not in text] == []


def test_the_charts_stay_within_their_budget() -> None:
    for spec in SOURCE.specs():
        assert len(json.dumps(spec)) < 100_000


GRADED = {
    "three-requests": "requests",
    "label-rows": "label_rows",
    "worth-building": "worth_building",
    "cheapest-route": "cheapest_route",
}


@pytest.mark.parametrize("grade_id", GRADED)
def test_the_solution_passes_its_check(grade_id: str) -> None:
    check(grade_id)


@pytest.mark.parametrize(
    ("name", "changes"),
    [
        ("hotel", {"cost_of_miss": 260.0, "cost_of_false_alarm": 90.0}),
        ("hotel", {"notice_days": 7, "window_days": 7}),
        ("hotel", {"features": ("price", "reason for the cancellation")}),
        ("hotel", {"metric": "AUC"}),
        ("hotel", {"kpi": "expected cost"}),
        ("hotel", {"baseline": " "}),
        ("hotel", {"unit": "guest"}),
        ("freight", {"route": "own model", "service": ""}),
        ("freight", {"service": "Amazon Rekognition"}),
        ("returns", {"task": "classification", "metric": "AUC", "route": "own model"}),
    ],
)
def test_a_typical_wrong_framing_fails_the_check(name: str, changes: dict[str, Any]) -> None:
    answer = dict(chapter().requests)
    answer[name] = replace(answer[name], **changes)
    with pytest.raises(AssertionError):
        check("three-requests", requests=answer)


def test_the_vague_request_has_the_gaps_that_the_chapter_shows() -> None:
    found = chapter().gaps(chapter().vague)
    assert [gap.partition(":")[0] for gap in found] == ["decision", "baseline", "metric", "kpi"]


def test_an_unknown_task_is_answered_with_the_known_ones() -> None:
    odd = replace(chapter().vague, task="churn")
    assert "rule, extraction, classification" in chapter().gaps(odd)[-1]


def counts_the_day_itself_as_past(
    purchases: Any, day: Any, window: int, notice: int = 0, active_days: int = 180
) -> Any:
    return chapter().label_rows(purchases, pd.Timestamp(day) + pd.Timedelta(days=1), window, notice, active_days)


def forgets_the_notice(purchases: Any, day: Any, window: int, notice: int = 0, active_days: int = 180) -> Any:
    return chapter().label_rows(purchases, day, window, 0, active_days)


def keeps_everybody(purchases: Any, day: Any, window: int, notice: int = 0, active_days: int = 180) -> Any:
    return chapter().label_rows(purchases, day, window, notice, 10_000)


def adds_a_day_to_the_window(purchases: Any, day: Any, window: int, notice: int = 0, active_days: int = 180) -> Any:
    return chapter().label_rows(purchases, day, window + 1, notice, active_days)


def beats_the_constant(truth: Any, model: Any, rivals: dict[str, Any], needed: float) -> tuple[str, float, bool]:
    first = next(iter(rivals))
    _, gain, pays = chapter().worth_building(truth, model, {first: rivals[first]}, needed)
    return first, gain, pays


def compares_squared_errors(truth: Any, model: Any, rivals: dict[str, Any], needed: float) -> tuple[str, float, bool]:
    best, gain, _ = chapter().worth_building(truth, model, rivals, needed)
    squared = 1 - (1 - gain) ** 2
    return best, squared, squared >= needed


def ignores_constraints(volume: float, routes: Any, **_: Any) -> Any:
    return chapter().cheapest_route(volume, routes)


def ignores_wrong_answers(
    volume: float, routes: Any, *, slowest: Any = None, must_explain: bool = False, **_: Any
) -> Any:
    return chapter().cheapest_route(volume, routes, slowest=slowest, must_explain=must_explain)


@pytest.mark.parametrize(
    ("grade_id", "answer"),
    [
        ("label-rows", counts_the_day_itself_as_past),
        ("label-rows", forgets_the_notice),
        ("label-rows", keeps_everybody),
        ("label-rows", adds_a_day_to_the_window),
        ("worth-building", beats_the_constant),
        ("worth-building", compares_squared_errors),
        ("cheapest-route", ignores_constraints),
        ("cheapest-route", ignores_wrong_answers),
    ],
)
def test_a_typical_wrong_answer_fails_its_check(grade_id: str, answer: Any) -> None:
    with pytest.raises(AssertionError):
        check(grade_id, **{GRADED[grade_id]: answer})
