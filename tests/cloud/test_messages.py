from __future__ import annotations

import json
from typing import Any

import boto3
import pytest
from cloud.aws import error_of

from mlacourse.cloud.session import Cloud


@pytest.fixture
def sqs(cloud: Cloud) -> Any:
    return boto3.client("sqs")


def queue_with_arn(sqs: Any, name: str, **attributes: str) -> tuple[str, str]:
    url = sqs.create_queue(QueueName=name, Attributes=attributes)["QueueUrl"]
    return url, sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]


def received(sqs: Any, url: str, **params: Any) -> list[str]:
    return [
        one["Body"] for one in sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10, **params).get("Messages", [])
    ]


# --- SQS ------------------------------------------------------------------------------------------------------


def test_a_received_message_hides_until_its_visibility_timeout_has_passed(sqs: Any, cloud: Cloud) -> None:
    url, _ = queue_with_arn(sqs, "q", VisibilityTimeout="30")
    sqs.send_message(QueueUrl=url, MessageBody="once")
    assert received(sqs, url) == ["once"]
    cloud.clock.advance(seconds=29)
    assert received(sqs, url) == []
    cloud.clock.advance(seconds=2)
    assert received(sqs, url) == ["once"]


def test_a_deleted_message_does_not_come_back(sqs: Any, cloud: Cloud) -> None:
    url, _ = queue_with_arn(sqs, "q", VisibilityTimeout="30")
    sqs.send_message(QueueUrl=url, MessageBody="once")
    handle = sqs.receive_message(QueueUrl=url)["Messages"][0]["ReceiptHandle"]
    sqs.delete_message(QueueUrl=url, ReceiptHandle=handle)
    cloud.clock.advance(minutes=5)
    assert received(sqs, url) == []


def test_a_longer_visibility_is_granted_on_the_way(sqs: Any, cloud: Cloud) -> None:
    url, _ = queue_with_arn(sqs, "q", VisibilityTimeout="30")
    sqs.send_message(QueueUrl=url, MessageBody="slow")
    handle = sqs.receive_message(QueueUrl=url)["Messages"][0]["ReceiptHandle"]
    sqs.change_message_visibility(QueueUrl=url, ReceiptHandle=handle, VisibilityTimeout=120)
    cloud.clock.advance(seconds=119)
    assert received(sqs, url) == []
    cloud.clock.advance(seconds=2)
    assert received(sqs, url) == ["slow"]


def test_a_delayed_message_arrives_with_the_clock(sqs: Any, cloud: Cloud) -> None:
    url, _ = queue_with_arn(sqs, "q")
    sqs.send_message(QueueUrl=url, MessageBody="later", DelaySeconds=60)
    assert received(sqs, url) == []
    cloud.clock.advance(minutes=1)
    assert received(sqs, url) == ["later"]


def test_a_message_moves_to_the_dead_letter_queue_after_too_many_receives(sqs: Any, cloud: Cloud) -> None:
    dead, dead_arn = queue_with_arn(sqs, "dead")
    redrive = json.dumps({"deadLetterTargetArn": dead_arn, "maxReceiveCount": 2})
    url, _ = queue_with_arn(sqs, "q", VisibilityTimeout="10", RedrivePolicy=redrive)
    sqs.send_message(QueueUrl=url, MessageBody="poison")
    for _ in range(3):
        received(sqs, url)
        cloud.clock.advance(seconds=11)
    assert (received(sqs, url), received(sqs, dead)) == ([], ["poison"])


def test_a_fifo_queue_keeps_order_and_drops_duplicates(sqs: Any) -> None:
    url, _ = queue_with_arn(sqs, "q.fifo", FifoQueue="true", ContentBasedDeduplication="true")
    for body in ("1", "2", "2", "3"):
        sqs.send_message(QueueUrl=url, MessageBody=body, MessageGroupId="g")
    assert received(sqs, url) == ["1", "2", "3"]


def test_a_long_poll_of_an_empty_queue_answers_at_once(sqs: Any, cloud: Cloud) -> None:
    url, _ = queue_with_arn(sqs, "q")
    assert received(sqs, url, WaitTimeSeconds=20) == []
    assert cloud.clock.now() == cloud.clock.start


def test_queues_are_found_listed_purged_and_deleted(sqs: Any) -> None:
    url, _ = queue_with_arn(sqs, "q")
    assert url == "https://sqs.us-east-1.amazonaws.com/123456789012/q"
    assert (sqs.get_queue_url(QueueName="q")["QueueUrl"], sqs.list_queues()["QueueUrls"]) == (url, [url])
    entries = [{"Id": body, "MessageBody": body} for body in "ab"]
    assert len(sqs.send_message_batch(QueueUrl=url, Entries=entries)["Successful"]) == 2
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"VisibilityTimeout": "5"})
    counted = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
    assert (counted["ApproximateNumberOfMessages"], counted["VisibilityTimeout"]) == ("2", "5")
    handles = [one["ReceiptHandle"] for one in sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=1)["Messages"]]
    gone = [{"Id": str(number), "ReceiptHandle": handle} for number, handle in enumerate(handles)]
    assert len(sqs.delete_message_batch(QueueUrl=url, Entries=gone)["Successful"]) == 1
    sqs.purge_queue(QueueUrl=url)
    assert received(sqs, url) == []
    sqs.delete_queue(QueueUrl=url)
    assert error_of(sqs.get_queue_url, QueueName="q")[0] == "AWS.SimpleQueueService.NonExistentQueue"


# --- SNS ------------------------------------------------------------------------------------------------------


def test_a_topic_fans_out_to_queues_that_its_filter_lets_through(sqs: Any) -> None:
    sns = boto3.client("sns")
    topic = sns.create_topic(Name="alerts")["TopicArn"]
    all_url, all_arn = queue_with_arn(sqs, "everything")
    few_url, few_arn = queue_with_arn(sqs, "severe")
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=all_arn)
    few = sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=few_arn)["SubscriptionArn"]
    sns.set_subscription_attributes(
        SubscriptionArn=few, AttributeName="FilterPolicy", AttributeValue=json.dumps({"level": ["severe"]})
    )
    sns.set_subscription_attributes(SubscriptionArn=few, AttributeName="RawMessageDelivery", AttributeValue="true")
    for level in ("mild", "severe"):
        value = {"level": {"DataType": "String", "StringValue": level}}
        sns.publish(TopicArn=topic, Message=f"a {level} one", MessageAttributes=value)
    assert [json.loads(body)["Message"] for body in received(sqs, all_url)] == ["a mild one", "a severe one"]
    assert received(sqs, few_url) == ["a severe one"]


def test_topics_and_subscriptions_are_listed_and_removed(sqs: Any) -> None:
    sns = boto3.client("sns")
    topic = sns.create_topic(Name="alerts")["TopicArn"]
    url, arn = queue_with_arn(sqs, "q")
    subscription = sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn)["SubscriptionArn"]
    assert [one["SubscriptionArn"] for one in sns.list_subscriptions()["Subscriptions"]] == [subscription]
    assert len(sns.list_subscriptions_by_topic(TopicArn=topic)["Subscriptions"]) == 1
    assert sns.get_subscription_attributes(SubscriptionArn=subscription)["Attributes"]["Endpoint"] == arn
    sns.set_topic_attributes(TopicArn=topic, AttributeName="DisplayName", AttributeValue="Alerts")
    assert sns.get_topic_attributes(TopicArn=topic)["Attributes"]["DisplayName"] == "Alerts"
    entries = [{"Id": body, "Message": body} for body in "ab"]
    assert len(sns.publish_batch(TopicArn=topic, PublishBatchRequestEntries=entries)["Successful"]) == 2
    assert len(received(sqs, url)) == 2
    sns.unsubscribe(SubscriptionArn=subscription)
    sns.publish(TopicArn=topic, Message="nobody")
    assert received(sqs, url) == []
    sns.delete_topic(TopicArn=topic)
    assert sns.list_topics()["Topics"] == []


def test_a_subscription_that_nobody_would_get_is_refused(cloud: Cloud) -> None:
    sns = boto3.client("sns")
    topic = sns.create_topic(Name="alerts")["TopicArn"]
    code, message = error_of(sns.subscribe, TopicArn=topic, Protocol="https", Endpoint="https://example.com")
    assert (code, "Subscribe an SQS queue." in message) == ("NotBuiltOffline", True)


# --- EventBridge ----------------------------------------------------------------------------------------------


def delivered(pattern: dict[str, Any], detail: dict[str, Any]) -> bool:
    """Whether an event with this detail passes a rule with this pattern of the detail."""
    events, sqs = boto3.client("events"), boto3.client("sqs")
    url, arn = queue_with_arn(sqs, "target")
    events.put_rule(Name="rule", EventPattern=json.dumps({"source": ["shop"], "detail": pattern}))
    events.put_targets(Rule="rule", Targets=[{"Id": "1", "Arn": arn}])
    events.put_events(Entries=[{"Source": "shop", "DetailType": "t", "Detail": json.dumps(detail)}])
    return bool(received(sqs, url))


@pytest.mark.parametrize(
    ("pattern", "passes", "stays"),
    [
        ({"state": ["open"]}, {"state": "open"}, {"state": "shut"}),
        ({"key": [{"prefix": "raw/"}]}, {"key": "raw/a"}, {"key": "clean/a"}),
        ({"key": [{"suffix": ".csv"}]}, {"key": "a.csv"}, {"key": "a.json"}),
        ({"size": [{"numeric": [">", 10]}]}, {"size": 11}, {"size": 10}),
        ({"state": [{"anything-but": ["shut"]}]}, {"state": "open"}, {"state": "shut"}),
        ({"error": [{"exists": True}]}, {"error": "x"}, {"ok": 1}),
        ({"$or": [{"a": [1]}, {"b": [2]}]}, {"b": 2}, {"a": 2, "b": 1}),
        ({"key": [{"wildcard": "raw/*.csv"}]}, {"key": "raw/a.csv"}, {"key": "raw/a.json"}),
    ],
)
def test_a_pattern_decides_what_is_delivered(
    cloud: Cloud, pattern: dict[str, Any], passes: dict[str, Any], stays: dict[str, Any]
) -> None:
    assert delivered(pattern, passes)
    cloud.reset()
    assert not delivered(pattern, stays)


def test_a_rule_is_switched_off_described_and_removed(sqs: Any) -> None:
    events = boto3.client("events")
    url, arn = queue_with_arn(sqs, "target")
    events.put_rule(Name="rule", EventPattern=json.dumps({"source": ["shop"]}))
    events.put_targets(Rule="rule", Targets=[{"Id": "1", "Arn": arn}])
    assert events.list_targets_by_rule(Rule="rule")["Targets"] == [{"Id": "1", "Arn": arn}]
    events.disable_rule(Name="rule")
    events.put_events(Entries=[{"Source": "shop", "DetailType": "t", "Detail": "{}"}])
    assert (events.describe_rule(Name="rule")["State"], received(sqs, url)) == ("DISABLED", [])
    events.enable_rule(Name="rule")
    events.put_events(Entries=[{"Source": "shop", "DetailType": "t", "Detail": "{}"}])
    assert len(received(sqs, url)) == 1
    events.remove_targets(Rule="rule", Ids=["1"])
    events.delete_rule(Name="rule")
    assert events.list_rules()["Rules"] == []


def test_a_bus_of_your_own_gets_only_what_is_sent_to_it(sqs: Any) -> None:
    events = boto3.client("events")
    events.create_event_bus(Name="ml")
    assert [bus["Name"] for bus in events.list_event_buses()["EventBuses"]] == ["default", "ml"]
    url, arn = queue_with_arn(sqs, "target")
    events.put_rule(Name="rule", EventBusName="ml", EventPattern=json.dumps({"source": ["shop"]}))
    events.put_targets(Rule="rule", EventBusName="ml", Targets=[{"Id": "1", "Arn": arn}])
    entry = {"Source": "shop", "DetailType": "t", "Detail": "{}"}
    events.put_events(Entries=[entry])
    assert received(sqs, url) == []
    events.put_events(Entries=[entry | {"EventBusName": "ml"}])
    assert len(received(sqs, url)) == 1
    assert events.describe_event_bus(Name="ml")["Name"] == "ml"
    events.remove_targets(Rule="rule", EventBusName="ml", Ids=["1"])
    events.delete_rule(Name="rule", EventBusName="ml")
    events.delete_event_bus(Name="ml")
    assert [bus["Name"] for bus in events.list_event_buses()["EventBuses"]] == ["default"]


def test_an_event_looks_as_eventbridge_writes_it(sqs: Any) -> None:
    events = boto3.client("events")
    url, arn = queue_with_arn(sqs, "target")
    events.put_rule(Name="rule", EventPattern=json.dumps({"source": ["shop"]}))
    events.put_targets(Rule="rule", Targets=[{"Id": "1", "Arn": arn}])
    events.put_events(Entries=[{"Source": "shop", "DetailType": "sold", "Detail": '{"price": 3}'}])
    (body,) = received(sqs, url)
    event = json.loads(body)
    del event["id"]
    assert event == {
        "version": "0",
        "detail-type": "sold",
        "source": "shop",
        "account": "123456789012",
        "time": "2027-01-11T09:00:00Z",
        "region": "us-east-1",
        "resources": [],
        "detail": {"price": 3},
    }


def test_a_rule_for_events_that_no_service_sends_here_is_refused(cloud: Cloud) -> None:
    events = boto3.client("events")
    for pattern in (
        {"source": ["aws.sagemaker"]},
        {"source": [{"prefix": "aws."}]},
        {"source": ["aws.sagemaker"], "detail-type": ["SageMaker Training Job State Change"]},
        {"source": ["aws.s3"], "detail-type": ["SageMaker Model Package State Change"]},
    ):
        code, message = error_of(events.put_rule, Name="r", EventPattern=json.dumps(pattern))
        assert (code, "send your own with PutEvents" in message) == ("NotBuiltOffline", True)


def test_nobody_sends_an_event_in_the_name_of_an_aws_service(sqs: Any) -> None:
    events = boto3.client("events")
    entries = [{"Source": source, "DetailType": "t", "Detail": "{}"} for source in ("shop", "aws.sagemaker", "shop")]
    answer = events.put_events(Entries=entries)
    assert [one.get("ErrorCode") for one in answer["Entries"]] == [None, "NotAuthorizedForSourceException", None]
    assert answer["FailedEntryCount"] == 1
    assert len({one["EventId"] for one in answer["Entries"] if "EventId" in one}) == 2


def test_an_input_transformer_fills_placeholders_in_quotes_and_refuses_others(sqs: Any) -> None:
    events = boto3.client("events")
    url, arn = queue_with_arn(sqs, "target")
    events.put_rule(Name="rule", EventPattern=json.dumps({"source": ["shop"]}))

    def target(template: str) -> dict[str, Any]:
        transformer = {"InputPathsMap": {"item": "$.detail.item"}, "InputTemplate": template}
        return {"Rule": "rule", "Targets": [{"Id": "1", "Arn": arn, "InputTransformer": transformer}]}

    code, message = error_of(events.put_targets, **target('{"sold": <item>}'))
    assert (code, 'Write "<name>"' in message) == ("NotBuiltOffline", True)
    events.put_targets(**target('{"sold": "<item>"}'))
    events.put_events(Entries=[{"Source": "shop", "DetailType": "t", "Detail": '{"item": "hat"}'}])
    assert received(sqs, url) == ['{"sold": "hat"}']


def test_schedules_and_other_targets_are_refused(cloud: Cloud) -> None:
    events = boto3.client("events")
    assert error_of(events.put_rule, Name="r", ScheduleExpression="rate(1 hour)")[0] == "NotBuiltOffline"
    events.put_rule(Name="rule", EventPattern=json.dumps({"source": ["shop"]}))
    target = {"Id": "1", "Arn": "arn:aws:lambda:us-east-1:123456789012:function:f"}
    code, message = error_of(events.put_targets, Rule="rule", Targets=[target])
    assert (code, "a target of lambda" in message) == ("NotBuiltOffline", True)
