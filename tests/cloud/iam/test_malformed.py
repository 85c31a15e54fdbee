"""Malformed policies are refused when they are set, in the words of the service, and never when they are used."""

from __future__ import annotations

from typing import Any

import boto3
import pytest
from cloud.iam.people import ACCOUNT, allow, document, message, new_role, outcome

from mlacourse.cloud.session import Cloud

NO_EFFECT = document({"Action": "s3:*", "Resource": "*", "Principal": "*"})
UNKNOWN_OPERATOR = document(allow("s3:*", Principal="*", Condition={"StringEqual": {"aws:username": "ana"}}))


@pytest.fixture(autouse=True)
def account(cloud: Cloud) -> None:
    """An empty account."""


@pytest.mark.parametrize(
    ("policy", "problem"),
    [
        ("no json", "Syntax errors in policy."),
        (document({"Effect": "Allow", "Resource": "*"}), "Policy statement must contain actions."),
        (document({"Effect": "Allow", "Action": "s3:*"}), "Policy statement must contain resources."),
        (document(allow("GetObject")), "Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc."),
        (document(allow("s3:*", on="data")), 'Resource data must be in ARN format or "*".'),
        (document(allow("s3:*", Principal="*")), "Policy document should not specify a principal."),
        (
            document(allow("s3:*", Sid="A"), allow("s3:*", Sid="A")),
            "Statement IDs (SID) in a single policy must be unique.",
        ),
    ],
)
def test_an_identity_based_policy_is_checked(policy: str, problem: str) -> None:
    new_role("Lab")
    put = {"RoleName": "Lab", "PolicyName": "P", "PolicyDocument": policy}
    assert outcome(boto3.client("iam").put_role_policy, **put) == "MalformedPolicyDocument"
    assert message(boto3.client("iam").put_role_policy, **put) == problem


@pytest.mark.parametrize("policy", ["no json", document({"Effect": "Allow", "Action": "s3:*"}), NO_EFFECT])
def test_a_session_policy_is_checked(policy: str) -> None:
    new_role("Lab")
    role = {"RoleArn": f"arn:aws:iam::{ACCOUNT}:role/Lab", "RoleSessionName": "lab"}
    assert outcome(boto3.client("sts").assume_role, **role, Policy=policy) == "MalformedPolicyDocument"


@pytest.mark.parametrize("policy", [NO_EFFECT, UNKNOWN_OPERATOR])
def test_the_policies_of_resources_are_checked(policy: str) -> None:
    sqs, sns = boto3.client("sqs"), boto3.client("sns")
    url = sqs.create_queue(QueueName="jobs")["QueueUrl"]
    topic = sns.create_topic(Name="alarms")["TopicArn"]
    boto3.client("secretsmanager").create_secret(Name="db", SecretString="x")
    boto3.client("organizations").create_organization()
    calls: list[tuple[Any, dict[str, Any], str]] = [
        (sqs.set_queue_attributes, {"QueueUrl": url, "Attributes": {"Policy": policy}}, "InvalidAttributeValue"),
        (
            sns.set_topic_attributes,
            {"TopicArn": topic, "AttributeName": "Policy", "AttributeValue": policy},
            "InvalidParameter",
        ),
        (
            boto3.client("secretsmanager").put_resource_policy,
            {"SecretId": "db", "ResourcePolicy": policy},
            "MalformedPolicyDocumentException",
        ),
        (boto3.client("kms").create_key, {"Policy": policy}, "MalformedPolicyDocumentException"),
        (
            boto3.client("organizations").create_policy,
            {"Name": "P", "Description": "-", "Type": "SERVICE_CONTROL_POLICY", "Content": policy},
            "MalformedPolicyDocumentException",
        ),
    ]
    assert [outcome(call, **params) for call, params, _ in calls] == [code for *_, code in calls]
