"""The data quality chapter's measures, contract and exercises, taken from its cells."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import boto3
import numpy as np
import pandas as pd
import pytest
from chapter_source import ChapterSource, Names
from sklearn.metrics import confusion_matrix

from mlacourse import cloud

SOURCE = ChapterSource("01_data", "08_data_quality")


NAMES: Names = {}
exec(SOURCE.cell_with("import pandera"), NAMES)
chapter = SOURCE.defined("demo", "contract", **NAMES)
NAMES |= vars(chapter)
DAY = "2013-07-02"


# --- the demo -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("threshold", [88, 92, 95, 99])
def test_the_demos_two_errors_are_those_of_a_classifier_of_files(threshold: int) -> None:
    good = chapter.measures[chapter.DELAYS]
    scores = np.concatenate([good, good * 0.9])
    table = confusion_matrix([0] * 31 + [1] * 31, (scores < threshold).astype(int))
    assert chapter.stopped(good, 10, threshold) == (table[0, 1], table[1, 0])


def test_a_measure_against_its_own_weekday_has_its_median_at_one_hundred() -> None:
    rows = chapter.measures[chapter.ROWS]
    weekday = pd.to_datetime(rows.index).dayofweek
    assert rows.groupby(weekday).median().round(9).eq(100).all()


# --- the contract ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("day", ["2013-07-01", "2013-07-04", "2013-07-10", "2013-07-22", "2013-07-27"])
def test_storm_days_and_holidays_keep_the_contract_of_files(day: str) -> None:
    assert chapter.broken_promises(chapter.file_of(day), day, chapter.registered) == []


def test_no_row_of_the_month_breaks_a_rule() -> None:
    assert len(chapter.bad_rows(chapter.file_of("all", chapter.flights.assign(day="all")))) == 0


@pytest.mark.parametrize(
    ("column", "value", "rule"),
    [
        ("departure_delay", "-61", "departure_delay_range"),
        ("departure_delay", "1441", "departure_delay_range"),
        ("distance", "9", "distance_range"),
        ("origin", "KJFK", "origin_known"),
        ("origin", None, "origin_missing"),
        ("destination", "XX", "destination_code"),
        ("destination", "ABCD", "destination_code"),
        ("carrier", "United", "carrier_code"),
        ("carrier", None, "carrier_missing"),
        ("air_time", "long", "air_time_no_number"),
        ("flight", "0", "flight_range"),
    ],
)
def test_a_broken_rule_is_named_with_its_row(column: str, value: str | None, rule: str) -> None:
    table = chapter.file_of(DAY)
    table.loc[7, column] = value
    assert chapter.bad_rows(table).to_dict() == {7: rule}


@pytest.mark.parametrize(
    ("column", "value"), [("departure_delay", "-60"), ("departure_delay", "1440"), ("distance", "10")]
)
def test_the_ends_of_a_range_are_allowed(column: str, value: str) -> None:
    table = chapter.file_of(DAY)
    table.loc[7, column] = value
    assert len(chapter.bad_rows(table)) == 0


def test_a_moment_that_cannot_be_read_counts_as_missing() -> None:
    table = chapter.file_of(DAY)
    table.loc[7, "scheduled_departure"] = "2013-07-02 25:00:00"
    assert chapter.bad_rows(table).to_dict() == {7: "scheduled_departure_missing"}


def test_one_word_does_not_hide_the_other_rows_of_its_column() -> None:
    table = chapter.file_of(DAY)
    table.loc[3, "air_time"], table.loc[4, "air_time"] = "long", "99999"
    assert chapter.bad_rows(table).to_dict() == {3: "air_time_no_number", 4: "air_time_range"}


def test_of_a_repeated_row_the_first_stays() -> None:
    table = chapter.file_of(DAY)
    table = pd.concat([table, table.iloc[[5]]], ignore_index=True)
    assert chapter.bad_rows(table).to_dict() == {945: "key_once"}


def test_an_empty_file_is_stopped_and_not_a_crash() -> None:
    assert "row_count" in chapter.broken_promises(chapter.file_of(DAY).head(0), DAY, chapter.registered)


def test_each_defect_changes_the_file() -> None:
    good = chapter.file_of(DAY)
    for name, defect in chapter.DEFECTS.items():
        assert not defect(chapter.file_of(DAY)).equals(good), name


# --- the exercises --------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def account() -> Iterator[dict[str, Any]]:
    """The lab's functions, with the offline AWS running behind them."""
    names = dict(NAMES)
    exec(SOURCE.cell_with("def key_of("), names)
    exec(SOURCE.cell_with("def admit("), names)
    exec(SOURCE.cell_with("def glue_role("), names)
    exec(SOURCE.cell_with("def confirmed("), names)
    yield names
    cloud.stop()


def prepared(names: dict[str, Any], section: str) -> dict[str, Any]:
    """An account at the beginning of a section, whatever a test before it did."""
    cloud.offline().reset()
    names["buckets_with_six_nights"]()
    if section == "4":
        names["catalog_of_six_nights"]()
        exec(SOURCE.cell_with("def land_weather(").replace('cloud.checkpoint("4")', ""), names)
    else:
        for day in names["arriving"]():
            names["admit"](day)
    return names


def checked(names: dict[str, Any], grade_id: str, answer: str | None = None) -> None:
    exec(answer or SOURCE.solution(grade_id), names)
    exec(SOURCE.check(grade_id).replace('cloud.checkpoint("5")', ""), names)


def test_nothing_is_lost_when_a_file_goes_through_the_door_twice(account: dict[str, Any]) -> None:
    names = prepared(account, "5")
    for day in names["arriving"]():
        names["admit"](day)
    lines = names["lines_in"]
    gone = lines("flights-clean") + lines("flights-quarantine", "rows/") + lines("flights-quarantine", "files/")
    assert gone == lines("flights-landing") == 5176


def test_a_stopped_file_is_kept_byte_for_byte(account: dict[str, Any]) -> None:
    names = prepared(account, "5")
    s3, key = boto3.client("s3"), names["key_of"]("2013-07-03")
    landed = s3.get_object(Bucket="flights-landing", Key=key)["Body"].read()
    kept = s3.get_object(Bucket="flights-quarantine", Key=f"files/{key}")["Body"].read()
    assert kept == landed
    report = json.loads(s3.get_object(Bucket="flights-quarantine", Key="reports/2013-07-03.json")["Body"].read())
    assert (report["stopped"], report["rules"]) == (983, {"columns": 1})


def test_the_weather_rules_pass_their_check(account: dict[str, Any]) -> None:
    checked(prepared(account, "4"), "quality-weather-rules")


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("between 59 and 73", "between 60 and 72"),
        ('(ColumnValues "wind_gust" > 10) or (ColumnValues "wind_gust" = NULL)', 'ColumnValues "wind_gust" > 10'),
        (
            '(ColumnValues "wind_speed" >= 0) and (ColumnValues "wind_speed" <= 120)',
            'ColumnValues "wind_speed" between 0 and 120',
        ),
        ('"temperature" >= 0.9', '"temperature" > 0.5'),
    ],
)
def test_a_typical_slip_in_the_weather_rules_fails(account: dict[str, Any], right: str, wrong: str) -> None:
    solution = SOURCE.solution("quality-weather-rules")
    assert right in solution
    with pytest.raises(AssertionError):
        checked(prepared(account, "4"), "quality-weather-rules", solution.replace(right, wrong))


@pytest.fixture
def one_night(account: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """An account in which only the night with bad rows has landed."""
    night = account["arriving"]()[DAY]
    monkeypatch.setitem(account, "arriving", lambda: {DAY: night})
    return prepared(account, "5")


def test_the_release_passes_its_check(one_night: dict[str, Any], capsys: pytest.CaptureFixture[str]) -> None:
    checked(one_night, "quality-release")
    assert "lab" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        (
            "together = pd.concat([clean, mend(held)[COLUMNS]], ignore_index=True)",
            "clean = clean.head(0); together = mend(held)[COLUMNS]",
        ),
        ("kept = held.loc[stays]", "kept = mend(held).loc[stays]"),
        (".assign(rules=bad.loc[stays + len(clean)].to_numpy())", ""),
        ('    put_rows(QUARANTINE, f"rows/{key_of(day)}", kept)\n', ""),
    ],
)
def test_a_typical_slip_in_the_release_fails(one_night: dict[str, Any], right: str, wrong: str) -> None:
    solution = SOURCE.solution("quality-release")
    assert right in solution
    with pytest.raises(AssertionError):
        checked(one_night, "quality-release", solution.replace(right, wrong))


@pytest.fixture(scope="module")
def skew() -> dict[str, Any]:
    names = dict(NAMES)
    exec(SOURCE.cell_with("def distance_between("), names)
    return names


def test_the_skew_check_passes_its_check(skew: dict[str, Any]) -> None:
    checked(skew, "quality-skewed")


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("training[column].dropna(), serving[column].dropna()", "training[column], serving[column]"),
        ("abs(training[column].isna().mean() - serving[column].isna().mean()) > most", "serving[column].isna().any()"),
        ("[*training, *(name for name in serving if name not in training)]", "training"),
    ],
)
def test_a_typical_slip_in_the_skew_check_fails(skew: dict[str, Any], right: str, wrong: str) -> None:
    solution = SOURCE.solution("quality-skewed")
    assert right in solution
    with pytest.raises(AssertionError):
        checked(skew, "quality-skewed", solution.replace(right, wrong))


def test_the_distance_is_half_the_sum_of_differences_and_lies_between_0_and_1(skew: dict[str, Any]) -> None:
    distance = skew["distance_between"]
    left, right = pd.Series(list("aab")), pd.Series(list("abb"))
    assert distance(left, right) == pytest.approx(1 / 3)
    assert distance(left, left) == 0
    assert distance(left, pd.Series(["z"])) == 1
