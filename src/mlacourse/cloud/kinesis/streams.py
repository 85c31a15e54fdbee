"""The streams of one cloud, and their shards before and after resharding."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise
from typing import TYPE_CHECKING

from mlacourse.cloud.call import AwsError
from mlacourse.cloud.kinesis.shards import HASHES, Shard, hash_of

if TYPE_CHECKING:
    from mlacourse.cloud.session import Cloud


@dataclass
class Stream:
    """A provisioned stream."""

    name: str
    arn: str
    created: datetime
    shards: list[Shard] = field(default_factory=list)

    def open_shards(self) -> list[Shard]:
        """Return the shards that take records, by their hashes."""
        return sorted((shard for shard in self.shards if shard.open), key=lambda shard: shard.first)

    def shard(self, shard_id: str) -> Shard:
        """Return a shard by its name. Raises ``AwsError`` where there is none."""
        for shard in self.shards:
            if shard.id == shard_id:
                return shard
        account = self.arn.split(":")[4]
        raise AwsError(
            "ResourceNotFoundException",
            f"Shard {shard_id} in stream {self.name} under account {account} does not exist",
        )

    def shard_for(self, partition_key: str, explicit_hash: str | None) -> Shard:
        """Return the open shard whose range holds the key's hash."""
        place = int(explicit_hash) if explicit_hash is not None else hash_of(partition_key)
        if place >= HASHES:
            raise AwsError(
                "InvalidArgumentException",
                f"Invalid ExplicitHashKey. It must be in the range [0, {HASHES - 1}]. Specified value was {place}",
            )
        return next(shard for shard in self.shards if shard.open and shard.first <= place <= shard.last)

    def children(self, shard: Shard) -> list[Shard]:
        """Return the shards that took over from a closed one."""
        return [child for child in self.shards if shard.id in child.parents]

    def add(self, first: int, last: int, now: datetime, parents: tuple[str, ...] = ()) -> None:
        """Open a shard for a range of hashes."""
        self.shards.append(Shard(len(self.shards), first, last, now, parents))

    def split(self, shard: Shard, at: int, now: datetime) -> None:
        """Close a shard and open two; the second begins at a hash."""
        what = f"{shard.id} in stream {self.name}"
        if not shard.open:
            raise AwsError(
                "InvalidArgumentException",
                f"Shard {what} has already been merged or split, and thus is not eligible for merging or splitting.",
            )
        if not shard.first < at <= shard.last:
            raise AwsError(
                "InvalidArgumentException",
                f"NewStartingHashKey {at} used in SplitShard() on shard {what} is not between the shard's "
                f"StartingHashKey {shard.first} and its EndingHashKey {shard.last}.",
            )
        shard.close(now)
        self.add(shard.first, at - 1, now, (shard.id,))
        self.add(at, shard.last, now, (shard.id,))

    def merge(self, pair: Sequence[Shard], now: datetime) -> None:
        """Close two neighbours and open one for both ranges."""
        left, right = sorted(pair, key=lambda shard: shard.first)
        for shard in pair:
            shard.close(now)
        self.add(left.first, right.last, now, (pair[0].id, pair[1].id))


class Streams:
    """Every stream, by its ARN."""

    def __init__(self, cloud: Cloud) -> None:
        self.by_arn: dict[str, Stream] = {}
        # Several producers may write at once.
        self.lock = threading.RLock()

    def of_arn(self, arn: str) -> Stream:
        """Return a stream. Raises ``AwsError`` where there is none."""
        if arn not in self.by_arn:
            account, name = arn.split(":")[4], arn.rsplit("/", 1)[-1]
            raise AwsError("ResourceNotFoundException", f"Stream {name} under account {account} not found.")
        return self.by_arn[arn]

    def create(self, name: str, arn: str, shards: int, now: datetime) -> None:
        """Make a stream whose shards divide the hashes evenly."""
        if arn in self.by_arn:
            account = arn.split(":")[4]
            raise AwsError("ResourceInUseException", f"Stream {name} under account {account} already exists.")
        stream = self.by_arn[arn] = Stream(name, arn, now)
        edges = [HASHES * number // shards for number in range(shards + 1)]
        for first, end in pairwise(edges):
            stream.add(first, end - 1, now)
