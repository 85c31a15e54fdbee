"""Updates with a deployment configuration: traffic in steps, alarms, and the way back."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError
from cloud.aws import error_of
from cloud.sagemaker.account import (
    EVERYTHING,
    client,
    config,
    in_service,
    invoked,
    listens,
    model,
    role,
    servers,
    until,
    variant,
)

from mlacourse import cloud as face
from mlacourse.cloud.session import Cloud

# It comes up once the file in GO is there.
LATE = """
    import os, time
    while not os.path.exists(os.environ["GO"]): time.sleep(0.01)
    def model_fn(model_dir): return None
    def input_fn(body, content_type): return body
    def predict_fn(data, model): return data
    def output_fn(prediction, accept): return prediction
"""
BROKEN = """
    def model_fn(model_dir): return None
    def input_fn(body, content_type): return body
    def predict_fn(data, model): raise ValueError("column order")
    def output_fn(prediction, accept): return prediction
"""
ALARMS = {"AutoRollbackConfiguration": {"Alarms": [{"AlarmName": "errors"}]}}


def size(value: int, kind: str = "INSTANCE_COUNT") -> dict[str, Any]:
    return {"Type": kind, "Value": value}


def blue_green(
    kind: str, wait: int = 300, *, end: int = 120, longest: int | None = None, **sizes: Any
) -> dict[str, Any]:
    routing = {"Type": kind, "WaitIntervalInSeconds": wait, **sizes}
    policy: dict[str, Any] = {"TrafficRoutingConfiguration": routing, "TerminationWaitInSeconds": end}
    if longest is not None:
        policy["MaximumExecutionTimeoutInSeconds"] = longest
    return {"BlueGreenUpdatePolicy": policy}


def canary(value: int = 1, kind: str = "INSTANCE_COUNT", **settings: Any) -> dict[str, Any]:
    return blue_green("CANARY", CanarySize=size(value, kind), **settings)


def rolling(value: int, kind: str = "INSTANCE_COUNT", **members: Any) -> dict[str, Any]:
    return {"RollingUpdatePolicy": {"MaximumBatchSize": size(value, kind), "WaitIntervalInSeconds": 300, **members}}


def serving(instances: int = 3) -> None:
    """An endpoint e in service with the configuration old; new and broken are configurations to go to."""
    arn = role()
    for name, script in (("old", None), ("new", None), ("broken", BROKEN)):
        model(name, arn, **({} if script is None else {"script": script}))
        config(name, {**variant("AllTraffic", name), "InitialInstanceCount": instances})
    in_service("e", "old")


def alarm(config_name: str | None = "broken", name: str = "errors") -> None:
    """An alarm on 5xx errors, of one configuration or of all traffic."""
    dimensions = {"EndpointName": "e", "VariantName": "AllTraffic"}
    if config_name is not None:
        dimensions["EndpointConfigName"] = config_name
    client("cloudwatch").put_metric_alarm(
        AlarmName=name,
        Namespace="AWS/SageMaker",
        MetricName="Invocation5XXErrors",
        Dimensions=[{"Name": key, "Value": value} for key, value in dimensions.items()],
        Statistic="Average",
        Period=60,
        EvaluationPeriods=1,
        Threshold=0.5,
        ComparisonOperator="GreaterThanThreshold",
        TreatMissingData="notBreaching",
    )


def update(config_name: str, policy: dict[str, Any], **params: Any) -> None:
    """Start an update and wait until its fleet gets traffic, or the update has ended."""
    sagemaker = client("sagemaker")
    sagemaker.update_endpoint(EndpointName="e", EndpointConfigName=config_name, DeploymentConfig=policy, **params)
    until(lambda: stage() in ("Baking", None))


def endpoint() -> dict[str, Any]:
    described: dict[str, Any] = client("sagemaker").describe_endpoint(EndpointName="e")
    return described


def pending() -> dict[str, Any]:
    found: dict[str, Any] = endpoint()["PendingDeploymentSummary"]["ProductionVariants"][0]
    return found


def stage() -> str | None:
    """The stage of the update, None if there is none under way."""
    described = endpoint()
    if described["EndpointStatus"] == "InService":
        return None
    status: str = described["PendingDeploymentSummary"]["ProductionVariants"][0]["VariantStatus"][0]["Status"]
    return status


def rests() -> tuple[str, str]:
    """Status and configuration."""
    described = endpoint()
    return described["EndpointStatus"], described["EndpointConfigName"]


def answers(count: int) -> Counter[str]:
    """How often each model answered, errors under ``error``."""
    found: Counter[str] = Counter()
    for _ in range(count):
        try:
            found[invoked("e")[0].partition(":")[0]] += 1
        except ClientError:
            found["error"] += 1
    return found


def counted(cloud: Cloud, config_name: str, metric: str = "Invocations") -> float:
    """The sum of a metric of the fleet with this configuration so far."""
    dimensions = {"EndpointName": "e", "VariantName": "AllTraffic", "EndpointConfigName": config_name}
    points = client("cloudwatch").get_metric_statistics(
        Namespace="AWS/SageMaker",
        MetricName=metric,
        Dimensions=[{"Name": key, "Value": value} for key, value in dimensions.items()],
        StartTime=cloud.clock.start,
        EndTime=cloud.clock.now() + timedelta(minutes=1),
        Period=60,
        Statistics=["Sum"],
    )["Datapoints"]
    return sum(point["Sum"] for point in points)


def test_a_canary_with_a_bad_model_is_called_back_by_its_alarm(cloud: Cloud, sagemaker: Any) -> None:
    serving()
    alarm()
    before = answers(10)
    update("broken", canary() | ALARMS)
    during = answers(90)
    green = [server.port for server in servers(cloud)][1]
    assert listens(green)
    cloud.clock.advance(minutes=1)
    assert rests() == ("InService", "old")
    assert endpoint()["FailureReason"] == "The deployment was rolled back: errors went to the state ALARM."
    after = answers(10)
    assert (before, after) == ({"old": 10}, {"old": 10})
    # A third of 90 requests by the cloud's seed, and each is in the metrics of the fleet that got it.
    assert 15 <= during["error"] <= 45
    assert during["old"] == 90 - during["error"]
    assert counted(cloud, "broken") == counted(cloud, "broken", "Invocation5XXErrors") == during["error"]
    assert counted(cloud, "old") == 20 + during["old"]
    assert counted(cloud, "old", "Invocation5XXErrors") == 0
    assert not listens(green)


def test_a_canary_with_a_good_model_gets_all_traffic_and_ends_the_old_fleet(cloud: Cloud, sagemaker: Any) -> None:
    serving()
    alarm("new")
    update("new", canary() | ALARMS)
    shared = answers(60)
    assert 8 <= shared["new"] <= 32
    assert shared["old"] == 60 - shared["new"]
    blue, green = (server.port for server in servers(cloud))
    cloud.clock.advance(minutes=5)
    assert answers(10) == {"new": 10}
    assert (rests(), listens(blue)) == (("Updating", "old"), True)
    cloud.clock.advance(minutes=2)
    assert rests() == ("InService", "new")
    assert "FailureReason" not in endpoint()
    assert (listens(blue), listens(green)) == (False, True)
    assert answers(5) == {"new": 5}


def test_an_update_under_way_tells_its_stage(cloud: Cloud, sagemaker: Any, tmp_path: Path) -> None:
    serving()
    model("late", role("Late"), LATE, GO=str(tmp_path / "go"))
    config("late", {**variant("AllTraffic", "late"), "InitialInstanceCount": 3})
    policy = canary(30, "CAPACITY_PERCENT")
    sagemaker.update_endpoint(EndpointName="e", EndpointConfigName="late", DeploymentConfig=policy)
    creating = pending()
    assert (creating["CurrentInstanceCount"], creating["VariantStatus"][0]["Status"]) == (0, "Creating")
    assert creating["VariantStatus"][0]["StatusMessage"] == "Launching 3 instance(s)."
    (tmp_path / "go").touch()
    until(lambda: stage() == "Baking")
    seen = []
    for minutes in (0, 5):
        cloud.clock.advance(minutes=minutes)
        now = pending()
        seen.append(
            (now["CurrentInstanceCount"], now["DesiredInstanceCount"], now["VariantStatus"][0]["StatusMessage"])
        )
    assert seen == [
        (
            1,
            3,
            "Baking for 300 seconds (WaitIntervalInSeconds) with traffic enabled on canary capacity of 1 instance(s).",
        ),
        (
            3,
            3,
            "Baking for 120 seconds (TerminationWaitInSeconds) with traffic enabled on full capacity of 3 instance(s).",
        ),
    ]
    assert endpoint()["PendingDeploymentSummary"]["EndpointConfigName"] == "late"
    assert endpoint()["ProductionVariants"][0]["CurrentInstanceCount"] == 3
    cloud.clock.advance(minutes=2)
    assert "PendingDeploymentSummary" not in endpoint()
    assert endpoint()["LastDeploymentConfig"] == policy


def test_linear_steps_move_the_same_share_each_time(cloud: Cloud, sagemaker: Any) -> None:
    serving(instances=4)
    update("new", blue_green("LINEAR", 60, end=0, LinearStepSize=size(25, "CAPACITY_PERCENT")))
    shares = []
    while stage() is not None:
        shares.append((pending()["CurrentInstanceCount"], answers(40)["new"] / 40))
        cloud.clock.advance(minutes=1)
    assert [active for active, _ in shares] == [1, 2, 3]
    for active, share in shares:
        assert share == pytest.approx(active / 4, abs=0.2)
    assert (rests(), answers(5)) == (("InService", "new"), {"new": 5})


def test_all_at_once_is_called_back_while_it_bakes(cloud: Cloud, sagemaker: Any) -> None:
    serving(instances=1)
    alarm()
    update("broken", blue_green("ALL_AT_ONCE", 0, end=600) | ALARMS)
    assert answers(20) == {"error": 20}
    cloud.clock.advance(minutes=1)
    assert (rests(), answers(20)) == (("InService", "old"), {"old": 20})


def test_the_alarm_of_the_last_minute_comes_before_the_end_of_the_baking(cloud: Cloud, sagemaker: Any) -> None:
    serving(instances=1)
    alarm()
    update("broken", blue_green("ALL_AT_ONCE", 0, end=60) | ALARMS)
    answers(3)
    cloud.clock.advance(minutes=1)
    assert rests() == ("InService", "old")


def test_an_alarm_after_the_baking_changes_nothing(cloud: Cloud, sagemaker: Any) -> None:
    serving(instances=1)
    alarm()
    update("broken", blue_green("ALL_AT_ONCE", 0, end=60) | ALARMS)
    cloud.clock.advance(minutes=1)
    assert answers(3) == {"error": 3}
    cloud.clock.advance(minutes=1)
    assert rests() == ("InService", "broken")


def test_an_alarm_set_by_hand_calls_the_update_back_at_once(sagemaker: Any) -> None:
    serving()
    alarm()
    update("new", canary() | ALARMS)
    client("cloudwatch").set_alarm_state(AlarmName="errors", StateValue="ALARM", StateReason="a drill")
    assert (rests(), answers(20)) == (("InService", "old"), {"old": 20})


def test_an_alarm_that_is_on_already_lets_no_request_through(cloud: Cloud, sagemaker: Any) -> None:
    serving()
    alarm(None)
    client("cloudwatch").set_alarm_state(AlarmName="errors", StateValue="ALARM", StateReason="the old fleet fails")
    update("new", canary() | ALARMS)
    assert rests() == ("InService", "old")
    assert "errors" in endpoint()["FailureReason"]
    assert len(servers(cloud)) == 1
    assert counted(cloud, "new") == 0


def test_an_alarm_that_the_update_does_not_name_is_not_heeded(sagemaker: Any) -> None:
    serving()
    alarm()
    alarm(name="other")
    update("new", canary() | ALARMS)
    client("cloudwatch").set_alarm_state(AlarmName="other", StateValue="ALARM", StateReason="a drill")
    assert stage() == "Baking"


def test_a_rolling_update_frees_old_instances_batch_by_batch(cloud: Cloud, sagemaker: Any) -> None:
    serving(instances=4)
    update("new", rolling(50, "CAPACITY_PERCENT"))
    seen = []
    while stage() is not None:
        old = endpoint()["ProductionVariants"][0]["CurrentInstanceCount"]
        seen.append((old, pending()["CurrentInstanceCount"]))
        cloud.clock.advance(minutes=5)
    assert seen == [(4, 2), (2, 4)]
    assert rests() == ("InService", "new")
    assert len(servers(cloud)) == 1


def test_a_rolling_update_is_called_back(cloud: Cloud, sagemaker: Any) -> None:
    serving(instances=4)
    alarm()
    update("broken", rolling(1) | ALARMS)
    cloud.clock.advance(minutes=5)
    assert 10 <= answers(40)["error"] <= 30
    cloud.clock.advance(minutes=1)
    assert (rests(), answers(10)) == (("InService", "old"), {"old": 10})
    assert endpoint()["ProductionVariants"][0]["CurrentInstanceCount"] == 4


def test_an_update_that_takes_too_long_goes_back(cloud: Cloud, sagemaker: Any) -> None:
    serving()
    update("new", canary(wait=3600, longest=600))
    cloud.clock.advance(minutes=10)
    assert rests() == ("InService", "old")
    assert "600 seconds (MaximumExecutionTimeoutInSeconds)" in endpoint()["FailureReason"]


def test_a_fleet_that_does_not_come_up_gets_no_traffic(cloud: Cloud, sagemaker: Any) -> None:
    serving()
    model("dead", role("Dead"), script="raise SystemExit")
    config("dead", {**variant("AllTraffic", "dead"), "InitialInstanceCount": 3})
    update("dead", canary())
    assert (rests(), answers(5)) == (("InService", "old"), {"old": 5})
    assert "did not pass the ping health check" in endpoint()["FailureReason"]
    cloud.clock.advance(minutes=7)
    assert rests() == ("InService", "old")


def test_an_endpoint_is_not_deleted_or_changed_while_it_is_updated(cloud: Cloud, sagemaker: Any) -> None:
    serving()
    update("new", canary())
    weights = [{"VariantName": "AllTraffic", "DesiredWeight": 2.0}]
    for call in (
        lambda: sagemaker.delete_endpoint(EndpointName="e"),
        lambda: sagemaker.update_endpoint(EndpointName="e", EndpointConfigName="broken"),
        lambda: sagemaker.update_endpoint_weights_and_capacities(EndpointName="e", DesiredWeightsAndCapacities=weights),
    ):
        assert error_of(call)[1].startswith("Cannot update in-progress endpoint")
    ports = [server.port for server in servers(cloud)]
    cloud.clock.advance(minutes=7)
    sagemaker.delete_endpoint(EndpointName="e")
    assert [listens(port) for port in ports] == [False, False]


def test_cleaning_up_in_the_middle_of_an_update_says_what_to_do(cloud: Cloud, sagemaker: Any) -> None:
    serving()
    update("new", canary())
    with pytest.raises(RuntimeError, match=r"endpoint e .* cloud.clock.advance\(hours=1\)"):
        face.cleanup()
    cloud.clock.advance(hours=1)
    face.cleanup()
    assert (sagemaker.list_endpoints()["Endpoints"], list(cloud.made)) == ([], [])


def test_a_reset_in_the_middle_of_an_update_leaves_no_server(cloud: Cloud, sagemaker: Any) -> None:
    serving()
    update("new", canary())
    ports = [server.port for server in servers(cloud)]
    cloud.reset()
    assert [listens(port) for port in ports] == [False, False]


def test_an_update_can_reuse_the_configuration_of_the_creation(cloud: Cloud, sagemaker: Any) -> None:
    arn = role()
    model("m", arn)
    for name in ("old", "new"):
        config(name, {**variant("AllTraffic", "m"), "InitialInstanceCount": 2})
    sagemaker.create_endpoint(EndpointName="e", EndpointConfigName="old", DeploymentConfig=canary())
    sagemaker.get_waiter("endpoint_in_service").wait(EndpointName="e")
    sagemaker.update_endpoint(EndpointName="e", EndpointConfigName="new", RetainDeploymentConfig=True)
    until(lambda: stage() == "Baking")
    assert "canary capacity of 1 instance(s)" in pending()["VariantStatus"][0]["StatusMessage"]
    cloud.clock.advance(minutes=7)
    assert rests() == ("InService", "new")


def test_what_an_update_may_not_ask_for_is_refused_and_changes_nothing(cloud: Cloud, sagemaker: Any) -> None:
    serving()
    config("renamed", {**variant("blue", "new"), "InitialInstanceCount": 3})
    config("two", variant("AllTraffic", "new"), variant("b", "new"))
    for name, policy, words in (
        ("new", canary(2), "CanarySize must be at most 50% of the variant's total instance count"),
        ("new", canary() | ALARMS, "Could not find alarms of AutoRollbackConfiguration: errors"),
        ("renamed", canary(), "must have the same variant names"),
        ("two", canary(), "must have the same variant names"),
    ):
        code, message = error_of(
            sagemaker.update_endpoint, EndpointName="e", EndpointConfigName=name, DeploymentConfig=policy
        )
        assert code == "ValidationException"
        assert words in message
    assert (rests(), answers(3)) == (("InService", "old"), {"old": 3})
    assert "LastDeploymentConfig" not in endpoint()


def test_a_role_that_may_not_see_the_alarms_cannot_be_guarded_by_them(sagemaker: Any) -> None:
    serving()
    alarm("blind")
    model(
        "blind", role("Blind", EVERYTHING, {"Effect": "Deny", "Action": "cloudwatch:DescribeAlarms", "Resource": "*"})
    )
    config("blind", {**variant("AllTraffic", "blind"), "InitialInstanceCount": 3})
    _, message = error_of(
        sagemaker.update_endpoint, EndpointName="e", EndpointConfigName="blind", DeploymentConfig=canary() | ALARMS
    )
    assert "Blind" in message
    assert "cloudwatch:DescribeAlarms" in message


def test_several_variants_are_updated_all_at_once_only(sagemaker: Any) -> None:
    model("m", role())
    for name in ("old", "new"):
        config(name, *({**variant(side, "m"), "InitialInstanceCount": 2} for side in "ab"))
    in_service("e", "old")
    for policy, code in ((canary(), "NotBuiltOffline"), (rolling(1), "ValidationException")):
        found, _ = error_of(
            sagemaker.update_endpoint, EndpointName="e", EndpointConfigName="new", DeploymentConfig=policy
        )
        assert found == code
    update("new", blue_green("ALL_AT_ONCE", 0, end=0))
    assert rests() == ("InService", "new")
