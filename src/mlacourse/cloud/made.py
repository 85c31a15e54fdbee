"""What a lab made, written down as it is made, so that it can be listed and deleted."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import boto3
import botocore.handlers
from botocore.exceptions import ClientError

Answer = dict[str, Any]


@dataclass(frozen=True)
class Made:
    """One thing that a call made: which service deletes it, and the name or ARN to do it by."""

    service: str
    kind: str
    name: str
    region: str

    def __str__(self) -> str:
        return f"{self.service} {self.kind} {self.name}"


@dataclass(frozen=True)
class Kind:
    """How one kind of thing comes and goes: ``create`` names it in ``key``, ``delete`` takes it as ``by``."""

    create: str
    key: str
    delete: Callable[[Any, str], object]

    @property
    def title(self) -> str:
        """What ``create`` makes, in words."""
        return self.create.removeprefix("Create").removeprefix("Put")


def _by(operation: str, parameter: str, **more: Any) -> Callable[[Any, str], object]:
    return lambda client, name: getattr(client, operation)(**{parameter: name}, **more)


def _empty_and_delete_bucket(client: Any, name: str) -> None:
    for page in client.get_paginator("list_object_versions").paginate(Bucket=name):
        for one in page.get("Versions", []) + page.get("DeleteMarkers", []):
            client.delete_object(Bucket=name, Key=one["Key"], VersionId=one["VersionId"])
    client.delete_bucket(Bucket=name)


def _delete_role(client: Any, name: str) -> None:
    for policy in client.list_attached_role_policies(RoleName=name)["AttachedPolicies"]:
        client.detach_role_policy(RoleName=name, PolicyArn=policy["PolicyArn"])
    for inline in client.list_role_policies(RoleName=name)["PolicyNames"]:
        client.delete_role_policy(RoleName=name, PolicyName=inline)
    client.delete_role(RoleName=name)


def _delete_user(client: Any, name: str) -> None:
    for policy in client.list_attached_user_policies(UserName=name)["AttachedPolicies"]:
        client.detach_user_policy(UserName=name, PolicyArn=policy["PolicyArn"])
    for inline in client.list_user_policies(UserName=name)["PolicyNames"]:
        client.delete_user_policy(UserName=name, PolicyName=inline)
    for key in client.list_access_keys(UserName=name)["AccessKeyMetadata"]:
        client.delete_access_key(UserName=name, AccessKeyId=key["AccessKeyId"])
    client.delete_user(UserName=name)


def _delete_rule(client: Any, name: str) -> None:
    targets = client.list_targets_by_rule(Rule=name)["Targets"]
    if targets:
        client.remove_targets(Rule=name, Ids=[target["Id"] for target in targets])
    client.delete_rule(Name=name)


def _delete_endpoint(client: Any, name: str) -> None:
    try:
        client.delete_endpoint(EndpointName=name)
    except ClientError as error:
        if "in-progress" not in error.response["Error"].get("Message", ""):
            raise
        raise RuntimeError(
            f"The endpoint {name} is on its way to another state, and SageMaker deletes none meanwhile. Offline, an "
            "update ends with the clock: cloud.clock.advance(hours=1). In your own account, wait until "
            "describe_endpoint says InService; it is billed until it is deleted. Then call cloud.cleanup() again."
        ) from error


def _empty_and_delete_group(client: Any, name: str) -> None:
    for page in client.get_paginator("list_model_packages").paginate(ModelPackageGroupName=name):
        for version in page["ModelPackageSummaryList"]:
            client.delete_model_package(ModelPackageName=version["ModelPackageArn"])
    client.delete_model_package_group(ModelPackageGroupName=name)


def _stop_training(client: Any, name: str) -> None:
    if client.describe_training_job(TrainingJobName=name)["TrainingJobStatus"] == "InProgress":
        client.stop_training_job(TrainingJobName=name)


def _stop_processing(client: Any, name: str) -> None:
    if client.describe_processing_job(ProcessingJobName=name)["ProcessingJobStatus"] == "InProgress":
        client.stop_processing_job(ProcessingJobName=name)


KINDS: dict[str, tuple[Kind, ...]] = {
    "s3": (Kind("CreateBucket", "Bucket", _empty_and_delete_bucket),),
    "iam": (
        Kind("CreateRole", "RoleName", _delete_role),
        Kind("CreateUser", "UserName", _delete_user),
        Kind("CreatePolicy", "Policy.Arn", _by("delete_policy", "PolicyArn")),
    ),
    "kms": (Kind("CreateKey", "KeyMetadata.KeyId", _by("schedule_key_deletion", "KeyId", PendingWindowInDays=7)),),
    "sagemaker": (
        Kind("CreateEndpoint", "EndpointName", _delete_endpoint),
        Kind("CreateEndpointConfig", "EndpointConfigName", _by("delete_endpoint_config", "EndpointConfigName")),
        Kind("CreateModel", "ModelName", _by("delete_model", "ModelName")),
        Kind("CreateTrainingJob", "TrainingJobName", _stop_training),
        Kind("CreateProcessingJob", "ProcessingJobName", _stop_processing),
        Kind("CreateFeatureGroup", "FeatureGroupName", _by("delete_feature_group", "FeatureGroupName")),
        Kind("CreateModelPackageGroup", "ModelPackageGroupName", _empty_and_delete_group),
        Kind("CreateModelCard", "ModelCardName", _by("delete_model_card", "ModelCardName")),
    ),
    "sqs": (Kind("CreateQueue", "QueueUrl", _by("delete_queue", "QueueUrl")),),
    "sns": (Kind("CreateTopic", "TopicArn", _by("delete_topic", "TopicArn")),),
    "kinesis": (Kind("CreateStream", "StreamName", _by("delete_stream", "StreamName")),),
    "glue": (
        Kind("CreateDataQualityRuleset", "Name", _by("delete_data_quality_ruleset", "Name")),
        Kind("CreateDatabase", "DatabaseInput.Name", _by("delete_database", "Name")),
    ),
    "dynamodb": (Kind("CreateTable", "TableName", _by("delete_table", "TableName")),),
    "logs": (Kind("CreateLogGroup", "logGroupName", _by("delete_log_group", "logGroupName")),),
    "events": (Kind("PutRule", "Name", _delete_rule),),
    "cloudwatch": (Kind("PutMetricAlarm", "AlarmName", lambda client, name: client.delete_alarms(AlarmNames=[name])),),
    "ecr": (Kind("CreateRepository", "repositoryName", _by("delete_repository", "repositoryName", force=True)),),
    "secretsmanager": (Kind("CreateSecret", "ARN", _by("delete_secret", "SecretId", ForceDeleteWithoutRecovery=True)),),
    "ssm": (Kind("PutParameter", "Name", _by("delete_parameter", "Name")),),
}
# What uses something goes before what it uses.
ORDER = (
    *("sagemaker", "events", "cloudwatch", "sns", "sqs", "kinesis", "dynamodb", "ecr", "secretsmanager", "ssm", "logs"),
    *("glue", "s3", "kms", "iam"),
)
GONE = ("404", "NoSuch", "NotFound", "NonExistent", "Could not find", "does not exist")


class Register:
    """What was made through boto3 in this process, kept in a file when one is given."""

    def __init__(self, file: Path | None = None) -> None:
        self._file = file
        self._made: dict[Made, None] = dict.fromkeys(_read(file)) if file is not None and file.exists() else {}

    def __iter__(self) -> Iterator[Made]:
        """Everything, what must be deleted first coming first."""
        newest_first = list(self._made)[::-1]
        return iter(sorted(newest_first, key=lambda made: ORDER.index(made.service)))

    def clear(self) -> None:
        """Forget everything without deleting it."""
        self._made.clear()
        self._write()

    def listen(self) -> Callable[[], None]:
        """Hear every boto3 client that is made from now on; the returned function stops it."""
        hooks = [("before-parameter-build", _keep_params), ("after-call", self._after_call)]
        botocore.handlers.BUILTIN_HANDLERS.extend(hooks)

        def stop() -> None:
            for hook in hooks:
                botocore.handlers.BUILTIN_HANDLERS.remove(hook)

        return stop

    def delete(self, made: Made) -> None:
        """Delete one thing; one that is gone already counts as deleted."""
        kind = next(kind for kind in KINDS[made.service] if kind.title == made.kind)
        try:
            kind.delete(boto3.client(made.service, region_name=made.region), made.name)
        except ClientError as error:
            code, message = error.response["Error"].get("Code", ""), error.response["Error"].get("Message", "")
            if not any(word in f"{code} {message}" for word in GONE):
                raise
        self._made.pop(made, None)
        self._write()

    def _after_call(self, http_response: Any, parsed: Answer, model: Any, context: Answer, **_: Any) -> None:
        service = model.service_model.service_name
        for kind in KINDS.get(service, ()):
            if kind.create == model.name and http_response.status_code < 300:
                name = _pick(parsed, kind.key) or _pick(context.get(_PARAMS, {}), kind.key)
                if name:
                    self._made[Made(service, kind.title, name, context.get("client_region", ""))] = None
                    self._write()

    def _write(self) -> None:
        if self._file is not None:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            self._file.write_text("".join(json.dumps(asdict(made)) + "\n" for made in self._made), encoding="utf-8")


_PARAMS = "mlacourse_params"


def _keep_params(params: Answer, context: Answer, **_: Any) -> None:
    context[_PARAMS] = dict(params)


def _read(file: Path) -> list[Made]:
    return [Made(**json.loads(line)) for line in file.read_text(encoding="utf-8").splitlines()]


def _pick(values: Answer, path: str) -> str | None:
    """Return a value below names joined by dots.

    >>> _pick({"Policy": {"Arn": "arn:aws:iam::1:policy/p"}}, "Policy.Arn")
    'arn:aws:iam::1:policy/p'
    """
    found: Any = values
    for name in path.split("."):
        found = found.get(name) if isinstance(found, dict) else None
    return str(found) if found else None
