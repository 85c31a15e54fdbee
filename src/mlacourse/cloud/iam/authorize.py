"""May this caller do that? Every call is held against the policies of the account before anything else happens."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from mlacourse.cloud import moto_parts
from mlacourse.cloud.call import AwsError, Call, Principal
from mlacourse.cloud.iam import kms, passed_roles, s3
from mlacourse.cloud.iam.actions import FREE, PREFIXES, actions
from mlacourse.cloud.iam.attached import policies_for
from mlacourse.cloud.iam.boundaries import boundary_arn
from mlacourse.cloud.iam.context import Context
from mlacourse.cloud.iam.context_keys import global_keys, service_keys, tag_keys
from mlacourse.cloud.iam.evaluate import AccessRequest, Decision, Policies, PolicyType, evaluate
from mlacourse.cloud.iam.messages import access_denied
from mlacourse.cloud.iam.policy import keys_of
from mlacourse.cloud.iam.resource_arns import resource_arns
from mlacourse.cloud.iam.validation import validate_identity_policy
from mlacourse.cloud.kinesis import iterators

if TYPE_CHECKING:
    from mlacourse.cloud.session import Cloud


_NO_POLICY = '{"Statement": []}'


class Refusals:
    """The decision behind each refused call, by its request id, so that the error can be explained afterwards."""

    def __init__(self, cloud: Cloud) -> None:
        self.of_call: dict[str, Decision] = {}


def authorize(cloud: Cloud, call: Call) -> None:
    """Let a call pass, or refuse it with the error that AWS would give.

    Raises ``AwsError``: AccessDenied in the words of the service, or the state of a key that cannot be used.
    """
    if call.name in FREE:
        return
    if call.principal.kind == "anonymous" and call.service != "s3":
        raise AwsError("MissingAuthenticationToken", "Missing Authentication Token", 403)
    if call.name == "sts:AssumeRole" and (problem := validate_identity_policy(call.params.get("Policy") or _NO_POLICY)):
        raise AwsError("MalformedPolicyDocument", problem, 400)
    asked = list(requests(cloud, call))
    for request in asked:
        decision = decide(cloud, request)
        if not decision.allowed and not _served_by_acl(call):
            raise _refused(cloud, call, decision)
    if call.service == "s3":
        if asked and s3.restricted_by_public_access_block(call):
            closed = replace(decide(cloud, asked[0]), allowed=False, decided_by=PolicyType.RESOURCE)
            raise _refused(cloud, call, closed)
        s3.check_acl(call)
        _check_object_keys(cloud, call)
    for role in passed_roles.passed_roles(call):
        passed_roles.check_trust(call, role)
    for request in asked if call.service == "kms" else ():
        key = kms.named_key(call, request.action)
        if key is not None:
            kms.check_state(key, request.action)


def _refused(cloud: Cloud, call: Call, decision: Decision) -> AwsError:
    cloud.part(Refusals).of_call[call.id] = decision
    return access_denied(call, decision)


def decide(cloud: Cloud, request: AccessRequest) -> Decision:
    """Decide one request with the policies of the account."""
    policies = policies_for(cloud, request)
    return evaluate(_with_state_of_resource(cloud, request, policies), policies)


def requests(cloud: Cloud, call: Call) -> Iterator[AccessRequest]:
    """Return the permissions that a call needs: one for each action and resource, PassRole for roles it hands over."""
    if call.service == "s3" and call.operation == "DeleteObjects":
        return  # S3 answers for each object on its own: see delete_objects
    context = _context(call)
    for action in actions(call.service, call.operation, call.params):
        for resource in _resources(call, action):
            yield _request(call, action, resource, context)
    if call.service == "s3" and call.operation == "CopyObject" and "CopySource" in call.params:
        bucket, key, _ = kms.copy_source(call.params["CopySource"])
        yield _request(call, "s3:GetObject", f"arn:aws:s3:::{bucket}/{key}", context)
    if s3.object_is_missing(call):
        yield _request(call, "s3:ListBucket", f"arn:aws:s3:::{call.params['Bucket']}", context)
    for role in passed_roles.passed_roles(call):
        to = {"iam:PassedToService": passed_roles.SERVICES[call.service]}
        yield _request(call, "iam:PassRole", role, Context({**_plain(context), **to}))


def _request(call: Call, action: str, resource: str, context: Context) -> AccessRequest:
    return access_request(call.principal, action, resource, _plain(context))


def access_request(who: Principal, action: str, resource: str, keys: Mapping[str, Any]) -> AccessRequest:
    """Return the request for one action on one resource, with what the state of the account adds to it."""
    owner = _owner(resource, who.account)
    trust = action.startswith("sts:") and ":role/" in resource
    key = action.startswith("kms:") and ":key/" in resource and moto_parts.kms_key(resource, "", "") is not None
    return AccessRequest(
        principal=who,
        action=action,
        resource=resource,
        context=Context({**keys, "aws:ResourceAccount": owner}),
        resource_account=owner,
        resource_policy_required=trust or key,
    )


def _context(call: Call) -> Context:
    prefix = PREFIXES.get(call.service, call.service)
    organization = moto_parts.organization_id(call.principal.account) if call.principal.kind != "anonymous" else None
    return Context(
        {
            **global_keys(call.principal, call.request, call.time, call.region),
            **({"aws:PrincipalOrgID": organization} if organization else {}),
            **service_keys(prefix, call),
        }
    )


def _plain(context: Context) -> dict[str, Any]:
    return {name: context[name] for name in context}


def _resources(call: Call, action: str) -> list[str]:
    """Return the resources of an action, with what only the state of the account knows filled in."""
    params = _with_stream(call) if call.service == "kinesis" else _with_own_name(call)
    if action in {"sts:TagSession", "sts:SetSourceIdentity"}:  # of the session that begins: the role decides
        return _named(call, "sts:AssumeRole", params)
    if call.service == "kms" and (key := kms.named_key(call, action)) is not None:
        aliases = [arn for arn in _named(call, action, params) if ":alias/" in arn]
        return [*aliases, key.arn]
    found = _named(call, action, params)
    if call.service == "secretsmanager":
        return [moto_parts.secret_arn(arn.rsplit(":", 1)[-1], call.region, call.account) or arn for arn in found]
    return [moto_parts.arn_with_path(arn) for arn in found] if call.service == "iam" else found


def _named(call: Call, action: str, params: Mapping[str, Any]) -> list[str]:
    return resource_arns(action, params, region=call.region, account=call.account)


def _with_stream(call: Call) -> Mapping[str, Any]:
    """GetRecords names its stream by the iterator alone."""
    iterator = iterators.parsed(call.params.get("ShardIterator", ""))
    return {"StreamARN": iterator.arn} | call.params if iterator else call.params


def _with_own_name(call: Call) -> Mapping[str, Any]:
    """IAM takes the caller's own name where a call about a user names none."""
    about_user = "User" in call.operation or "AccessKey" in call.operation
    if (
        call.service == "iam"
        and about_user
        and call.principal.kind == "user"
        and not call.operation.startswith("ListUsers")
    ):
        return {"UserName": call.principal.name} | call.params
    return call.params


def _owner(resource: str, otherwise: str) -> str:
    """Return the account that owns a resource; a bucket's is not in its ARN."""
    if resource.startswith("arn:aws:s3:::"):
        bucket = moto_parts.bucket(resource.removeprefix("arn:aws:s3:::").split("/")[0])
        return bucket.account_id if bucket else otherwise
    account = resource.split(":")[4] if resource.startswith("arn:") else ""
    return account if account.isdigit() else otherwise


def _with_state_of_resource(cloud: Cloud, request: AccessRequest, policies: Policies) -> AccessRequest:
    """Add a resource's tags or boundary where a policy asks for them: looking them up costs more than the decision."""
    asked = _asked_keys(policies)
    prefix = request.action.split(":")[0]
    added: dict[str, Any] = {}
    if any("resourcetag/" in key for key in asked):
        added |= tag_keys(prefix, _tags(request))
    if any(key.startswith("s3:existingobjecttag/") for key in asked):
        bucket, _, key = request.resource.removeprefix("arn:aws:s3:::").partition("/")
        stored = moto_parts.object_of(bucket, key) if key else None
        tags = moto_parts.object_tags(stored) if stored is not None else {}
        added |= {f"s3:ExistingObjectTag/{name}": value for name, value in tags.items()}
    if "iam:permissionsboundary" in asked and "iam:PermissionsBoundary" not in request.context:
        bound = boundary_arn(cloud, request.resource)
        added |= {"iam:PermissionsBoundary": bound} if bound else {}
    return replace(request, context=Context({**_plain(request.context), **added})) if added else request


def _asked_keys(policies: Policies) -> set[str]:
    """Return the condition keys that policies compare, also as variables, in lower case."""
    levels = [policy for level in policies.scps or () for policy in level]
    every = [*policies.identity, *policies.resource, *(policies.session or ()), *levels]
    every += [policies.boundary] if policies.boundary else []
    return {key for policy in every for key in keys_of(policy)}


def _tags(request: AccessRequest) -> dict[str, str]:
    arn = request.resource
    parts = arn.split(":", 5)
    if len(parts) < 6:
        return {}
    if parts[2] == "iam":
        return moto_parts.tags_of(parts[4], arn)
    service = {"states": "stepfunctions"}.get(parts[2], parts[2])
    return moto_parts.resource_tags(service, parts[3] or "us-east-1", parts[4] or request.principal.account, arn)


def _served_by_acl(call: Call) -> bool:
    return call.principal.kind == "anonymous" and call.service == "s3" and s3.allowed_by_acl(call)


def _check_object_keys(cloud: Cloud, call: Call) -> None:
    """Ask KMS on the caller's behalf, as S3 does for objects that a key encrypts."""
    for action, key_id in kms.object_key_uses(cloud, call):
        key = kms.s3_key(call, key_id)
        object_arn = f"arn:aws:s3:::{call.params['Bucket']}/{call.params['Key']}"
        request = kms.through_s3(_request(call, action, key.arn, _context(call)), object_arn, call.region)
        decision = decide(cloud, request)
        if not decision.allowed:
            raise _refused(cloud, call, decision)
        kms.check_state(key, action, through="s3")
