"""From a ``DeploymentConfig`` to the steps in which an update moves traffic: AWS's limits, and arithmetic."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from mlacourse.cloud.sagemaker.state import invalid, not_built

Config = Mapping[str, Any]

_LARGEST = 50
_SIZES = {"ALL_AT_ONCE": None, "CANARY": "CanarySize", "LINEAR": "LinearStepSize"}
_SMALLEST = {"CanarySize": 0, "LinearStepSize": 10, "MaximumBatchSize": 5}


@dataclass(frozen=True)
class Step:
    """How much of the new fleet gets traffic from one instant on, and for how many seconds it then bakes."""

    part: Fraction
    seconds: int
    named: str
    capacity: str = ""

    def stage(self, instances: int) -> tuple[str, str]:
        """Return status and message of a variant that has this many instances turned on.

        >>> Step(Fraction(1, 3), 600, "WaitIntervalInSeconds", "canary ").stage(1)[1]
        'Baking for 600 seconds (WaitIntervalInSeconds) with traffic enabled on canary capacity of 1 instance(s).'
        """
        where = f"on {self.capacity}capacity of {instances} instance(s)."
        if self.seconds == 0:
            return "ActivatingTraffic", f"Activating traffic {where}"
        return "Baking", f"Baking for {self.seconds} seconds ({self.named}) with traffic enabled {where}"


def check(config: Config) -> None:
    """Refuse what is wrong whatever the endpoint."""
    if "BlueGreenUpdatePolicy" in config and "RollingUpdatePolicy" in config:
        raise invalid("Only one update policy should be used in the deployment configuration.")
    if (routing := _routing(config)) is not None:
        for kind, size in _SIZES.items():
            if size is not None and (size in routing) != (kind == routing["Type"]):
                asked = "requires" if kind == routing["Type"] else "does not take"
                raise invalid(f"TrafficRoutingConfiguration of type {routing['Type']} {asked} {size}.")
    back = config.get("RollingUpdatePolicy", {}).get("RollbackMaximumBatchSize")
    if back is not None and (back["Type"], back["Value"]) != ("CAPACITY_PERCENT", 100):
        raise not_built(
            "A rollback in batches (RollingUpdatePolicy.RollbackMaximumBatchSize)",
            "Leave it out: a rollback then brings all traffic back to the old fleet at once.",
        )


def steps(config: Config, instances: int) -> list[Step]:
    """Return the steps of an update to a variant with this many instances; the last one turns on all of them.

    >>> size = {"Type": "CAPACITY_PERCENT", "Value": 30}
    >>> routing = {"Type": "CANARY", "CanarySize": size, "WaitIntervalInSeconds": 600}
    >>> policy = {"TrafficRoutingConfiguration": routing, "TerminationWaitInSeconds": 120}
    >>> [(str(step.part), step.seconds) for step in steps({"BlueGreenUpdatePolicy": policy}, 3)]
    [('1/3', 600), ('1', 120)]

    Raises :class:`AwsError` for a size that AWS does not allow.
    """
    rolling = config.get("RollingUpdatePolicy")
    if rolling is not None:
        batch = _instances(rolling["MaximumBatchSize"], "MaximumBatchSize", instances)
        wait = rolling["WaitIntervalInSeconds"]
        return [Step(part, wait, "WaitIntervalInSeconds") for part in [*_parts(batch, instances), Fraction(1)]]
    last = config.get("BlueGreenUpdatePolicy", {}).get("TerminationWaitInSeconds", 0)
    return [
        *_before_the_last(_routing(config), instances),
        Step(Fraction(1), last, "TerminationWaitInSeconds", "full "),
    ]


def divides(config: Config) -> bool:
    """Whether the fleets share the traffic for a while, so that the size of a part matters."""
    routing = _routing(config)
    return "RollingUpdatePolicy" in config or (routing is not None and routing["Type"] != "ALL_AT_ONCE")


def timeout(config: Config) -> int | None:
    """Return the seconds after which an update that has not ended has failed, or None for no limit."""
    policy = config.get("RollingUpdatePolicy") or config.get("BlueGreenUpdatePolicy") or {}
    seconds: int | None = policy.get("MaximumExecutionTimeoutInSeconds")
    return seconds


def alarms(config: Config) -> list[str]:
    """Return the names of the alarms that call an update back."""
    listed = config.get("AutoRollbackConfiguration", {}).get("Alarms", [])
    return [alarm["AlarmName"] for alarm in listed if "AlarmName" in alarm]


def _routing(config: Config) -> Config | None:
    routing: Config | None = config.get("BlueGreenUpdatePolicy", {}).get("TrafficRoutingConfiguration")
    return routing


def _before_the_last(routing: Config | None, instances: int) -> list[Step]:
    if routing is None or routing["Type"] == "ALL_AT_ONCE":
        return []
    name, wait = _SIZES[routing["Type"]], routing["WaitIntervalInSeconds"]
    assert name is not None
    size = _instances(routing[name], name, instances)
    if routing["Type"] == "CANARY":
        return [Step(Fraction(size, instances), wait, "WaitIntervalInSeconds", "canary ")]
    return [Step(part, wait, "WaitIntervalInSeconds") for part in _parts(size, instances)]


def _parts(size: int, instances: int) -> list[Fraction]:
    """Return what is turned on before the last step, so many instances at a time.

    >>> [str(part) for part in _parts(2, 5)]
    ['2/5', '4/5']
    """
    return [Fraction(count, instances) for count in range(size, instances, size)]


def _instances(size: Config, name: str, total: int) -> int:
    """Return how many instances a size stands for: a percentage is rounded down, but to one at least."""
    given: int = size["Value"]
    in_percent = size["Type"] == "CAPACITY_PERCENT"
    count = max(1, total * given // 100) if in_percent else given
    percent = Fraction(given) if in_percent else Fraction(100 * given, total)
    if not _SMALLEST[name] <= percent <= _LARGEST or count * 100 > total * _LARGEST:
        limits = f"between {_SMALLEST[name]}% and {_LARGEST}%" if _SMALLEST[name] else f"at most {_LARGEST}%"
        shown = f"{given}%" if in_percent else f"{given} instance(s)"
        hint = " A variant with one instance cannot be divided." if total == 1 else ""
        raise invalid(
            f"{name} must be {limits} of the variant's total instance count: {shown} of {total} is not.{hint}"
        )
    return count
