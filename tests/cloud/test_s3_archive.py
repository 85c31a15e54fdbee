from __future__ import annotations

from typing import Any

import boto3
import pytest
from cloud.aws import error_of

from mlacourse.cloud.session import Cloud


def archived(storage_class: str) -> Any:
    """A client, and an object in this storage class."""
    client = boto3.client("s3")
    client.create_bucket(Bucket="archive")
    client.put_object(Bucket="archive", Key="raw.csv", Body=b"a,b\n", StorageClass=storage_class)
    return client


RAW = {"Bucket": "archive", "Key": "raw.csv"}


def restore(client: Any, tier: str) -> None:
    client.restore_object(**RAW, RestoreRequest={"Days": 1, "GlacierJobParameters": {"Tier": tier}})


@pytest.mark.parametrize(
    ("storage_class", "tier", "minutes"),
    [
        ("GLACIER", "Expedited", 5),
        ("GLACIER", "Standard", 5 * 60),
        ("GLACIER", "Bulk", 12 * 60),
        ("DEEP_ARCHIVE", "Standard", 12 * 60),
        ("DEEP_ARCHIVE", "Bulk", 48 * 60),
    ],
)
def test_an_archived_object_is_read_after_the_hours_of_its_tier(
    cloud: Cloud, storage_class: str, tier: str, minutes: int
) -> None:
    client = archived(storage_class)
    assert error_of(client.get_object, **RAW)[0] == "InvalidObjectState"
    restore(client, tier)
    cloud.clock.advance(minutes=minutes - 1)
    assert error_of(client.get_object, **RAW)[0] == "InvalidObjectState"
    cloud.clock.advance(minutes=1)
    assert client.get_object(**RAW)["Body"].read() == b"a,b\n"


@pytest.mark.parametrize("storage_class", ["STANDARD", "STANDARD_IA", "GLACIER_IR", "INTELLIGENT_TIERING"])
def test_a_class_with_instant_access_is_read_at_once_and_has_nothing_to_restore(
    cloud: Cloud, storage_class: str
) -> None:
    client = archived(storage_class)
    assert client.get_object(**RAW)["Body"].read() == b"a,b\n"
    assert error_of(restore, client=client, tier="Standard")[0] == "InvalidObjectState"


def test_a_restore_that_runs_is_not_begun_again(cloud: Cloud) -> None:
    client = archived("GLACIER")
    restore(client, "Standard")
    assert error_of(restore, client=client, tier="Standard")[0] == "RestoreAlreadyInProgress"


def test_deep_archive_has_no_expedited_tier(cloud: Cloud) -> None:
    assert error_of(restore, client=archived("DEEP_ARCHIVE"), tier="Expedited")[0] == "InvalidArgument"


def test_a_restore_without_a_tier_is_a_standard_one(cloud: Cloud) -> None:
    client = archived("GLACIER")
    client.restore_object(**RAW, RestoreRequest={"Days": 1})
    cloud.clock.advance(hours=5)
    assert client.get_object(**RAW)["ContentLength"] == 4
