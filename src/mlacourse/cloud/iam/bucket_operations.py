"""S3's operations that policies shape: setting a policy or an ACL, and deleting many objects at once."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from mlacourse.cloud import moto_parts
from mlacourse.cloud.call import AwsError, Call
from mlacourse.cloud.handlers import handles
from mlacourse.cloud.iam import s3
from mlacourse.cloud.iam.authorize import authorize
from mlacourse.cloud.iam.policy import parse
from mlacourse.cloud.iam.validation import validate_bucket_policy

if TYPE_CHECKING:
    from mlacourse.cloud.session import Cloud


@handles("s3", "PutBucketPolicy")
def put_bucket_policy(cloud: Cloud, call: Call) -> dict[str, Any]:
    """Store a bucket policy, unless it is malformed or public while Block Public Access forbids that."""
    bucket = moto_parts.bucket(call.params["Bucket"])
    text = call.params["Policy"]
    if bucket is not None:
        if problem := validate_bucket_policy(text, bucket.name, moto_parts.principal_exists):
            raise AwsError("MalformedPolicy", problem, 400)
        block = bucket.public_access_block
        if block and block.block_public_policy and s3.is_public(parse(text, name=bucket.name)):
            raise s3.blocked(call, bucket.name, "public policies", "BlockPublicPolicy")
    return cloud.forward(call)


@handles("s3", "PutBucketAcl", "PutObjectAcl")
def put_acl(cloud: Cloud, call: Call) -> dict[str, Any]:
    """Set an ACL, where the bucket allows ACLs."""
    s3.check_acl(call)
    return cloud.forward(call)


@handles("s3", "DeleteObjects")
def delete_objects(cloud: Cloud, call: Call) -> dict[str, Any]:
    """Delete what the caller may delete; the answer lists the refusals, each object on its own."""
    wanted = call.params["Delete"]["Objects"]
    errors, granted = [], []
    for one in wanted:
        single = replace(call, operation="DeleteObject", params={"Bucket": call.params["Bucket"], **one})
        try:
            authorize(cloud, single)
        except AwsError as error:
            errors.append({**one, "Code": error.code, "Message": error.message})
        else:
            granted.append(one)
    if not granted:
        return {"Errors": errors}
    answer = cloud.forward(call, Delete={**call.params["Delete"], "Objects": granted})
    return {**answer, "Errors": [*answer.get("Errors", []), *errors]} if errors else answer
