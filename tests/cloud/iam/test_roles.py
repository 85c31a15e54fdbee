"""Roles: trust policies, external ids, session tags, PassRole, and the organization above the account."""

from __future__ import annotations

import json
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError
from cloud.iam.people import (
    ACCOUNT,
    allow,
    as_role,
    as_user,
    deny,
    document,
    message,
    new_role,
    outcome,
    training_job,
    trust,
)

from mlacourse.cloud.session import Cloud

TRAIN = f"arn:aws:iam::{ACCOUNT}:role/TrainRole"
SAGEMAKER = trust(Service="sagemaker.amazonaws.com")


@pytest.fixture(autouse=True)
def account(cloud: Cloud) -> None:
    """An empty account."""


def assume(role: str = TRAIN, client: Any = None, **options: Any) -> str:
    sts = client or boto3.client("sts")
    return outcome(sts.assume_role, RoleArn=role, RoleSessionName="lab", **options)


def test_nobody_assumes_a_role_that_trusts_a_service_alone() -> None:
    new_role("TrainRole", trusts=SAGEMAKER)
    assert assume() == "AccessDenied"
    sts = boto3.client("sts")
    assert message(sts.assume_role, RoleArn=TRAIN, RoleSessionName="lab") == (
        f"User: arn:aws:iam::{ACCOUNT}:user/administrator is not authorized to perform: sts:AssumeRole on resource: "
        f"{TRAIN}"
    )


def test_a_role_that_trusts_the_account_still_needs_the_users_own_permission() -> None:
    new_role("TrainRole")
    sts = as_user("ana", "sts")
    assert assume(client=sts) == "AccessDenied"
    boto3.client("iam").put_user_policy(
        UserName="ana", PolicyName="Assume", PolicyDocument=document(allow("sts:AssumeRole", on=TRAIN))
    )
    assert assume(client=sts) == "ok"


def test_a_role_that_trusts_a_user_by_name_needs_nothing_else() -> None:
    sts = as_user("ana", "sts")
    new_role("TrainRole", trusts=trust(AWS=f"arn:aws:iam::{ACCOUNT}:user/ana"))
    assert assume(client=sts) == "ok"


def test_an_external_id_keeps_the_confused_deputy_out() -> None:
    statement = {
        "Effect": "Allow",
        "Principal": {"AWS": ACCOUNT},
        "Action": "sts:AssumeRole",
        "Condition": {"StringEquals": {"sts:ExternalId": "4711"}},
    }
    new_role("TrainRole", trusts=document(statement))
    assert assume() == "AccessDenied"
    assert assume(ExternalId="0815") == "AccessDenied"
    assert assume(ExternalId="4711") == "ok"


def test_session_tags_need_a_trust_policy_that_allows_tagging() -> None:
    new_role("TrainRole")
    tags = [{"Key": "team", "Value": "fraud"}]
    assert assume(Tags=tags) == "AccessDenied"
    both = {"Effect": "Allow", "Principal": {"AWS": ACCOUNT}, "Action": ["sts:AssumeRole", "sts:TagSession"]}
    boto3.client("iam").update_assume_role_policy(RoleName="TrainRole", PolicyDocument=document(both))
    assert assume(Tags=tags) == "ok"


def test_a_session_tag_decides_with_the_tag_of_the_resource() -> None:
    kms = boto3.client("kms")
    own, other = (
        kms.create_key(Tags=[{"TagKey": "team", "TagValue": team}])["KeyMetadata"]["Arn"] for team in ("fraud", "ads")
    )
    same = {"StringEquals": {"aws:ResourceTag/team": "${aws:PrincipalTag/team}"}}
    both = {"Effect": "Allow", "Principal": {"AWS": ACCOUNT}, "Action": ["sts:AssumeRole", "sts:TagSession"]}
    new_role("TrainRole", allow("kms:DescribeKey", Condition=same), trusts=document(both))
    role = as_role("TrainRole", "kms", Tags=[{"Key": "team", "Value": "fraud"}])
    assert outcome(role.describe_key, KeyId=own) == "ok"
    assert outcome(role.describe_key, KeyId=other) == "AccessDeniedException"


def test_tags_in_the_request_can_be_demanded() -> None:
    tagged = {"StringEquals": {"aws:RequestTag/team": "fraud"}, "ForAllValues:StringEquals": {"aws:TagKeys": ["team"]}}
    new_role("TrainRole", allow("kms:CreateKey", Condition=tagged), allow("kms:TagResource"))
    kms = as_role("TrainRole", "kms")
    assert outcome(kms.create_key) == "AccessDeniedException"
    assert outcome(kms.create_key, Tags=[{"TagKey": "team", "TagValue": "fraud"}]) == "ok"
    more = [{"TagKey": "team", "TagValue": "fraud"}, {"TagKey": "colour", "TagValue": "red"}]
    assert outcome(kms.create_key, Tags=more) == "AccessDeniedException"


@pytest.mark.parametrize(
    ("policy", "problem"),
    [
        ("no json", "This policy contains invalid Json"),
        (document({**allow("sts:AssumeRole"), "Principal": {"AWS": ACCOUNT}}), "Has prohibited field Resource"),
        (document({"Effect": "Allow", "Action": "sts:AssumeRole"}), "Missing required field Principal"),
        (
            trust(AWS=f"arn:aws:iam::{ACCOUNT}:user/ghost"),
            f'Invalid principal in policy: "AWS":"arn:aws:iam::{ACCOUNT}:user/ghost"',
        ),
        (
            trust(AWS=f"arn:aws:iam::{ACCOUNT}:user/*"),
            f'Invalid principal in policy: "AWS":"arn:aws:iam::{ACCOUNT}:user/*"',
        ),
        (trust(Service="sagemaker"), 'Invalid principal in policy: "Service":"sagemaker"'),
    ],
)
def test_a_malformed_trust_policy_is_refused_in_the_words_of_iam(policy: str, problem: str) -> None:
    iam = boto3.client("iam")
    params = {"RoleName": "TrainRole", "AssumeRolePolicyDocument": policy}
    assert outcome(iam.create_role, **params) == "MalformedPolicyDocument"
    assert message(iam.create_role, **params) == problem


# --- PassRole -------------------------------------------------------------------------------------------------


def test_a_job_needs_permission_to_pass_its_role() -> None:
    new_role("TrainRole", trusts=SAGEMAKER)
    sagemaker = as_user("ana", "sagemaker", allow("sagemaker:CreateTrainingJob"))
    assert message(sagemaker.create_training_job, **training_job()) == (
        f"User: arn:aws:iam::{ACCOUNT}:user/ana is not authorized to perform: iam:PassRole on resource: {TRAIN} "
        "because no identity-based policy allows the iam:PassRole action"
    )


def test_passing_can_be_tied_to_one_service() -> None:
    new_role("TrainRole", trusts=SAGEMAKER)
    to_lambda = {"StringEquals": {"iam:PassedToService": "lambda.amazonaws.com"}}
    sagemaker = as_user("ana", "sagemaker", allow("sagemaker:*"), allow("iam:PassRole", on=TRAIN, Condition=to_lambda))
    assert "iam:PassRole" in message(sagemaker.create_training_job, **training_job())


@pytest.mark.parametrize("trusts", [None, trust(Service="lambda.amazonaws.com")])
def test_a_role_that_sagemaker_cannot_assume_is_refused(trusts: str | None) -> None:
    if trusts:
        new_role("TrainRole", trusts=trusts)
    sagemaker = boto3.client("sagemaker")
    assert outcome(sagemaker.create_training_job, **training_job()) == "ValidationException"
    assert message(sagemaker.create_training_job, **training_job()) == (
        f"Could not assume role {TRAIN}. Please ensure that the role exists and allows principal "
        "'sagemaker.amazonaws.com' to assume the role."
    )


@pytest.mark.parametrize(
    ("changed", "condition"),
    [
        ({}, {"ForAnyValue:StringNotLike": {"sagemaker:InstanceTypes": ["ml.t3.*"]}}),
        ({}, {"Null": {"sagemaker:VpcSubnets": "true"}}),
        ({}, {"NumericGreaterThan": {"sagemaker:MaxRuntimeInSeconds": "300"}}),
        ({"EnableNetworkIsolation": False}, {"Bool": {"sagemaker:NetworkIsolation": "false"}}),
        ({}, {"Null": {"sagemaker:VolumeKmsKey": "true"}}),
        (
            {"VpcConfig": {"Subnets": ["subnet-1"], "SecurityGroupIds": ["sg-2"]}},
            {"ForAnyValue:StringNotEquals": {"sagemaker:VpcSecurityGroupIds": ["sg-1"]}},
        ),
        (
            {"Tags": [{"Key": "team", "Value": "ads"}]},
            {"StringNotEquals": {"aws:RequestTag/team": "fraud"}},
        ),
    ],
)
def test_a_guardrail_reads_the_training_job(changed: dict[str, Any], condition: dict[str, Any]) -> None:
    new_role("TrainRole", trusts=SAGEMAKER)
    sagemaker = as_user("ana", "sagemaker", allow("*"), deny("sagemaker:CreateTrainingJob", Condition=condition))
    assert "with an explicit deny" in message(sagemaker.create_training_job, **training_job(**changed))


# --- organizations --------------------------------------------------------------------------------------------


@pytest.fixture
def member() -> str:
    """Return a member account in the unit Sandbox of an organization that uses SCPs."""
    organizations = boto3.client("organizations")
    organizations.create_organization(FeatureSet="ALL")
    root = organizations.list_roots()["Roots"][0]["Id"]
    organizations.enable_policy_type(RootId=root, PolicyType="SERVICE_CONTROL_POLICY")
    unit = organizations.create_organizational_unit(ParentId=root, Name="Sandbox")["OrganizationalUnit"]["Id"]
    made = organizations.create_account(AccountName="ml", Email="ml@example.com")["CreateAccountStatus"]["AccountId"]
    organizations.move_account(AccountId=made, SourceParentId=root, DestinationParentId=unit)
    return str(made)


def bind(target: str, *statements: dict[str, Any]) -> str:
    organizations = boto3.client("organizations")
    made = organizations.create_policy(
        Name="Guardrail", Description="-", Type="SERVICE_CONTROL_POLICY", Content=document(*statements)
    )["Policy"]["PolicySummary"]
    organizations.attach_policy(PolicyId=made["Id"], TargetId=target)
    return str(made["Arn"])


def unit_of(account: str) -> str:
    return str(boto3.client("organizations").list_parents(ChildId=account)["Parents"][0]["Id"])


def test_a_new_account_is_entered_through_its_access_role(member: str) -> None:
    sts = as_role("OrganizationAccountAccessRole", "sts", account=member)
    assert sts.get_caller_identity()["Account"] == member
    assert outcome(as_role("OrganizationAccountAccessRole", "kms", account=member).create_key) == "ok"


def test_an_scp_on_the_unit_binds_the_administrator_of_the_account(member: str) -> None:
    arn = bind(unit_of(member), deny("kms:*"))
    kms = as_role("OrganizationAccountAccessRole", "kms", account=member)
    assert message(kms.create_key).endswith(f"with an explicit deny in a service control policy: {arn}")


def test_an_scp_never_binds_the_management_account(member: str) -> None:
    root = boto3.client("organizations").list_roots()["Roots"][0]["Id"]
    bind(root, deny("kms:*"))
    assert outcome(boto3.client("kms").create_key) == "ok"
    assert outcome(as_role("OrganizationAccountAccessRole", "kms", account=member).create_key) != "ok"


def test_an_allow_list_refuses_what_it_leaves_out(member: str) -> None:
    bind(member, allow("s3:*", "sts:*"))
    boto3.client("organizations").detach_policy(PolicyId="p-FullAWSAccess", TargetId=member)
    kms = as_role("OrganizationAccountAccessRole", "kms", account=member)
    assert message(kms.create_key).endswith("because no service control policy allows the kms:CreateKey action")


def test_a_bucket_of_another_account_needs_both_sides(member: str) -> None:
    s3 = boto3.client("s3")
    s3.create_bucket(Bucket="shared")
    s3.put_object(Bucket="shared", Key="a", Body=b"")
    guest = as_role("OrganizationAccountAccessRole", "s3", account=member)
    refused = message(guest.get_object, Bucket="shared", Key="a")
    assert refused.endswith("because no resource-based policy allows the s3:GetObject action")
    shared = allow("s3:GetObject", on="arn:aws:s3:::shared/*", Principal={"AWS": member})
    s3.put_bucket_policy(Bucket="shared", Policy=document(shared))
    assert outcome(guest.get_object, Bucket="shared", Key="a") == "ok"


def test_a_policy_can_ask_for_the_organization(member: str) -> None:
    s3 = boto3.client("s3")
    s3.create_bucket(Bucket="shared")
    s3.put_object(Bucket="shared", Key="a", Body=b"")
    organization = boto3.client("organizations").describe_organization()["Organization"]["Id"]
    ours = {"StringEquals": {"aws:PrincipalOrgID": organization}}
    shared = allow("s3:GetObject", on="arn:aws:s3:::shared/*", Principal="*", Condition=ours)
    s3.put_bucket_policy(Bucket="shared", Policy=document(shared))
    assert (
        outcome(as_role("OrganizationAccountAccessRole", "s3", account=member).get_object, Bucket="shared", Key="a")
        == "ok"
    )


def test_a_queue_policy_lets_another_role_send() -> None:
    role = new_role("Producer")
    sqs = boto3.client("sqs")
    url = sqs.create_queue(QueueName="jobs")["QueueUrl"]
    arn = f"arn:aws:sqs:us-east-1:{ACCOUNT}:jobs"
    producer = as_role("Producer", "sqs")
    with pytest.raises(ClientError, match="sqs:sendmessage"):
        producer.send_message(QueueUrl=url, MessageBody="x")
    policy = document(allow("sqs:SendMessage", on=arn, Principal={"AWS": role}))
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": policy})
    assert outcome(producer.send_message, QueueUrl=url, MessageBody="x") == "ok"


def test_a_secret_is_found_under_the_arn_that_aws_gives_it() -> None:
    secrets = boto3.client("secretsmanager")
    secrets.create_secret(Name="db", SecretString=json.dumps({"password": "x"}))
    new_role(
        "Lab", allow("secretsmanager:GetSecretValue", on=f"arn:aws:secretsmanager:us-east-1:{ACCOUNT}:secret:db-??????")
    )
    assert outcome(as_role("Lab", "secretsmanager").get_secret_value, SecretId="db") == "ok"
