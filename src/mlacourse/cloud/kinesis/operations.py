"""The operations of Kinesis Data Streams."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from mlacourse.cloud import fidelity
from mlacourse.cloud.call import AwsError
from mlacourse.cloud.cloudwatch.metrics import Metric, Metrics, Sample
from mlacourse.cloud.handlers import handles
from mlacourse.cloud.kinesis import iterators, limits
from mlacourse.cloud.kinesis.shards import Record, Shard
from mlacourse.cloud.kinesis.streams import Stream, Streams

if TYPE_CHECKING:
    from mlacourse.cloud.call import Call
    from mlacourse.cloud.session import Cloud

THROTTLED = "ProvisionedThroughputExceededException"
_REFUSED = {"DryRun": "Make the call.", "StreamId": "Name the stream or its ARN."}


# --- streams ----------------------------------------------------------------------------------------------------


@handles("kinesis", "CreateStream")
def create_stream(cloud: Cloud, call: Call) -> dict[str, Any]:
    """Make a stream of provisioned shards; it is active at once."""
    asked = call.params
    if asked.get("StreamModeDetails", {}).get("StreamMode") == "ON_DEMAND":
        raise fidelity.not_built(call, "with the mode ON_DEMAND", "Use PROVISIONED and a ShardCount.")
    for name in ("Tags", "WarmThroughputMiBps", "MaxRecordSizeInKiB", "RecordDistributionStrategy"):
        if name in asked:
            raise fidelity.not_built(call, f"with {name}", "Leave it out.")
    if "ShardCount" not in asked:
        raise AwsError("InvalidArgumentException", "ShardCount is required for a stream in provisioned mode.")
    streams = cloud.part(Streams)
    streams.create(asked["StreamName"], _arn(call, asked["StreamName"]), asked["ShardCount"], call.time)
    return {}


@handles("kinesis", "DeleteStream")
def delete_stream(cloud: Cloud, call: Call) -> dict[str, Any]:
    """Delete a stream with its records, at once."""
    stream = _stream(cloud, call)
    del cloud.part(Streams).by_arn[stream.arn]
    return {}


@handles("kinesis", "ListStreams")
def list_streams(cloud: Cloud, call: Call) -> dict[str, Any]:
    """Every stream's name, in order."""
    place = _arn(call, "")
    names = sorted(stream.name for arn, stream in cloud.part(Streams).by_arn.items() if arn.startswith(place))
    return {"StreamNames": names, "HasMoreStreams": False}


@handles("kinesis", "DescribeStreamSummary")
def describe_stream_summary(cloud: Cloud, call: Call) -> dict[str, Any]:
    """Describe a stream without its shards."""
    stream = _stream(cloud, call)
    return {"StreamDescriptionSummary": {**_described(stream), "OpenShardCount": len(stream.open_shards())}}


@handles("kinesis", "DescribeStream")
def describe_stream(cloud: Cloud, call: Call) -> dict[str, Any]:
    """Describe a stream with its shards; boto3's waiters ask for it."""
    stream = _stream(cloud, call)
    shards = [_shard(shard) for shard in stream.shards]
    return {"StreamDescription": {**_described(stream), "Shards": shards, "HasMoreShards": False}}


@handles("kinesis", "ListShards")
def list_shards(cloud: Cloud, call: Call) -> dict[str, Any]:
    """Open and closed shards in the order in which they were made."""
    for name in ("NextToken", "ExclusiveStartShardId", "MaxResults", "ShardFilter"):
        if name in call.params:
            raise fidelity.not_built(call, f"with {name}", "All shards come in one answer.")
    return {"Shards": [_shard(shard) for shard in _stream(cloud, call).shards]}


@handles("kinesis", "SplitShard")
def split_shard(cloud: Cloud, call: Call) -> dict[str, Any]:
    """Close a shard and open two in its place."""
    stream = _stream(cloud, call)
    stream.split(stream.shard(call.params["ShardToSplit"]), int(call.params["NewStartingHashKey"]), call.time)
    return {}


@handles("kinesis", "UpdateShardCount")
def update_shard_count(cloud: Cloud, call: Call) -> dict[str, Any]:
    """Double the shards by splitting each in the middle, or halve them by merging neighbours."""
    stream, target = _stream(cloud, call), call.params["TargetShardCount"]
    shards = stream.open_shards()
    count = len(shards)
    if not count / 2 <= target <= 2 * count:
        raise AwsError(
            "LimitExceededException",
            f"UpdateShardCount cannot scale up over double your current open shard count, or down below half of it. "
            f"Current open shard count: {count} Target shard count: {target}",
        )
    if target == 2 * count:
        for shard in shards:
            stream.split(shard, (shard.first + shard.last + 1) // 2, call.time)
    elif 2 * target == count:
        for pair in zip(shards[::2], shards[1::2], strict=True):
            stream.merge(pair, call.time)
    elif target != count:
        raise fidelity.not_built(call, f"from {count} to {target} shards", "Double or halve them.")
    return {
        "StreamName": stream.name,
        "StreamARN": stream.arn,
        "CurrentShardCount": count,
        "TargetShardCount": target,
    }


# --- writing ----------------------------------------------------------------------------------------------------


@handles("kinesis", "PutRecord")
def put_record(cloud: Cloud, call: Call) -> dict[str, Any]:
    """Write one record, or refuse it when its shard has no room in this second."""
    stream = _stream(cloud, call)
    answer = _put(cloud, call, stream, [call.params])[0]
    if "ErrorCode" in answer:
        raise AwsError(answer["ErrorCode"], answer["ErrorMessage"])
    return answer


@handles("kinesis", "PutRecords")
def put_records(cloud: Cloud, call: Call) -> dict[str, Any]:
    """Write what there is room for, and answer for each record on its own."""
    stream, entries = _stream(cloud, call), call.params["Records"]
    size = sum(_size(entry) for entry in entries)
    if size > limits.CALL_BYTES.amount:
        raise AwsError(
            "InvalidArgumentException", f"Records size exceeds {limits.CALL_BYTES.amount // limits.MIB} MB limit"
        )
    answers = _put(cloud, call, stream, entries)
    return {"FailedRecordCount": sum("ErrorCode" in answer for answer in answers), "Records": answers}


def _put(cloud: Cloud, call: Call, stream: Stream, entries: list[dict[str, Any]]) -> list[dict[str, Any]]:
    most = limits.RECORD_BYTES.amount
    for number, entry in enumerate(entries, 1):
        if _size(entry) > most:
            raise AwsError(
                "ValidationException",
                f"1 validation error detected: Value at 'records.{number}.member.data' failed to satisfy constraint: "
                f"Member must have length less than or equal to {most}",
            )
    answers: list[dict[str, Any]] = []
    taken: list[Record] = []
    with cloud.part(Streams).lock:
        for entry in entries:
            shard = stream.shard_for(entry["PartitionKey"], entry.get("ExplicitHashKey"))
            record = shard.put(entry["PartitionKey"], entry["Data"], call.time)
            if record is None:
                message = f"Rate exceeded for shard {shard.id} in stream {stream.name} under account {call.account}."
                answers.append({"ErrorCode": THROTTLED, "ErrorMessage": message})
            else:
                taken.append(record)
                answers.append({"ShardId": shard.id, "SequenceNumber": str(record.sequence)})
    _publish(
        cloud,
        stream,
        call.time,
        {
            "IncomingRecords": (len(taken), "Count"),
            "IncomingBytes": (sum(record.size for record in taken), "Bytes"),
            "WriteProvisionedThroughputExceeded": (len(entries) - len(taken), "Count"),
        },
    )
    return answers


def _size(entry: dict[str, Any]) -> int:
    return len(entry["Data"]) + len(entry["PartitionKey"].encode())


# --- reading ----------------------------------------------------------------------------------------------------


@handles("kinesis", "GetShardIterator")
def get_shard_iterator(cloud: Cloud, call: Call) -> dict[str, Any]:
    """Return a place to read from."""
    stream = _stream(cloud, call)
    shard = stream.shard(call.params["ShardId"])
    iterator = iterators.Iterator(stream.arn, shard.id, _begin(shard, call), call.time)
    return {"ShardIterator": iterator.text()}


def _begin(shard: Shard, call: Call) -> int:
    """Return the sequence number after which an iterator reads."""
    kind = call.params["ShardIteratorType"]
    needed = {"AT_TIMESTAMP": "Timestamp"}.get(kind, "StartingSequenceNumber" if "SEQUENCE" in kind else None)
    if needed is not None and needed not in call.params:
        raise AwsError("InvalidArgumentException", f"Must specify {needed} for iterator type {kind}.")
    match kind:
        case "TRIM_HORIZON":
            return shard.start
        case "LATEST":
            return shard.newest()
        case "AT_TIMESTAMP":
            return shard.before(call.params["Timestamp"])
        case "AFTER_SEQUENCE_NUMBER":
            return int(call.params["StartingSequenceNumber"])
    return int(call.params["StartingSequenceNumber"]) - 1


@handles("kinesis", "GetRecords")
def get_records(cloud: Cloud, call: Call) -> dict[str, Any]:
    """Return the records after an iterator and the next one, unless a closed shard is read to its end."""
    _refuse_unbuilt(call)
    iterator = iterators.parsed(call.params["ShardIterator"])
    if iterator is None:
        raise AwsError("InvalidArgumentException", "Invalid ShardIterator.")
    if call.time - iterator.given > timedelta(seconds=limits.ITERATOR_SECONDS.amount):
        raise AwsError(
            "ExpiredIteratorException",
            f"Iterator expired. The iterator was created at {iterator.given:%H:%M:%S} while right now it is "
            f"{call.time:%H:%M:%S}, which is further in the future than the tolerated delay of "
            f"{limits.ITERATOR_SECONDS.amount * 1000} milliseconds.",
        )
    streams = cloud.part(Streams)
    stream = streams.of_arn(iterator.arn)
    shard = stream.shard(iterator.shard)
    most = call.params.get("Limit", limits.ANSWER_RECORDS.amount)
    with streams.lock:
        shard.trim(call.time)
        found = shard.read(iterator.after, most, call.time)
    if found is None:
        _publish(cloud, stream, call.time, {"ReadProvisionedThroughputExceeded": (1, "Count")})
        raise AwsError(
            THROTTLED, f"Rate exceeded for shard {shard.id} in stream {stream.name} under account {call.account}."
        )
    after = found[-1].sequence if found else iterator.after
    left = shard.records[shard.place(after) :]
    behind = _milliseconds(call.time, left[0].arrived) if left else 0
    age = _milliseconds(call.time, found[-1].arrived) if found else 0
    _publish(cloud, stream, call.time, {"GetRecords.IteratorAgeMilliseconds": (age, "Milliseconds")})
    answer: dict[str, Any] = {"Records": [_record(record) for record in found], "MillisBehindLatest": behind}
    if shard.open or left:
        return answer | {"NextShardIterator": iterators.Iterator(stream.arn, shard.id, after, call.time).text()}
    return answer | {"ChildShards": [_child(child) for child in stream.children(shard)]}


def _milliseconds(now: datetime, then: datetime) -> int:
    return int((now - then).total_seconds() * 1000)


# --- what they share --------------------------------------------------------------------------------------------


def _arn(call: Call, name: str) -> str:
    return f"arn:aws:kinesis:{call.region}:{call.account}:stream/{name}"


def _refuse_unbuilt(call: Call) -> None:
    for name, instead in _REFUSED.items():
        if call.params.get(name):
            raise fidelity.not_built(call, f"with {name}", instead)


def _stream(cloud: Cloud, call: Call) -> Stream:
    _refuse_unbuilt(call)
    arn, name = call.params.get("StreamARN"), call.params.get("StreamName")
    if arn is None and name is None:
        raise AwsError("InvalidArgumentException", "Either StreamName or StreamARN is required.")
    return cloud.part(Streams).of_arn(arn or _arn(call, str(name)))


def _described(stream: Stream) -> dict[str, Any]:
    return {
        "StreamName": stream.name,
        "StreamARN": stream.arn,
        "StreamStatus": "ACTIVE",
        "StreamModeDetails": {"StreamMode": "PROVISIONED"},
        "RetentionPeriodHours": limits.RETENTION_HOURS.amount,
        "StreamCreationTimestamp": stream.created,
        "EnhancedMonitoring": [{"ShardLevelMetrics": []}],
        "EncryptionType": "NONE",
    }


def _shard(shard: Shard) -> dict[str, Any]:
    sequences = {"StartingSequenceNumber": str(shard.start)}
    if shard.ended is not None:
        sequences["EndingSequenceNumber"] = str(shard.ended)
    parents = dict(zip(("ParentShardId", "AdjacentParentShardId"), shard.parents, strict=False))
    return {"ShardId": shard.id, "HashKeyRange": _hashes(shard), "SequenceNumberRange": sequences, **parents}


def _child(shard: Shard) -> dict[str, Any]:
    return {"ShardId": shard.id, "ParentShards": list(shard.parents), "HashKeyRange": _hashes(shard)}


def _hashes(shard: Shard) -> dict[str, str]:
    return {"StartingHashKey": str(shard.first), "EndingHashKey": str(shard.last)}


def _record(record: Record) -> dict[str, Any]:
    return {
        "SequenceNumber": str(record.sequence),
        "ApproximateArrivalTimestamp": record.arrived,
        "Data": record.data,
        "PartitionKey": record.key,
    }


def _publish(cloud: Cloud, stream: Stream, now: datetime, values: dict[str, tuple[float, str]]) -> None:
    """Write the metrics of one call; the dimension is the stream."""
    for name, (value, unit) in values.items():
        metric = Metric.of("AWS/Kinesis", name, [{"Name": "StreamName", "Value": stream.name}])
        cloud.part(Metrics).put(metric, Sample(now, ((float(value), 1.0),), unit))
