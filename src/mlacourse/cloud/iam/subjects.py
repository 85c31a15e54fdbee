"""Principals by their ARN: whom a simulation or an explanation is about."""

from mlacourse.cloud import moto_parts
from mlacourse.cloud.call import Principal


def principal_of(arn: str) -> Principal | None:
    """Return the principal of a user's, role's or session's ARN, or of an account's root; ``None`` for other ARNs.

    A role acts through a session: its ARN stands for one that is called ``session``.
    """
    parts = arn.split(":", 5)
    if len(parts) < 6:
        return None
    account = parts[4]
    kind, _, name = parts[5].partition("/")
    if kind == "root":
        return Principal(arn, "root", account, user_id=account)
    if kind == "user":
        user = moto_parts.user_of_arn(arn)
        return Principal(arn, "user", account, user.id if user else "", tags=moto_parts.tags_of(account, arn))
    if kind == "role":
        short = name.rsplit("/", 1)[-1]
        return _session(arn, f"arn:aws:sts::{account}:assumed-role/{short}/session", account)
    if kind == "assumed-role":
        role = moto_parts.arn_with_path(f"arn:aws:iam::{account}:role/{name.split('/')[0]}")
        return _session(role, arn, account)
    return None


def _session(role_arn: str, arn: str, account: str) -> Principal:
    role = moto_parts.role_of_arn(role_arn)
    return Principal(
        arn,
        "assumed-role",
        account,
        user_id=f"{role.id if role else ''}:{arn.rsplit('/', 1)[-1]}",
        role_arn=role_arn,
        tags=moto_parts.tags_of(account, role_arn),
    )
