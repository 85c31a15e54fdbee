"""The AWS managed policies that labs attach, cut out of moto's text."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

from moto.iam.aws_managed_policies import aws_managed_policies_data
from moto.iam.models import AWSManagedPolicy, IAMBackend

# The AWS managed policies that exist offline; moto would read all 1,500 at every start, in seconds.
AWS_MANAGED_POLICIES = (
    "AWSDenyAll",
    "AWSGlueServiceRole",
    "AWSKeyManagementServicePowerUser",
    "AWSLambdaBasicExecutionRole",
    "AdministratorAccess",
    "AmazonAthenaFullAccess",
    "AmazonDynamoDBFullAccess",
    "AmazonEC2ContainerRegistryReadOnly",
    "AmazonKinesisFullAccess",
    "AmazonS3FullAccess",
    "AmazonS3ReadOnlyAccess",
    "AmazonSNSFullAccess",
    "AmazonSQSFullAccess",
    "AmazonSageMakerFeatureStoreAccess",
    "AmazonSageMakerFullAccess",
    "AmazonSageMakerReadOnly",
    "CloudWatchFullAccess",
    "CloudWatchLogsFullAccess",
    "CloudWatchReadOnlyAccess",
    "IAMFullAccess",
    "IAMReadOnlyAccess",
    "PowerUserAccess",
    "SecretsManagerReadWrite",
)


def offer_aws_managed_policies() -> None:
    """Let every account have the policies above, as AWS writes them."""

    def policies(self: IAMBackend) -> list[Any]:
        return [
            AWSManagedPolicy.from_data(name, self.account_id, self.region_name, content)
            for name, content in _aws_managed_policies().items()
        ]

    IAMBackend._init_aws_policies = policies  # type: ignore[method-assign]


@cache
def _aws_managed_policies() -> dict[str, Any]:
    """Cut the policies out of moto's text, in which each begins and ends at an indentation of one."""
    text = aws_managed_policies_data
    found = {}
    for name in AWS_MANAGED_POLICIES:
        start = text.index(f'\n "{name}":') + len(f'\n "{name}":')
        found[name] = json.loads(text[start : text.index("\n }", start) + 3])
    return found
