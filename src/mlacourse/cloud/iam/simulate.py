"""IAM's policy simulator: simulated requests are decided by the engine that decides the real ones."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from mlacourse.cloud import moto_parts
from mlacourse.cloud.call import AwsError, Call, Principal
from mlacourse.cloud.handlers import handles
from mlacourse.cloud.iam.attached import policies_for
from mlacourse.cloud.iam.context import Context
from mlacourse.cloud.iam.evaluate import AccessRequest, Decision, Look, Policies, PolicyType, evaluate
from mlacourse.cloud.iam.policy import MalformedPolicyError, Policy, keys_of, parse
from mlacourse.cloud.iam.subjects import principal_of

if TYPE_CHECKING:
    from mlacourse.cloud.session import Cloud


@handles("iam", "SimulatePrincipalPolicy")
def simulate_principal_policy(cloud: Cloud, call: Call) -> dict[str, Any]:
    """Decide actions for a user or role with the policies it has, and those of the request on top."""
    source = call.params["PolicySourceArn"]
    who = principal_of(source)
    if who is None or not moto_parts.principal_exists(source):
        raise AwsError("NoSuchEntity", f"The entity {source} cannot be found.", 404)
    attached = policies_for(cloud, AccessRequest(who, "iam:GetUser", "*"))
    boundary = _inputs(call, "PermissionsBoundaryPolicyInputList")
    return _results(
        call,
        who,
        Policies(
            identity=(*attached.identity, *_inputs(call, "PolicyInputList")),
            resource=_resource_policy(call),
            boundary=boundary[0] if boundary else attached.boundary,
            scps=attached.scps,
        ),
    )


@handles("iam", "SimulateCustomPolicy")
def simulate_custom_policy(cloud: Cloud, call: Call) -> dict[str, Any]:
    """Decide actions with nothing but the policies of the request."""
    who = principal_of(call.params.get("CallerArn", "")) or call.principal
    boundary = _inputs(call, "PermissionsBoundaryPolicyInputList")
    return _results(
        call,
        who,
        Policies(
            identity=_inputs(call, "PolicyInputList"),
            resource=_resource_policy(call),
            boundary=boundary[0] if boundary else None,
        ),
    )


def _inputs(call: Call, name: str) -> tuple[Policy, ...]:
    return tuple(_read(text, f"{name}.{number}") for number, text in enumerate(call.params.get(name, []), start=1))


def _resource_policy(call: Call) -> tuple[Policy, ...]:
    return (_read(call.params["ResourcePolicy"], "ResourcePolicy"),) if call.params.get("ResourcePolicy") else ()


def _read(text: str, name: str) -> Policy:
    try:
        return parse(text, name=name)
    except MalformedPolicyError as error:
        raise AwsError("InvalidInput", f"{name}: {error}", 400) from None


def _results(call: Call, who: Principal, policies: Policies) -> dict[str, Any]:
    context = Context({entry["ContextKeyName"]: _values(entry) for entry in call.params.get("ContextEntries", [])})
    results = [
        _result(AccessRequest(who, action, resource, context, call.params.get("ResourceOwner", "")[-12:]), policies)
        for action in call.params["ActionNames"]
        for resource in call.params.get("ResourceArns") or ["*"]
    ]
    return {"EvaluationResults": results, "IsTruncated": False}


def _values(entry: dict[str, Any]) -> str | list[str]:
    values: list[str] = entry.get("ContextKeyValues", [])
    return values if entry.get("ContextKeyType", "").endswith("List") else next(iter(values), "")


def _result(request: AccessRequest, policies: Policies) -> dict[str, Any]:
    decision = evaluate(request, policies)
    return {
        "EvalActionName": request.action,
        "EvalResourceName": request.resource,
        "EvalDecision": "allowed" if decision.allowed else "explicitDeny" if decision.explicit else "implicitDeny",
        "MatchedStatements": [_statement(look) for look in _matched(decision)],
        "MissingContextValues": _missing(request.context, policies),
        **_details(decision),
    }


def _matched(decision: Decision) -> Sequence[Look]:
    wanted = "Deny" if decision.explicit else "Allow"
    types = (PolicyType.IDENTITY, PolicyType.RESOURCE, PolicyType.BOUNDARY, PolicyType.SCP)
    looks = [look for kind in types for look in decision.finding(kind).looks]
    return [look for look in looks if look.applies and look.statement.effect == wanted]


def _statement(look: Look) -> dict[str, str]:
    kinds = {PolicyType.RESOURCE: "resource", PolicyType.IDENTITY: "user-managed" if look.policy.arn else "none"}
    return {"SourcePolicyId": look.policy.name, "SourcePolicyType": kinds.get(look.policy_type, "none")}


def _missing(context: Context, policies: Policies) -> list[str]:
    """Return the condition keys that policies ask for and the request of the simulation does not give."""
    asked = {key for policy in _every(policies) for key in keys_of(policy)}
    return sorted(key for key in asked if key not in context)


def _every(policies: Policies) -> Iterator[Policy]:
    yield from policies.identity
    yield from policies.resource
    if policies.boundary:
        yield policies.boundary


def _details(decision: Decision) -> dict[str, Any]:
    details: dict[str, Any] = {}
    if (scps := decision.finding(PolicyType.SCP)).verdict != "absent":
        details["OrganizationsDecisionDetail"] = {"AllowedByOrganizations": scps.verdict == "allow"}
    if (boundary := decision.finding(PolicyType.BOUNDARY)).verdict != "absent":
        details["PermissionsBoundaryDecisionDetail"] = {"AllowedByPermissionsBoundary": boundary.verdict == "allow"}
    return details
