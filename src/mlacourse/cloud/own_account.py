"""`MLACOURSE_CLOUD=aws`: the learner's own account, with a question before anything that costs money."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Any

import boto3
import botocore.handlers

from mlacourse.cloud.made import Register

MADE = Path.home() / ".mlacourse" / "made_on_aws.jsonl"

BY_THE_SECOND = "instances are billed by the second until it ends"
UNTIL_DELETED = "it is billed by time until you delete it"
RECORDS = "records are billed by size, beside the shards"
COSTS = {
    ("sagemaker", "CreateTrainingJob"): BY_THE_SECOND,
    ("sagemaker", "CreateProcessingJob"): BY_THE_SECOND,
    ("sagemaker", "CreateTransformJob"): BY_THE_SECOND,
    ("sagemaker", "CreateHyperParameterTuningJob"): BY_THE_SECOND,
    ("sagemaker", "CreateEndpoint"): UNTIL_DELETED,
    ("sagemaker", "UpdateEndpoint"): "the new instances are billed by time until you delete the endpoint",
    ("sagemaker", "CreateFeatureGroup"): "what is written to it, read and kept is billed until you delete it",
    ("sagemaker-featurestore-runtime", "PutRecord"): "every record that is written is billed",
    ("kinesis", "CreateStream"): "each shard is billed by the hour until you delete the stream",
    ("kinesis", "SplitShard"): "each shard is billed by the hour until you delete the stream",
    ("kinesis", "UpdateShardCount"): "each shard is billed by the hour until you delete the stream",
    ("kinesis", "PutRecord"): RECORDS,
    ("kinesis", "PutRecords"): RECORDS,
    ("glue", "StartDataQualityRulesetEvaluationRun"): "its workers are billed by the second until it ends",
    ("kms", "CreateKey"): UNTIL_DELETED,
    ("secretsmanager", "CreateSecret"): UNTIL_DELETED,
    ("cloudwatch", "PutMetricAlarm"): UNTIL_DELETED,
    ("ec2", "RunInstances"): UNTIL_DELETED,
    ("ec2", "CreateNatGateway"): UNTIL_DELETED,
    ("ec2", "CreateVpcEndpoint"): "an interface endpoint is billed by time until you delete it",
}
# Free, or priced by thousands of requests so that a lab stays below a cent.
CHEAP = ("cloudtrail", "ecr", "events", "iam", "logs", "organizations", "s3", "sns", "sqs", "ssm", "sts")
CHEAP_VERBS = (
    *("Abort", "Add", "Attach", "BatchGet", "Cancel", "Decrypt", "Delete", "Deregister", "Describe", "Detach"),
    *("Encrypt", "GenerateDataKey", "Get", "Head", "InvokeEndpoint", "List", "Lookup", "Query", "Remove", "Scan"),
    *("Schedule", "Search", "Simulate", "Stop", "Tag", "Untag"),
)
# The pieces that an endpoint is described with cost nothing by themselves.
CHEAP_OPERATIONS = {
    *(("sagemaker", "CreateModel"), ("sagemaker", "CreateEndpointConfig"), ("kms", "CreateAlias")),
    *(("glue", name) for name in ("CreateDatabase", "CreateTable", "CreateDataQualityRuleset")),
    *(("glue", "UpdateDataQualityRuleset"), ("kms", "DisableKey"), ("kms", "EnableKey")),
}


class NotAgreedError(Exception):
    """The learner said no to a call; nothing was sent."""


def cost_of(service: str, operation: str) -> str | None:
    """Why a call costs money, or None for one that does not.

    >>> cost_of("sagemaker", "CreateEndpoint")
    'it is billed by time until you delete it'
    >>> cost_of("s3", "PutObject") is None
    True
    >>> cost_of("redshift", "CreateCluster")
    'it may cost money'
    """
    if (service, operation) in COSTS:
        return COSTS[service, operation]
    cheap = service in CHEAP or operation.startswith(CHEAP_VERBS) or (service, operation) in CHEAP_OPERATIONS
    return None if cheap else "it may cost money"


class OwnAccount:
    """boto3 as it is, except that costly calls ask first and that what is made is written down."""

    def __init__(self, ask: Callable[[str], str], made: Path) -> None:
        self._ask = ask
        self._agreed: set[tuple[str, str]] = set()
        self._undo: list[Callable[[], None]] = []
        self.made = Register(made)

    def start(self) -> OwnAccount:
        """Hear the clients that are made from now on."""
        if not self._undo:
            hook = ("before-call", self._before_call)
            botocore.handlers.BUILTIN_HANDLERS.append(hook)
            self._undo = [self.made.listen(), lambda: botocore.handlers.BUILTIN_HANDLERS.remove(hook)]
            boto3.DEFAULT_SESSION = None
        return self

    def stop(self) -> None:
        """Leave boto3 alone again; what was made stays, and stays written down."""
        while self._undo:
            self._undo.pop()()
        boto3.DEFAULT_SESSION = None

    def __enter__(self) -> OwnAccount:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def agreed(self, question: str) -> bool:
        """Ask the learner; anything but yes is no."""
        return self._ask(f"{question} [y/N] ").strip().lower() in ("y", "yes")

    def _before_call(self, model: Any, **_: Any) -> None:
        call = (model.service_model.service_name, model.name)
        why = cost_of(*call)
        if why is None or call in self._agreed:
            return
        if not self.agreed(f"{call[0]}:{call[1]} in your own AWS account: {why}. Go on?"):
            raise NotAgreedError(
                f"You said no to {call[0]}:{call[1]}, so nothing was sent. Unset MLACOURSE_CLOUD to work offline."
            )
        self._agreed.add(call)
