"""S3: new buckets as AWS makes them since 2023 (checked name, default encryption, no public access), slow archives."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from mlacourse.cloud.call import AwsError, Call
from mlacourse.cloud.handlers import handles

if TYPE_CHECKING:
    from mlacourse.cloud.session import Cloud

_NAME = re.compile(r"(?!\d+\.\d+\.\d+\.\d+$)(?!xn--)(?!.*\.\.)[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")
_DEFAULT_ENCRYPTION: dict[str, Any] = {
    "ServerSideEncryptionConfiguration": {
        "Rules": [{"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}, "BucketKeyEnabled": False}]
    }
}
_DEFAULTS: dict[str, dict[str, Any]] = {
    "PutBucketEncryption": _DEFAULT_ENCRYPTION,
    "PutPublicAccessBlock": {
        "PublicAccessBlockConfiguration": {
            "BlockPublicAcls": True,
            "IgnorePublicAcls": True,
            "BlockPublicPolicy": True,
            "RestrictPublicBuckets": True,
        }
    },
    "PutBucketOwnershipControls": {"OwnershipControls": {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]}},
}
# The longest of the typical times that the user guide names. Source:
# https://docs.aws.amazon.com/AmazonS3/latest/userguide/restoring-objects-retrieval-options.html
_RETRIEVAL: dict[tuple[str, str], timedelta] = {
    ("GLACIER", "Expedited"): timedelta(minutes=5),
    ("GLACIER", "Standard"): timedelta(hours=5),
    ("GLACIER", "Bulk"): timedelta(hours=12),
    ("DEEP_ARCHIVE", "Standard"): timedelta(hours=12),
    ("DEEP_ARCHIVE", "Bulk"): timedelta(hours=48),
}


@handles("s3", "CreateBucket")
def create_bucket(cloud: Cloud, call: Call) -> dict[str, Any]:
    """Return a bucket with the protections that new buckets have."""
    name = call.params["Bucket"]
    if not _NAME.fullmatch(name):
        raise AwsError("InvalidBucketName", "The specified bucket is not valid.", BucketName=name)
    if _exists(cloud, call):  # us-east-1 says yes to the owner once more, and changes nothing
        return {"Location": f"/{name}"}
    answer = cloud.forward(call)
    for operation, params in _DEFAULTS.items():
        cloud.ask(call, operation, Bucket=name, **params)
    return answer


@handles("s3", "DeleteBucketEncryption")
def delete_bucket_encryption(cloud: Cloud, call: Call) -> dict[str, Any]:
    """Go back to S3's own keys: no bucket is without encryption."""
    cloud.ask(call, "PutBucketEncryption", Bucket=call.params["Bucket"], **_DEFAULT_ENCRYPTION)
    return {}


class _Restores:
    """The restores that are under way, by bucket, key and version."""

    def __init__(self, cloud: Cloud) -> None:
        self.running: set[tuple[str, str, str | None]] = set()


@handles("s3", "RestoreObject")
def restore_object(cloud: Cloud, call: Call) -> dict[str, Any]:
    """Begin to restore an archived object; it can be read once the retrieval tier's time has passed."""
    version = call.params.get("VersionId")
    place = {"Bucket": call.params["Bucket"], "Key": call.params["Key"]} | ({"VersionId": version} if version else {})
    storage_class = cloud.ask(call, "HeadObject", **place).get("StorageClass", "STANDARD")
    request = call.params.get("RestoreRequest", {})
    tier = request.get("Tier") or request.get("GlacierJobParameters", {}).get("Tier", "Standard")
    if storage_class not in {archived for archived, _ in _RETRIEVAL}:
        raise AwsError("InvalidObjectState", "Restore is not allowed for the object's current storage class", 403)
    if (storage_class, tier) not in _RETRIEVAL:
        raise AwsError("InvalidArgument", f"The retrieval tier {tier} is not available for {storage_class}.")
    running = cloud.part(_Restores).running
    item = (call.params["Bucket"], call.params["Key"], version)
    if item in running:
        raise AwsError("RestoreAlreadyInProgress", "Object restore is already in progress", 409)

    def finish() -> None:
        running.discard(item)
        cloud.forward(call)

    running.add(item)
    cloud.clock.after(_RETRIEVAL[storage_class, tier], finish)
    return {}


def _exists(cloud: Cloud, call: Call) -> bool:
    try:
        cloud.ask(call, "HeadBucket", Bucket=call.params["Bucket"])
    except AwsError:
        return False
    return True
