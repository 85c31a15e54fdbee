"""Kinesis Data Streams with plain boto3: hashes, limits by the clock, iterators, resharding, permissions."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from itertools import pairwise
from typing import Any

import boto3
import pytest
from botocore.config import Config
from cloud.aws import error_of
from cloud.iam.people import ACCOUNT, allow, as_role, new_role, outcome

from mlacourse.cloud.session import Cloud

THROTTLED = "ProvisionedThroughputExceededException"
ARN = f"arn:aws:kinesis:us-east-1:{ACCOUNT}:stream/flights"
# boto3 would wait in real time before it tries again, while the cloud's clock stands still.
ONCE = Config(retries={"total_max_attempts": 1})


@pytest.fixture
def kinesis(cloud: Cloud) -> Any:
    return boto3.client("kinesis", config=ONCE)


def stream_of(kinesis: Any, shards: int) -> list[dict[str, Any]]:
    kinesis.create_stream(StreamName="flights", ShardCount=shards)
    listed: list[dict[str, Any]] = kinesis.list_shards(StreamName="flights")["Shards"]
    return listed


def entries(keys: list[str], size: int = 10) -> list[dict[str, Any]]:
    return [{"PartitionKey": key, "Data": b"x" * size} for key in keys]


def put(kinesis: Any, keys: list[str], size: int = 10) -> dict[str, Any]:
    """Put records in calls of 500 and return the counts and the answers of all."""
    answers: list[dict[str, Any]] = []
    for start in range(0, len(keys), 500):
        answer = kinesis.put_records(StreamName="flights", Records=entries(keys[start : start + 500], size))
        assert answer["FailedRecordCount"] == sum("ErrorCode" in one for one in answer["Records"])
        answers += answer["Records"]
    return {"failed": sum("ErrorCode" in one for one in answers), "answers": answers}


def iterator(kinesis: Any, kind: str = "TRIM_HORIZON", shard: str = "shardId-000000000000", **more: Any) -> str:
    text: str = kinesis.get_shard_iterator(StreamName="flights", ShardId=shard, ShardIteratorType=kind, **more)[
        "ShardIterator"
    ]
    return text


def data_from(kinesis: Any, place: str) -> list[bytes]:
    return [one["Data"] for one in kinesis.get_records(ShardIterator=place)["Records"]]


def total(cloud: Cloud, name: str, statistic: str = "Sum") -> float:
    points = boto3.client("cloudwatch").get_metric_statistics(
        Namespace="AWS/Kinesis",
        MetricName=name,
        Dimensions=[{"Name": "StreamName", "Value": "flights"}],
        StartTime=cloud.clock.start - timedelta(minutes=1),
        EndTime=cloud.clock.now() + timedelta(minutes=1),
        Period=86400,
        Statistics=[statistic],
    )["Datapoints"]
    return sum(float(point[statistic]) for point in points)


# --- where a record goes --------------------------------------------------------------------------------------


def test_shards_divide_the_hashes_without_a_gap(kinesis: Any) -> None:
    ranges = [shard["HashKeyRange"] for shard in stream_of(kinesis, 3)]
    edges = [(int(one["StartingHashKey"]), int(one["EndingHashKey"])) for one in ranges]
    assert (edges[0][0], edges[-1][1]) == (0, 2**128 - 1)
    assert all(left[1] + 1 == right[0] for left, right in pairwise(edges))


@pytest.mark.parametrize("key", ["JFK", "LGA", "EWR", "N14228", "ü"])
def test_a_record_goes_to_the_shard_whose_range_holds_the_md5_of_its_key(kinesis: Any, key: str) -> None:
    shards = stream_of(kinesis, 4)
    place = int.from_bytes(hashlib.md5(key.encode()).digest(), "big")
    wanted = next(
        one["ShardId"]
        for one in shards
        if int(one["HashKeyRange"]["StartingHashKey"]) <= place <= int(one["HashKeyRange"]["EndingHashKey"])
    )
    assert kinesis.put_record(StreamName="flights", PartitionKey=key, Data=b"")["ShardId"] == wanted


def test_an_explicit_hash_overrides_the_key(kinesis: Any) -> None:
    shards = stream_of(kinesis, 2)
    edge = shards[1]["HashKeyRange"]["StartingHashKey"]
    for place, shard in ((edge, shards[1]), (str(int(edge) - 1), shards[0])):
        answer = kinesis.put_record(StreamARN=ARN, PartitionKey="same", Data=b"", ExplicitHashKey=place)
        assert answer["ShardId"] == shard["ShardId"]
    beyond = {"StreamName": "flights", "PartitionKey": "k", "Data": b"", "ExplicitHashKey": str(2**128)}
    assert error_of(kinesis.put_record, **beyond)[0] == "InvalidArgumentException"


def test_sequence_numbers_grow_within_a_shard(kinesis: Any, cloud: Cloud) -> None:
    stream_of(kinesis, 1)
    numbers = []
    for _ in range(3):
        numbers += [int(one["SequenceNumber"]) for one in put(kinesis, ["a", "b"])["answers"]]
        cloud.clock.advance(seconds=1)
    assert numbers == sorted(set(numbers))
    assert {len(str(number)) for number in numbers} == {56}


# --- limits of writing ----------------------------------------------------------------------------------------


def test_a_shard_takes_a_thousand_records_in_a_second(kinesis: Any, cloud: Cloud) -> None:
    stream_of(kinesis, 1)
    first = put(kinesis, ["k"] * 1500)
    assert first["failed"] == 500
    assert {one["ErrorCode"] for one in first["answers"][1000:]} == {THROTTLED}
    cloud.clock.advance(seconds=0.9)
    assert put(kinesis, ["k"])["failed"] == 1
    cloud.clock.advance(seconds=0.1)
    assert put(kinesis, ["k"] * 1000)["failed"] == 0


def test_a_shard_takes_one_mebibyte_in_a_second_keys_included(kinesis: Any, cloud: Cloud) -> None:
    stream_of(kinesis, 1)
    half = 512 * 1024 - 1
    assert put(kinesis, ["k", "k", "k"], size=half)["failed"] == 1
    cloud.clock.advance(seconds=1)
    assert put(kinesis, ["k", "kk"], size=half)["failed"] == 1


def test_one_throttled_record_does_not_stop_the_others(kinesis: Any) -> None:
    stream_of(kinesis, 2)
    shard_of = {
        key: kinesis.put_record(StreamName="flights", PartitionKey=key, Data=b"")["ShardId"] for key in "abcdefgh"
    }
    hot = "a"
    cold = next(key for key in shard_of if shard_of[key] != shard_of[hot])
    put(kinesis, [hot] * 1000)
    answer = put(kinesis, [hot, cold, hot, cold])["answers"]
    assert ["ErrorCode" in one for one in answer] == [True, False, True, False]
    assert f"{shard_of[hot]} in stream flights under account {ACCOUNT}" in answer[0]["ErrorMessage"]
    assert "SequenceNumber" not in answer[0]


def test_a_hot_key_is_throttled_however_many_shards_there_are(kinesis: Any) -> None:
    stream_of(kinesis, 8)
    assert put(kinesis, ["JFK"] * 1200)["failed"] == 200


def test_put_record_raises_where_put_records_answers(kinesis: Any) -> None:
    stream_of(kinesis, 1)
    put(kinesis, ["k"] * 1000)
    code, message = error_of(kinesis.put_record, StreamName="flights", PartitionKey="k", Data=b"")
    assert (code, "shardId-000000000000" in message) == (THROTTLED, True)


@pytest.mark.parametrize(
    ("records", "code"),
    [
        (entries(["k"] * 501), "ValidationException"),
        (entries(["k"], size=1024 * 1024), "ValidationException"),
        (entries(["k"] * 11, size=1024 * 1024 - 1), "InvalidArgumentException"),
    ],
)
def test_a_call_that_is_too_large_is_refused_as_a_whole(kinesis: Any, records: Any, code: str) -> None:
    stream_of(kinesis, 1)
    assert error_of(kinesis.put_records, StreamName="flights", Records=records)[0] == code
    assert data_from(kinesis, iterator(kinesis)) == []


def test_metrics_count_what_came_in_and_what_was_refused(kinesis: Any, cloud: Cloud) -> None:
    stream_of(kinesis, 1)
    put(kinesis, ["k"] * 1300, size=9)
    assert total(cloud, "IncomingRecords") == 1000
    assert total(cloud, "IncomingBytes") == 10_000
    assert total(cloud, "WriteProvisionedThroughputExceeded") == 300


# --- reading --------------------------------------------------------------------------------------------------


def test_records_come_back_in_order_with_key_and_time(kinesis: Any, cloud: Cloud) -> None:
    stream_of(kinesis, 1)
    for text in (b"one", b"two"):
        kinesis.put_record(StreamName="flights", PartitionKey="k", Data=text)
        cloud.clock.advance(seconds=1)
    records = kinesis.get_records(ShardIterator=iterator(kinesis))["Records"]
    assert [(one["Data"], one["PartitionKey"]) for one in records] == [(b"one", "k"), (b"two", "k")]
    assert records[1]["ApproximateArrivalTimestamp"] == cloud.clock.start + timedelta(seconds=1)


def test_each_kind_of_iterator_begins_where_it_says(kinesis: Any, cloud: Cloud) -> None:
    stream_of(kinesis, 1)
    numbers = []
    for text in (b"0", b"1", b"2"):
        answer = kinesis.put_record(StreamName="flights", PartitionKey="k", Data=text)
        numbers.append(answer["SequenceNumber"])
        cloud.clock.advance(seconds=10)
    latest = iterator(kinesis, "LATEST")
    at, after = (
        iterator(kinesis, f"{kind}_SEQUENCE_NUMBER", StartingSequenceNumber=numbers[1]) for kind in ("AT", "AFTER")
    )
    since = iterator(kinesis, "AT_TIMESTAMP", Timestamp=cloud.clock.start + timedelta(seconds=15))
    kinesis.put_record(StreamName="flights", PartitionKey="k", Data=b"3")
    assert data_from(kinesis, at) == [b"1", b"2", b"3"]
    assert data_from(kinesis, after) == data_from(kinesis, since) == [b"2", b"3"]
    assert data_from(kinesis, latest) == [b"3"]
    missing = {"StreamName": "flights", "ShardId": "shardId-000000000000", "ShardIteratorType": "AT_TIMESTAMP"}
    assert error_of(kinesis.get_shard_iterator, **missing)[0] == "InvalidArgumentException"


def test_the_next_iterator_goes_on_where_the_last_answer_ended(kinesis: Any) -> None:
    stream_of(kinesis, 1)
    put(kinesis, ["k"] * 5)
    first = kinesis.get_records(ShardIterator=iterator(kinesis), Limit=3)
    second = kinesis.get_records(ShardIterator=first["NextShardIterator"])
    assert [len(one["Records"]) for one in (first, second)] == [3, 2]


def test_an_iterator_expires_after_five_minutes(kinesis: Any, cloud: Cloud) -> None:
    stream_of(kinesis, 1)
    old = iterator(kinesis)
    cloud.clock.advance(minutes=5)
    assert data_from(kinesis, old) == []
    cloud.clock.advance(seconds=1)
    assert error_of(kinesis.get_records, ShardIterator=old)[0] == "ExpiredIteratorException"
    assert error_of(kinesis.get_records, ShardIterator="made up")[0] == "InvalidArgumentException"


def test_a_shard_answers_five_reads_a_second_for_all_consumers_together(kinesis: Any, cloud: Cloud) -> None:
    stream_of(kinesis, 2)
    mine, yours = iterator(kinesis), iterator(kinesis)
    for place in (mine, yours, mine, yours, mine):
        kinesis.get_records(ShardIterator=place)
    assert error_of(kinesis.get_records, ShardIterator=yours)[0] == THROTTLED
    kinesis.get_records(ShardIterator=iterator(kinesis, shard="shardId-000000000001"))
    assert total(cloud, "ReadProvisionedThroughputExceeded") == 1
    cloud.clock.advance(seconds=1)
    kinesis.get_records(ShardIterator=yours)


def test_after_ten_mebibytes_a_shard_is_silent_for_five_seconds(kinesis: Any, cloud: Cloud) -> None:
    stream_of(kinesis, 1)
    for _ in range(12):
        put(kinesis, ["k"], size=1024 * 1024 - 1)
        cloud.clock.advance(seconds=1)
    first = kinesis.get_records(ShardIterator=iterator(kinesis))
    assert len(first["Records"]) == 10
    for _ in range(4):
        cloud.clock.advance(seconds=1)
        assert error_of(kinesis.get_records, ShardIterator=first["NextShardIterator"])[0] == THROTTLED
    cloud.clock.advance(seconds=1)
    assert len(kinesis.get_records(ShardIterator=first["NextShardIterator"])["Records"]) == 2


def test_a_slow_consumer_shows_in_the_answer_and_in_the_iterator_age(kinesis: Any, cloud: Cloud) -> None:
    stream_of(kinesis, 1)
    put(kinesis, ["k"] * 4)
    cloud.clock.advance(minutes=3)
    answer = kinesis.get_records(ShardIterator=iterator(kinesis), Limit=3)
    assert answer["MillisBehindLatest"] == 180_000
    assert total(cloud, "GetRecords.IteratorAgeMilliseconds", "Maximum") == 180_000
    assert kinesis.get_records(ShardIterator=answer["NextShardIterator"])["MillisBehindLatest"] == 0


def test_records_are_gone_after_a_day(kinesis: Any, cloud: Cloud) -> None:
    stream_of(kinesis, 1)
    put(kinesis, ["k"])
    cloud.clock.advance(hours=24)
    assert len(data_from(kinesis, iterator(kinesis))) == 1
    cloud.clock.advance(seconds=1)
    assert data_from(kinesis, iterator(kinesis)) == []


# --- resharding -----------------------------------------------------------------------------------------------


def test_after_a_split_old_records_stay_in_the_parent_and_new_ones_go_to_its_children(kinesis: Any) -> None:
    stream_of(kinesis, 1)
    put(kinesis, ["a", "b"])
    kinesis.split_shard(StreamName="flights", ShardToSplit="shardId-000000000000", NewStartingHashKey=str(2**127))
    parent, left, right = kinesis.list_shards(StreamName="flights")["Shards"]
    assert "EndingSequenceNumber" in parent["SequenceNumberRange"]
    assert left["ParentShardId"] == right["ParentShardId"] == parent["ShardId"]
    assert {one["ShardId"] for one in put(kinesis, list("abcdefgh"))["answers"]} == {left["ShardId"], right["ShardId"]}
    answer = kinesis.get_records(ShardIterator=iterator(kinesis))
    assert (len(answer["Records"]), "NextShardIterator" in answer) == (2, False)
    assert [child["ShardId"] for child in answer["ChildShards"]] == [left["ShardId"], right["ShardId"]]


def test_doubling_and_halving_keep_every_hash_covered_once(kinesis: Any) -> None:
    stream_of(kinesis, 2)
    for target in (4, 2, 1, 2):
        kinesis.update_shard_count(StreamName="flights", TargetShardCount=target, ScalingType="UNIFORM_SCALING")
        shards = kinesis.list_shards(StreamName="flights")["Shards"]
        still_open = sorted(
            (int(one["HashKeyRange"]["StartingHashKey"]), int(one["HashKeyRange"]["EndingHashKey"]))
            for one in shards
            if "EndingSequenceNumber" not in one["SequenceNumberRange"]
        )
        assert len(still_open) == target
        assert sum(last - first + 1 for first, last in still_open) == 2**128
    summary = kinesis.describe_stream_summary(StreamName="flights")["StreamDescriptionSummary"]
    assert (summary["OpenShardCount"], summary["StreamStatus"]) == (2, "ACTIVE")


def test_scaling_beyond_double_or_below_half_is_refused(kinesis: Any) -> None:
    stream_of(kinesis, 4)
    for target in (9, 1):
        change = {"StreamName": "flights", "TargetShardCount": target, "ScalingType": "UNIFORM_SCALING"}
        assert error_of(kinesis.update_shard_count, **change)[0] == "LimitExceededException"


def test_a_closed_shard_is_not_split_again(kinesis: Any) -> None:
    stream_of(kinesis, 1)
    split = {"StreamName": "flights", "ShardToSplit": "shardId-000000000000", "NewStartingHashKey": str(2**127)}
    kinesis.split_shard(**split)
    assert error_of(kinesis.split_shard, **split)[0] == "InvalidArgumentException"
    outside = split | {"ShardToSplit": "shardId-000000000001"}
    assert error_of(kinesis.split_shard, **outside)[0] == "InvalidArgumentException"


# --- streams and who may use them -----------------------------------------------------------------------------


def test_a_stream_is_made_once_found_and_deleted(kinesis: Any) -> None:
    stream_of(kinesis, 1)
    kinesis.get_waiter("stream_exists").wait(StreamName="flights")
    assert kinesis.list_streams()["StreamNames"] == ["flights"]
    assert error_of(kinesis.create_stream, StreamName="flights", ShardCount=1)[0] == "ResourceInUseException"
    kinesis.delete_stream(StreamName="flights")
    assert error_of(kinesis.put_record, StreamName="flights", PartitionKey="k", Data=b"") == (
        "ResourceNotFoundException",
        f"Stream flights under account {ACCOUNT} not found.",
    )


@pytest.mark.parametrize(
    "asked",
    [
        {"StreamModeDetails": {"StreamMode": "ON_DEMAND"}},
        {"ShardCount": 1, "Tags": {"team": "data"}},
        {"ShardCount": 1, "MaxRecordSizeInKiB": 2048},
    ],
)
def test_what_is_not_built_is_refused_by_name(kinesis: Any, asked: dict[str, Any]) -> None:
    assert error_of(kinesis.create_stream, StreamName="flights", **asked)[0] == "NotBuiltOffline"


def test_a_producer_may_write_and_a_consumer_may_read_and_neither_more(kinesis: Any) -> None:
    stream_of(kinesis, 1)
    kinesis.create_stream(StreamName="other", ShardCount=1)
    new_role("Producer", allow("kinesis:PutRecord", "kinesis:PutRecords", on=ARN))
    new_role("Consumer", allow("kinesis:GetRecords", "kinesis:GetShardIterator", on=ARN))
    producer, consumer = as_role("Producer", "kinesis"), as_role("Consumer", "kinesis")
    record = {"PartitionKey": "k", "Data": b"x"}
    assert outcome(producer.put_records, StreamName="flights", Records=[record]) == "ok"
    assert outcome(producer.put_records, StreamName="other", Records=[record]) == "AccessDeniedException"
    assert outcome(producer.list_shards, StreamName="flights") == "AccessDeniedException"
    place = iterator(consumer)
    assert outcome(consumer.get_records, ShardIterator=place) == "ok"
    assert outcome(consumer.put_record, StreamName="flights", **record) == "AccessDeniedException"
    other = kinesis.get_shard_iterator(
        StreamName="other", ShardId="shardId-000000000000", ShardIteratorType="TRIM_HORIZON"
    )
    assert outcome(consumer.get_records, ShardIterator=other["ShardIterator"]) == "AccessDeniedException"
