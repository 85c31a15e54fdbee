"""STS: who am I, and temporary keys of a role that the front knows and forgets when they expire."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from mlacourse.cloud import moto_parts
from mlacourse.cloud.call import AwsError, Call, Principal
from mlacourse.cloud.handlers import handles
from mlacourse.cloud.keys import TemporaryKeys

if TYPE_CHECKING:
    from mlacourse.cloud.session import Cloud

DEFAULT_DURATION = 3600
CHAINED_DURATION = 3600


@handles("sts", "GetCallerIdentity")
def get_caller_identity(cloud: Cloud, call: Call) -> dict[str, Any]:
    """Return the account, the id and the ARN behind the keys; no permission is needed."""
    who = call.principal
    return {"UserId": who.user_id, "Account": who.account, "Arn": who.arn}


@handles("sts", "AssumeRole")
def assume_role(cloud: Cloud, call: Call) -> dict[str, Any]:
    """Keys of a role; whether the caller may take it was decided by its trust policy before."""
    arn, session = call.params["RoleArn"], call.params["RoleSessionName"]
    role = moto_parts.role_of_arn(arn)
    if role is None:
        raise not_authorized_to_assume(call, arn)
    duration = call.params.get("DurationSeconds", DEFAULT_DURATION)
    if call.principal.kind == "assumed-role" and duration > CHAINED_DURATION:
        raise AwsError(
            "ValidationError",
            "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining",
        )
    if duration > int(role.max_session_duration):  # text in the roles that moto makes itself
        raise AwsError(
            "ValidationError", "The requested DurationSeconds exceeds the MaxSessionDuration set for this role."
        )
    principal = role_session(role, arn, session, call)
    keys = cloud.keys.issue(principal, timedelta(seconds=duration), call.random)
    return {
        "Credentials": credentials(keys),
        "AssumedRoleUser": {"AssumedRoleId": principal.user_id, "Arn": principal.arn},
        **({"SourceIdentity": principal.source_identity} if principal.source_identity else {}),
    }


@handles("sts", "GetSessionToken")
def get_session_token(cloud: Cloud, call: Call) -> dict[str, Any]:
    """Temporary keys of the user who asks."""
    if call.principal.kind != "user" or call.principal.expires is not None:
        raise AwsError("AccessDenied", "Cannot call GetSessionToken with session credentials", 403)
    duration = call.params.get("DurationSeconds", 43200)
    return {"Credentials": credentials(cloud.keys.issue(call.principal, timedelta(seconds=duration), call.random))}


def role_session(role: Any, arn: str, session: str, call: Call) -> Principal:
    """Return the principal that a role becomes under a session name."""
    account = arn.split(":")[4]
    session_tags = {tag["Key"]: tag["Value"] for tag in call.params.get("Tags", [])}
    policy = call.params.get("Policy")
    if policy is not None:
        _check_json(policy)
    return Principal(
        arn=f"arn:aws:sts::{account}:assumed-role/{arn.rsplit('/', 1)[-1]}/{session}",
        kind="assumed-role",
        account=account,
        user_id=f"{role.id}:{session}",
        role_arn=arn,
        session_policies=(policy,) if policy is not None else (),
        session_policy_arns=tuple(one["arn"] for one in call.params.get("PolicyArns", [])),
        tags=moto_parts.tags_of(account, arn) | session_tags,
        source_identity=call.params.get("SourceIdentity") or call.principal.source_identity,
    )


def credentials(keys: TemporaryKeys) -> dict[str, Any]:
    """Temporary keys as STS writes them."""
    return {
        "AccessKeyId": keys.access_key,
        "SecretAccessKey": keys.secret_key,
        "SessionToken": keys.token,
        "Expiration": keys.principal.expires,
    }


def not_authorized_to_assume(call: Call, arn: str) -> AwsError:
    """Return what STS says about a role that does not exist: the same as about one that does not trust you."""
    return AwsError(
        "AccessDenied",
        f"User: {call.principal.arn} is not authorized to perform: sts:AssumeRole on resource: {arn}",
        403,
    )


def _check_json(policy: str) -> None:
    try:
        json.loads(policy)
    except ValueError:
        raise AwsError("MalformedPolicyDocument", "The policy is not in the valid JSON format.") from None
