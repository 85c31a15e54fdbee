from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import boto3
import pytest
from cloud.aws import error_of

from mlacourse.cloud.session import Cloud

ONLY_S3 = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}]}


@pytest.fixture
def trail(cloud: Cloud) -> Any:
    return boto3.client("cloudtrail")


def user(name: str) -> boto3.Session:
    """A session of a new user who may use S3 and nothing else."""
    iam = boto3.client("iam")
    iam.create_user(UserName=name)
    iam.put_user_policy(UserName=name, PolicyName="only-s3", PolicyDocument=json.dumps(ONLY_S3))
    key = iam.create_access_key(UserName=name)["AccessKey"]
    return boto3.Session(key["AccessKeyId"], key["SecretAccessKey"])


def found(trail: Any, key: str, value: str, **params: Any) -> list[dict[str, Any]]:
    attribute = {"AttributeKey": key, "AttributeValue": value}
    events: list[dict[str, Any]] = trail.lookup_events(LookupAttributes=[attribute], **params)["Events"]
    return events


def names(events: list[dict[str, Any]]) -> list[str]:
    return [event["EventName"] for event in events]


def test_a_call_is_an_event_that_says_who_did_what_when(trail: Any) -> None:
    boto3.client("sqs").create_queue(QueueName="q")
    (event,) = found(trail, "EventName", "CreateQueue")
    record = json.loads(event["CloudTrailEvent"])
    assert (event["Username"], event["EventSource"], event["ReadOnly"]) == (
        "administrator",
        "sqs.amazonaws.com",
        "false",
    )
    assert event["EventTime"].isoformat() == "2027-01-11T09:00:00+00:00"
    assert event["Resources"] == [{"ResourceType": "AWS::SQS::Queue", "ResourceName": "q"}]
    assert record["userIdentity"]["type"] == "IAMUser"
    assert record["requestParameters"] == {"queueName": "q"}
    assert record["responseElements"] == {"queueUrl": "https://sqs.us-east-1.amazonaws.com/123456789012/q"}
    assert (record["eventID"], record["recipientAccountId"]) == (event["EventId"], "123456789012")


def test_a_denied_call_is_an_event_with_the_reason(trail: Any) -> None:
    queue = user("ana").client("sqs")
    code, message = error_of(queue.create_queue, QueueName="q")
    (event,) = found(trail, "Username", "ana")
    record = json.loads(event["CloudTrailEvent"])
    assert (event["EventName"], record["errorCode"], record["errorMessage"]) == ("CreateQueue", code, message)
    assert record["responseElements"] is None


def test_a_role_session_names_the_role_that_it_came_from(trail: Any) -> None:
    trust = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "sts:*"}]}
    iam = boto3.client("iam")
    role = iam.create_role(RoleName="Training", AssumeRolePolicyDocument=json.dumps(trust))["Role"]["Arn"]
    iam.put_role_policy(RoleName="Training", PolicyName="s3", PolicyDocument=json.dumps(ONLY_S3))
    given = boto3.client("sts").assume_role(RoleArn=role, RoleSessionName="job-1", SourceIdentity="ana")["Credentials"]
    session = boto3.Session(given["AccessKeyId"], given["SecretAccessKey"], given["SessionToken"])
    session.client("s3").list_buckets()
    (event,) = found(trail, "Username", "job-1")
    identity = json.loads(event["CloudTrailEvent"])["userIdentity"]
    assert (identity["type"], identity["arn"]) == (
        "AssumedRole",
        "arn:aws:sts::123456789012:assumed-role/Training/job-1",
    )
    assert identity["sessionContext"]["sessionIssuer"]["arn"] == role
    assert identity["sessionContext"]["sourceIdentity"] == "ana"
    assert [one["AccessKeyId"] for one in found(trail, "EventName", "ListBuckets")] == [given["AccessKeyId"]]


def test_secrets_do_not_get_into_the_trail(cloud: Cloud) -> None:
    boto3.client("secretsmanager").create_secret(Name="db", SecretString="hunter2")
    boto3.client("secretsmanager").get_secret_value(SecretId="db")
    user("ana")
    written = json.dumps(cloud.trail.events)
    assert "hunter2" not in written
    key = boto3.client("iam").create_access_key(UserName="ana")["AccessKey"]
    assert key["AccessKeyId"] in json.dumps(cloud.trail.events)
    assert key["SecretAccessKey"] not in json.dumps(cloud.trail.events)


def test_data_events_are_kept_but_not_looked_up(cloud: Cloud, trail: Any) -> None:
    s3 = boto3.client("s3")
    s3.create_bucket(Bucket="bkt")
    s3.put_object(Bucket="bkt", Key="k", Body=b"secret content")
    assert names(trail.lookup_events()["Events"]) == ["CreateBucket"]
    kept = [(event["eventName"], event["eventCategory"]) for event in cloud.trail.events]
    assert kept == [("CreateBucket", "Management"), ("PutObject", "Data"), ("LookupEvents", "Management")]
    parameters = cloud.trail.events[1]["requestParameters"]
    assert (parameters["bucketName"], parameters["key"], "body" in parameters) == ("bkt", "k", False)


@pytest.mark.parametrize(
    ("key", "value", "expected"),
    [
        ("EventName", "CreateTopic", ["CreateTopic"]),
        ("EventSource", "sqs.amazonaws.com", ["ListQueues", "CreateQueue"]),
        ("ReadOnly", "true", ["ListQueues"]),
        ("ResourceName", "q", ["CreateQueue"]),
        ("ResourceType", "AWS::SNS::Topic", ["CreateTopic"]),
        ("Username", "nobody", []),
        ("AccessKeyId", "AKIAMLACOURSEOFFLINE", ["CreateTopic", "ListQueues", "CreateQueue"]),
    ],
)
def test_events_are_found_by_one_attribute_newest_first(trail: Any, key: str, value: str, expected: list[str]) -> None:
    sqs = boto3.client("sqs")
    sqs.create_queue(QueueName="q")
    sqs.list_queues()
    boto3.client("sns").create_topic(Name="t")
    assert names(found(trail, key, value)) == expected


def test_an_event_is_found_by_its_id(trail: Any) -> None:
    boto3.client("sqs").create_queue(QueueName="q")
    (event,) = found(trail, "EventName", "CreateQueue")
    assert found(trail, "EventId", event["EventId"]) == [event]


def test_events_are_found_by_time(cloud: Cloud, trail: Any) -> None:
    sqs = boto3.client("sqs")
    for name in ("first", "second", "third"):
        sqs.create_queue(QueueName=name)
        cloud.clock.advance(hours=1)
    start = cloud.clock.start
    between = trail.lookup_events(StartTime=start + timedelta(minutes=30), EndTime=start + timedelta(minutes=90))
    assert [event["Resources"][0]["ResourceName"] for event in between["Events"]] == ["second"]
    wrong = {"StartTime": start + timedelta(hours=2), "EndTime": start}
    assert error_of(trail.lookup_events, **wrong)[0] == "InvalidTimeRangeException"


def test_events_come_in_pages(trail: Any) -> None:
    sqs = boto3.client("sqs")
    for number in range(5):
        sqs.create_queue(QueueName=f"q{number}")
    attribute = {"AttributeKey": "EventName", "AttributeValue": "CreateQueue"}
    pages = list(
        trail.get_paginator("lookup_events").paginate(LookupAttributes=[attribute], PaginationConfig={"PageSize": 2})
    )
    assert [len(page["Events"]) for page in pages] == [2, 2, 1]
    seen = [event["Resources"][0]["ResourceName"] for page in pages for event in page["Events"]]
    assert seen == ["q4", "q3", "q2", "q1", "q0"]


def test_events_are_forgotten_after_ninety_days(cloud: Cloud, trail: Any) -> None:
    boto3.client("sqs").create_queue(QueueName="q")
    cloud.clock.advance(days=90)
    assert names(found(trail, "EventName", "CreateQueue")) == ["CreateQueue"]
    cloud.clock.advance(seconds=1)
    assert found(trail, "EventName", "CreateQueue") == []


@pytest.mark.parametrize(
    ("params", "code"),
    [
        (
            {"LookupAttributes": [{"AttributeKey": "EventName", "AttributeValue": "x"}] * 2},
            "InvalidLookupAttributesException",
        ),
        ({"MaxResults": 51}, "InvalidMaxResultsException"),
        ({"NextToken": "made-up"}, "InvalidNextTokenException"),
    ],
)
def test_wrong_lookups_are_refused(trail: Any, params: dict[str, Any], code: str) -> None:
    assert error_of(trail.lookup_events, **params)[0] == code
