"""Which policies apply to a request, read from the state of the account."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import TYPE_CHECKING

from mlacourse.cloud import moto_parts
from mlacourse.cloud.call import Principal
from mlacourse.cloud.iam import kms
from mlacourse.cloud.iam.boundaries import user_boundary
from mlacourse.cloud.iam.evaluate import AccessRequest, Policies
from mlacourse.cloud.iam.policy import Policy, parse

if TYPE_CHECKING:
    from mlacourse.cloud.session import Cloud


def policies_for(cloud: Cloud, request: AccessRequest) -> Policies:
    """Return the policies of principal, resource and organization that a request meets."""
    who = request.principal
    if who.kind in {"anonymous", "service"}:
        return Policies(resource=resource_policies(request))
    holder = who.role_arn or who.arn
    bound = moto_parts.boundary(holder) if who.role_arn else user_boundary(cloud, holder)
    levels = moto_parts.service_control_policies(who.account)
    return Policies(
        identity=_parsed(moto_parts.identity_policies(holder)),
        resource=resource_policies(request),
        boundary=next(iter(_parsed([bound] if bound else [])), None),
        session=session_policies(who),
        scps=None if levels is None else tuple(_parsed(level) for level in levels),
        endpoint=_endpoint_policy(request),
    )


def _endpoint_policy(request: AccessRequest) -> Policy | None:
    """Return the policy of the VPC endpoint that a request passes through; without one the endpoint lets all pass."""
    through = request.context.get("aws:SourceVpce")
    text = moto_parts.endpoint_policy(through) if isinstance(through, str) else None
    return _parse(text, f"policy of {through}", "") if text else None


def session_policies(who: Principal) -> tuple[Policy, ...] | None:
    """Return the policies that were passed when the session began; ``None`` if there were none."""
    inline = [("session policy", "", text) for text in who.session_policies]
    managed = [found for arn in who.session_policy_arns for found in [moto_parts.managed_policy(arn)] if found]
    return _parsed([*inline, *managed]) or None


def resource_policies(request: AccessRequest) -> tuple[Policy, ...]:
    """Return the policy of the resource: of a bucket, a key, a role, a queue, a topic, a function or a secret."""
    service = request.action.split(":")[0]
    if service == "s3":
        return _bucket_policy(request.resource)
    if service == "kms":
        return kms.key_policies(request)
    if service == "sts":
        role = moto_parts.role_of_arn(request.resource)
        return _parsed([("trust policy", "", role.assume_role_policy_document)]) if role else ()
    text = moto_parts.resource_policy(request.resource) if request.resource.startswith("arn:") else None
    return _parsed([(f"policy of {request.resource.rsplit(':', 1)[-1]}", "", text)]) if text else ()


def _bucket_policy(resource: str) -> tuple[Policy, ...]:
    name = resource.removeprefix("arn:aws:s3:::").split("/")[0]
    bucket = moto_parts.bucket(name)
    if bucket is None or not bucket.policy:
        return ()
    return _parsed([(f"bucket policy of {name}", "", bucket.policy.decode())])


def _parsed(texts: Iterable[moto_parts.PolicyText]) -> tuple[Policy, ...]:
    return tuple(_parse(text, name, arn) for name, arn, text in texts)


@lru_cache(maxsize=1024)
def _parse(text: str, name: str, arn: str) -> Policy:
    return parse(text, name=name, arn=arn)
