"""The feature store chapter's joins against SQL and loops, its record of DVC, and its checks against slips."""

from __future__ import annotations

import functools
import json
import re
import sqlite3
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest
from chapter_source import ChapterSource
from recorded import recorder

from mlacourse import cloud, resources

SOURCE = ChapterSource("01_data", "06_feature_stores_and_lineage")
RECORD = resources.path("datasets", "recorded", "dvc_two_versions.json")


def run(*words: str, **names: Any) -> dict[str, Any]:
    """Run the imports and the cells that contain these words, one after the other."""
    found: dict[str, Any] = {}
    exec(SOURCE.cell_with("from mlacourse import cloud, datasets"), found)
    found |= names
    for one in words:
        exec(SOURCE.cell_with(one), found)
    return found


@functools.cache
def chapter() -> SimpleNamespace:
    names = run("def hourly_records", 'datasets.load("nyc_flights_july")', "def point_in_time", "def seen_by")
    return SimpleNamespace(**names)


@functools.cache
def sample() -> pd.DataFrame:
    flights: pd.DataFrame = chapter().flights.iloc[::150]
    return flights


# --- the tables and the joins -----------------------------------------------------------------------------------------


def test_a_record_is_the_mean_delay_of_those_who_left_in_the_hour_before() -> None:
    flights = chapter().flights
    for record in chapter().records.iloc[::200].itertuples():
        hour = pd.Timedelta(hours=1)
        gone = flights[(flights["origin"] == record.origin) & (flights["left"] < record.event_time)]
        gone = gone[gone["left"] >= record.event_time - hour]
        assert record.delay_now == pytest.approx(gone["departure_delay"].mean(), abs=0.001)


def test_the_right_join_takes_the_newest_record_that_was_known() -> None:
    records = chapter().records
    joined = chapter().point_in_time(sample(), records)
    assert len(joined) == len(sample())
    for row in joined.iloc[1:].itertuples():
        known = records[(records["origin"] == row.origin) & (records["event_time"] <= row.asked)]
        if known.empty:
            assert pd.isna(row.delay_now)
        else:
            assert row.delay_now == known.sort_values("event_time")["delay_now"].iloc[-1]


def test_the_sql_of_the_chapter_is_the_same_join() -> None:
    [sql] = re.findall(r"```sql\n(.*?)```", SOURCE.path.read_text(encoding="utf-8"), re.DOTALL)
    flights = sample().reset_index(names="flight_id")[["flight_id", "origin", "asked", "late"]]
    records = chapter().records.rename(columns={"origin": "airport"})
    later = records.iloc[::3].assign(delay_now=-99.0)  # a correction with the same event time
    stored = pd.concat([records.assign(api_invocation_time=1), later.assign(api_invocation_time=2)])
    with sqlite3.connect(":memory:") as database:
        flights.astype({"asked": str}).to_sql("flights", database)
        stored.astype({"event_time": str}).assign(write_time=1).to_sql("airport_delays", database)
        found = pd.read_sql(sql, database).set_index("flight_id")["delay_now"]
    corrected = stored.sort_values("api_invocation_time").drop_duplicates(["airport", "event_time"], keep="last")
    corrected = corrected.rename(columns={"airport": "origin"})
    wanted = chapter().point_in_time(sample().reset_index(names="flight_id"), corrected).set_index("flight_id")
    known = wanted["delay_now"].dropna()
    assert len(known) > 150
    assert found.loc[known.index].tolist() == known.tolist()


def test_the_wrong_join_takes_what_is_known_only_after_the_question() -> None:
    joined = chapter().same_hour(sample(), chapter().records).dropna(subset=["delay_now"])
    assert len(joined) > 150
    assert (joined["event_time"] > joined["asked"] + pd.Timedelta(hours=2)).all()


# --- the demo ---------------------------------------------------------------------------------------------------------


def test_the_demos_table_is_the_join_at_each_hour() -> None:
    seen, hour = chapter().seen, pd.Timedelta(hours=1)
    start = pd.to_datetime([chapter().DAYS[key // 100] for key in seen["key"]])
    asked = pd.DataFrame({"origin": "JFK", "start": start, "asked": start + (seen["key"] % 100) * hour})
    found = pd.merge_asof(
        asked.sort_values("asked"), chapter().records, left_on="asked", right_on="event_time", by="origin"
    )
    wanted = seen.assign(asked=asked["asked"]).sort_values("asked")
    assert wanted["delay"].tolist() == pytest.approx(found["delay_now"].tolist(), abs=0.051)
    assert wanted["known"].tolist() == ((found["event_time"] - found["start"]) / hour).tolist()


def test_the_demo_is_small_and_has_a_record_for_every_state_of_its_controls() -> None:
    [spec] = SOURCE.specs()
    assert len(json.dumps(spec)) < 100_000
    [table] = set(re.findall(r'"from": {"data": {"name": "([^"]+)"}', json.dumps(spec)))
    hours = {row["key"] for row in spec["datasets"][table]}
    controls = {param["name"]: param["bind"] for param in spec["params"]}
    first = controls["leaves"]["min"] - controls["ahead"]["max"] - controls["lag"]["max"]
    for day in controls["day"]["options"]:
        assert {day * 100 + hour for hour in range(int(first), int(controls["leaves"]["max"]) + 2)} <= hours


# --- versions ---------------------------------------------------------------------------------------------------------


@functools.cache
def versions() -> SimpleNamespace:
    names = run("def place(content)", recorded=json.loads(RECORD.read_text()))
    return SimpleNamespace(**names)


@pytest.mark.parametrize(("name", "weeks"), [("v1", 2), ("v2", 3)])
def test_the_chapter_makes_the_bytes_that_the_record_was_made_of(name: str, weeks: int) -> None:
    assert versions().version(weeks) == recorder("dvc_two_versions").files_of(name)


def test_every_file_of_the_recorded_remote_is_explained() -> None:
    recorded = versions().recorded
    lists = {f"files/md5/{path}" for path in recorded["listings"]}
    bodies = [body for name in ("v1", "v2") for body in recorder("dvc_two_versions").files_of(name).values()]
    explained = {versions().place(body): len(body) for body in bodies}
    remote = recorded["versions"]["v2"]["remote"]
    assert {path: size for path, size in remote.items() if path not in lists} == explained
    assert lists <= set(remote)


def test_a_folders_name_is_the_hash_of_its_list() -> None:
    for path, listing in versions().recorded["listings"].items():
        assert versions().md5(json.dumps(listing).encode()) + ".dir" == path.replace("/", "")


# --- exercises --------------------------------------------------------------------------------------------------------

SOLUTIONS = {
    "store-as-of": "def as_of",
    "store-both-stores": "def both_stores",
    "store-pushed-bytes": "def pushed_bytes",
}


def answered(exercise: str, old: str = "", new: str = "") -> dict[str, Any]:
    """What the exercise's solution defines, with one change."""
    solution = SOURCE.cell_with(SOLUTIONS[exercise])
    assert old in solution
    names = {"pd": pd, **vars(versions())}
    names |= {"v1": names["version"](2), "v2": names["version"](3)}
    exec(solution.replace(old, new), names)
    return names


@pytest.mark.parametrize("exercise", SOLUTIONS)
def test_the_solution_passes_its_check(exercise: str) -> None:
    exec(SOURCE.check(exercise), answered(exercise))


@pytest.mark.parametrize(
    ("exercise", "old", "new"),
    [
        ("store-as-of", "<= question.asked", "< question.asked"),
        ("store-as-of", '["event_time"] + lag <=', '["event_time"] <='),
        ("store-as-of", '.sort_values("event_time")', ""),
        ("store-as-of", '(records["entity"] == question.entity)\n            & ', ""),
        ("store-as-of", "None if own.empty else", "0 if own.empty else"),
        ("store-both-stores", "event_time > latest", "event_time >= latest"),
        ("store-both-stores", "if identifier not in latest or event_time > latest[identifier][0]:", "if True:"),
        ("store-both-stores", "len(events)", "len(latest)"),
        ("store-pushed-bytes", "if name not in remote", ""),
        ("store-pushed-bytes", "remote |= set(new)", "remote = set(new)"),
        ("store-pushed-bytes", "new = {md5(content):", "new = {object():"),
    ],
)
def test_a_slip_fails_the_check(exercise: str, old: str, new: str) -> None:
    with pytest.raises(AssertionError):
        exec(SOURCE.check(exercise), answered(exercise, old, new))


# --- the lab ----------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def lab() -> Iterator[dict[str, Any]]:
    """The lab as it stands before its last check, reached by its checkpoint."""
    yield run("def make_role", "def board", "def serve(flight", 'cloud.checkpoint("4")', **vars(chapter()))
    cloud.stop()


def test_the_lab_passes_from_a_checkpoint_and_fails_what_was_not_served_from_the_store(lab: dict[str, Any]) -> None:
    check = SOURCE.check("store-serve")
    exec(check, lab)
    log = json.loads(lab["read"]("served/2013-07-23.json"))
    from_the_board = json.dumps([one | {"delay_now": 2.5} for one in log])
    lab["s3"].put_object(Bucket=lab["BUCKET"], Key="served/2013-07-23.json", Body=from_the_board)
    with pytest.raises(AssertionError, match="Served and trained values differ"):
        exec(check, lab)


def test_the_apps_number_becomes_the_trained_one_when_all_differences_are_mended(lab: dict[str, Any]) -> None:
    switches = dict.fromkeys(("early", "waiting", "departed", "full_hour", "keep"), True)
    trained = lab["point_in_time"](lab["QUESTIONS"].reset_index(names="row"), lab["records"]).set_index("row")
    mended = pd.Series(lab["app_log"](**switches), index=lab["QUESTIONS"].index)
    assert (mended - trained["delay_now"]).abs().max() < 0.002
    assert (pd.Series(lab["app_log"](), index=mended.index) - trained["delay_now"]).abs().mean() > 20
