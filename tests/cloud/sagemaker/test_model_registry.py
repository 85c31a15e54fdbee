"""The Model Registry: groups, versions, approval, the event that tells of it, and models made from versions."""

from __future__ import annotations

import json
from typing import Any

import boto3
import pytest
from cloud.aws import error_of
from cloud.sagemaker.account import (
    BUCKET,
    ECHO,
    SCIKIT_LEARN,
    archive,
    client,
    config,
    in_service,
    invoked,
    policy,
    put,
    role,
    variant,
)

from mlacourse.cloud.made import Made
from mlacourse.cloud.session import Cloud

HERE = "arn:aws:sagemaker:us-east-1:123456789012"
DATA = f"s3://{BUCKET}/models/delays.tar.gz"


@pytest.fixture(autouse=True)
def _shelf(sagemaker: Any) -> None:
    sagemaker.create_model_package_group(ModelPackageGroupName="delays", ModelPackageGroupDescription="late flights")


def registered(name: str = "first", **changed: Any) -> str:
    """Register a version and return its ARN."""
    container = {"Image": SCIKIT_LEARN, "ModelDataUrl": DATA, "Environment": {"NAME": name}}
    request = {
        "ModelPackageGroupName": "delays",
        "InferenceSpecification": {
            "Containers": [container],
            "SupportedContentTypes": ["text/csv"],
            "SupportedResponseMIMETypes": ["text/csv"],
        },
        **changed,
    }
    arn: str = client("sagemaker").create_model_package(**request)["ModelPackageArn"]
    return arn


def approve(arn: str, status: str = "Approved", **more: Any) -> None:
    client("sagemaker").update_model_package(ModelPackageArn=arn, ModelApprovalStatus=status, **more)


def model_of(arn: str, name: str = "m", **container: Any) -> None:
    client("sagemaker").create_model(
        ModelName=name,
        ExecutionRoleArn="arn:aws:iam::123456789012:role/Worker",
        PrimaryContainer={"ModelPackageName": arn, **container},
    )


def versions(**filters: Any) -> list[int]:
    found = client("sagemaker").list_model_packages(**{"ModelPackageGroupName": "delays", **filters})
    return [one["ModelPackageVersion"] for one in found["ModelPackageSummaryList"]]


# --- groups and versions --------------------------------------------------------------------------------------


def test_versions_are_numbered_in_their_group_and_a_number_is_not_given_twice(sagemaker: Any) -> None:
    sagemaker.create_model_package_group(ModelPackageGroupName="prices")
    assert registered() == f"{HERE}:model-package/delays/1"
    second = registered()
    assert registered(ModelPackageGroupName="prices") == f"{HERE}:model-package/prices/1"
    sagemaker.delete_model_package(ModelPackageName=second)
    assert registered(ModelPackageGroupName=f"{HERE}:model-package-group/delays") == f"{HERE}:model-package/delays/3"
    assert versions() == [1, 3]


def test_a_version_waits_for_approval_and_tells_who_made_and_who_changed_it(sagemaker: Any) -> None:
    arn = registered(
        CustomerMetadataProperties={"run": "deep"},
        MetadataProperties={"CommitId": "abc"},
        ModelMetrics={"ModelQuality": {"Statistics": {"ContentType": "application/json", "S3Uri": "s3://b/k"}}},
    )
    told = sagemaker.describe_model_package(ModelPackageName="delays/1")
    assert told["ModelApprovalStatus"] == "PendingManualApproval"
    assert (told["ModelPackageArn"], told["ModelPackageVersion"], told["ModelPackageStatus"]) == (arn, 1, "Completed")
    assert told["CustomerMetadataProperties"] == {"run": "deep"}
    assert told["MetadataProperties"] == {"CommitId": "abc"}
    assert told["ModelMetrics"]["ModelQuality"]["Statistics"]["S3Uri"] == "s3://b/k"
    assert "LastModifiedBy" not in told
    approve(arn, ApprovalDescription="AUC 0.70", CustomerMetadataProperties={"by": "ana"})
    told = sagemaker.describe_model_package(ModelPackageName=arn)
    assert (told["ModelApprovalStatus"], told["ApprovalDescription"]) == ("Approved", "AUC 0.70")
    assert told["LastModifiedBy"]["IamIdentity"]["Arn"] == "arn:aws:iam::123456789012:user/administrator"
    assert told["CustomerMetadataProperties"] == {"run": "deep", "by": "ana"}


def test_metadata_of_a_version_is_removed_by_key(sagemaker: Any) -> None:
    arn = registered(CustomerMetadataProperties={"run": "deep"})
    sagemaker.update_model_package(ModelPackageArn=arn, CustomerMetadataPropertiesToRemove=["run"])
    assert "CustomerMetadataProperties" not in sagemaker.describe_model_package(ModelPackageName=arn)


def test_versions_are_listed_by_approval_and_order(sagemaker: Any) -> None:
    first, second, _ = registered(), registered(), registered()
    for arn in (first, second):
        approve(arn)
    assert versions(ModelApprovalStatus="Approved") == [1, 2]
    assert versions(SortBy="CreationTime", SortOrder="Descending") == [3, 2, 1]
    assert versions(MaxResults=2) == [1, 2]
    assert sagemaker.list_model_packages()["ModelPackageSummaryList"] == []
    assert len(sagemaker.list_model_packages(ModelPackageType="Versioned")["ModelPackageSummaryList"]) == 3


def test_a_token_makes_one_version_however_often_it_is_sent(sagemaker: Any) -> None:
    assert registered(ClientToken="once") == registered(ClientToken="once")
    assert versions() == [1]


def test_groups_are_described_listed_tagged_and_deleted_once_they_are_empty(sagemaker: Any) -> None:
    arn = f"{HERE}:model-package-group/delays"
    told = sagemaker.describe_model_package_group(ModelPackageGroupName="delays")
    assert (told["ModelPackageGroupArn"], told["ModelPackageGroupDescription"]) == (arn, "late flights")
    (group,) = sagemaker.list_model_package_groups()["ModelPackageGroupSummaryList"]
    assert group["ModelPackageGroupName"] == "delays"
    sagemaker.add_tags(ResourceArn=arn, Tags=[{"Key": "team", "Value": "ops"}])
    assert sagemaker.list_tags(ResourceArn=arn)["Tags"] == [{"Key": "team", "Value": "ops"}]
    version = registered()
    code, message = error_of(sagemaker.delete_model_package_group, ModelPackageGroupName="delays")
    assert (code, "still contains" in message) == ("ConflictException", True)
    sagemaker.delete_model_package(ModelPackageName=version)
    sagemaker.delete_model_package_group(ModelPackageGroupName="delays")
    code, message = error_of(sagemaker.describe_model_package_group, ModelPackageGroupName="delays")
    assert (code, message) == ("ValidationException", f"ModelPackageGroup {arn} does not exist.")


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"ModelPackageGroupName": "ghost"}, "does not exist"),
        ({"ModelPackageName": "m"}, "Cannot determine which one to use"),
        ({"Tags": [{"Key": "a", "Value": "b"}]}, "Tags cannot be given"),
        ({"SourceUri": "arn:x"}, "SourceUri is not built"),
    ],
)
def test_a_version_that_cannot_be_is_refused(sagemaker: Any, changed: dict[str, Any], message: str) -> None:
    with pytest.raises(sagemaker.exceptions.ClientError, match=message):
        registered(**changed)


def test_what_does_not_exist_is_named(sagemaker: Any) -> None:
    for name in ("delays/7", f"{HERE}:model-package/delays/7"):
        code, message = error_of(sagemaker.describe_model_package, ModelPackageName=name)
        assert (code, message) == ("ValidationException", f"ModelPackage {HERE}:model-package/delays/7 does not exist.")


def test_cleaning_up_takes_versions_with_their_group(cloud: Cloud) -> None:
    registered()
    (group,) = [made for made in cloud.made if made.kind == "ModelPackageGroup"]
    assert group == Made("sagemaker", "ModelPackageGroup", "delays", "us-east-1")
    cloud.made.delete(group)
    assert client("sagemaker").list_model_package_groups()["ModelPackageGroupSummaryList"] == []


# --- deploying ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", ["PendingManualApproval", "Rejected"])
def test_only_an_approved_version_becomes_a_model(sagemaker: Any, status: str) -> None:
    role()
    put("models/delays.tar.gz", archive({"code/inference.py": ECHO}))
    arn = registered(ModelApprovalStatus=status)
    with pytest.raises(sagemaker.exceptions.ClientError, match=f"its ModelApprovalStatus is {status}"):
        model_of(arn)
    approve(arn)
    model_of(arn)
    told = sagemaker.describe_model(ModelName="m")
    assert told["PrimaryContainer"] == {"ModelPackageName": arn}


def test_a_model_of_a_version_serves_its_image_data_and_variables(sagemaker: Any) -> None:
    role()
    put("models/delays.tar.gz", archive({"code/inference.py": ECHO}))
    arn = registered("from the package", ModelApprovalStatus="Approved")
    model_of(arn, "plain")
    model_of("delays/1", "changed", Environment={"NAME": "from the request"})
    config("c", variant("plain", "plain"), variant("changed", "changed"))
    in_service("e", "c")
    assert invoked("e", TargetVariant="plain")[0] == "from the package:1"
    assert invoked("e", TargetVariant="changed")[0] == "from the request:1"


def test_a_model_stays_when_its_version_is_rejected(sagemaker: Any) -> None:
    role()
    put("models/delays.tar.gz", archive({"code/inference.py": ECHO}))
    arn = registered("kept", ModelApprovalStatus="Approved")
    model_of(arn)
    approve(arn, "Rejected")
    config("c", variant("a", "m"))
    in_service("e", "c")
    assert invoked("e")[0] == "kept:1"


def test_a_version_without_data_in_s3_is_found_out_when_a_model_is_made(sagemaker: Any) -> None:
    role()
    with pytest.raises(sagemaker.exceptions.ClientError, match="Could not find model data"):
        model_of(registered(ModelApprovalStatus="Approved"))


def test_a_package_and_an_image_in_one_container_are_refused(sagemaker: Any) -> None:
    role()
    arn = registered(ModelApprovalStatus="Approved")
    with pytest.raises(sagemaker.exceptions.ClientError, match="together with Image"):
        model_of(arn, Image=SCIKIT_LEARN)


# --- events ---------------------------------------------------------------------------------------------------


def listening(**pattern: Any) -> str:
    """A queue that gets the events of model packages."""
    sqs, events = boto3.client("sqs"), boto3.client("events")
    url: str = sqs.create_queue(QueueName="told")["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    wanted = {"source": ["aws.sagemaker"], "detail-type": ["SageMaker Model Package State Change"], **pattern}
    events.put_rule(Name="told", EventPattern=json.dumps(wanted))
    events.put_targets(Rule="told", Targets=[{"Id": "1", "Arn": arn}])
    return url


def told(url: str) -> list[dict[str, Any]]:
    found = boto3.client("sqs").receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages", [])
    return [json.loads(message["Body"]) for message in found]


def test_a_new_version_and_each_change_of_approval_are_told(sagemaker: Any, cloud: Cloud) -> None:
    url = listening()
    arn = registered()
    cloud.clock.advance(minutes=5)
    approve(arn)
    approve(arn, ApprovalDescription="said again")
    sagemaker.update_model_package(ModelPackageArn=arn, CustomerMetadataProperties={"a": "b"})
    approve(arn, "Rejected")
    events = told(url)
    statuses = [event["detail"]["ModelApprovalStatus"] for event in events]
    assert statuses == ["PendingManualApproval", "Approved", "Rejected"]
    assert {event["detail-type"] for event in events} == {"SageMaker Model Package State Change"}
    assert events[0]["resources"] == [arn]
    assert events[0]["source"] == "aws.sagemaker"
    assert events[1]["time"] == events[1]["detail"]["LastModifiedTime"] == "2027-01-11T09:05:00Z"
    detail = events[1]["detail"]
    assert detail["InferenceSpecification"]["Containers"][0]["ModelDataUrl"] == DATA
    assert (detail["ModelPackageGroupName"], detail["ModelPackageVersion"]) == ("delays", 1)


def test_a_rule_may_ask_for_one_group_and_one_status(sagemaker: Any) -> None:
    url = listening(detail={"ModelPackageGroupName": ["delays"], "ModelApprovalStatus": ["Approved"]})
    sagemaker.create_model_package_group(ModelPackageGroupName="prices")
    approve(registered(ModelPackageGroupName="prices"))
    approve(registered())
    assert [event["detail"]["ModelPackageGroupName"] for event in told(url)] == ["delays"]


def test_an_update_goes_on_when_the_queue_is_gone(sagemaker: Any) -> None:
    url = listening()
    boto3.client("sqs").delete_queue(QueueUrl=url)
    approve(registered())
    assert versions(ModelApprovalStatus="Approved") == [1]


# --- permissions ----------------------------------------------------------------------------------------------


def person(name: str, *statements: dict[str, Any]) -> Any:
    """A client for SageMaker with the keys of a user who has these permissions."""
    iam = client("iam")
    iam.create_user(UserName=name)
    iam.put_user_policy(UserName=name, PolicyName="work", PolicyDocument=policy(*statements))
    key = iam.create_access_key(UserName=name)["AccessKey"]
    return boto3.client("sagemaker", aws_access_key_id=key["AccessKeyId"], aws_secret_access_key=key["SecretAccessKey"])


def test_who_trains_may_register_and_not_approve() -> None:
    versions_of_group = f"{HERE}:model-package/delays/*"
    pending = {"StringEquals": {"sagemaker:ModelApprovalStatus": "PendingManualApproval"}}
    trainer = person(
        "trainer",
        {
            "Effect": "Allow",
            "Action": "sagemaker:CreateModelPackage",
            "Resource": versions_of_group,
            "Condition": pending,
        },
        {"Effect": "Allow", "Action": "sagemaker:DescribeModelPackage", "Resource": versions_of_group},
    )
    request: dict[str, Any] = {"ModelPackageGroupName": "delays", "ModelApprovalStatus": "PendingManualApproval"}
    arn = trainer.create_model_package(**request)["ModelPackageArn"]
    assert trainer.describe_model_package(ModelPackageName=arn)["CreatedBy"]["IamIdentity"]["Arn"].endswith("/trainer")
    code, message = error_of(trainer.create_model_package, **{**request, "ModelApprovalStatus": "Approved"})
    assert (code, "sagemaker:CreateModelPackage" in message) == ("AccessDeniedException", True)
    code, message = error_of(trainer.update_model_package, ModelPackageArn=arn, ModelApprovalStatus="Approved")
    assert code == "AccessDeniedException"
    assert f"sagemaker:UpdateModelPackage on resource: {arn}" in message


def test_a_permission_for_one_group_is_none_for_another(sagemaker: Any) -> None:
    sagemaker.create_model_package_group(ModelPackageGroupName="prices")
    approver = person(
        "approver",
        {"Effect": "Allow", "Action": "sagemaker:*", "Resource": f"{HERE}:model-package/delays/*"},
        {"Effect": "Allow", "Action": "sagemaker:*", "Resource": f"{HERE}:model-package-group/delays"},
    )
    first, other = registered(), registered(ModelPackageGroupName="prices")
    approver.update_model_package(ModelPackageArn=first, ModelApprovalStatus="Approved")
    assert len(approver.list_model_packages(ModelPackageGroupName="delays")["ModelPackageSummaryList"]) == 1
    assert error_of(approver.describe_model_package, ModelPackageName=other)[0] == "AccessDeniedException"
    assert error_of(approver.list_model_packages, ModelPackageGroupName="prices")[0] == "AccessDeniedException"
