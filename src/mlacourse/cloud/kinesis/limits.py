"""What a shard and a call take, as AWS writes it today: inputs with a date, for the offline shards and for labs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

_API = "https://docs.aws.amazon.com/kinesis/latest/APIReference/"
_READ = date(2026, 11, 24)
MIB = 1024 * 1024


@dataclass(frozen=True)
class Limit:
    """An amount with its unit, the page that says so and the day it was read."""

    amount: int
    unit: str
    source: str
    checked: date = _READ


WRITE_RECORDS = Limit(1000, "records per second into a shard", _API + "API_PutRecords.html")
WRITE_BYTES = Limit(MIB, "bytes per second into a shard, partition keys included", _API + "API_CreateStream.html")
READ_CALLS = Limit(5, "GetRecords per second from a shard", _API + "API_CreateStream.html")
READ_BYTES = Limit(2 * MIB, "bytes per second out of a shard", _API + "API_GetRecords.html")
CALL_RECORDS = Limit(500, "records in a PutRecords", _API + "API_PutRecords.html")
CALL_BYTES = Limit(10 * MIB, "bytes in a PutRecords", _API + "API_PutRecords.html")
RECORD_BYTES = Limit(MIB, "bytes in a record of a stream with default settings", _API + "API_GetRecords.html")
ANSWER_RECORDS = Limit(10_000, "records in an answer of GetRecords", _API + "API_GetRecords.html")
ANSWER_BYTES = Limit(10 * MIB, "bytes in an answer of GetRecords", _API + "API_GetRecords.html")
ITERATOR_SECONDS = Limit(300, "seconds that a shard iterator lasts", _API + "API_GetShardIterator.html")
RETENTION_HOURS = Limit(24, "hours that a record is kept by default", _API + "API_PutRecords.html")
