"""CloudTrail: every call as an event in its documented form, the denied ones too, and LookupEvents over them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from mlacourse.cloud import moto_parts
from mlacourse.cloud.call import AwsError, Call, Principal
from mlacourse.cloud.handlers import handles

if TYPE_CHECKING:
    from mlacourse.cloud.session import Cloud

Event = dict[str, Any]

# Calls about the content of a resource. CloudTrail keeps them only for a trail that asks for data events, so that
# LookupEvents does not find them.
DATA_EVENTS = {
    "s3": ("Object", "Part", "MultipartUpload"),
    "dynamodb": ("Item", "Query", "Scan", "ExecuteStatement"),
    "dynamodbstreams": ("GetRecords", "GetShardIterator"),
    "kinesis": ("PutRecord", "GetRecords", "GetShardIterator", "SubscribeToShard"),
    "lambda": ("Invoke",),
    "logs": ("PutLogEvents", "GetLogEvents", "FilterLogEvents"),
    "cloudwatch": ("PutMetricData", "GetMetricData", "GetMetricStatistics"),
    "sns": ("Publish",),
    "sqs": ("Message",),
    "sagemaker-runtime": ("Invoke",),
    "sagemaker-featurestore-runtime": ("Record",),
    "sagemaker-metrics": ("Metrics",),
}
READS = (
    *("AssumeRole", "BatchGet", "Decrypt", "Describe", "Encrypt", "Filter", "GenerateDataKey", "Get", "Head", "List"),
    *("Lookup", "Query", "Scan", "Search", "Select", "Sign", "Simulate", "Verify"),
)

# Which parameter names a resource, and CloudFormation's name for its type.
RESOURCES = {
    "s3": {"Bucket": "AWS::S3::Bucket"},
    "iam": {
        "RoleName": "AWS::IAM::Role",
        "UserName": "AWS::IAM::User",
        "GroupName": "AWS::IAM::Group",
        "PolicyArn": "AWS::IAM::Policy",
        "PolicyName": "AWS::IAM::Policy",
        "InstanceProfileName": "AWS::IAM::InstanceProfile",
    },
    "sts": {"RoleArn": "AWS::IAM::Role"},
    "kms": {"KeyId": "AWS::KMS::Key"},
    "sagemaker": {
        "TrainingJobName": "AWS::SageMaker::TrainingJob",
        "ProcessingJobName": "AWS::SageMaker::ProcessingJob",
        "ModelName": "AWS::SageMaker::Model",
        "EndpointConfigName": "AWS::SageMaker::EndpointConfig",
        "EndpointName": "AWS::SageMaker::Endpoint",
        "FeatureGroupName": "AWS::SageMaker::FeatureGroup",
        "ModelPackageGroupName": "AWS::SageMaker::ModelPackageGroup",
        "ModelPackageArn": "AWS::SageMaker::ModelPackage",
        "ModelCardName": "AWS::SageMaker::ModelCard",
    },
    "sns": {"TopicArn": "AWS::SNS::Topic", "Name": "AWS::SNS::Topic"},
    "sqs": {"QueueUrl": "AWS::SQS::Queue", "QueueName": "AWS::SQS::Queue"},
    "dynamodb": {"TableName": "AWS::DynamoDB::Table"},
    "kinesis": {"StreamName": "AWS::Kinesis::Stream"},
    "secretsmanager": {"SecretId": "AWS::SecretsManager::Secret", "Name": "AWS::SecretsManager::Secret"},
    "ecr": {"repositoryName": "AWS::ECR::Repository"},
    "logs": {"logGroupName": "AWS::Logs::LogGroup"},
    "events": {"Name": "AWS::Events::Rule", "Rule": "AWS::Events::Rule"},
    "cloudwatch": {"AlarmName": "AWS::CloudWatch::Alarm"},
}
HIDDEN = "HIDDEN_DUE_TO_SECURITY_REASONS"
KEPT = timedelta(days=90)
PAGE = 50


@dataclass(frozen=True)
class Entry:
    """An event, and the resources that LookupEvents finds it by: their types and names."""

    event: Event
    resources: tuple[tuple[str, str], ...]


class Trail:
    """The events so far, oldest first, management and data events alike."""

    def __init__(self) -> None:
        self.entries: list[Entry] = []

    @property
    def events(self) -> list[Event]:
        """The records, as a trail with data events would deliver them."""
        return [entry.event for entry in self.entries]

    @property
    def changes(self) -> int:
        """How many calls so far changed something, or tried to."""
        return sum(not entry.event["readOnly"] for entry in self.entries)

    def record(self, call: Call, answer: dict[str, Any] | None, error: AwsError | None) -> None:
        """Write down what was asked and how it ended."""
        named = RESOURCES.get(call.service, {})
        resources = tuple((kind, str(call.params[name])) for name, kind in named.items() if call.params.get(name))
        self.entries.append(Entry(event_of(call, answer, error), resources))


def event_of(call: Call, answer: dict[str, Any] | None, error: AwsError | None) -> Event:
    """Return a call as a CloudTrail record."""
    model = moto_parts.service_model(call.service).operation_model(call.operation)
    read_only = call.operation.startswith(READS)
    management = not any(word in call.operation for word in DATA_EVENTS.get(call.service, ()))
    written = answer is not None and not read_only and management
    digits = f"{call.random.getrandbits(128):032x}"
    event: Event = {
        "eventVersion": "1.11",
        "userIdentity": _identity(call.principal),
        "eventTime": f"{call.time:%Y-%m-%dT%H:%M:%SZ}",
        "eventSource": f"{model.service_model.signing_name}.amazonaws.com",
        "eventName": call.operation,
        "awsRegion": call.region,
        "sourceIPAddress": call.request.source_ip,
        "userAgent": call.request.headers.get("User-Agent", ""),
        "requestParameters": _shown(call.params, model.input_shape, call.service) or None,
        "responseElements": (_shown(answer or {}, model.output_shape, call.service) or None) if written else None,
        "requestID": call.id,
        "eventID": "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:])),
        "readOnly": read_only,
        "eventType": "AwsApiCall",
        "managementEvent": management,
        "recipientAccountId": call.account,
        "eventCategory": "Management" if management else "Data",
    }
    if error is not None:
        event["errorCode"] = f"Client.{error.code}" if call.service == "ec2" else error.code
        event["errorMessage"] = error.message
    if call.request.vpc_endpoint:
        event["vpcEndpointId"] = call.request.vpc_endpoint
    return event


def _identity(who: Principal) -> dict[str, Any]:
    if who.kind == "anonymous":
        return {"type": "AWSAccount", "principalId": "", "accountId": "anonymous"}
    identity: dict[str, Any] = {
        "type": {"user": "IAMUser", "assumed-role": "AssumedRole", "root": "Root"}.get(who.kind, "FederatedUser"),
        "principalId": who.user_id,
        "arn": who.arn,
        "accountId": who.account,
        "accessKeyId": who.access_key,
    }
    if who.kind == "user":
        identity["userName"] = who.name
    if who.role_arn is not None:
        identity["sessionContext"] = {
            "sessionIssuer": {
                "type": "Role",
                "principalId": who.user_id.split(":")[0],
                "arn": who.role_arn,
                "accountId": who.account,
                "userName": who.role_arn.rsplit("/", 1)[-1],
            },
            "attributes": {
                "creationDate": f"{who.issued:%Y-%m-%dT%H:%M:%SZ}" if who.issued else "",
                "mfaAuthenticated": "false",
            },
            **({"sourceIdentity": who.source_identity} if who.source_identity else {}),
        }
    return identity


def _shown(value: Any, shape: Any, service: str) -> Any:
    """Parameters as events write them: first letters small, secrets hidden, no bodies."""
    if shape is None:
        return None
    if shape.metadata.get("sensitive"):
        return HIDDEN
    if shape.type_name == "structure" and isinstance(value, dict):
        members = {name: item for name, item in value.items() if name in shape.members}
        return {
            _name(service, name): _shown(item, shape.members[name], service)
            for name, item in members.items()
            if shape.members[name].type_name != "blob"
        }
    if shape.type_name == "list":
        return [_shown(item, shape.member, service) for item in value]
    if isinstance(value, datetime):
        return f"{value:%b %-d, %Y, %-I:%M:%S %p}"
    return value


def _name(service: str, name: str) -> str:
    if service == "s3" and name == "Bucket":
        return "bucketName"
    return name[0].lower() + name[1:]


# --- LookupEvents ---------------------------------------------------------------------------------------------


@handles("cloudtrail", "LookupEvents")
def lookup_events(cloud: Cloud, call: Call) -> dict[str, Any]:
    """Return the management events of the last 90 days, newest first, by one attribute and a time range."""
    attributes = call.params.get("LookupAttributes", [])
    if len(attributes) > 1:
        raise AwsError("InvalidLookupAttributesException", "You can specify only one lookup attribute.")
    size = call.params.get("MaxResults", PAGE)
    if not 1 <= size <= PAGE:
        raise AwsError("InvalidMaxResultsException", f"A value between 1 and {PAGE} is required for MaxResults.")
    start, end = _range(call)
    found = [
        summary
        for entry in reversed(cloud.trail.entries)
        if entry.event["managementEvent"] and entry.event["awsRegion"] == call.region
        if start <= (summary := _summary(entry))["EventTime"] <= end
        if all(_matches(summary, one["AttributeKey"], one["AttributeValue"]) for one in attributes)
    ]
    if token := call.params.get("NextToken"):
        last = next((number for number, summary in enumerate(found) if summary["EventId"] == token), None)
        if last is None:
            raise AwsError("InvalidNextTokenException", "The token is invalid or was used with other parameters.")
        found = found[last + 1 :]
    page = found[:size]
    more = {"NextToken": page[-1]["EventId"]} if len(found) > size else {}
    return {"Events": page, **more}


def _range(call: Call) -> tuple[datetime, datetime]:
    oldest = call.time - KEPT
    start = max(call.params.get("StartTime", oldest), oldest)
    end = call.params.get("EndTime", call.time)
    if call.params.get("StartTime", start) > end:
        raise AwsError("InvalidTimeRangeException", "The start time must be before the end time.")
    return start, end


def _matches(summary: Mapping[str, Any], key: str, value: str) -> bool:
    if key in ("ResourceName", "ResourceType"):
        return any(resource[key] == value for resource in summary["Resources"])
    return str(summary[key]) == value


def _summary(entry: Entry) -> dict[str, Any]:
    event = entry.event
    identity: Mapping[str, Any] = event["userIdentity"]
    return {
        "EventId": event["eventID"],
        "EventName": event["eventName"],
        "ReadOnly": str(event["readOnly"]).lower(),
        "AccessKeyId": identity.get("accessKeyId") or "",
        "EventTime": datetime.strptime(event["eventTime"], "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC),
        "EventSource": event["eventSource"],
        "Username": identity.get("userName") or identity.get("arn", "").rsplit("/", 1)[-1],
        "Resources": [{"ResourceType": kind, "ResourceName": name} for kind, name in entry.resources],
        "CloudTrailEvent": json.dumps(event),
    }
