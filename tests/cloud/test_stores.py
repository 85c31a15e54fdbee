from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import boto3
import pytest
from boto3.dynamodb.conditions import Attr, Key
from botocore.exceptions import ClientError
from cloud.aws import error_of

from mlacourse.cloud.session import Cloud

# --- DynamoDB -------------------------------------------------------------------------------------------------


@pytest.fixture
def table(cloud: Cloud) -> Any:
    return boto3.resource("dynamodb").create_table(
        TableName="scores",
        KeySchema=[{"AttributeName": "customer", "KeyType": "HASH"}, {"AttributeName": "day", "KeyType": "RANGE"}],
        AttributeDefinitions=[
            {"AttributeName": "customer", "AttributeType": "S"},
            {"AttributeName": "day", "AttributeType": "N"},
            {"AttributeName": "band", "AttributeType": "S"},
        ],
        GlobalSecondaryIndexes=[
            {
                "IndexName": "by-band",
                "KeySchema": [{"AttributeName": "band", "KeyType": "HASH"}],
                "Projection": {"ProjectionType": "ALL"},
            }
        ],
        BillingMode="PAY_PER_REQUEST",
    )


def test_items_are_put_read_updated_and_deleted(table: Any) -> None:
    table.put_item(Item={"customer": "a", "day": 1, "score": 3})
    table.update_item(
        Key={"customer": "a", "day": 1},
        UpdateExpression="SET score = score + :one",
        ExpressionAttributeValues={":one": 1},
    )
    assert table.get_item(Key={"customer": "a", "day": 1})["Item"]["score"] == 4
    table.delete_item(Key={"customer": "a", "day": 1})
    assert "Item" not in table.get_item(Key={"customer": "a", "day": 1})


def test_a_query_reads_a_range_of_keys_in_order_and_in_pages(table: Any) -> None:
    with table.batch_writer() as batch:
        for day in (3, 1, 2):
            batch.put_item(Item={"customer": "a", "day": day, "band": "high" if day > 1 else "low"})
        batch.put_item(Item={"customer": "b", "day": 1, "band": "low"})
    condition = Key("customer").eq("a") & Key("day").gte(2)
    assert [int(item["day"]) for item in table.query(KeyConditionExpression=condition)["Items"]] == [2, 3]
    page = table.query(KeyConditionExpression=Key("customer").eq("a"), Limit=2)
    rest = table.query(KeyConditionExpression=Key("customer").eq("a"), ExclusiveStartKey=page["LastEvaluatedKey"])
    assert [int(item["day"]) for item in page["Items"] + rest["Items"]] == [1, 2, 3]
    found = table.query(IndexName="by-band", KeyConditionExpression=Key("band").eq("low"))["Items"]
    assert sorted(item["customer"] for item in found) == ["a", "b"]
    assert table.scan(FilterExpression=Attr("day").eq(1))["Count"] == 2
    keys = [{"customer": name, "day": 1} for name in "ab"]
    got = boto3.resource("dynamodb").batch_get_item(RequestItems={"scores": {"Keys": keys}})
    assert len(got["Responses"]["scores"]) == 2


def test_a_condition_that_fails_changes_nothing(table: Any) -> None:
    table.put_item(Item={"customer": "a", "day": 1, "score": 3})
    with pytest.raises(ClientError, match="ConditionalCheckFailedException"):
        table.put_item(Item={"customer": "a", "day": 1}, ConditionExpression="attribute_not_exists(customer)")
    assert table.get_item(Key={"customer": "a", "day": 1})["Item"]["score"] == 3


def test_a_transaction_happens_as_a_whole_or_not_at_all(table: Any) -> None:
    def put(day: str, **more: Any) -> dict[str, Any]:
        return {"Put": {"TableName": "scores", "Item": {"customer": {"S": "a"}, "day": {"N": day}}, **more}}

    client = boto3.client("dynamodb")
    new = "attribute_not_exists(customer)"
    client.transact_write_items(TransactItems=[put("1", ConditionExpression=new), put("2")])
    code, message = error_of(client.transact_write_items, TransactItems=[put("3"), put("1", ConditionExpression=new)])
    assert (code, "ConditionalCheckFailed" in message) == ("TransactionCanceledException", True)
    assert table.scan()["Count"] == 2
    get = {"Get": {"TableName": "scores", "Key": {"customer": {"S": "a"}, "day": {"N": "1"}}}}
    assert len(client.transact_get_items(TransactItems=[get])["Responses"]) == 1


def test_a_table_is_described_listed_and_deleted(table: Any, cloud: Cloud) -> None:
    client = boto3.client("dynamodb")
    described = client.describe_table(TableName="scores")["Table"]
    assert (described["TableStatus"], described["CreationDateTime"]) == ("ACTIVE", cloud.clock.start)
    assert client.list_tables()["TableNames"] == ["scores"]
    client.delete_table(TableName="scores")
    assert error_of(client.describe_table, TableName="scores")[0] == "ResourceNotFoundException"


# --- Secrets Manager and Parameter Store ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changed", "refused"),
    [
        ({"StreamSpecification": {"StreamEnabled": True, "StreamViewType": "NEW_IMAGE"}}, "NotBuiltOffline"),
        ({"TableName": "ab"}, "ValidationException"),
    ],
)
def test_a_table_with_a_stream_or_a_short_name_is_refused(cloud: Cloud, changed: Any, refused: str) -> None:
    table = {
        "TableName": "scores",
        "KeySchema": [{"AttributeName": "k", "KeyType": "HASH"}],
        "AttributeDefinitions": [{"AttributeName": "k", "AttributeType": "S"}],
        "BillingMode": "PAY_PER_REQUEST",
    }
    assert error_of(boto3.client("dynamodb").create_table, **table | changed)[0] == refused


def test_a_key_that_would_not_be_asked_is_refused(cloud: Cloud) -> None:
    key = boto3.client("kms").create_key()["KeyMetadata"]["KeyId"]
    create, put = boto3.client("secretsmanager").create_secret, boto3.client("ssm").put_parameter
    assert error_of(create, Name="s", SecretString="1", KmsKeyId=key)[0] == "NotBuiltOffline"
    assert error_of(put, Name="p", Value="v", Type="SecureString", KeyId=key)[0] == "NotBuiltOffline"


def test_a_parameter_that_should_expire_is_refused(cloud: Cloud) -> None:
    code, message = error_of(boto3.client("ssm").put_parameter, Name="p", Value="v", Type="String", Policies="[]")
    assert (code, "with Policies" in message) == ("NotBuiltOffline", True)


def test_a_secret_keeps_its_previous_version(cloud: Cloud) -> None:
    secrets = boto3.client("secretsmanager")
    secrets.create_secret(Name="db", SecretString="one")
    secrets.put_secret_value(SecretId="db", SecretString="two")
    assert secrets.get_secret_value(SecretId="db")["SecretString"] == "two"
    assert secrets.get_secret_value(SecretId="db", VersionStage="AWSPREVIOUS")["SecretString"] == "one"
    secrets.update_secret(SecretId="db", Description="of the feature store")
    assert secrets.describe_secret(SecretId="db")["Description"] == "of the feature store"
    stages = [one["VersionStages"] for one in secrets.list_secret_version_ids(SecretId="db")["Versions"]]
    assert sorted(stages) == [["AWSCURRENT"], ["AWSPREVIOUS"]]


def test_a_deleted_secret_can_be_restored_while_it_waits(cloud: Cloud) -> None:
    secrets = boto3.client("secretsmanager")
    secrets.create_secret(Name="db", SecretString="one")
    deleted = secrets.delete_secret(SecretId="db", RecoveryWindowInDays=7)
    assert deleted["DeletionDate"] == cloud.clock.start + timedelta(days=7)
    assert error_of(secrets.get_secret_value, SecretId="db")[0] == "InvalidRequestException"
    secrets.restore_secret(SecretId="db")
    assert secrets.get_secret_value(SecretId="db")["SecretString"] == "one"
    assert [one["Name"] for one in secrets.list_secrets()["SecretList"]] == ["db"]


def test_a_parameter_has_versions_and_paths(cloud: Cloud) -> None:
    ssm = boto3.client("ssm")
    ssm.put_parameter(Name="/churn/threshold", Value="0.5", Type="String")
    assert (
        error_of(ssm.put_parameter, Name="/churn/threshold", Value="0.4", Type="String")[0] == "ParameterAlreadyExists"
    )
    assert ssm.put_parameter(Name="/churn/threshold", Value="0.4", Type="String", Overwrite=True)["Version"] == 2
    ssm.put_parameter(Name="/churn/bucket", Value="b", Type="String")
    under = ssm.get_parameters_by_path(Path="/churn")["Parameters"]
    assert {one["Name"]: one["Value"] for one in under} == {"/churn/threshold": "0.4", "/churn/bucket": "b"}
    history = ssm.get_parameter_history(Name="/churn/threshold")["Parameters"]
    assert [one["Value"] for one in history] == ["0.5", "0.4"]
    assert len(ssm.describe_parameters()["Parameters"]) == 2
    assert ssm.get_parameters(Names=["/churn/bucket", "/none"])["InvalidParameters"] == ["/none"]
    ssm.delete_parameter(Name="/churn/bucket")
    ssm.delete_parameters(Names=["/churn/threshold"])
    assert error_of(ssm.get_parameter, Name="/churn/threshold")[0] == "ParameterNotFound"


def test_a_secure_string_shows_itself_only_with_decryption(cloud: Cloud) -> None:
    ssm = boto3.client("ssm")
    ssm.put_parameter(Name="token", Value="s3cret", Type="SecureString")
    assert ssm.get_parameter(Name="token")["Parameter"]["Value"] != "s3cret"
    assert ssm.get_parameter(Name="token", WithDecryption=True)["Parameter"]["Value"] == "s3cret"


# --- CloudWatch Logs ------------------------------------------------------------------------------------------


@pytest.fixture
def logs(cloud: Cloud) -> Any:
    client = boto3.client("logs")
    client.create_log_group(logGroupName="/training")
    client.create_log_stream(logGroupName="/training", logStreamName="job-1")
    now = int(cloud.clock.now().timestamp() * 1000)
    lines = [
        {"timestamp": now + 1000 * number, "message": text}
        for number, text in enumerate(("epoch 1", "ERROR nan", "epoch 2"))
    ]
    client.put_log_events(logGroupName="/training", logStreamName="job-1", logEvents=lines)
    return client


def test_log_events_come_back_in_order_and_in_pages(logs: Any) -> None:
    stream = {"logGroupName": "/training", "logStreamName": "job-1"}
    first = logs.get_log_events(**stream, limit=2, startFromHead=True)
    rest = logs.get_log_events(**stream, startFromHead=True, nextToken=first["nextForwardToken"])
    assert [one["message"] for one in first["events"] + rest["events"]] == ["epoch 1", "ERROR nan", "epoch 2"]
    assert [one["logStreamName"] for one in logs.describe_log_streams(logGroupName="/training")["logStreams"]] == [
        "job-1"
    ]


def test_log_events_are_searched_by_words_and_time(logs: Any, cloud: Cloud) -> None:
    found = logs.filter_log_events(logGroupName="/training", filterPattern="ERROR")["events"]
    assert [one["message"] for one in found] == ["ERROR nan"]
    late = int(cloud.clock.now().timestamp() * 1000) + 1500
    assert [one["message"] for one in logs.filter_log_events(logGroupName="/training", startTime=late)["events"]] == [
        "epoch 2"
    ]


@pytest.mark.parametrize(
    "pattern", ["{ $.latency > 50 }", "[a, b]", "%ERR%", "-ERROR", "?ERROR ?nan", "ERROR -nan", "404", '"a" "b"']
)
def test_a_pattern_that_would_match_wrongly_is_refused(logs: Any, pattern: str) -> None:
    assert error_of(logs.filter_log_events, logGroupName="/training", filterPattern=pattern)[0] == "NotBuiltOffline"


@pytest.mark.parametrize("pattern", ["nan ERROR", '"ERROR nan"', ""])
def test_words_and_one_phrase_are_searched(logs: Any, pattern: str) -> None:
    found = logs.filter_log_events(logGroupName="/training", filterPattern=pattern)["events"]
    assert ("ERROR nan" in [one["message"] for one in found], len(found) > 1) == (True, pattern == "")


def test_groups_and_streams_are_deleted(logs: Any) -> None:
    logs.delete_log_stream(logGroupName="/training", logStreamName="job-1")
    assert logs.describe_log_streams(logGroupName="/training")["logStreams"] == []
    logs.delete_log_group(logGroupName="/training")
    assert logs.describe_log_groups()["logGroups"] == []
    code, message = error_of(logs.create_log_group, logGroupName="has spaces")
    assert (code, "failed to satisfy constraint" in message) == ("InvalidParameterException", True)


# --- ECR ------------------------------------------------------------------------------------------------------


def manifest(digest: str) -> str:
    kind = "application/vnd.docker.distribution.manifest.v2+json"
    return json.dumps({"schemaVersion": 2, "mediaType": kind, "config": {"digest": digest}, "layers": []})


def test_an_immutable_tag_refuses_a_second_image(cloud: Cloud) -> None:
    ecr = boto3.client("ecr")
    ecr.create_repository(repositoryName="churn", imageTagMutability="IMMUTABLE")
    ecr.put_image(repositoryName="churn", imageManifest=manifest("sha256:1"), imageTag="v1")
    again = {"repositoryName": "churn", "imageManifest": manifest("sha256:2"), "imageTag": "v1"}
    assert error_of(ecr.put_image, **again)[0] == "ImageTagAlreadyExistsException"
    ecr.put_image_tag_mutability(repositoryName="churn", imageTagMutability="MUTABLE")
    ecr.put_image(**again)


def test_images_are_found_by_tag_and_deleted_with_their_repository(cloud: Cloud) -> None:
    ecr = boto3.client("ecr")
    repository = ecr.create_repository(repositoryName="churn")["repository"]
    assert repository["repositoryUri"] == "123456789012.dkr.ecr.us-east-1.amazonaws.com/churn"
    ecr.put_image(repositoryName="churn", imageManifest=manifest("sha256:1"), imageTag="v1")
    (image,) = ecr.batch_get_image(repositoryName="churn", imageIds=[{"imageTag": "v1"}])["images"]
    assert image["imageManifest"] == manifest("sha256:1")
    assert [one["imageTags"] for one in ecr.describe_images(repositoryName="churn")["imageDetails"]] == [["v1"]]
    assert len(ecr.list_images(repositoryName="churn")["imageIds"]) == 1
    assert error_of(ecr.delete_repository, repositoryName="churn")[0] == "RepositoryNotEmptyException"
    ecr.batch_delete_image(repositoryName="churn", imageIds=[{"imageTag": "v1"}])
    ecr.delete_repository(repositoryName="churn")
    assert ecr.describe_repositories()["repositories"] == []


def test_a_repository_policy_is_kept(cloud: Cloud) -> None:
    ecr = boto3.client("ecr")
    ecr.create_repository(repositoryName="churn")
    assert error_of(ecr.get_repository_policy, repositoryName="churn")[0] == "RepositoryPolicyNotFoundException"
    pull = {"Effect": "Allow", "Principal": "*", "Action": "ecr:BatchGetImage"}
    policy = {"Version": "2012-10-17", "Statement": [pull]}
    ecr.set_repository_policy(repositoryName="churn", policyText=json.dumps(policy))
    kept = ecr.get_repository_policy(repositoryName="churn")["policyText"]
    assert json.loads(kept) == policy
