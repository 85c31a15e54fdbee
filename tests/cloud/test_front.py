from __future__ import annotations

import http.client
import json
import threading
from typing import Any
from urllib.parse import urlsplit

import boto3
import pytest
from botocore.auth import S3SigV4Auth, SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.config import Config
from botocore.credentials import Credentials
from botocore.exceptions import ClientError
from cloud.aws import error_of, status_of

from mlacourse.cloud import handlers
from mlacourse.cloud.call import AwsError, Call
from mlacourse.cloud.keys import ACCESS_KEY, SECRET_KEY
from mlacourse.cloud.session import Cloud


@pytest.fixture
def handled(monkeypatch: pytest.MonkeyPatch) -> dict[tuple[str, str], Any]:
    """The handlers, to replace one for a test."""
    registered = dict(handlers._handlers)
    monkeypatch.setattr(handlers, "_handlers", registered)
    return registered


def sent(cloud: Cloud, method: str, path: str, body: bytes = b"", **headers: str) -> tuple[int, bytes]:
    """What a client gets that is not botocore."""
    connection = http.client.HTTPConnection(urlsplit(cloud.endpoint).netloc, timeout=10)
    connection.request(method, path, body, headers)
    answer = connection.getresponse()
    content = answer.read()
    connection.close()
    return answer.status, content


# --- refusal --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("service", "operation", "params", "named"),
    [
        (
            "s3",
            "put_bucket_replication",
            {"Bucket": "bkt", "ReplicationConfiguration": {"Role": "r", "Rules": []}},
            "s3:PutBucketReplication",
        ),
        ("comprehend", "detect_sentiment", {"Text": "x", "LanguageCode": "en"}, "comprehend:DetectSentiment"),
        ("bedrock-runtime", "converse", {"modelId": "m"}, "bedrock-runtime:Converse"),
        ("translate", "list_terminologies", {}, "translate:ListTerminologies"),
        ("redshift", "describe_clusters", {}, "redshift:DescribeClusters"),
        ("cloudfront", "list_distributions", {}, "cloudfront:ListDistributions"),
        ("s3control", "list_jobs", {"AccountId": "123456789012"}, "s3control:ListJobs"),
        ("pricing", "describe_services", {}, "pricing:DescribeServices"),
    ],
)
def test_what_is_not_built_is_refused_at_once_by_name(
    cloud: Cloud, service: str, operation: str, params: dict[str, Any], named: str
) -> None:
    with pytest.raises(ClientError) as caught:
        getattr(boto3.client(service, region_name="us-east-1"), operation)(**params)
    answer = caught.value.response
    assert answer["Error"]["Code"] == "NotBuiltOffline"
    assert answer["Error"]["Message"].startswith(f"{named} is not built in the offline cloud")
    assert (answer["ResponseMetadata"]["HTTPStatusCode"], answer["ResponseMetadata"]["RetryAttempts"]) == (501, 0)


@pytest.mark.parametrize("mode", ["legacy", "standard", "adaptive"])
def test_a_refusal_is_not_retried(cloud: Cloud, mode: Any) -> None:
    client = boto3.client("comprehend", config=Config(retries={"mode": mode, "max_attempts": 5}))
    with pytest.raises(ClientError) as caught:
        client.detect_sentiment(Text="x", LanguageCode="en")
    assert caught.value.response["ResponseMetadata"]["RetryAttempts"] == 0


def test_a_refusal_says_what_to_do_instead(cloud: Cloud) -> None:
    secrets = boto3.client("secretsmanager")
    assert "Put a new version with PutSecretValue." in error_of(secrets.rotate_secret, SecretId="x")[1]


def test_a_refusal_is_no_event_of_aws(cloud: Cloud) -> None:
    error_of(boto3.client("comprehend").detect_sentiment, Text="x", LanguageCode="en")
    error_of(boto3.client("events").put_rule, Name="r", ScheduleExpression="rate(1 hour)")
    assert cloud.trail.events == []


# --- validation -----------------------------------------------------------------------------------------------


def test_a_wrong_name_gets_the_code_and_the_words_of_aws(cloud: Cloud) -> None:
    trust = json.dumps({"Version": "2012-10-17", "Statement": []})
    assert error_of(boto3.client("iam").create_role, RoleName="has spaces", AssumeRolePolicyDocument=trust) == (
        "ValidationError",
        "1 validation error detected: Value 'has spaces' at 'roleName' failed to satisfy constraint: "
        r"Member must satisfy regular expression pattern: [\w+=,.@-]+",
    )


def test_several_mistakes_are_counted(cloud: Cloud) -> None:
    code, message = error_of(boto3.client("kms").generate_data_key, KeyId="k" * 2049, KeySpec="AES_512")
    assert code == "ValidationException"
    assert message == (
        f"2 validation errors detected: Value '{'k' * 2049}' at 'keyId' failed to satisfy constraint: Member must have "
        "length less than or equal to 2048; Value 'AES_512' at 'keySpec' failed to satisfy constraint: Member must "
        "satisfy enum value set: [AES_256, AES_128]"
    )


def test_a_mistake_deep_in_a_list_is_named_by_its_path(cloud: Cloud) -> None:
    tags = [{"Key": "a" * 200, "Value": "v"}]
    message = error_of(boto3.client("iam").create_user, UserName="u", Tags=tags)[1]
    assert f"Value '{'a' * 200}' at 'tags.1.member.key' failed to satisfy constraint" in message


def test_a_missing_parameter_is_null(cloud: Cloud) -> None:
    unchecked = boto3.client("kms", config=Config(parameter_validation=False))
    assert error_of(unchecked.describe_key) == (
        "ValidationException",
        "1 validation error detected: Value null at 'keyId' failed to satisfy constraint: Member must not be null",
    )


def test_a_secret_is_not_repeated_in_the_message(cloud: Cloud) -> None:
    secrets = boto3.client("secretsmanager", config=Config(parameter_validation=False))
    message = error_of(secrets.create_secret, Name="n", SecretString="s" * 65537)[1]
    assert message.startswith("1 validation error detected: Value at 'secretString' failed to satisfy constraint")


@pytest.mark.parametrize(
    ("service", "method", "path", "headers", "code"),
    [
        ("sqs", "POST", "/", {"X-Amz-Target": "AmazonSQS.ListQueues"}, "SerializationException"),
        ("s3", "PUT", "/bkt?versioning", {}, "MalformedXML"),
    ],
)
def test_a_body_that_cannot_be_read_is_said_to_be_so(
    cloud: Cloud, service: str, method: str, path: str, headers: dict[str, str], code: str
) -> None:
    request = AWSRequest(method, cloud.endpoint + path, headers, b"<{ neither JSON nor XML")
    signer = S3SigV4Auth if service == "s3" else SigV4Auth
    signer(Credentials(ACCESS_KEY, SECRET_KEY), service, "us-east-1").add_auth(request)
    status, content = sent(cloud, method, path, request.body, **dict(request.headers))
    assert (status, code.encode() in content) == (400, True)


# --- handlers -------------------------------------------------------------------------------------------------


def test_a_handler_may_change_the_call_and_pass_it_on(cloud: Cloud, handled: dict[tuple[str, str], Any]) -> None:
    handled["sqs", "CreateQueue"] = lambda cloud, call: cloud.forward(call, QueueName="other", Attributes=None)
    answer = boto3.client("sqs").create_queue(QueueName="mine", Attributes={"DelaySeconds": "3"})
    assert answer["QueueUrl"].endswith("/other")


@pytest.mark.parametrize("service", ["sqs", "sns", "s3", "ec2", "lambda"])
def test_a_handlers_error_arrives_in_each_protocol(
    cloud: Cloud, handled: dict[tuple[str, str], Any], service: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    operation, call, params = {
        "sqs": ("ListQueues", "list_queues", {}),
        "sns": ("ListTopics", "list_topics", {}),
        "s3": ("ListBuckets", "list_buckets", {}),
        "ec2": ("DescribeVpcs", "describe_vpcs", {}),
        "lambda": ("ListFunctions", "list_functions", {}),
    }[service]

    def refuse(cloud: Cloud, call: Call) -> dict[str, Any]:
        raise AwsError("TooBusy", 'Say "later" & <wait>', 429)

    handled[service, operation] = refuse
    monkeypatch.setattr("mlacourse.cloud.fidelity.refusal", lambda service, operation: None)
    client = boto3.client(service, config=Config(retries={"total_max_attempts": 1}))
    assert error_of(getattr(client, call), **params) == ("TooBusy", 'Say "later" & <wait>')
    assert status_of(getattr(client, call), **params) == 429


@pytest.mark.parametrize(
    "answer", [{"QueueUrl": "u", "Invented": 1}, {"QueueUrl": 3}, {"QueueUrl": {"deeper": "invented"}}]
)
def test_a_handler_that_invents_is_a_fault_of_ours(
    running: Cloud, handled: dict[tuple[str, str], Any], answer: dict[str, Any]
) -> None:
    handled["sqs", "CreateQueue"] = lambda cloud, call: answer
    code, message = error_of(boto3.client("sqs").create_queue, QueueName="q")
    assert (code, "failed in the offline cloud, not in AWS" in message) == ("OfflineCloudFault", True)
    assert len(running.defects) > 0
    running.reset()


def test_an_operation_has_one_handler() -> None:
    with pytest.raises(ValueError, match="sts:GetCallerIdentity has two handlers"):
        handlers.handles("sts", "GetCallerIdentity")(lambda cloud, call: {})


# --- the wire -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("call", ["sqs.list_queues", "sns.list_topics", "s3.list_buckets", "sts.get_caller_identity"])
def test_the_id_of_a_request_is_the_one_that_the_trail_has(cloud: Cloud, call: str) -> None:
    service, name = call.split(".")
    answer = getattr(boto3.client(service), name)()
    assert answer["ResponseMetadata"]["RequestId"] == cloud.trail.events[-1]["requestID"]


def test_an_error_has_the_id_of_its_request_too(cloud: Cloud) -> None:
    for call in (boto3.client("s3").get_object, boto3.client("iam").get_role):
        with pytest.raises(ClientError) as caught:
            call(**({"Bucket": "ghost", "Key": "k"} if "s3" in repr(call).lower() else {"RoleName": "ghost"}))
        assert caught.value.response["ResponseMetadata"]["RequestId"] == cloud.trail.events[-1]["requestID"]


def test_motos_own_error_members_are_kept(cloud: Cloud) -> None:
    client = boto3.client("dynamodb")
    client.create_table(
        TableName="table",
        KeySchema=[{"AttributeName": "k", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "k", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )
    put = {"TableName": "table", "Item": {"k": {"S": "a"}}, "ConditionExpression": "attribute_exists(k)"}
    with pytest.raises(ClientError) as caught:
        client.transact_write_items(TransactItems=[{"Put": put}])
    assert [reason["Code"] for reason in caught.value.response["CancellationReasons"]] == ["ConditionalCheckFailed"]


def test_calls_of_many_threads_are_all_answered(cloud: Cloud) -> None:
    sqs = boto3.client("sqs", config=Config(max_pool_connections=20))
    url = sqs.create_queue(QueueName="q")["QueueUrl"]

    def send() -> None:
        for _ in range(10):
            sqs.send_message(QueueUrl=url, MessageBody="x")

    threads = [threading.Thread(target=send) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    counted = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["ApproximateNumberOfMessages"])
    assert counted["Attributes"]["ApproximateNumberOfMessages"] == "100"
    assert len({event["requestID"] for event in cloud.trail.events}) == len(cloud.trail.events)


def test_a_chunked_body_is_put_together(cloud: Cloud) -> None:
    s3 = boto3.client("s3", config=Config(signature_version="s3v4"))
    s3.create_bucket(Bucket="bkt")
    url = s3.generate_presigned_url("put_object", Params={"Bucket": "bkt", "Key": "k"})
    connection = http.client.HTTPConnection(urlsplit(cloud.endpoint).netloc, timeout=10)
    connection.request("PUT", url.removeprefix(cloud.endpoint), iter([b"one ", b"two"]), encode_chunked=True)
    assert connection.getresponse().status == 200
    connection.close()
    assert s3.get_object(Bucket="bkt", Key="k")["Body"].read() == b"one two"


def test_a_request_that_is_no_call_of_aws_is_refused(cloud: Cloud) -> None:
    status, content = sent(cloud, "POST", "/nothing/of/aws", b"{}")
    assert (status, b"NotBuiltOffline" in content) == (501, True)


@pytest.mark.parametrize("query", ["X-Amz-Credential=A/20270111/us-east-1/s3/aws4_request&X-Amz-Expires=soon"])
def test_a_url_that_makes_no_sense_is_refused(cloud: Cloud, query: str) -> None:
    status, content = sent(cloud, "GET", f"/bkt/k?{query}")
    assert (status, b"<Code>InvalidRequest</Code>" in content) == (400, True)
