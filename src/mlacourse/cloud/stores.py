"""DynamoDB, Secrets Manager, Parameter Store: refuse what moto would keep without doing anything about it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mlacourse.cloud.call import AwsError, Call
from mlacourse.cloud.fidelity import not_built
from mlacourse.cloud.handlers import handles

if TYPE_CHECKING:
    from mlacourse.cloud.session import Cloud


@handles("dynamodb", "CreateTable")
def create_table(cloud: Cloud, call: Call) -> dict[str, Any]:
    """Return a table without a stream, since nobody could read it; moto takes names that are too short for AWS."""
    if len(call.params["TableName"]) < 3:
        text = "TableName must be at least 3 characters long and at most 255 characters long"
        raise AwsError("ValidationException", text, 400)
    if call.params.get("StreamSpecification", {}).get("StreamEnabled"):
        raise not_built(call, "with StreamSpecification", "Scan or query the table.")
    answer = cloud.forward(call)
    # AWS answers 0 here, which its own service model forbids.
    answer["TableDescription"]["ProvisionedThroughput"].pop("NumberOfDecreasesToday")
    return answer


@handles("secretsmanager", "CreateSecret", "UpdateSecret")
def create_or_update_secret(cloud: Cloud, call: Call) -> dict[str, Any]:
    """Return a secret under the managed key: neither state nor policy of another key would be asked."""
    if call.params.get("KmsKeyId"):
        raise not_built(call, "with KmsKeyId", "Leave it out: AWS takes the managed key aws/secretsmanager.")
    return cloud.forward(call)


@handles("ssm", "PutParameter")
def put_parameter(cloud: Cloud, call: Call) -> dict[str, Any]:
    """Return a version of a parameter under the managed key, that stays until it is deleted."""
    if call.params.get("KeyId"):
        raise not_built(call, "with KeyId", "Leave it out: AWS takes the managed key aws/ssm.")
    if call.params.get("Policies"):
        raise not_built(call, "with Policies", "Delete the parameter when it is out of date.")
    return cloud.forward(call)
