"""Who is who in moto's IAM and Organizations, and which policies they have."""

from __future__ import annotations

from typing import Any

import moto.backends
from moto.core.models import DEFAULT_ACCOUNT_ID

from mlacourse.cloud.moto_parts.state import backend

# Name, ARN (empty for an inline policy) and text.
PolicyText = tuple[str, str, str]


def create_administrator(name: str, policy: str, access_key: str, secret: str) -> None:
    """Make a user who may do everything, with keys that are known beforehand."""
    iam = backend("iam")
    iam.create_user("us-east-1", name)
    iam.put_user_policy(name, "AdministratorAccess", policy)
    key = iam.create_access_key(name)
    del iam.access_keys[key.access_key_id]
    key.access_key_id, key.secret_access_key = access_key, secret
    iam.access_keys[access_key] = key


def user_of_key(access_key: str) -> tuple[str, Any, Any] | None:
    """Return the account, the user and the key object of a long-term access key, or None."""
    for account, regions in list(moto.backends.get_backend("iam").items()):
        iam = regions["aws"]
        key = iam.access_keys.get(access_key)
        if key is not None and key.user_name:
            return account, iam.users[key.user_name], key
    return None


def role_of_arn(arn: str) -> Any | None:
    """Moto's role of this ARN, or None."""
    account = arn.split(":")[4] if arn.count(":") >= 5 else ""
    accounts = moto.backends.get_backend("iam")
    if account not in accounts:
        return None
    return next((role for role in accounts[account]["aws"].roles.values() if role.arn == arn), None)


def tags_of(account: str, arn: str) -> dict[str, str]:
    """Return the tags of a user or a role."""
    tags: dict[str, str] = backend("iam", account=account).tagger.get_tag_dict_for_resource(arn)
    return tags


def identity_policies(arn: str) -> list[PolicyText]:
    """Return the identity-based policies of a user, with those of its groups, or of a role."""
    holder = user_of_arn(arn) or role_of_arn(arn)
    if holder is None:
        return []
    groups = [group for group in _iam(arn).groups.values() if holder in group.users]
    return [policy for one in (holder, *groups) for policy in _policies_of(one)]


def _policies_of(holder: Any) -> list[PolicyText]:
    inline = [(name, "", text) for name, text in holder.policies.items()]
    return inline + [_policy_text(policy) for policy in holder.managed_policies.values()]


def boundary(arn: str) -> PolicyText | None:
    """Return the permissions boundary of a role; moto knows none of users."""
    role = role_of_arn(arn)
    return managed_policy(role.permissions_boundary_arn) if role and role.permissions_boundary_arn else None


def managed_policy(arn: str) -> PolicyText | None:
    """Return the default version of a managed policy."""
    policy = _iam(arn).managed_policies.get(arn)
    return _policy_text(policy) if policy else None


def _policy_text(policy: Any) -> PolicyText:
    version = next(one for one in policy.versions if one.version_id == policy.default_version_id)
    return policy.name, policy.arn, version.document


def user_of_arn(arn: str) -> Any | None:
    """Moto's user of this ARN, or None."""
    return next((user for user in _iam(arn).users.values() if user.arn == arn), None)


def group_of_name(account: str, name: str) -> Any | None:
    """Moto's group of this name, or None."""
    return backend("iam", account=account).groups.get(name)


def _iam(arn: str) -> Any:
    """IAM of the account in an ARN."""
    account = arn.split(":")[4] if arn.count(":") >= 5 else ""
    return moto.backends.get_backend("iam")[account if account.isdigit() else DEFAULT_ACCOUNT_ID]["aws"]


def service_control_policies(account: str) -> list[list[PolicyText]] | None:
    """Return the SCPs that bind an account, one list a level from the organization's root down.

    None for an account without organization, for the management account, and where SCPs are not enabled.
    """
    organizations: Any = moto.backends.get_backend("organizations")
    management, partition = organizations.master_accounts.get(account, (account, "aws"))
    if management == account:
        return None
    state = organizations[management][partition]
    root = next(unit for unit in state.ou if unit.id == state.org.root_id)
    if not any(one["Type"] == "SERVICE_CONTROL_POLICY" for one in root.policy_types):
        return None
    levels = [next(one for one in state.accounts if one.id == account)]
    while levels[0].id != root.id:
        levels.insert(0, next(unit for unit in state.ou if unit.id == levels[0].parent_id))
    return [
        [(scp.name, scp.arn, scp.content) for scp in level.attached_policies if scp.type == "SERVICE_CONTROL_POLICY"]
        for level in levels
    ]


def organization_id(account: str) -> str | None:
    """Return the id of the organization that an account belongs to."""
    organizations: Any = moto.backends.get_backend("organizations")
    management, partition = organizations.master_accounts.get(account, (account, "aws"))
    org = organizations[management][partition].org
    return org.id if org else None


def arn_with_path(arn: str) -> str:
    """Return the ARN of an existing user, role or group with its path; any other ARN as it is."""
    kind, _, name = arn.split(":", 5)[-1].partition("/")
    holders = {"user": "users", "role": "roles", "group": "groups"}
    known = getattr(_iam(arn), holders[kind]).values() if kind in holders else ()
    return next((str(one.arn) for one in known if one.name == name), arn)


def principal_exists(arn: str) -> bool:
    """Whether a user or role is there; of accounts outside this cloud it says yes."""
    account = arn.split(":")[4]
    if account not in moto.backends.get_backend("iam"):
        return True
    return (user_of_arn(arn) or role_of_arn(arn)) is not None


def put_role_policy(account: str, role: str, name: str, text: str) -> None:
    """Give a role of any account an inline policy."""
    moto.backends.get_backend("iam")[account]["aws"].put_role_policy(role, name, text)


# The AWS managed policies that exist offline; moto would read all 1,500 at every start, in seconds.
