"""The execution role of a job or a model: assumed, and used for everything that happens in its name."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from mlacourse.cloud import moto_parts
from mlacourse.cloud.call import Principal
from mlacourse.cloud.iam.context import Context
from mlacourse.cloud.iam.evaluate import AccessRequest, Policies, evaluate
from mlacourse.cloud.iam.policy import parse
from mlacourse.cloud.keys import TemporaryKeys
from mlacourse.cloud.sagemaker.state import invalid

if TYPE_CHECKING:
    from mlacourse.cloud.session import Cloud

SERVICE = "sagemaker.amazonaws.com"
SESSION = "SageMaker"
# Nothing listens there: what a network-isolated container finds instead of AWS.
NOWHERE = "http://127.0.0.1:1"


@dataclass(frozen=True)
class Role:
    """A role that SageMaker has assumed; its clients go through the same door as the learner's, as this role."""

    cloud: Cloud
    arn: str
    keys: TemporaryKeys
    _clients: dict[str, tuple[datetime | None, Any]] = field(default_factory=dict, repr=False, compare=False)

    @property
    def s3(self) -> Any:
        """A client for S3."""
        return self._client("s3")

    @property
    def ecr(self) -> Any:
        """A client for ECR."""
        return self._client("ecr")

    @property
    def logs(self) -> Any:
        """A client for CloudWatch Logs."""
        return self._client("logs")

    @property
    def cloudwatch(self) -> Any:
        """A client for CloudWatch."""
        return self._client("cloudwatch")

    def _client(self, service: str) -> Any:
        """Return a client whose keys are valid now: an endpoint outlives the first ones."""
        expires, client = self._clients.get(service, (None, None))
        if client is None or self._past(expires):
            spent = self._past(self.keys.principal.expires)
            keys = self.cloud.role_keys(self.arn, SESSION, SERVICE) if spent else self.keys
            client = self.cloud.client(service, keys)
            self._clients[service] = (keys.principal.expires, client)
        return client

    def _past(self, moment: datetime | None) -> bool:
        return moment is not None and self.cloud.clock.now() >= moment

    def environment(self, *, isolated: bool = False) -> dict[str, str]:
        """Return the variables that give a child process this role's keys, or lead it nowhere if it is isolated."""
        variables = self.cloud.environment(self.keys)
        if not isolated:
            return variables
        secret = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN")
        kept = {name: value for name, value in variables.items() if name not in secret}
        return {**kept, "AWS_ENDPOINT_URL": NOWHERE}


def assume(cloud: Cloud, arn: str) -> Role:
    """Assume an execution role for SageMaker.

    Raises :class:`AwsError` if there is no such role or it does not trust SageMaker.
    """
    if not _trusts(arn):
        raise invalid(
            f"Could not assume role {arn}. Please ensure that the role exists and allows principal '{SERVICE}' to "
            "assume the role."
        )
    return Role(cloud, arn, cloud.role_keys(arn, SESSION, SERVICE))


def _trusts(arn: str) -> bool:
    """Ask the role's trust policy whether SageMaker may take the role, for work of the role's own account."""
    role = moto_parts.role_of_arn(arn)
    if role is None:
        return False
    account = arn.split(":")[4]
    request = AccessRequest(
        Principal(SERVICE, "service", account),
        "sts:AssumeRole",
        arn,
        Context({"aws:SourceAccount": account, "aws:PrincipalIsAWSService": "true"}),
        resource_policy_required=True,
    )
    return evaluate(request, Policies(resource=(parse(role.assume_role_policy_document, name="trust policy"),))).allowed
