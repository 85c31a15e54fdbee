"""Calls that moto decides wrongly, row by row: each must end as on AWS."""

from __future__ import annotations

import boto3
import pytest
from cloud.iam.people import (
    ACCOUNT,
    allow,
    as_role,
    as_user,
    deny,
    document,
    message,
    new_policy,
    new_role,
    outcome,
    training_job,
    trust,
)

from mlacourse.cloud.session import Cloud

SESSION = f"arn:aws:sts::{ACCOUNT}:assumed-role/Lab/lab"


@pytest.fixture(autouse=True)
def account(cloud: Cloud) -> None:
    """An account with a bucket, a table and a key."""
    s3 = boto3.client("s3")
    s3.create_bucket(Bucket="data")
    s3.put_object(Bucket="data", Key="public/a.csv", Body=b"a")
    s3.put_object(Bucket="data", Key="secret/b.csv", Body=b"b")


def test_a_least_privilege_role_reads_its_prefix_and_nothing_else() -> None:
    new_role(
        "Lab",
        allow("s3:GetObject", on="arn:aws:s3:::data/public/*"),
        allow("s3:ListBucket", on="arn:aws:s3:::data", Condition={"StringLike": {"s3:prefix": "public/*"}}),
    )
    s3 = as_role("Lab", "s3")
    assert outcome(s3.get_object, Bucket="data", Key="public/a.csv") == "ok"
    assert outcome(s3.list_objects_v2, Bucket="data", Prefix="public/") == "ok"
    assert outcome(s3.list_objects_v2, Bucket="data") == "AccessDenied"
    assert outcome(s3.get_object, Bucket="data", Key="secret/b.csv") == "AccessDenied"
    assert outcome(s3.delete_object, Bucket="data", Key="public/a.csv") == "AccessDenied"


@pytest.mark.parametrize(
    ("service", "method", "params", "code"),
    [
        ("sagemaker", "create_training_job", training_job(), "AccessDeniedException"),
        ("sagemaker", "list_training_jobs", {}, "AccessDeniedException"),
        ("kms", "create_key", {}, "AccessDeniedException"),
        ("logs", "create_log_group", {"logGroupName": "/x"}, "AccessDeniedException"),
        ("dynamodb", "list_tables", {}, "AccessDeniedException"),
        ("secretsmanager", "list_secrets", {}, "AccessDeniedException"),
        ("ssm", "get_parameter", {"Name": "x"}, "AccessDeniedException"),
        ("iam", "list_users", {}, "AccessDenied"),
        ("sns", "create_topic", {"Name": "x"}, "AuthorizationError"),
        ("sqs", "create_queue", {"QueueName": "x"}, "AccessDenied"),
        ("ec2", "describe_vpcs", {}, "UnauthorizedOperation"),
        ("s3", "list_buckets", {}, "AccessDenied"),
    ],
)
def test_a_role_without_permission_gets_the_code_of_the_service(
    service: str, method: str, params: dict[str, object], code: str
) -> None:
    new_role("Lab")
    assert outcome(getattr(as_role("Lab", service), method), **params) == code


def test_the_message_names_principal_action_resource_and_reason() -> None:
    new_role("Lab")
    assert message(as_role("Lab", "dynamodb").get_item, TableName="features", Key={"id": {"S": "1"}}) == (
        f"User: {SESSION} is not authorized to perform: dynamodb:GetItem on resource: "
        f"arn:aws:dynamodb:us-east-1:{ACCOUNT}:table/features "
        "because no identity-based policy allows the dynamodb:GetItem action"
    )


def test_s3_puts_the_resource_in_quotes() -> None:
    new_role("Lab")
    assert message(as_role("Lab", "s3").get_object, Bucket="data", Key="public/a.csv") == (
        f'User: {SESSION} is not authorized to perform: s3:GetObject on resource: "arn:aws:s3:::data/public/a.csv" '
        "because no identity-based policy allows the s3:GetObject action"
    )


def test_iam_names_an_existing_role_by_its_name_and_a_new_one_by_its_arn() -> None:
    new_role("Lab")
    iam = as_role("Lab", "iam")
    assert "iam:GetRole on resource: role Lab because" in message(iam.get_role, RoleName="Lab")
    arn = f"arn:aws:iam::{ACCOUNT}:role/New"
    new = message(iam.create_role, RoleName="New", AssumeRolePolicyDocument=trust(AWS=ACCOUNT))
    assert f"iam:CreateRole on resource: {arn} because" in new


def test_an_explicit_deny_names_the_managed_policy_that_holds_it() -> None:
    new_role("Lab", allow("s3:*"))
    arn = new_policy("NoDelete", deny("s3:DeleteObject"))
    boto3.client("iam").attach_role_policy(RoleName="Lab", PolicyArn=arn)
    assert message(as_role("Lab", "s3").delete_object, Bucket="data", Key="public/a.csv").endswith(
        f"with an explicit deny in an identity-based policy: {arn}"
    )


def test_an_explicit_deny_in_an_inline_policy_has_no_arn_to_name() -> None:
    new_role("Lab", allow("s3:*"), deny("s3:DeleteObject"))
    assert message(as_role("Lab", "s3").delete_object, Bucket="data", Key="public/a.csv").endswith(
        "with an explicit deny in an identity-based policy"
    )


def test_permission_on_one_table_is_enough_for_that_table() -> None:
    boto3.client("dynamodb").create_table(
        TableName="features",
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )
    new_role("Lab", allow("dynamodb:GetItem", on=f"arn:aws:dynamodb:us-east-1:{ACCOUNT}:table/features"))
    table = as_role("Lab", "dynamodb")
    assert outcome(table.get_item, TableName="features", Key={"id": {"S": "1"}}) == "ok"
    assert outcome(table.get_item, TableName="labels", Key={"id": {"S": "1"}}) == "AccessDeniedException"


def test_a_deny_of_plain_uploads_lets_an_encrypted_one_pass() -> None:
    new_role(
        "Lab",
        allow("s3:PutObject"),
        deny("s3:PutObject", Condition={"StringNotEquals": {"s3:x-amz-server-side-encryption": "AES256"}}),
    )
    s3 = as_role("Lab", "s3")
    assert outcome(s3.put_object, Bucket="data", Key="x", Body=b"") == "AccessDenied"
    assert outcome(s3.put_object, Bucket="data", Key="x", Body=b"", ServerSideEncryption="AES256") == "ok"


def test_a_region_in_a_condition_is_compared() -> None:
    new_role("Lab", allow("kms:CreateKey", Condition={"StringEquals": {"aws:RequestedRegion": "eu-west-1"}}))
    assert outcome(as_role("Lab", "kms").create_key) == "AccessDeniedException"
    new_role("Here", allow("kms:CreateKey", Condition={"StringEquals": {"aws:RequestedRegion": "us-east-1"}}))
    assert outcome(as_role("Here", "kms").create_key) == "ok"


def test_not_resource_fences_in() -> None:
    new_role("Lab", allow("s3:*"), {"Effect": "Deny", "Action": "s3:*", "NotResource": "arn:aws:s3:::data/public/*"})
    s3 = as_role("Lab", "s3")
    assert outcome(s3.get_object, Bucket="data", Key="public/a.csv") == "ok"
    assert outcome(s3.get_object, Bucket="data", Key="secret/b.csv") == "AccessDenied"


@pytest.mark.parametrize("action", ["S3:getobject", "s3:G?tObject", "s3:*Object"])
def test_actions_ignore_case_and_take_both_wildcards(action: str) -> None:
    new_role("Lab", allow(action))
    assert outcome(as_role("Lab", "s3").get_object, Bucket="data", Key="public/a.csv") == "ok"


def test_a_bucket_policy_alone_grants_within_the_account() -> None:
    role = new_role("Lab")
    policy = document(allow("s3:GetObject", on="arn:aws:s3:::data/public/*", Principal={"AWS": role}))
    boto3.client("s3").put_bucket_policy(Bucket="data", Policy=policy)
    s3 = as_role("Lab", "s3")
    assert outcome(s3.get_object, Bucket="data", Key="public/a.csv") == "ok"
    assert outcome(s3.get_object, Bucket="data", Key="secret/b.csv") == "AccessDenied"


def test_a_session_policy_restricts_the_session() -> None:
    new_role("Lab", allow("s3:*"))
    s3 = as_role("Lab", "s3", Policy=document(allow("s3:GetObject")))
    assert outcome(s3.get_object, Bucket="data", Key="public/a.csv") == "ok"
    assert message(s3.delete_object, Bucket="data", Key="public/a.csv").endswith(
        "because no session policy allows the s3:DeleteObject action"
    )


def test_a_managed_session_policy_restricts_too() -> None:
    new_role("Lab", allow("s3:*"))
    s3 = as_role("Lab", "s3", PolicyArns=[{"arn": "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"}])
    assert outcome(s3.get_object, Bucket="data", Key="public/a.csv") == "ok"
    assert outcome(s3.put_object, Bucket="data", Key="x", Body=b"") == "AccessDenied"


def test_a_boundary_restricts_a_role() -> None:
    boundary = new_policy("Boundary", allow("s3:GetObject"))
    new_role("Lab", allow("s3:*"), PermissionsBoundary=boundary)
    s3 = as_role("Lab", "s3")
    assert outcome(s3.get_object, Bucket="data", Key="public/a.csv") == "ok"
    assert message(s3.delete_object, Bucket="data", Key="public/a.csv").endswith(
        "because no permissions boundary allows the s3:DeleteObject action"
    )


def test_a_boundary_restricts_a_user_until_it_is_lifted() -> None:
    s3 = as_user("ana", "s3", allow("s3:*"))
    iam = boto3.client("iam")
    boundary = new_policy("Boundary", allow("s3:GetObject"))
    iam.put_user_permissions_boundary(UserName="ana", PermissionsBoundary=boundary)
    assert iam.get_user(UserName="ana")["User"]["PermissionsBoundary"]["PermissionsBoundaryArn"] == boundary
    assert outcome(s3.delete_object, Bucket="data", Key="public/a.csv") == "AccessDenied"
    iam.delete_user_permissions_boundary(UserName="ana")
    assert outcome(s3.delete_object, Bucket="data", Key="public/a.csv") == "ok"


def test_an_administrator_of_bounded_roles_cannot_touch_the_others() -> None:
    boundary = new_policy("Boundary", allow("s3:*"))
    new_role("Bounded", PermissionsBoundary=boundary)
    new_role("Free")
    bounded = {"StringEquals": {"iam:PermissionsBoundary": boundary}}
    iam = as_user("ana", "iam", allow("iam:PutRolePolicy", Condition=bounded))
    policy = {"PolicyName": "Read", "PolicyDocument": document(allow("s3:GetObject"))}
    assert outcome(iam.put_role_policy, RoleName="Bounded", **policy) == "ok"
    assert outcome(iam.put_role_policy, RoleName="Free", **policy) == "AccessDenied"


def test_a_group_gives_its_policies_to_its_users() -> None:
    s3 = as_user("ana", "s3")
    iam = boto3.client("iam")
    iam.create_group(GroupName="Readers")
    iam.put_group_policy(GroupName="Readers", PolicyName="Read", PolicyDocument=document(allow("s3:GetObject")))
    assert outcome(s3.get_object, Bucket="data", Key="public/a.csv") == "AccessDenied"
    iam.add_user_to_group(GroupName="Readers", UserName="ana")
    assert outcome(s3.get_object, Bucket="data", Key="public/a.csv") == "ok"


def test_a_managed_policy_of_aws_can_be_attached() -> None:
    new_role("Lab")
    boto3.client("iam").attach_role_policy(RoleName="Lab", PolicyArn="arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess")
    s3 = as_role("Lab", "s3")
    assert outcome(s3.get_object, Bucket="data", Key="public/a.csv") == "ok"
    assert outcome(s3.put_object, Bucket="data", Key="x", Body=b"") == "AccessDenied"


def test_a_user_reaches_the_folder_of_its_own_name_only() -> None:
    s3 = as_user("public", "s3", allow("s3:GetObject", on="arn:aws:s3:::data/${aws:username}/*"))
    assert outcome(s3.get_object, Bucket="data", Key="public/a.csv") == "ok"
    assert outcome(s3.get_object, Bucket="data", Key="secret/b.csv") == "AccessDenied"


def test_a_permission_that_ends_follows_the_clock(cloud: Cloud) -> None:
    until = {"DateLessThan": {"aws:CurrentTime": "2027-01-11T09:30:00Z"}}
    s3 = as_user("ana", "s3", allow("s3:GetObject", Condition=until))
    assert outcome(s3.get_object, Bucket="data", Key="public/a.csv") == "ok"
    cloud.clock.advance(minutes=30)
    assert outcome(s3.get_object, Bucket="data", Key="public/a.csv") == "AccessDenied"


def test_a_new_policy_version_takes_effect_when_it_is_the_default() -> None:
    arn = new_policy("Read", allow("s3:GetObject"))
    new_role("Lab")
    iam = boto3.client("iam")
    iam.attach_role_policy(RoleName="Lab", PolicyArn=arn)
    s3 = as_role("Lab", "s3")
    iam.create_policy_version(PolicyArn=arn, PolicyDocument=document(deny("s3:*")), SetAsDefault=True)
    assert outcome(s3.get_object, Bucket="data", Key="public/a.csv") == "AccessDenied"
