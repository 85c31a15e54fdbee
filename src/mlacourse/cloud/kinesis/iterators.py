"""Shard iterators: a place in a shard and when it was given out, in a text that tells nobody anything."""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass
from datetime import UTC, datetime


@dataclass(frozen=True)
class Iterator:
    """Read what comes after a sequence number in a shard of a stream."""

    arn: str
    shard: str
    after: int
    given: datetime

    def text(self) -> str:
        """Return what a client gets."""
        parts = (self.arn, self.shard, str(self.after), str(self.given.timestamp()))
        return base64.b64encode("|".join(parts).encode()).decode()


def parsed(text: str) -> Iterator | None:
    """Return what an iterator's text says, or None for one that nobody gave out.

    >>> here = Iterator("arn:aws:kinesis:us-east-1:1:stream/s", "shardId-0", 7, datetime(2027, 1, 1, tzinfo=UTC))
    >>> parsed(here.text()) == here
    True
    """
    try:
        arn, shard, after, given = base64.b64decode(text, validate=True).decode().split("|")
        return Iterator(arn, shard, int(after), datetime.fromtimestamp(float(given), UTC))
    except (binascii.Error, UnicodeDecodeError, ValueError):
        return None
