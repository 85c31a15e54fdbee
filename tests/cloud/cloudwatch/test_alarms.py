"""Alarms through boto3: evaluated by the clock, acting, and told afterwards."""

import json
from datetime import timedelta

import boto3
import pytest
from botocore.exceptions import ClientError

from mlacourse.cloud.session import Cloud


@pytest.fixture(scope="module")
def running():
    with Cloud() as cloud:
        yield cloud


@pytest.fixture
def cloud(running):
    running.reset()
    return running


def latency(*milliseconds):
    values = [float(value) for value in milliseconds]
    datum = {"MetricName": "Latency", "Values": values, "Counts": [1.0] * len(values), "Unit": "Milliseconds"}
    boto3.client("cloudwatch").put_metric_data(Namespace="Shop", MetricData=[datum])


def put_alarm(**changes):
    settings = {
        "AlarmName": "slow",
        "Namespace": "Shop",
        "MetricName": "Latency",
        "ExtendedStatistic": "p99",
        "Period": 60,
        "EvaluationPeriods": 3,
        "DatapointsToAlarm": 2,
        "Threshold": 500.0,
        "ComparisonOperator": "GreaterThanThreshold",
    }
    wanted = {name: value for name, value in (settings | changes).items() if value is not None}
    boto3.client("cloudwatch").put_metric_alarm(**wanted)


def state(name="slow"):
    return boto3.client("cloudwatch").describe_alarms(AlarmNames=[name])["MetricAlarms"][0]["StateValue"]


def test_two_of_three_slow_minutes_raise_the_alarm_and_calm_ends_it(cloud):
    put_alarm()
    assert state() == "INSUFFICIENT_DATA"
    seen = []
    for slow in (False, True, False, True, True, False, False, False):
        latency(*[100] * 98, *[900 if slow else 120] * 2)
        cloud.clock.advance(minutes=1)
        seen.append(state())
    assert seen == ["OK", "OK", "OK", "ALARM", "ALARM", "ALARM", "OK", "OK"]


def test_a_large_request_arrives_although_boto3_compresses_it(cloud):
    data = [
        {"MetricName": f"m{n}", "Value": 1.0, "Dimensions": [{"Name": "Host", "Value": "x" * 100}]} for n in range(200)
    ]
    client = boto3.client("cloudwatch")
    client.put_metric_data(Namespace="Large", MetricData=data)
    assert len(client.list_metrics(Namespace="Large")["Metrics"]) == 200


def test_an_average_hides_what_a_percentile_sees(cloud):
    put_alarm(
        AlarmName="average", ExtendedStatistic=None, Statistic="Average", EvaluationPeriods=1, DatapointsToAlarm=1
    )
    put_alarm(EvaluationPeriods=1, DatapointsToAlarm=1)
    latency(*[100] * 97, *[3000] * 3)
    cloud.clock.advance(minutes=1)
    assert (state("average"), state("slow")) == ("OK", "ALARM")


def test_a_change_of_state_reaches_the_subscriber_once(cloud):
    topic = boto3.client("sns").create_topic(Name="oncall")["TopicArn"]
    sqs = boto3.client("sqs")
    queue = sqs.create_queue(QueueName="pager")["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    boto3.client("sns").subscribe(
        TopicArn=topic, Protocol="sqs", Endpoint=arn, Attributes={"RawMessageDelivery": "true"}
    )
    put_alarm(AlarmActions=[topic], EvaluationPeriods=1, DatapointsToAlarm=1)
    for _ in range(3):
        latency(900)
        cloud.clock.advance(minutes=1)
    messages = sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10)["Messages"]
    assert len(messages) == 1
    told = json.loads(messages[0]["Body"])
    assert (told["AlarmName"], told["NewStateValue"], told["OldStateValue"]) == ("slow", "ALARM", "INSUFFICIENT_DATA")
    assert told["NewStateReason"].startswith("Threshold Crossed: 1 out of the last 1 datapoints [900 (")
    assert told["Trigger"]["Threshold"] == 500.0


def test_switched_off_actions_are_not_taken_but_the_state_moves(cloud):
    put_alarm(
        AlarmActions=["arn:aws:sns:us-east-1:123456789012:nobody"],
        ActionsEnabled=False,
        EvaluationPeriods=1,
        DatapointsToAlarm=1,
    )
    latency(900)
    cloud.clock.advance(minutes=1)
    assert state() == "ALARM"


def test_an_alarm_on_an_error_rate_reads_two_metrics(cloud):
    stat = lambda name: {"Metric": {"Namespace": "Shop", "MetricName": name}, "Period": 60, "Stat": "Sum"}  # noqa: E731
    queries = [
        {"Id": "errors", "MetricStat": stat("Errors"), "ReturnData": False},
        {"Id": "calls", "MetricStat": stat("Calls"), "ReturnData": False},
        {"Id": "rate", "Expression": "100 * errors / calls"},
    ]
    settings = dict.fromkeys(["Namespace", "MetricName", "ExtendedStatistic", "Period"])
    put_alarm(**settings, Metrics=queries, Threshold=5.0, EvaluationPeriods=1, DatapointsToAlarm=1)
    data = [{"MetricName": "Errors", "Value": 6.0}, {"MetricName": "Calls", "Value": 100.0}]
    boto3.client("cloudwatch").put_metric_data(Namespace="Shop", MetricData=data)
    now = cloud.clock.now()
    found = boto3.client("cloudwatch").get_metric_data(
        MetricDataQueries=queries, StartTime=now - timedelta(minutes=5), EndTime=now + timedelta(minutes=1)
    )["MetricDataResults"]
    assert [(series["Id"], series["Values"]) for series in found] == [("rate", [6.0])]
    cloud.clock.advance(minutes=1)
    assert state() == "ALARM"


def test_a_composite_alarm_follows_its_parts(cloud):
    put_alarm(EvaluationPeriods=1, DatapointsToAlarm=1)
    put_alarm(
        AlarmName="deaf", MetricName="Nothing", TreatMissingData="breaching", EvaluationPeriods=1, DatapointsToAlarm=1
    )
    client = boto3.client("cloudwatch")
    client.put_composite_alarm(AlarmName="both", AlarmRule="ALARM(slow) AND ALARM(deaf)")
    latency(900)
    cloud.clock.advance(minutes=1)
    found = client.describe_alarms(AlarmNames=["both"], AlarmTypes=["CompositeAlarm"])["CompositeAlarms"]
    assert found[0]["StateValue"] == "ALARM"


def test_a_composite_alarm_follows_a_state_that_is_set_by_hand(cloud):
    put_alarm()
    client = boto3.client("cloudwatch")
    client.put_composite_alarm(AlarmName="both", AlarmRule="ALARM(slow)")
    client.set_alarm_state(AlarmName="slow", StateValue="ALARM", StateReason="a test")
    found = client.describe_alarms(AlarmNames=["both"], AlarmTypes=["CompositeAlarm"])["CompositeAlarms"]
    assert found[0]["StateValue"] == "ALARM"


def test_the_history_tells_every_change(cloud):
    put_alarm(EvaluationPeriods=1, DatapointsToAlarm=1)
    for value in (900, 100):
        latency(value)
        cloud.clock.advance(minutes=1)
    items = boto3.client("cloudwatch").describe_alarm_history(AlarmName="slow")["AlarmHistoryItems"]
    assert [item["HistorySummary"] for item in items] == [
        "Alarm updated from ALARM to OK",
        "Alarm updated from INSUFFICIENT_DATA to ALARM",
        'Alarm "slow" created',
    ]


@pytest.mark.parametrize(
    ("changes", "code", "why"),
    [
        ({"ExtendedStatistic": "tm90"}, "NotBuiltOffline", "statistic tm90"),
        ({"AlarmActions": ["arn:aws:lambda:us-east-1:123456789012:function:f"]}, "NotBuiltOffline", "SNS topic"),
        ({"DatapointsToAlarm": 4}, "ValidationError", "less than or equal to EvaluationPeriods"),
        ({"Statistic": "Average"}, "ValidationError", "Exactly one of"),
    ],
)
def test_what_an_alarm_cannot_be_is_refused_with_the_reason(cloud, changes, code, why):
    with pytest.raises(ClientError, match=why) as caught:
        put_alarm(**changes)
    assert caught.value.response["Error"]["Code"] == code
