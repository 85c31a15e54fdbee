"""Deployments: how an endpoint comes to a configuration, with a second fleet, traffic in steps, and a way back."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from fractions import Fraction
from functools import partial
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from mlacourse.cloud.call import AwsError
from mlacourse.cloud.cloudwatch.alarms import Alarm, Alarms
from mlacourse.cloud.sagemaker import traffic_routing
from mlacourse.cloud.sagemaker.fleet import Fleet, Variant
from mlacourse.cloud.sagemaker.state import State, invalid, not_built

if TYPE_CHECKING:
    from mlacourse.cloud.cloudwatch.states import State as AlarmState
    from mlacourse.cloud.sagemaker.endpoint import Endpoint
    from mlacourse.cloud.sagemaker.traffic_routing import Step
    from mlacourse.cloud.session import Cloud

NOTHING = Fraction(0)
WHOLE = Fraction(1)


class Deployment:
    """One endpoint's way to one configuration; it ends there, or where the endpoint was before.

    Threads that come here: the one that started the fleet, whoever advances the clock, and one that sets an alarm's
    state. The lock keeps them apart. Nobody asks the clock for a callback while holding it, since whoever advances the
    clock holds the clock's lock already.
    """

    def __init__(
        self, cloud: Cloud, endpoint: Endpoint, config: dict[str, Any], policy: Mapping[str, Any] | None = None
    ) -> None:
        self._cloud, self._endpoint, self._config, self._policy = cloud, endpoint, config, policy or {}
        self._began = self._stage_began = cloud.clock.now()
        self._before = endpoint.status
        self._old = endpoint.fleet if endpoint.traffic else None
        self._steps = self._planned()
        self._fleet = Fleet(cloud, endpoint.name, config)
        self._part = NOTHING
        self._stage: Callable[[Variant], tuple[str, str]] = _launching
        self._over = False
        self._lock = threading.RLock()

    def start(self) -> None:
        """Launch the new fleet; raises :class:`AwsError` if a model, its image, its role or an alarm cannot be had."""
        self._fleet.prepare()
        try:
            self._check_alarms()
        except AwsError:
            self._fleet.kill()
            raise
        self._cloud.part(Watch)
        self._endpoint.deployment = self
        if self._old is not None:
            self._endpoint.enter("Updating")
        self._endpoint.launch(self._fleet, self._begin, self._fail)

    def summary(self) -> dict[str, Any]:
        """Return ``PendingDeploymentSummary``."""
        told: dict[str, Any] = {
            "EndpointConfigName": self._config["EndpointConfigName"],
            "StartTime": self._began,
            "ProductionVariants": [self._pending(variant) for variant in self._fleet.production],
        }
        if self._fleet.shadows:
            told["ShadowProductionVariants"] = [self._pending(variant) for variant in self._fleet.shadows]
        return told

    def heed(self, alarm: Alarm) -> None:
        """Go back if an alarm of this deployment went off; before traffic moves, the first step looks at it."""
        if alarm.state == "ALARM" and alarm.name in traffic_routing.alarms(self._policy):
            with self._lock:
                if self._part != NOTHING:
                    self._roll_back(_tripped(alarm.name))

    def _planned(self) -> list[Step]:
        variants = self._config["ProductionVariants"]
        if self._policy:
            assert self._old is not None
            names = sorted(variant["VariantName"] for variant in variants)
            if names != sorted(variant.name for variant in self._old.production):
                raise invalid(
                    "With a deployment configuration, the new endpoint configuration must have the same variant names "
                    f"as the old one; it has {', '.join(names)}."
                )
            if len(variants) > 1 and "RollingUpdatePolicy" in self._policy:
                raise invalid("A rolling deployment is not supported for an endpoint with several production variants.")
            if len(variants) > 1 and traffic_routing.divides(self._policy):
                raise not_built("Traffic in steps to several production variants", "Use ALL_AT_ONCE.")
        return traffic_routing.steps(self._policy, variants[0]["InitialInstanceCount"])

    def _check_alarms(self) -> None:
        """Ask for the alarms as the execution roles do on AWS."""
        names = traffic_routing.alarms(self._policy)
        for role in {variant.role.arn: variant.role for variant in self._fleet.production}.values() if names else ():
            try:
                answer = role.cloudwatch.describe_alarms(AlarmNames=names, AlarmTypes=["MetricAlarm", "CompositeAlarm"])
            except ClientError:
                raise invalid(
                    f'The role "{role.arn}" needs the permission cloudwatch:DescribeAlarms for the alarms of '
                    f"AutoRollbackConfiguration: {', '.join(names)}."
                ) from None
            found = {alarm["AlarmName"] for kind in ("MetricAlarms", "CompositeAlarms") for alarm in answer[kind]}
            if missing := [name for name in names if name not in found]:
                raise invalid(f"Could not find alarms of AutoRollbackConfiguration: {', '.join(missing)}.")

    def _begin(self) -> None:
        """Take the steps that are due now, and leave the others to the clock."""
        clock = self._cloud.clock
        now = due = clock.now()
        if self._old is not None:
            self._endpoint.shift((self._old, 1.0), (self._fleet, 0.0))
        acts: list[tuple[datetime, Callable[[], None]]] = []
        for step in self._steps:
            acts.append((due, partial(self._take, step, due)))
            due += timedelta(seconds=step.seconds)
        for moment, act in (*acts, (due, self._complete)):
            if moment == now:
                act()
            else:
                clock.at(moment, partial(self._in_time, act))
        seconds = traffic_routing.timeout(self._policy)
        if seconds is not None:
            reason = f"The deployment did not end within {seconds} seconds (MaximumExecutionTimeoutInSeconds)."
            clock.at(self._began + timedelta(seconds=seconds), partial(self._roll_back, reason))

    def _in_time(self, act: Callable[[], None]) -> None:
        """Act on the clock: an alarm that the last minute sets off comes before the step that ends the baking."""
        if not self._over:
            self._cloud.part(Alarms).check()
            act()

    def _take(self, step: Step, moment: datetime) -> None:
        with self._lock:
            if self._over:
                return
            if tripped := self._in_alarm():
                self._roll_back(_tripped(*tripped))
                return
            self._fleet.activate(step.part)
            self._stage, self._stage_began = (lambda variant: step.stage(variant.active)), moment
            if self._old is None:
                self._endpoint.shift((self._fleet, 1.0))
            else:
                if "RollingUpdatePolicy" in self._policy:
                    self._old.activate(WHOLE - self._part)
                self._endpoint.shift((self._old, float(1 - step.part)), (self._fleet, float(step.part)))
            self._part = step.part

    def _in_alarm(self) -> list[str]:
        found = [self._cloud.part(Alarms).get(name) for name in traffic_routing.alarms(self._policy)]
        return [alarm.name for alarm in found if alarm is not None and alarm.state == "ALARM"]

    def _complete(self) -> None:
        with self._lock:
            if self._over:
                return
            self._over = True
            self._endpoint.shift((self._fleet, 1.0))
            self._endpoint.config = dict(self._config)
            self._endpoint.enter("InService")

    def _roll_back(self, reason: str) -> None:
        with self._lock:
            if self._over:
                return
            self._over = True
            assert self._old is not None
            self._stage, self._stage_began = _terminating, self._cloud.clock.now()
            self._old.activate(WHOLE)
            self._endpoint.shift((self._old, 1.0))
            self._endpoint.enter(self._before, reason)

    def _fail(self, reason: str) -> None:
        if self._old is not None:
            self._roll_back(reason)
        else:
            self._endpoint.enter("Failed", reason)

    def _pending(self, variant: Variant) -> dict[str, Any]:
        status, message = self._stage(variant)
        return {
            **variant.summary(),
            "InstanceType": variant.instance_type,
            "VariantStatus": [{"Status": status, "StatusMessage": message, "StartTime": self._stage_began}],
        }


class Watch:
    """Tells the deployments under way when an alarm changes its state."""

    def __init__(self, cloud: Cloud) -> None:
        self._cloud = cloud
        cloud.part(Alarms).listen(self._changed)

    def _changed(self, alarm: Alarm, _: AlarmState) -> None:
        for endpoint in list(self._cloud.part(State).endpoints.values()):
            if endpoint.deployment is not None:
                endpoint.deployment.heed(alarm)


def _launching(variant: Variant) -> tuple[str, str]:
    return "Creating", f"Launching {variant.instances} instance(s)."


def _terminating(variant: Variant) -> tuple[str, str]:
    return "Deleting", f"Terminating {variant.instances} instance(s)."


def _tripped(*alarms: str) -> str:
    return f"The deployment was rolled back: {', '.join(alarms)} went to the state ALARM."
