from __future__ import annotations

import json
from typing import Any

import boto3
import pytest

from mlacourse import cloud as face
from mlacourse.cloud.made import KINDS, ORDER
from mlacourse.cloud.session import Cloud

ROLE = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "sts:*"}]}
READ = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}]}


@pytest.fixture
def face_of(cloud: Cloud, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(face, "_running", cloud)


def make_one_of_each() -> None:
    s3, iam, events = boto3.client("s3"), boto3.client("iam"), boto3.client("events")
    s3.create_bucket(Bucket="data")
    s3.put_bucket_versioning(Bucket="data", VersioningConfiguration={"Status": "Enabled"})
    for _ in range(2):
        s3.put_object(Bucket="data", Key="k", Body=b"")
    s3.delete_object(Bucket="data", Key="k")
    policy = iam.create_policy(PolicyName="read", PolicyDocument=json.dumps(READ))["Policy"]["Arn"]
    iam.create_role(RoleName="role", AssumeRolePolicyDocument=json.dumps(ROLE))
    iam.attach_role_policy(RoleName="role", PolicyArn=policy)
    iam.put_role_policy(RoleName="role", PolicyName="more", PolicyDocument=json.dumps(READ))
    iam.create_user(UserName="ana")
    iam.attach_user_policy(UserName="ana", PolicyArn=policy)
    iam.put_user_policy(UserName="ana", PolicyName="more", PolicyDocument=json.dumps(READ))
    iam.create_access_key(UserName="ana")
    boto3.client("kms").create_key()
    queue = boto3.client("sqs").create_queue(QueueName="queue")
    assert queue
    boto3.client("sns").create_topic(Name="topic")
    boto3.client("kinesis").create_stream(StreamName="stream", ShardCount=1)
    boto3.client("glue").create_database(DatabaseInput={"Name": "database"})
    boto3.client("glue").create_data_quality_ruleset(Name="ruleset", Ruleset="Rules = [ RowCount > 0 ]")
    boto3.client("dynamodb").create_table(
        TableName="table",
        KeySchema=[{"AttributeName": "k", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "k", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )
    boto3.client("logs").create_log_group(logGroupName="group")
    events.put_rule(Name="rule", EventPattern=json.dumps({"source": ["x"]}))
    events.put_targets(Rule="rule", Targets=[{"Id": "1", "Arn": "arn:aws:sqs:us-east-1:123456789012:queue"}])
    boto3.client("ecr").create_repository(repositoryName="repository")
    boto3.client("secretsmanager").create_secret(Name="secret", SecretString="s")
    boto3.client("ssm").put_parameter(Name="parameter", Value="v", Type="String")


def left() -> dict[str, Any]:
    """What the account still holds."""
    return {
        "buckets": boto3.client("s3").list_buckets()["Buckets"],
        "roles": boto3.client("iam").list_roles()["Roles"],
        "users": [user["UserName"] for user in boto3.client("iam").list_users()["Users"]],
        "policies": boto3.client("iam").list_policies(Scope="Local")["Policies"],
        "queues": boto3.client("sqs").list_queues().get("QueueUrls", []),
        "streams": boto3.client("kinesis").list_streams()["StreamNames"],
        "topics": boto3.client("sns").list_topics()["Topics"],
        "databases": boto3.client("glue").get_databases()["DatabaseList"],
        "tables": boto3.client("dynamodb").list_tables()["TableNames"],
        "groups": boto3.client("logs").describe_log_groups()["logGroups"],
        "rules": boto3.client("events").list_rules()["Rules"],
        "repositories": boto3.client("ecr").describe_repositories()["repositories"],
        "secrets": boto3.client("secretsmanager").list_secrets()["SecretList"],
        "parameters": boto3.client("ssm").describe_parameters()["Parameters"],
    }


def test_cleanup_lists_and_deletes_what_the_lab_made(
    cloud: Cloud, face_of: None, capsys: pytest.CaptureFixture[str]
) -> None:
    empty = left()
    make_one_of_each()
    face.cleanup()
    assert left() == empty
    (key,) = boto3.client("kms").list_keys()["Keys"]
    assert boto3.client("kms").describe_key(KeyId=key["KeyId"])["KeyMetadata"]["KeyState"] == "PendingDeletion"
    printed = capsys.readouterr().out
    assert "  s3 Bucket data\n" in printed
    face.cleanup()
    assert capsys.readouterr().out == "Nothing to clean up.\n"


def test_what_the_learner_deleted_is_no_obstacle(cloud: Cloud, face_of: None) -> None:
    make_one_of_each()
    boto3.client("sqs").delete_queue(QueueUrl="https://sqs.us-east-1.amazonaws.com/123456789012/queue")
    boto3.client("dynamodb").delete_table(TableName="table")
    boto3.client("ssm").delete_parameter(Name="parameter")
    boto3.client("ecr").delete_repository(repositoryName="repository")
    face.cleanup()
    assert list(cloud.made) == []


def test_every_kind_has_its_place_in_the_order() -> None:
    assert sorted(ORDER) == sorted(KINDS)
