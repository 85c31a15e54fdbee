"""Which IAM actions an operation needs: mostly its own name, with the exceptions that AWS documents."""

from collections.abc import Iterable, Mapping
from typing import Any

# boto3's service to the prefix of its actions.
PREFIXES = {
    "apigateway": "apigateway",
    "application-autoscaling": "application-autoscaling",
    "athena": "athena",
    "cloudformation": "cloudformation",
    "cloudtrail": "cloudtrail",
    "cloudwatch": "cloudwatch",
    "dynamodb": "dynamodb",
    "dynamodbstreams": "dynamodb",
    "ec2": "ec2",
    "ecr": "ecr",
    "events": "events",
    "firehose": "firehose",
    "glue": "glue",
    "iam": "iam",
    "kinesis": "kinesis",
    "kms": "kms",
    "lambda": "lambda",
    "logs": "logs",
    "organizations": "organizations",
    "s3": "s3",
    "s3control": "s3",
    "sagemaker": "sagemaker",
    "sagemaker-featurestore-runtime": "sagemaker",
    "sagemaker-metrics": "sagemaker",
    "sagemaker-runtime": "sagemaker",
    "secretsmanager": "secretsmanager",
    "sns": "sns",
    "sqs": "sqs",
    "ssm": "ssm",
    "stepfunctions": "states",
    "sts": "sts",
}

# Operations whose actions have other names. Source: service authorization reference.
RENAMED: dict[str, dict[str, tuple[str, ...]]] = {
    "dynamodb": {
        "TransactGetItems": ("GetItem",),
        "TransactWriteItems": ("PutItem", "UpdateItem", "DeleteItem", "ConditionCheckItem"),
    },
    "kms": {"ReEncrypt": ("ReEncryptFrom", "ReEncryptTo")},
    "lambda": {"Invoke": ("InvokeFunction",)},
    "s3": {
        "AbortMultipartUpload": ("AbortMultipartUpload",),
        "CompleteMultipartUpload": ("PutObject",),
        "CopyObject": ("PutObject",),
        "CreateMultipartUpload": ("PutObject",),
        "DeleteBucketCors": ("PutBucketCORS",),
        "DeleteBucketEncryption": ("PutEncryptionConfiguration",),
        "DeleteBucketLifecycle": ("PutLifecycleConfiguration",),
        "DeleteBucketReplication": ("PutReplicationConfiguration",),
        "DeleteBucketTagging": ("PutBucketTagging",),
        "DeleteObjects": ("DeleteObject",),
        "DeletePublicAccessBlock": ("PutBucketPublicAccessBlock",),
        "GetBucketAccelerateConfiguration": ("GetAccelerateConfiguration",),
        "GetBucketCors": ("GetBucketCORS",),
        "GetBucketEncryption": ("GetEncryptionConfiguration",),
        "GetBucketLifecycleConfiguration": ("GetLifecycleConfiguration",),
        "GetBucketNotificationConfiguration": ("GetBucketNotification",),
        "GetBucketReplication": ("GetReplicationConfiguration",),
        "GetObjectLockConfiguration": ("GetBucketObjectLockConfiguration",),
        "GetPublicAccessBlock": ("GetBucketPublicAccessBlock",),
        "HeadBucket": ("ListBucket",),
        "HeadObject": ("GetObject",),
        "ListBuckets": ("ListAllMyBuckets",),
        "ListMultipartUploads": ("ListBucketMultipartUploads",),
        "ListObjectVersions": ("ListBucketVersions",),
        "ListObjects": ("ListBucket",),
        "ListObjectsV2": ("ListBucket",),
        "ListParts": ("ListMultipartUploadParts",),
        "PutBucketAccelerateConfiguration": ("PutAccelerateConfiguration",),
        "PutBucketCors": ("PutBucketCORS",),
        "PutBucketEncryption": ("PutEncryptionConfiguration",),
        "PutBucketLifecycleConfiguration": ("PutLifecycleConfiguration",),
        "PutBucketNotificationConfiguration": ("PutBucketNotification",),
        "PutBucketReplication": ("PutReplicationConfiguration",),
        "PutObjectLockConfiguration": ("PutBucketObjectLockConfiguration",),
        "PutPublicAccessBlock": ("PutBucketPublicAccessBlock",),
        "SelectObjectContent": ("GetObject",),
        "UploadPart": ("PutObject",),
        "UploadPartCopy": ("PutObject",),
    },
    "s3control": {
        "DeletePublicAccessBlock": ("PutAccountPublicAccessBlock",),
        "GetPublicAccessBlock": ("GetAccountPublicAccessBlock",),
        "PutPublicAccessBlock": ("PutAccountPublicAccessBlock",),
    },
    "sns": {"PublishBatch": ("Publish",)},
    "sqs": {
        "ChangeMessageVisibilityBatch": ("ChangeMessageVisibility",),
        "DeleteMessageBatch": ("DeleteMessage",),
        "SendMessageBatch": ("SendMessage",),
    },
}

# Reading, tagging or deleting one version of an object has an action of its own.
_VERSIONED = {"GetObject", "DeleteObject", "GetObjectTagging", "PutObjectTagging", "DeleteObjectTagging"}
# Operations that anybody with valid keys may call.
FREE = {"sts:GetCallerIdentity", "sts:GetSessionToken", "sts:GetAccessKeyInfo"}


def actions(service: str, operation: str, params: Mapping[str, Any]) -> list[str]:
    """Return the actions that an operation needs, with their prefix.

    >>> actions("s3", "HeadObject", {"Bucket": "data", "Key": "a.csv"})
    ['s3:GetObject']
    >>> actions("sts", "AssumeRole", {"Tags": [{"Key": "team", "Value": "fraud"}]})
    ['sts:AssumeRole', 'sts:TagSession']
    """
    prefix = PREFIXES.get(service, service)
    if service == "apigateway":
        return [f"apigateway:{_verb(operation)}"]
    names = RENAMED.get(service, {}).get(operation, (operation,))
    if service == "dynamodb" and operation == "TransactWriteItems":
        kinds = tuple(kind for item in params["TransactItems"] for kind in item)
        names = tuple(name for name in names if name.startswith(kinds))
    return [f"{prefix}:{name}" for name in [*_versions(prefix, names, params), *_extra(service, operation, params)]]


def _versions(prefix: str, names: Iterable[str], params: Mapping[str, Any]) -> Iterable[str]:
    for name in names:
        if prefix == "s3" and name in _VERSIONED and params.get("VersionId"):
            yield name.replace("Object", "ObjectVersion")
        else:
            yield name


def _extra(service: str, operation: str, params: Mapping[str, Any]) -> Iterable[str]:
    if service == "s3" and operation in {"PutObject", "CopyObject", "CreateMultipartUpload"}:
        if params.get("Tagging"):
            yield "PutObjectTagging"
        if params.get("ACL"):
            yield "PutObjectAcl"
    if service == "sts" and operation == "AssumeRole":
        if params.get("Tags"):
            yield "TagSession"
        if params.get("SourceIdentity"):
            yield "SetSourceIdentity"


def _verb(operation: str) -> str:
    """Return the HTTP method of an operation: API Gateway's actions are called so."""
    verbs = {"Get": "GET", "Create": "POST", "Update": "PATCH", "Delete": "DELETE", "Put": "PUT", "Tag": "PUT"}
    return next((verb for start, verb in verbs.items() if operation.startswith(start)), "POST")
