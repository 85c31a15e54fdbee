from __future__ import annotations

from typing import Any

import pytest
from cloud.aws import error_of
from cloud.sagemaker.account import BUCKET, channel, put, role, source, trained, training


def test_a_role_that_may_not_list_the_bucket_is_refused_at_once(sagemaker: Any) -> None:
    put("data/a.csv", "1")
    blind = role("Blind", {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"})
    request = training("blind", blind, InputDataConfig=[channel("train", f"s3://{BUCKET}/data/")])
    code, message = error_of(sagemaker.create_training_job, **request)
    assert code == "ValidationException"
    assert f'the role "{blind}" has "s3:ListBucket" permissions on bucket "{BUCKET}"' in message


@pytest.mark.parametrize(
    ("changed", "code", "message"),
    [
        ({"RoleArn": "arn:aws:iam::123456789012:role/Ghost"}, "ValidationException", "Could not assume role"),
        (
            {"InputDataConfig": [channel("train", f"s3://{BUCKET}/nothing/")]},
            "ValidationException",
            f'No S3 objects found under S3 URL "s3://{BUCKET}/nothing/"',
        ),
        (
            {"ResourceConfig": {"InstanceType": "ml.bogus.large", "InstanceCount": 1, "VolumeSizeInGB": 5}},
            "ValidationException",
            "Value 'ml.bogus.large' at 'resourceConfig.instanceType' failed to satisfy constraint",
        ),
        ({"TrainingJobName": "under_score"}, "ValidationException", "'trainingJobName' failed to satisfy constraint"),
        (
            {"ResourceConfig": {"InstanceType": "ml.m5.large", "InstanceCount": 2, "VolumeSizeInGB": 5}},
            "NotBuiltOffline",
            "Set InstanceCount to 1.",
        ),
        ({"RetryStrategy": {"MaximumRetryAttempts": 1}}, "NotBuiltOffline", "RetryStrategy is not built"),
        ({"EnableManagedSpotTraining": True}, "ValidationException", "Invalid MaxWaitTimeInSeconds."),
        ({"ResourceConfig": {}}, "ValidationException", "ResourceConfig.InstanceType is required."),
        ({"OutputDataConfig": {"S3OutputPath": "https://churn/out"}}, "ValidationException", "Invalid S3 URI"),
        (
            {"InputDataConfig": [channel("train", f"s3://{BUCKET}/code/", InputMode="Pipe")]},
            "NotBuiltOffline",
            "Use File or FastFile.",
        ),
    ],
)
def test_what_aws_refuses_at_once_is_refused_in_its_words(
    sagemaker: Any, changed: dict[str, Any], code: str, message: str
) -> None:
    source("")
    found, text = error_of(sagemaker.create_training_job, **training("refused", role(), **changed))
    assert found == code
    assert message in text
    assert sagemaker.list_training_jobs()["TrainingJobSummaries"] == []


def test_a_role_that_trusts_another_service_is_refused(sagemaker: Any) -> None:
    lambdas = role("Lambdas", trusted="lambda.amazonaws.com")
    _, message = error_of(sagemaker.create_training_job, **training("untrusted", lambdas))
    assert message.endswith("allows principal 'sagemaker.amazonaws.com' to assume the role.")


def test_a_name_is_used_once(sagemaker: Any) -> None:
    source("")
    request = training("twice", role())
    trained(request)
    code, message = error_of(sagemaker.create_training_job, **request)
    assert code == "ResourceInUse"
    assert message.startswith("Training job names must be unique within an AWS account and region")


def test_an_unknown_job_is_not_found(sagemaker: Any) -> None:
    found = error_of(sagemaker.describe_training_job, TrainingJobName="ghost")
    assert found == ("ValidationException", "Requested resource not found.")


@pytest.mark.parametrize(
    "asked",
    [
        {"WarmPoolStatusEquals": "Available"},
        {"TrainingPlanArnEquals": f"arn:aws:sagemaker:us-east-1:{'1' * 12}:training-plan/p"},
    ],
)
def test_a_list_filtered_by_what_no_job_has_is_refused(sagemaker: Any, asked: dict[str, str]) -> None:
    code, message = error_of(sagemaker.list_training_jobs, **asked)
    assert code == "NotBuiltOffline"
    assert next(iter(asked)) in message
