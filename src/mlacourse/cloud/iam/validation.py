"""What AWS refuses when a policy of a resource is set: the problem in the words of the service, or nothing."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from mlacourse.cloud.iam.conditions import OPERATORS
from mlacourse.cloud.iam.policy import MalformedPolicyError, load, statements, strings

Exists = Callable[[str], bool]
"""Whether a user or role of an ARN exists; asked only for accounts of this cloud."""

_FIELDS = {
    "Sid",
    "Effect",
    "Principal",
    "NotPrincipal",
    "Action",
    "NotAction",
    "Resource",
    "NotResource",
    "Condition",
}
_REQUIRED = ("Effect", "Principal", "Action", "Resource")
_TRUST_ACTIONS_ONLY = (
    "Trust Policy statement actions can only be sts:AssumeRole, sts:AssumeRoleWithSAML,  "
    "and sts:AssumeRoleWithWebIdentity"
)
_TRUST_ACTIONS = {
    "sts:AssumeRole",
    "sts:AssumeRoleWithSAML",
    "sts:AssumeRoleWithWebIdentity",
    "sts:TagSession",
    "sts:SetSourceIdentity",
}


def validate_bucket_policy(text: str, bucket: str, exists: Exists = lambda _: True) -> str:
    """Return S3's complaint about a bucket policy, empty if there is none.

    >>> statement = {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::other/*"}
    >>> import json
    >>> validate_bucket_policy(json.dumps({"Version": "2012-10-17", "Statement": [statement]}), "data")
    'Policy has invalid resource'
    """
    try:
        listed = statements(load(text))
    except MalformedPolicyError:
        return "Policies must be valid JSON and the first byte must be '{'"
    for statement in listed:
        if problem := _shape(statement, _REQUIRED):
            return problem
        if any(not action.lower().startswith("s3:") and action != "*" for action in _of(statement, "Action")):
            return "Policy has invalid action"
        if any(not _in_bucket(resource, bucket) for resource in _of(statement, "Resource")):
            return "Policy has invalid resource"
        if any(_invalid_principals(statement, exists)):
            return "Invalid principal in policy"
    return ""


def validate_resource_policy(text: str, exists: Exists = lambda _: True) -> str:
    """Return what is wrong with the policy of a key, a queue, a topic or a secret, in the words of KMS."""
    try:
        listed = statements(load(text))
    except MalformedPolicyError as error:
        return str(error)
    for statement in listed:
        if problem := _shape(statement, _REQUIRED):
            return problem
        if any(_invalid_principals(statement, exists)):
            return "Policy contains a statement with one or more invalid principals."
    return ""


def validate_identity_policy(text: str) -> str:
    """Return the complaint about a session policy or a service control policy: neither names a principal.

    >>> validate_identity_policy('{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "s3:*"}}')
    'Missing required field Resource'
    """
    try:
        listed = statements(load(text))
    except MalformedPolicyError as error:
        return str(error)
    for statement in listed:
        for field in ("Principal", "NotPrincipal"):
            if field in statement:
                return f"Has prohibited field {field}"
        if problem := _shape(statement, ("Effect", "Action", "Resource")):
            return problem
    return ""


def validate_trust_policy(text: str, exists: Exists = lambda _: True) -> str:
    """Return IAM's complaint about a trust policy, empty if there is none.

    >>> validate_trust_policy('{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Principal": "*", '
    ...                       '"Action": "sts:AssumeRole", "Resource": "*"}}')
    'Has prohibited field Resource'
    """
    try:
        listed = statements(load(text))
    except MalformedPolicyError as error:
        return str(error)
    for statement in listed:
        for field in ("Resource", "NotResource"):
            if field in statement:
                return f"Has prohibited field {field}"
        if problem := _shape(statement, _REQUIRED[:3]):
            return problem
        if any(action not in _TRUST_ACTIONS and "*" not in action for action in _of(statement, "Action")):
            return _TRUST_ACTIONS_ONLY
        for kind, name in _invalid_principals(statement, exists):
            return f'Invalid principal in policy: "{kind}":"{name}"'
    return ""


def _shape(statement: Mapping[str, Any], needs: Iterable[str]) -> str:
    """Return which field is unknown, missing or wrong."""
    for field in statement:
        if field not in _FIELDS:
            return f"Unknown field {field}"
    for field in needs:
        if field not in statement and f"Not{field}" not in statement:
            return f"Missing required field {field}"
    if statement["Effect"] not in {"Allow", "Deny"}:
        return f"Invalid effect: {statement['Effect']}"
    for operator in statement.get("Condition", {}):
        base = operator.rpartition(":")[2].removesuffix("IfExists")
        if base not in OPERATORS and base != "Null":
            return f"Invalid Condition type : {operator}"
    return ""


def _of(statement: Mapping[str, Any], field: str) -> tuple[str, ...]:
    return strings(statement.get(field, statement.get(f"Not{field}", ())))


def _in_bucket(resource: str, bucket: str) -> bool:
    named = resource.removeprefix("arn:aws:s3:::").split("/")[0]
    return resource.startswith("arn:aws:s3:::") and named == bucket


def _invalid_principals(statement: Mapping[str, Any], exists: Exists) -> Iterable[tuple[str, str]]:
    """Return the principals that name nobody: no wildcard may stand in an ARN, and a known account must have them."""
    given = statement.get("Principal", statement.get("NotPrincipal", {}))
    listed = given if isinstance(given, Mapping) else {"AWS": given}
    for kind, names in listed.items():
        for name in strings(names):
            if not _valid_principal(kind, name, exists):
                yield kind, name


def _valid_principal(kind: str, name: str, exists: Exists) -> bool:
    if kind == "Service":
        return name.endswith((".amazonaws.com", ".amazonaws.com.cn"))
    if kind != "AWS":
        return kind in {"Federated", "CanonicalUser"}
    if name == "*" or (name.isdigit() and len(name) == 12):
        return True
    parts = name.split(":", 5)
    if len(parts) < 6 or parts[2] not in {"iam", "sts"} or "*" in name:
        return False
    return parts[5] == "root" or parts[2] == "sts" or exists(name)
