from __future__ import annotations

import itertools
from fractions import Fraction
from typing import Any

import pytest

from mlacourse.cloud.call import AwsError
from mlacourse.cloud.sagemaker.traffic_routing import alarms, check, steps, timeout


def size(value: int, kind: str = "INSTANCE_COUNT") -> dict[str, Any]:
    return {"Type": kind, "Value": value}


def percent(value: int) -> dict[str, Any]:
    return size(value, "CAPACITY_PERCENT")


def blue_green(kind: str, **members: Any) -> dict[str, Any]:
    routing = {"Type": kind, "WaitIntervalInSeconds": 300, **members}
    return {"BlueGreenUpdatePolicy": {"TrafficRoutingConfiguration": routing, "TerminationWaitInSeconds": 60}}


def rolling(batch: dict[str, Any], **members: Any) -> dict[str, Any]:
    return {"RollingUpdatePolicy": {"MaximumBatchSize": batch, "WaitIntervalInSeconds": 120, **members}}


def plan(config: dict[str, Any], instances: int) -> list[tuple[str, int]]:
    return [(str(step.part), step.seconds) for step in steps(config, instances)]


def test_without_a_policy_everything_moves_at_once_and_nothing_bakes() -> None:
    assert plan({}, 3) == plan({"AutoRollbackConfiguration": {}}, 3) == [("1", 0)]


def test_all_at_once_bakes_until_the_old_fleet_ends() -> None:
    assert plan(blue_green("ALL_AT_ONCE"), 3) == [("1", 60)]


@pytest.mark.parametrize(
    ("canary", "instances", "part"),
    [
        (size(1), 3, "1/3"),
        (size(5), 10, "1/2"),
        (percent(50), 2, "1/2"),
        (percent(30), 10, "3/10"),
        (percent(25), 10, "1/5"),
        (percent(1), 3, "1/3"),
    ],
)
def test_a_canary_is_whole_instances_and_at_least_one(canary: dict[str, Any], instances: int, part: str) -> None:
    assert plan(blue_green("CANARY", CanarySize=canary), instances) == [(part, 300), ("1", 60)]


def test_a_linear_step_adds_the_same_number_of_instances_until_all_are_on() -> None:
    config = blue_green("LINEAR", LinearStepSize=percent(40))
    assert plan(config, 5) == [("2/5", 300), ("4/5", 300), ("1", 60)]


def test_each_batch_of_a_rolling_update_bakes() -> None:
    assert plan(rolling(percent(50)), 5) == [("2/5", 120), ("4/5", 120), ("1", 120)]


@pytest.mark.parametrize(
    ("config", "instances", "message"),
    [
        (blue_green("CANARY", CanarySize=percent(51)), 10, "CanarySize must be at most 50%"),
        (blue_green("CANARY", CanarySize=size(2)), 3, "CanarySize must be at most 50%"),
        (blue_green("CANARY", CanarySize=percent(10)), 1, "A variant with one instance cannot be divided"),
        (blue_green("LINEAR", LinearStepSize=percent(9)), 20, "LinearStepSize must be between 10% and 50%"),
        (blue_green("LINEAR", LinearStepSize=size(1)), 11, "LinearStepSize must be between 10% and 50%"),
        (rolling(percent(4)), 50, "MaximumBatchSize must be between 5% and 50%"),
        (rolling(size(3)), 5, "MaximumBatchSize must be between 5% and 50%"),
    ],
)
def test_a_size_outside_of_the_limits_is_refused(config: dict[str, Any], instances: int, message: str) -> None:
    with pytest.raises(AwsError, match=message):
        steps(config, instances)


@pytest.mark.parametrize("given", [10, 17, 33, 50])
def test_parts_are_whole_instances_that_grow_by_half_at_most_up_to_all(given: int) -> None:
    config = blue_green("LINEAR", LinearStepSize=percent(given))
    for instances in range(2, 40):
        parts = [Fraction(0), *(step.part for step in steps(config, instances))]
        assert parts[-1] == 1
        assert all(0 < after - before <= Fraction(1, 2) for before, after in itertools.pairwise(parts))
        assert all((part * instances).denominator == 1 for part in parts)


@pytest.mark.parametrize(
    ("config", "message"),
    [
        (blue_green("CANARY"), "of type CANARY requires CanarySize"),
        (blue_green("LINEAR", CanarySize=size(1)), "of type LINEAR does not take CanarySize"),
        (blue_green("ALL_AT_ONCE", LinearStepSize=size(1)), "of type ALL_AT_ONCE does not take LinearStepSize"),
        (blue_green("ALL_AT_ONCE") | rolling(size(1)), "Only one update policy should be used"),
        (rolling(size(1), RollbackMaximumBatchSize=percent(20)), "A rollback in batches .* is not built"),
    ],
)
def test_a_configuration_that_contradicts_itself_is_refused(config: dict[str, Any], message: str) -> None:
    with pytest.raises(AwsError, match=message):
        check(config)


def test_a_rollback_of_the_whole_fleet_is_the_one_that_is_built() -> None:
    check(rolling(size(1), RollbackMaximumBatchSize=percent(100)))


def test_time_limit_and_alarms_are_read_from_either_policy() -> None:
    config = rolling(size(1), MaximumExecutionTimeoutInSeconds=900)
    assert (timeout(config), timeout(blue_green("ALL_AT_ONCE"))) == (900, None)
    assert alarms({"AutoRollbackConfiguration": {"Alarms": [{"AlarmName": "a"}, {"AlarmName": "b"}]}}) == ["a", "b"]
