"""What the offline cloud does and how truly: one table that refuses calls and writes the reference page."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

import yaml

from mlacourse.cloud.call import AwsError, Call

Level = Literal["behaves", "simplified", "missing"]
REFUSED = "NotBuiltOffline"
TITLES = {
    "cloudtrail": "AWS CloudTrail",
    "cloudwatch": "Amazon CloudWatch",
    "dynamodb": "Amazon DynamoDB",
    "ec2": "Amazon VPC (EC2)",
    "ecr": "Amazon ECR",
    "events": "Amazon EventBridge",
    "glue": "AWS Glue",
    "iam": "AWS IAM",
    "kinesis": "Amazon Kinesis Data Streams",
    "kms": "AWS KMS",
    "logs": "Amazon CloudWatch Logs",
    "organizations": "AWS Organizations",
    "s3": "Amazon S3",
    "sagemaker": "Amazon SageMaker AI",
    "sagemaker-featurestore-runtime": "Amazon SageMaker AI: Feature Store",
    "sagemaker-runtime": "Amazon SageMaker AI: endpoints",
    "secretsmanager": "AWS Secrets Manager",
    "sns": "Amazon SNS",
    "sqs": "Amazon SQS",
    "ssm": "AWS Systems Manager: Parameter Store",
    "sts": "AWS STS",
}
FOLDER = Path(__file__).parent / "tables"


@dataclass(frozen=True)
class Row:
    """Operations of one service that are alike in what they do offline."""

    service: str
    operations: tuple[str, ...]
    level: Level
    faithful: str = ""
    simplified: str = ""
    instead: str = ""


def services() -> list[str]:
    """Return the services that have a table, by boto3's names."""
    return sorted(path.stem for path in FOLDER.glob("*.yml"))


@cache
def rows(service: str) -> tuple[Row, ...]:
    """Return the table of one service, empty for a service without one.

    Raises ``ValueError`` naming the file and the row that cannot be read.
    """
    path = FOLDER / f"{service}.yml"
    if not path.is_file():
        return ()
    content = yaml.load(path.read_text(encoding="utf-8"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    return tuple(_row(path, service, number, row) for number, row in enumerate(content, 1))


def _row(path: Path, service: str, number: int, row: dict[str, Any]) -> Row:
    try:
        found = Row(service=service, **{**row, "operations": tuple(row["operations"])})
    except (TypeError, KeyError) as error:
        raise ValueError(
            f"{path.name}, row {number}: {error}. A row has operations and level, and faithful, simplified or instead."
        ) from error
    if found.level not in ("behaves", "simplified", "missing"):
        raise ValueError(f"{path.name}, row {number}: level {found.level!r}. Write behaves, simplified or missing.")
    if found.level == "simplified" and not found.simplified:
        raise ValueError(f"{path.name}, row {number}: say under 'simplified' what is simplified.")
    return found


@cache
def row_of(service: str, operation: str) -> Row | None:
    """Return the row of an operation, or None where nothing is said about it."""
    return next((row for row in rows(service) if operation in row.operations), None)


def not_built(call: Call, part: str, instead: str) -> AwsError:
    """Return the refusal of a part of an operation that otherwise works."""
    return AwsError(REFUSED, f"{call.name} {part} is not built in the offline cloud, so it is refused. {instead}", 501)


def refusal(service: str, operation: str) -> str | None:
    """Why an operation is refused offline and what to do instead, or None for one that works."""
    row = row_of(service, operation)
    if row is not None and row.level != "missing":
        return None
    instead = f" {row.instead}" if row is not None and row.instead else ""
    return (
        f"{service}:{operation} is not built in the offline cloud, so it is refused rather than answered wrongly."
        f"{instead} The page 'Offline AWS' of the reference lists what works."
    )
