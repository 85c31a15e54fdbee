"""Operations that set a policy, beyond buckets, keys and roles: a malformed one is refused."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mlacourse.cloud import moto_parts
from mlacourse.cloud.call import AwsError, Call
from mlacourse.cloud.handlers import handles
from mlacourse.cloud.iam.validation import validate_identity_policy, validate_resource_policy

if TYPE_CHECKING:
    from mlacourse.cloud.session import Cloud


@handles("iam", "CreatePolicy", "CreatePolicyVersion", "PutGroupPolicy", "PutRolePolicy", "PutUserPolicy")
def without_principal(cloud: Cloud, call: Call) -> dict[str, Any]:
    """Store an identity-based policy; moto checks the rest of it."""
    if '"Principal"' in call.params["PolicyDocument"] or '"NotPrincipal"' in call.params["PolicyDocument"]:
        raise AwsError("MalformedPolicyDocument", "Policy document should not specify a principal.", 400)
    return cloud.forward(call)


@handles("sqs", "CreateQueue", "SetQueueAttributes")
def with_checked_queue_policy(cloud: Cloud, call: Call) -> dict[str, Any]:
    """Set a queue's attributes, its policy among them."""
    text = call.params.get("Attributes", {}).get("Policy")
    if text and validate_resource_policy(text, moto_parts.principal_exists):
        raise AwsError("InvalidAttributeValue", "Invalid value for the parameter Policy.", 400)
    return cloud.forward(call)


@handles("sns", "SetTopicAttributes")
def with_checked_topic_policy(cloud: Cloud, call: Call) -> dict[str, Any]:
    """Set a topic's attribute, which may be its policy."""
    text = call.params.get("AttributeValue", "")
    if call.params["AttributeName"] == "Policy" and validate_resource_policy(text, moto_parts.principal_exists):
        raise AwsError("InvalidParameter", "Invalid parameter: Policy Error: null", 400)
    return cloud.forward(call)


@handles("secretsmanager", "PutResourcePolicy")
def with_checked_secret_policy(cloud: Cloud, call: Call) -> dict[str, Any]:
    """Set a secret's policy."""
    if problem := validate_resource_policy(call.params["ResourcePolicy"], moto_parts.principal_exists):
        raise AwsError("MalformedPolicyDocumentException", problem, 400)
    return cloud.forward(call)


@handles("organizations", "CreatePolicy", "UpdatePolicy")
def with_checked_control_policy(cloud: Cloud, call: Call) -> dict[str, Any]:
    """Store a service control policy."""
    text = call.params.get("Content")
    if text is not None and validate_identity_policy(text):
        raise AwsError(
            "MalformedPolicyDocumentException",
            "The provided policy document does not meet the requirements of the specified policy type.",
            400,
        )
    return cloud.forward(call)
