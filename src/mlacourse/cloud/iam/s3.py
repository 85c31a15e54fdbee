"""S3's own rules around policies: Block Public Access, disabled ACLs, what a stranger sees of a missing object."""

import re
from typing import Any

from mlacourse.cloud import moto_parts
from mlacourse.cloud.call import AwsError, Call
from mlacourse.cloud.iam.policy import Policy, Statement, parse

_PUBLIC_ACLS = {"public-read", "public-read-write", "authenticated-read"}
# A fixed value of one of these keys keeps a policy with Principal * from being public.
# Source: "The meaning of public", Blocking public access to your Amazon S3 storage.
_NARROWING = {
    "aws:principalaccount",
    "aws:principalarn",
    "aws:principalorgid",
    "aws:sourceaccount",
    "aws:sourcearn",
    "aws:sourceip",
    "aws:sourceowner",
    "aws:sourcevpc",
    "aws:sourcevpce",
    "aws:userid",
    "s3:dataaccesspointaccount",
    "s3:dataaccesspointarn",
}
_POSITIVE = {"StringEquals", "StringEqualsIgnoreCase", "StringLike", "ArnEquals", "ArnLike", "IpAddress"}


def is_public(policy: Policy) -> bool:
    """Return whether a bucket policy grants something to everybody, as Block Public Access sees it."""
    return any(_public(statement) for statement in policy.statements)


def _public(statement: Statement) -> bool:
    principals = statement.principals
    if statement.effect == "Deny" or principals is None:
        return False
    everybody = principals.negated or any(value == "*" for _, value in principals.values)
    return everybody and not any(
        condition.operator in _POSITIVE
        and not condition.if_exists
        and condition.key.lower() in _NARROWING
        and not any(re.search(r"[*?]|/0$", value) for value in condition.values)
        for condition in statement.conditions
    )


def restricted_by_public_access_block(call: Call) -> bool:
    """Return whether RestrictPublicBuckets keeps this caller out: the policy is public, the caller from elsewhere."""
    bucket = moto_parts.bucket(call.params.get("Bucket", ""))
    if bucket is None or not bucket.policy or call.principal.account == bucket.account_id:
        return False
    block = bucket.public_access_block
    return bool(block and block.restrict_public_buckets and is_public(parse(bucket.policy.decode(), name=bucket.name)))


def allowed_by_acl(call: Call) -> bool:
    """Return whether a public ACL serves an unsigned read: ACLs enabled, and Block Public Access not ignoring them."""
    bucket = moto_parts.bucket(call.params.get("Bucket", ""))
    if bucket is None or _acls_disabled(bucket) or call.operation not in {"GetObject", "HeadObject", "ListObjectsV2"}:
        return False
    if bucket.public_access_block and bucket.public_access_block.ignore_public_acls:
        return False
    holder = bucket if call.operation == "ListObjectsV2" else moto_parts.object_of(bucket.name, call.params["Key"])
    return bool(holder is not None and holder.acl and holder.acl.public_read)


def object_is_missing(call: Call) -> bool:
    """Return whether a read asks for an object that is not there: without s3:ListBucket S3 does not say so."""
    reads = call.operation in {"GetObject", "HeadObject", "GetObjectTagging"}
    bucket = moto_parts.bucket(call.params.get("Bucket", "")) if reads else None
    return bucket is not None and moto_parts.object_of(bucket.name, call.params.get("Key", "")) is None


def check_acl(call: Call) -> None:
    """Refuse an ACL where the owner enforces ownership, and a public one where Block Public Access forbids it."""
    bucket = moto_parts.bucket(call.params.get("Bucket", ""))
    acl = call.params.get("ACL")
    if bucket is None or (acl is None and call.operation not in {"PutBucketAcl", "PutObjectAcl"}):  # reading is fine
        return
    if _acls_disabled(bucket) and acl != "bucket-owner-full-control":
        raise AwsError("AccessControlListNotSupported", "The bucket does not allow ACLs", 400)
    block = bucket.public_access_block
    if block and block.block_public_acls and acl in _PUBLIC_ACLS:
        raise blocked(call, bucket.name, "public access control lists (ACLs)", "BlockPublicAcls")


def _acls_disabled(bucket: Any) -> bool:
    return "BucketOwnerEnforced" in str(bucket.ownership_rule)


def blocked(call: Call, bucket: str, what: str, setting: str) -> AwsError:
    """Return the error of a Block Public Access setting."""
    resource = f"arn:aws:s3:::{bucket}" + (f"/{call.params['Key']}" if "Key" in call.params else "")
    return AwsError(
        "AccessDenied",
        f"User: {call.principal.arn} is not authorized to perform: s3:{call.operation} on resource: "
        f'"{resource}" because {what} are blocked by the {setting} block public access setting.',
        403,
    )
