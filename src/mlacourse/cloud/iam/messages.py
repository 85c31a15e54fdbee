"""How AWS words a refusal: the same sentence everywhere, with the habits of single services."""

from mlacourse.cloud import moto_parts
from mlacourse.cloud.call import AwsError, Call
from mlacourse.cloud.iam.evaluate import AccessRequest, Decision

# Services that answer in XML call it AccessDenied, those that answer in JSON AccessDeniedException.
_CODES = {
    "ec2": "UnauthorizedOperation",
    "sns": "AuthorizationError",
    **dict.fromkeys(
        ("cloudformation", "cloudwatch", "iam", "rds", "s3", "s3control", "sqs", "sts", "autoscaling"), "AccessDenied"
    ),
}
# IAM names an existing user, role, group or policy by its kind, and new ones by their ARN.
_IAM_KINDS = {"user", "role", "group", "policy"}


def access_denied(call: Call, decision: Decision) -> AwsError:
    """Return the error of a refused call, as its service words it."""
    status = 400 if _CODES.get(call.service) is None else 403
    return AwsError(_CODES.get(call.service, "AccessDeniedException"), _message(call, decision), status)


def refusal(decision: Decision, resource: str = "") -> str:
    """Return AWS's sentence about a decision.

    Source: "Troubleshoot access denied error messages", IAM user guide.
    """
    request = decision.request
    on = f" on resource: {resource}" if resource else ""
    return (
        f"User: {request.principal.arn} is not authorized to perform: {request.action}{on} {decision.reason}".rstrip()
    )


def _message(call: Call, decision: Decision) -> str:
    request = decision.request
    if call.service == "s3" and _is_stranger(request):
        return "Access Denied"
    text = refusal(decision, _resource(call, decision))
    if call.service == "sqs":
        return text.replace(request.action, request.action.lower())
    if call.service == "sns":
        return text.replace("sns:", "SNS:", 1).replace(f"the {request.action}", f"the {_sns(request.action)}")
    if call.service == "sts" and not decision.explicit:
        return text.removesuffix(decision.reason).rstrip()  # STS does not tell which side is silent
    if call.service == "ec2":
        return f"You are not authorized to perform this operation. {text}."
    return text


def _is_stranger(request: AccessRequest) -> bool:
    """Return whether S3 keeps the reason back: it tells the bucket's account and organization alone."""
    if request.principal.kind == "anonymous" or not request.cross_account:
        return request.principal.kind == "anonymous"
    organization = moto_parts.organization_id(request.principal.account)
    return organization is None or organization != moto_parts.organization_id(request.resource_account)


def _sns(action: str) -> str:
    return action.replace("sns:", "SNS:")


def _resource(call: Call, decision: Decision) -> str:
    resource = decision.request.resource
    if resource == "*":
        return "" if call.service in {"s3", "ec2", "sts"} else "*"
    if call.service == "s3" and decision.request.action.startswith("s3:"):
        return f'"{resource}"'
    kind, _, name = resource.split(":", 5)[-1].partition("/")
    if decision.request.action.startswith("iam:") and kind in _IAM_KINDS and "*" not in name:
        named_by_arn = call.operation in {"CreateRole", "CreateUser", "CreateGroup"} or call.service != "iam"
        return resource if named_by_arn else f"{kind} {resource if kind == 'policy' else name.rsplit('/', 1)[-1]}"
    return resource
