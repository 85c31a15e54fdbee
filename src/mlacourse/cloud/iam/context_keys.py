"""The circumstances of a call as condition keys: AWS's global keys and those of the service."""

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any

from mlacourse.cloud.call import Call, Principal, Request
from mlacourse.cloud.iam.reference import condition_keys

# Members of a request that a condition key is named after in another way; the last one of a dotted name is looked for
# anywhere below its head. Keys that are called like their member need no row.
_MEMBERS: dict[str, tuple[str, ...]] = {
    "cloudwatch:namespace": ("Namespace",),
    "events:detail-type": ("DetailType",),
    "events:source": ("Source",),
    "iam:PermissionsBoundary": ("PermissionsBoundary",),
    "iam:PolicyARN": ("PolicyArn",),
    "lambda:SecurityGroupIds": ("SecurityGroupIds",),
    "lambda:SubnetIds": ("SubnetIds",),
    "s3:max-keys": ("MaxKeys",),
    "sagemaker:AcceleratorTypes": ("AcceleratorType",),
    "sagemaker:InstanceTypes": ("InstanceType",),
    "sagemaker:InterContainerTrafficEncryption": ("EnableInterContainerTrafficEncryption",),
    "sagemaker:KeepAlivePeriod": ("KeepAlivePeriodInSeconds",),
    "sagemaker:ModelArn": ("ModelArn", "ModelPackageName"),
    "sagemaker:NetworkIsolation": ("EnableNetworkIsolation",),
    "sagemaker:OutputKmsKey": (
        "OutputDataConfig.KmsKeyId",
        "ProcessingOutputConfig.KmsKeyId",
        "TransformOutput.KmsKeyId",
    ),
    "sagemaker:ServerlessMaxConcurrency": ("ServerlessConfig.MaxConcurrency",),
    "sagemaker:ServerlessMemorySize": ("ServerlessConfig.MemorySizeInMB",),
    "sagemaker:VolumeKmsKey": ("VolumeKmsKeyId", "KmsKeyId"),
    "sagemaker:VpcSecurityGroupIds": ("SecurityGroupIds", "SecurityGroups"),
    "sagemaker:VpcSubnets": ("Subnets", "SubnetIds", "SubnetId"),
    "sns:Endpoint": ("Endpoint",),
    "sns:Protocol": ("Protocol",),
}
_MEMBERS["sagemaker:OutputKmsKeyArn"] = _MEMBERS["sagemaker:OutputKmsKey"]
_MEMBERS["sagemaker:VolumeKmsKeyArn"] = _MEMBERS["sagemaker:VolumeKmsKey"]
# Keys of the service that say something about the resource, or that other rows below fill.
_NOT_FROM_MEMBERS = re.compile(r"[/$<]|ResourceTag|ResourceAccount|signature|authType|:x-amz-", re.IGNORECASE)


def global_keys(principal: Principal, request: Request, time: datetime, region: str) -> dict[str, Any]:
    """Return the keys that every request has: who, when, from where."""
    who: dict[str, Any] = {f"aws:PrincipalTag/{key}": value for key, value in principal.tags.items()}
    if principal.kind != "anonymous":
        who |= {
            "aws:PrincipalArn": principal.role_arn or principal.arn,
            "aws:PrincipalAccount": principal.account,
            "aws:PrincipalType": _TYPES[principal.kind],
            "aws:userid": principal.user_id,
        }
    if principal.kind == "user":
        who["aws:username"] = principal.name
    if principal.source_identity:
        who["aws:SourceIdentity"] = principal.source_identity
    if principal.issued:
        who |= {"aws:TokenIssueTime": _instant(principal.issued), "aws:MultiFactorAuthPresent": False}
    private: dict[str, Any] = {"aws:SourceIp": request.source_ip}
    if request.vpc_endpoint:
        private = {"aws:SourceVpce": request.vpc_endpoint}
        private |= {"aws:SourceVpc": request.vpc} if request.vpc else {}
    return {
        **who,
        **private,
        "aws:CurrentTime": _instant(time),
        "aws:EpochTime": int(time.timestamp()),
        "aws:PrincipalIsAWSService": principal.kind == "service",
        "aws:RequestedRegion": region,
        "aws:SecureTransport": request.secure,
        "aws:UserAgent": request.headers.get("User-Agent", ""),
        "aws:ViaAWSService": False,
    }


_TYPES = {
    "root": "Account",
    "user": "User",
    "assumed-role": "AssumedRole",
    "federated-user": "FederatedUser",
    "service": "Service",
}


def service_keys(prefix: str, call: Call) -> dict[str, Any]:
    """Return the service's own keys, from the parameters of the call."""
    own = {
        key: value
        for key, kind in condition_keys(prefix).items()
        if not _NOT_FROM_MEMBERS.search(key)
        for value in [_member_value(key, kind, call.params)]
        if value is not None
    }
    special = _SPECIAL.get(prefix)
    return own | (special(call) if special else {}) | _request_tags(call.params)


def tag_keys(prefix: str, tags: Mapping[str, str]) -> dict[str, Any]:
    """Return the keys of a resource's tags."""
    return {f"{space}:ResourceTag/{key}": value for space in ("aws", prefix) for key, value in tags.items()}


def _member_value(key: str, kind: str, params: Mapping[str, Any]) -> Any:
    members = _MEMBERS.get(key) or (key.split(":", 1)[1],)
    found = [value for member in members for value in _find(member.split("."), params)]
    if kind.startswith("ArrayOf"):
        flat = [one for value in found for one in (value if isinstance(value, list) else [value])]
        return list(dict.fromkeys(map(str, flat))) or None
    scalar = [value for value in found if isinstance(value, str | int | float | bool)]
    return scalar[0] if scalar else None


def _find(path: list[str], value: Any) -> Iterator[Any]:
    """Return what stands under a member name, at any depth; of a longer path each part lies below the one before."""
    if isinstance(value, list):
        for one in value:
            yield from _find(path, one)
    elif isinstance(value, Mapping):
        for name, one in value.items():
            if name.lower() == path[0].lower():
                yield from [one] if len(path) == 1 else _find(path[1:], one)
            elif isinstance(one, Mapping | list):
                yield from _find(path, one)


def _request_tags(params: Mapping[str, Any]) -> dict[str, Any]:
    given = next((value for name, value in params.items() if name.lower() in {"tags", "tagset"}), None)
    if isinstance(given, Mapping):
        tags = {str(key): str(value) for key, value in given.items()}
    else:
        named = [
            {name.lower(): value for name, value in tag.items()} for tag in given or [] if isinstance(tag, Mapping)
        ]
        tags = {tag.get("key", tag.get("tagkey", "")): tag.get("value", tag.get("tagvalue", "")) for tag in named}
    keys = list(tags) or params.get("TagKeys") or params.get("tagKeys") or []
    return {f"aws:RequestTag/{key}": value for key, value in tags.items()} | ({"aws:TagKeys": keys} if keys else {})


def _s3(call: Call) -> dict[str, Any]:
    """S3's keys are its headers and query parameters."""
    headers = {name.lower(): value for name, value in call.request.headers.items()}
    keys: dict[str, Any] = {f"s3:{name}": value for name, value in headers.items() if name.startswith("x-amz-")}
    keys |= {f"s3:{name}": call.params[member] for name, member in _S3_QUERY.items() if member in call.params}
    if tagging := headers.get("x-amz-tagging"):
        tags = dict(pair.partition("=")[::2] for pair in tagging.split("&"))
        keys |= {f"s3:RequestObjectTag/{key}": value for key, value in tags.items()}
        keys["s3:RequestObjectTagKeys"] = list(tags)
    if call.principal.kind != "anonymous":
        keys["s3:authType"] = "REST-QUERY-STRING" if call.request.presigned else "REST-HEADER"
        keys["s3:signatureversion"] = "AWS4-HMAC-SHA256"
    return keys


_S3_QUERY = {"delimiter": "Delimiter", "prefix": "Prefix", "versionid": "VersionId", "max-keys": "MaxKeys"}


def _kms(call: Call) -> dict[str, Any]:
    context: Mapping[str, str] = call.params.get("EncryptionContext", {})
    keys: dict[str, Any] = {f"kms:EncryptionContext:{key}": value for key, value in context.items()}
    if context:
        keys["kms:EncryptionContextKeys"] = list(context)
    return keys | {"kms:CallerAccount": call.principal.account}


def _sts(call: Call) -> dict[str, Any]:
    names = ("ExternalId", "RoleSessionName", "SourceIdentity")
    return {f"sts:{name}": call.params[name] for name in names if name in call.params}


_SPECIAL: dict[str, Callable[[Call], dict[str, Any]]] = {"s3": _s3, "kms": _kms, "sts": _sts}


def _instant(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}"
