"""What IAM's tests share: policy documents in a line, users and roles with keys, and what a call ended with."""

from __future__ import annotations

import json
from typing import Any

import boto3
from botocore.exceptions import ClientError

ACCOUNT = "123456789012"
ADMINISTRATOR = f"arn:aws:iam::{ACCOUNT}:user/administrator"


def document(*statements: dict[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def allow(*actions: str, on: Any = "*", **elements: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": list(actions), "Resource": on, **elements}


def deny(*actions: str, on: Any = "*", **elements: Any) -> dict[str, Any]:
    return {"Effect": "Deny", "Action": list(actions), "Resource": on, **elements}


def trust(**principal: Any) -> str:
    return document({"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole"})


def new_role(name: str, *statements: dict[str, Any], trusts: str | None = None, **options: Any) -> str:
    """Make a role that the account may assume, with one inline policy called Permissions."""
    iam = boto3.client("iam")
    made = iam.create_role(RoleName=name, AssumeRolePolicyDocument=trusts or trust(AWS=ACCOUNT), **options)
    grant(name, *statements)
    arn: str = made["Role"]["Arn"]
    return arn


def grant(role: str, *statements: dict[str, Any]) -> None:
    if statements:
        boto3.client("iam").put_role_policy(
            RoleName=role, PolicyName="Permissions", PolicyDocument=document(*statements)
        )


def new_policy(name: str, *statements: dict[str, Any]) -> str:
    arn: str = boto3.client("iam").create_policy(PolicyName=name, PolicyDocument=document(*statements))["Policy"]["Arn"]
    return arn


def as_role(name: str, service: str, account: str = ACCOUNT, **options: Any) -> Any:
    """Return a client with the keys of a role's session."""
    arn = f"arn:aws:iam::{account}:role/{name}"
    given = boto3.client("sts").assume_role(RoleArn=arn, RoleSessionName="lab", **options)["Credentials"]
    return boto3.client(
        service,
        aws_access_key_id=given["AccessKeyId"],
        aws_secret_access_key=given["SecretAccessKey"],
        aws_session_token=given["SessionToken"],
    )


def as_user(name: str, service: str, *statements: dict[str, Any]) -> Any:
    """Make a user with keys and return a client that signs with them."""
    iam = boto3.client("iam")
    iam.create_user(UserName=name)
    if statements:
        iam.put_user_policy(UserName=name, PolicyName="Permissions", PolicyDocument=document(*statements))
    key = iam.create_access_key(UserName=name)["AccessKey"]
    return boto3.client(service, aws_access_key_id=key["AccessKeyId"], aws_secret_access_key=key["SecretAccessKey"])


def outcome(call: Any, **params: Any) -> str:
    """Return ``ok`` or the error's code."""
    try:
        call(**params)
    except ClientError as error:
        return str(error.response["Error"]["Code"])
    return "ok"


def message(call: Any, **params: Any) -> str:
    """Return the error's message; an answer is no error."""
    try:
        answer = call(**params)
    except ClientError as error:
        return str(error.response["Error"]["Message"])
    raise AssertionError(f"no error but {answer}")


def training_job(**changed: Any) -> dict[str, Any]:
    """Return the parameters of a training job."""
    return {
        "TrainingJobName": "churn",
        "RoleArn": f"arn:aws:iam::{ACCOUNT}:role/TrainRole",
        "AlgorithmSpecification": {
            "TrainingImage": f"{ACCOUNT}.dkr.ecr.us-east-1.amazonaws.com/churn:1",
            "TrainingInputMode": "File",
        },
        "OutputDataConfig": {"S3OutputPath": "s3://data/out"},
        "ResourceConfig": {"InstanceType": "ml.m5.large", "InstanceCount": 1, "VolumeSizeInGB": 1},
        "StoppingCondition": {"MaxRuntimeInSeconds": 600},
        **changed,
    }
