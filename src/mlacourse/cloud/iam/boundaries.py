"""Permissions boundaries of users, which moto does not keep (it keeps those of roles)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from mlacourse.cloud import moto_parts
from mlacourse.cloud.call import AwsError, Call
from mlacourse.cloud.handlers import handles

if TYPE_CHECKING:
    from mlacourse.cloud.session import Cloud


class Boundaries:
    """The ARN of the boundary policy of each user that has one."""

    def __init__(self, cloud: Cloud) -> None:
        self.policy_of: dict[str, str] = {}


def user_boundary(cloud: Cloud, user_arn: str) -> moto_parts.PolicyText | None:
    """Return the policy that bounds a user."""
    policy = cloud.part(Boundaries).policy_of.get(user_arn)
    return moto_parts.managed_policy(policy) if policy else None


def boundary_arn(cloud: Cloud, arn: str) -> str | None:
    """Return the ARN of the policy that bounds a role or a user, ``None`` if nothing does."""
    role = moto_parts.role_of_arn(arn) if ":role/" in arn else None
    return role.permissions_boundary_arn if role else cloud.part(Boundaries).policy_of.get(arn)


@handles("iam", "PutUserPermissionsBoundary")
def put_user_permissions_boundary(cloud: Cloud, call: Call) -> dict[str, Any]:
    """Bound a user by a managed policy."""
    user = _user(cloud, call)
    _bound(cloud, user["Arn"], call.params["PermissionsBoundary"])
    return {}


@handles("iam", "DeleteUserPermissionsBoundary")
def delete_user_permissions_boundary(cloud: Cloud, call: Call) -> dict[str, Any]:
    """Lift a user's boundary."""
    user = _user(cloud, call)
    if cloud.part(Boundaries).policy_of.pop(user["Arn"], None) is None:
        raise AwsError("NoSuchEntity", f"The user {user['UserName']} does not have a permissions boundary.", 404)
    return {}


@handles("iam", "CreateUser")
def create_user(cloud: Cloud, call: Call) -> dict[str, Any]:
    """Make a user, with its boundary if one is given."""
    policy = call.params.get("PermissionsBoundary")
    answer = cloud.forward(call)
    if policy:
        _bound(cloud, answer["User"]["Arn"], policy)
    return {"User": _with_boundary(cloud, answer["User"])}


@handles("iam", "GetUser")
def get_user(cloud: Cloud, call: Call) -> dict[str, Any]:
    """Describe a user, with its boundary."""
    return {"User": _with_boundary(cloud, cloud.forward(call)["User"])}


@handles("iam", "DeleteUser")
def delete_user(cloud: Cloud, call: Call) -> dict[str, Any]:
    """Delete a user and forget its boundary."""
    arn = _user(cloud, call)["Arn"]
    answer = cloud.forward(call)
    cloud.part(Boundaries).policy_of.pop(arn, None)
    return answer


def _user(cloud: Cloud, call: Call) -> dict[str, Any]:
    asked = replace(call, operation="GetUser", params={})
    user: dict[str, Any] = cloud.forward(asked, UserName=call.params["UserName"])["User"]
    return user


def _bound(cloud: Cloud, user_arn: str, policy: str) -> None:
    if moto_parts.managed_policy(policy) is None:
        raise AwsError("NoSuchEntity", f"Scope ARN: {policy} does not exist or is not attachable.", 404)
    cloud.part(Boundaries).policy_of[user_arn] = policy


def _with_boundary(cloud: Cloud, user: dict[str, Any]) -> dict[str, Any]:
    policy = cloud.part(Boundaries).policy_of.get(user["Arn"])
    if policy is None:
        return user
    return {
        **user,
        "PermissionsBoundary": {
            "PermissionsBoundaryType": "PermissionsBoundaryPolicy",
            "PermissionsBoundaryArn": policy,
        },
    }
