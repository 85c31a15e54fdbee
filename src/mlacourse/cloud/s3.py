"""S3: a new bucket as AWS makes it since 2023: a checked name, default encryption, Block Public Access, no ACLs."""

from __future__ import annotations

import re
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


def _exists(cloud: Cloud, call: Call) -> bool:
    try:
        cloud.ask(call, "HeadBucket", Bucket=call.params["Bucket"])
    except AwsError:
        return False
    return True
