"""The streaming chapter: its shards against the offline stream, its demos, its data, its exercises' checks."""

from __future__ import annotations

import functools
import json
import math
import re
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from botocore.config import Config
from chapter_source import ChapterSource
from hypothesis import given
from hypothesis import strategies as st

from mlacourse import cloud as face
from mlacourse import datasets

SOURCE = ChapterSource("01_data", "02_batch_and_streaming_ingestion")


@functools.cache
def model() -> SimpleNamespace:
    names: dict[str, Any] = {}
    exec(SOURCE.cell_with("def shard_loads"), names)
    return SimpleNamespace(**names)


# --- the model of the demo ------------------------------------------------------------------------------------


@given(
    shards=st.integers(1, 8),
    per_second=st.integers(200, 8000),
    kilobytes=st.floats(0.5, 20),
    hot=st.floats(0, 1),
)
def test_what_arrives_at_the_shards_is_what_is_sent(shards: int, per_second: int, kilobytes: float, hot: float) -> None:
    loads = model().shard_loads(shards, per_second, kilobytes, hot)
    assert len(loads) == shards
    assert sum(loads) == pytest.approx(max(per_second / 1000, per_second * kilobytes / 1024))
    assert 0 <= model().refused_share(loads) < 1


@pytest.mark.parametrize(("shards", "per_second", "hot"), [(2, 1800, 0.6), (4, 1800, 0.6), (1, 900, 0.0)])
def test_the_model_refuses_what_the_offline_stream_refuses(shards: int, per_second: int, hot: float) -> None:
    """Cold records go to each shard in turn by their hash, hot ones to the first."""
    with face.start():
        kinesis = face.offline().client("kinesis", config=Config(retries={"total_max_attempts": 1}))
        kinesis.create_stream(StreamName="s", ShardCount=shards)
        starts = [one["HashKeyRange"]["StartingHashKey"] for one in kinesis.list_shards(StreamName="s")["Shards"]]
        cold = [{"ExplicitHashKey": starts[n % shards]} for n in range(round(per_second * (1 - hot)))]
        places = cold + [{"ExplicitHashKey": starts[0]}] * (per_second - len(cold))
        records = [{"Data": b"", "PartitionKey": "k"} | place for place in places]
        failed = sum(
            kinesis.put_records(StreamName="s", Records=records[first : first + 500])["FailedRecordCount"]
            for first in range(0, per_second, 500)
        )
    expected = model().refused_share(model().shard_loads(shards, per_second, 0, hot))
    assert failed / per_second == pytest.approx(expected, abs=1 / per_second)


# --- the demos ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("shards", "rate", "size", "hot"), [(8, 1800, 1.0, 60), (3, 2100, 4.0, 10), (2, 1800, 0.5, 0)])
def test_the_first_demo_writes_what_the_model_computes(shards: int, rate: int, size: float, hot: int) -> None:
    written = SOURCE.shown(0, shards=shards, rate=rate, size=size, hot=hot)
    loads = model().shard_loads(shards, rate, size, hot / 100)
    assert f"Refused: {model().refused_share(loads):.0%} of the records" in written
    assert f"60 s arrive in {60 * max(1, *loads, 0):.0f} s, with retries" in written
    assert f"{max(loads):.0%}" in written
    enough = next((n for n in range(1, 2000) if max(model().shard_loads(n, rate, size, hot / 100)) <= 1 + 1e-9), None)
    assert f"Enough shards: {enough or 'no number is'}" in written


@functools.cache
def departures() -> pd.DataFrame:
    flights = datasets.load("nyc_flights_july").dropna(subset=["departure_delay"])
    left = flights["scheduled_departure"] + pd.to_timedelta(flights["departure_delay"], unit="min")
    end = flights["scheduled_departure"].dt.ceil("h") + pd.to_timedelta(
        (flights["scheduled_departure"].dt.minute == 0).astype(int), unit="h"
    )
    return flights.assign(late=(left - end) / pd.Timedelta(minutes=1))


@pytest.mark.parametrize("lateness", [0, 60])
def test_the_window_demo_writes_what_the_flights_say(lateness: int) -> None:
    seen = departures()[departures()["late"] <= lateness]
    written = SOURCE.shown(1, lateness=lateness)
    assert f"Counted: {len(seen) / len(departures()):.1%} of the flights" in written
    mean, truth = seen["departure_delay"].mean(), departures()["departure_delay"].mean()
    assert f"Mean delay: {mean:.1f} min (truth: {truth:.1f})" in written


def test_an_airports_hash_decides_as_the_prose_says() -> None:
    from mlacourse.cloud.kinesis.shards import HASHES, hash_of

    assert [hash_of(airport) < HASHES // 2 for airport in ("EWR", "LGA", "JFK")] == [True, True, False]


# --- exercises ------------------------------------------------------------------------------------------------


def events(count: int) -> list[dict[str, str]]:
    return [{"id": f"event-{number}"} for number in range(count)]


def passes(grade_id: str, answer: str | None = None) -> bool:
    """Whether an answer, or the chapter's own, passes the exercise's checks; streams are those of the offline AWS."""
    names: dict[str, Any] = {"np": np, "pd": pd, "json": json, "math": math, "cloud": face}
    if grade_id == "streaming-deliver":
        with face.start():
            prepare_streams(names)
            passed = runs(names, answer or SOURCE.solution(grade_id), SOURCE.check(grade_id))
        face.stop()  # forgets the step too, which another chapter's lab would find
        return passed
    return runs(names, answer or SOURCE.solution(grade_id), SOURCE.check(grade_id))


def prepare_streams(names: dict[str, Any]) -> None:
    exec(SOURCE.cell_with("import io"), names)
    exec(SOURCE.cell_with('BUCKET = "departures-lab"').replace("cloud.start()", ""), names)
    exec(SOURCE.cell_with("def pause"), names)
    face.step("2", reached=lambda: True)(lambda: None)
    names["events"] = events(3000)
    names["ids"] = {event["id"] for event in names["events"]}


def runs(names: dict[str, Any], *sources: str) -> bool:
    try:
        for source in sources:
            exec(source, names)
    except (AssertionError, ValueError, KeyError):
        return False
    return True


@pytest.mark.parametrize("grade_id", ["streaming-deliver", "streaming-shards-needed", "streaming-windows"])
def test_the_chapters_own_solution_passes(grade_id: str) -> None:
    assert passes(grade_id)


SLIPS = {
    "streaming-deliver": {
        "looks away": """
def deliver(name, records, rng=None):
    for first in range(0, len(records), 500):
        kinesis.put_records(StreamName=name, Records=records[first : first + 500])
    return 0
""",
        "sends the whole batch again": """
def deliver(name, records, rng=None):
    refusals = 0
    for first in range(0, len(records), 500):
        batch = records[first : first + 500]
        while failed := kinesis.put_records(StreamName=name, Records=batch)["FailedRecordCount"]:
            refusals += failed
            wait(1)
    return refusals
""",
    },
    "streaming-shards-needed": {
        "looks at records alone": """
def shards_needed(per_second, kilobytes, consumers, hottest, fan_out=False):
    if hottest * per_second > 1000:
        raise ValueError("hot key")
    return math.ceil(per_second / 1000)
""",
        "checks the hot key in records alone": """
def shards_needed(per_second, kilobytes, consumers, hottest, fan_out=False):
    if hottest * per_second > 1000:
        raise ValueError("hot key")
    mb = per_second * kilobytes / 1024
    return max(1, math.ceil(max(per_second / 1000, mb, (1 if fan_out else consumers) * mb / 2)))
""",
    },
    "streaming-windows": {
        "lets the watermark go back": """
def count_windows(events, length, lateness):
    counts, dropped, watermark = {}, 0, -math.inf
    for time in events:
        begin = length * (time // length)
        if watermark >= begin + length + lateness:
            dropped += 1
        else:
            counts[begin] = counts.get(begin, 0) + 1
        watermark = time
    return counts, dropped
""",
        "keeps a window open a minute too long": """
def count_windows(events, length, lateness):
    counts, dropped, watermark = {}, 0, -math.inf
    for time in events:
        watermark = max(watermark, time)
        begin = length * (time // length)
        if watermark > begin + length + lateness:
            dropped += 1
        else:
            counts[begin] = counts.get(begin, 0) + 1
    return counts, dropped
""",
    },
}


@pytest.mark.parametrize(("grade_id", "slip"), [(e, s) for e, slips in SLIPS.items() for s in slips])
def test_a_typical_slip_fails(grade_id: str, slip: str) -> None:
    assert not passes(grade_id, SLIPS[grade_id][slip])


def sample_check() -> str:
    """The part of the second exercise's check that needs no account."""
    lines = SOURCE.check("streaming-one-of-each").splitlines()
    kept = [line for line in lines if re.match(r"(sample|long|assert one_of_each)", line)]
    assert len(kept) == 5
    return "\n".join(kept)


ONE_OF_EACH: dict[str, tuple[Callable[[str], str], bool]] = {
    "own": (lambda solution: solution, True),
    "compares texts": (lambda solution: solution.replace('rows["sequence"].map(int)', 'rows["sequence"]'), False),
    "compares floats": (lambda solution: solution.replace(".map(int)", ".map(float)"), False),
    "keeps the index": (lambda solution: solution.replace(".reset_index(drop=True)", ""), False),
}


@pytest.mark.parametrize("name", ONE_OF_EACH)
def test_one_of_each_is_judged_by_number_and_index(name: str) -> None:
    change, right = ONE_OF_EACH[name]
    names: dict[str, Any] = {"pd": pd}
    assert runs(names, change(SOURCE.solution("streaming-one-of-each")), sample_check()) is right
