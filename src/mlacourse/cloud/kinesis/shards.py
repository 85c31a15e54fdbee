"""A shard: a range of hashes, the records in it, and how much of its second is used."""

from __future__ import annotations

import hashlib
from bisect import bisect_right
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from mlacourse.cloud.kinesis import limits

HASHES = 2**128


def hash_of(partition_key: str) -> int:
    """Return the 128-bit number that decides on the shard: the MD5 of the key.

    >>> hash_of("JFK") < HASHES
    True
    """
    return int(hashlib.md5(partition_key.encode(), usedforsecurity=False).hexdigest(), 16)


@dataclass(frozen=True)
class Record:
    """A record as a shard keeps it."""

    sequence: int
    arrived: datetime
    key: str
    data: bytes

    @property
    def size(self) -> int:
        """Bytes that count: data and partition key."""
        return len(self.data) + len(self.key.encode())


@dataclass
class Shard:
    """Hashes from ``first`` to ``last`` and what was put there; ``ended`` holds the last number of a closed shard."""

    number: int
    first: int
    last: int
    created: datetime
    parents: tuple[str, ...] = ()
    ended: int | None = None
    records: list[Record] = field(default_factory=list)
    _put: int = 0
    _writing: int = -1
    _written: int = 0
    _written_bytes: int = 0
    _reading: int = -1
    _reads: int = 0
    _owed: float = 0

    @property
    def id(self) -> str:
        """The shard's name."""
        return f"shardId-{self.number:012d}"

    @property
    def open(self) -> bool:
        """Whether records may still be put."""
        return self.ended is None

    @property
    def start(self) -> int:
        """A sequence number before that of the first record."""
        return self._sequence(self.created, 0)

    def put(self, key: str, data: bytes, now: datetime) -> Record | None:
        """Append a record, or return None when this second's records or bytes are used up."""
        if (second := int(now.timestamp())) != self._writing:
            self._writing, self._written, self._written_bytes = second, 0, 0
        record = Record(self._sequence(now, self._put + 1), now, key, data)
        if (
            self._written >= limits.WRITE_RECORDS.amount
            or self._written_bytes + record.size > limits.WRITE_BYTES.amount
        ):
            return None
        self._put += 1
        self._written += 1
        self._written_bytes += record.size
        self.records.append(record)
        return record

    def read(self, after: int, most: int, now: datetime) -> list[Record] | None:
        """Return the records after a sequence number, or None when reading has to wait.

        Bytes beyond a second's allowance are owed: after an answer of 10 MiB the shard is silent for five seconds.
        """
        if (second := int(now.timestamp())) != self._reading:
            passed = second - self._reading
            self._reading, self._reads = second, 0
            self._owed = max(0.0, self._owed - passed * limits.READ_BYTES.amount)
        if self._reads >= limits.READ_CALLS.amount or self._owed >= limits.READ_BYTES.amount:
            return None
        self._reads += 1
        found: list[Record] = []
        size = 0
        for record in self.records[self.place(after) : self.place(after) + most]:
            if found and size + record.size > limits.ANSWER_BYTES.amount:
                break
            found.append(record)
            size += record.size
        self._owed += size
        return found

    def place(self, after: int) -> int:
        """Return the index of the first record after a sequence number."""
        return bisect_right(self.records, after, key=lambda record: record.sequence)

    def before(self, moment: datetime) -> int:
        """Return the sequence number that the first record from a moment on comes after."""
        earlier = [record.sequence for record in self.records if record.arrived < moment]
        return earlier[-1] if earlier else self.start

    def newest(self) -> int:
        """Return the sequence number of the newest record."""
        return self.records[-1].sequence if self.records else self.start

    def close(self, now: datetime) -> None:
        """Take no more records; what is there stays readable."""
        self.ended = self._sequence(now, self._put + 1)

    def trim(self, now: datetime) -> None:
        """Forget records older than the retention period."""
        oldest = now - timedelta(hours=limits.RETENTION_HOURS.amount)
        self.records = [record for record in self.records if record.arrived >= oldest]

    def _sequence(self, now: datetime, count: int) -> int:
        """Return a number of 56 digits that grows with time and, within an instant, with every record."""
        return int(f"49{int(now.timestamp() * 1000):020d}{count:024d}{self.number:010d}")
