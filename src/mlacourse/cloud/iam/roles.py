"""Roles as AWS makes them: a trust policy is checked, and a new account's own role may administer it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mlacourse.cloud import moto_parts
from mlacourse.cloud.call import AwsError, Call
from mlacourse.cloud.handlers import handles
from mlacourse.cloud.iam.validation import validate_trust_policy
from mlacourse.cloud.keys import ADMINISTRATOR_POLICY

if TYPE_CHECKING:
    from mlacourse.cloud.session import Cloud


@handles("iam", "CreateRole", "UpdateAssumeRolePolicy")
def with_checked_trust_policy(cloud: Cloud, call: Call) -> dict[str, Any]:
    """Store a role's trust policy, unless it is malformed or names a principal that does not exist."""
    text = call.params.get("AssumeRolePolicyDocument") or call.params.get("PolicyDocument", "")
    if problem := validate_trust_policy(text, moto_parts.principal_exists):
        raise AwsError("MalformedPolicyDocument", problem, 400)
    return cloud.forward(call)


@handles("organizations", "CreateAccount")
def create_account(cloud: Cloud, call: Call) -> dict[str, Any]:
    """Make a member account; the role through which the management account enters it gets its permissions."""
    answer = cloud.forward(call)
    account = answer["CreateAccountStatus"]["AccountId"]
    role = call.params.get("RoleName", "OrganizationAccountAccessRole")
    moto_parts.put_role_policy(account, role, "AdministratorAccess", ADMINISTRATOR_POLICY)
    return answer
