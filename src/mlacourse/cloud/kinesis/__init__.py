"""Kinesis Data Streams: shards with their limits, counted by the cloud's clock."""

from mlacourse.cloud.kinesis import operations

__all__ = ["operations"]
