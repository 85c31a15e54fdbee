"""iam:PassRole: which roles a call hands to a service, and whether the service can assume them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from mlacourse.cloud import moto_parts
from mlacourse.cloud.call import AwsError, Call, Principal
from mlacourse.cloud.iam.context import Context
from mlacourse.cloud.iam.evaluate import AccessRequest, Policies, evaluate
from mlacourse.cloud.iam.policy import parse

# The service that gets a role, by boto3's name of the service that is called.
SERVICES = {
    "cloudformation": "cloudformation.amazonaws.com",
    "codebuild": "codebuild.amazonaws.com",
    "codepipeline": "codepipeline.amazonaws.com",
    "events": "events.amazonaws.com",
    "firehose": "firehose.amazonaws.com",
    "glue": "glue.amazonaws.com",
    "lambda": "lambda.amazonaws.com",
    "sagemaker": "sagemaker.amazonaws.com",
    "scheduler": "scheduler.amazonaws.com",
    "stepfunctions": "states.amazonaws.com",
}
_MEMBER = re.compile(r"(execution|service|task|invocation)?role(arn)?", re.IGNORECASE)
_HANDS_OVER = re.compile(r"^(Create|Update|Start|Put|Run|Execute)")

# What services answer to a role that they cannot assume: code and message.
_CANNOT_ASSUME = {
    "cloudformation": ("ValidationError", "Role {role} is invalid or cannot be assumed"),
    "events": ("ValidationException", "Provided role '{role}' cannot be assumed by principal '{service}'."),
    "firehose": (
        "InvalidArgumentException",
        "Firehose is unable to assume role {role}. Please check the role provided.",
    ),
    "glue": (
        "InvalidInputException",
        "Service is unable to assume provided role. Please verify role's TrustPolicy",
    ),
    "lambda": ("InvalidParameterValueException", "The role defined for the function cannot be assumed by Lambda."),
    "stepfunctions": (
        "AccessDeniedException",
        "Neither the global service principal {service}, nor the regional one is authorized to assume the provided "
        "role.",
    ),
}
_OTHERWISE = (
    "ValidationException",
    "Could not assume role {role}. Please ensure that the role exists and allows principal '{service}' to assume the "
    "role.",
)


def passed_roles(call: Call) -> list[str]:
    """Return the ARNs of the roles that a call hands to its service."""
    if call.service not in SERVICES or not _HANDS_OVER.match(call.operation):
        return []
    return list(dict.fromkeys(_roles(call.params, call.account)))


def _roles(value: Any, account: str) -> Iterator[str]:
    for item in value if isinstance(value, list) else []:
        yield from _roles(item, account)
    for name, item in value.items() if isinstance(value, Mapping) else []:
        if isinstance(item, str) and item and _MEMBER.fullmatch(name):
            yield item if item.startswith("arn:") else f"arn:aws:iam::{account}:role/{item}"
        else:
            yield from _roles(item, account)


def check_trust(call: Call, role_arn: str) -> None:
    """Refuse a role that does not exist or does not trust the service that is to work with it."""
    service = SERVICES[call.service]
    if not service_may_assume(service, role_arn):
        code, message = _CANNOT_ASSUME.get(call.service, _OTHERWISE)
        raise AwsError(code, message.format(role=role_arn, service=service), 400)


def service_may_assume(service: str, role_arn: str) -> bool:
    """Whether a role exists and its trust policy names the service."""
    role = moto_parts.role_of_arn(role_arn)
    if role is None:
        return False
    account = role_arn.split(":")[4]
    request = AccessRequest(
        Principal(service, "service", account=""),
        "sts:AssumeRole",
        role_arn,
        Context({"aws:SourceAccount": account}),
        resource_account=account,
    )
    trust = parse(role.assume_role_policy_document, name=f"trust policy of {role.name}")
    return evaluate(request, Policies(resource=(trust,))).allowed
