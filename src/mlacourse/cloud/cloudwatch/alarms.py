"""Alarms: evaluated by the cloud's clock, with a history and actions on every change of state."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from mlacourse.cloud.cloudwatch.expressions import evaluate
from mlacourse.cloud.cloudwatch.metrics import Metric, Metrics, Series, period_start
from mlacourse.cloud.cloudwatch.states import EXTRA_POINTS, State, composite_state, state_of

if TYPE_CHECKING:
    from mlacourse.cloud.session import Cloud

_MINUTE = 60
_BREACHES: dict[str, Callable[[float, float], bool]] = {
    "GreaterThanThreshold": lambda value, threshold: value > threshold,
    "GreaterThanOrEqualToThreshold": lambda value, threshold: value >= threshold,
    "LessThanThreshold": lambda value, threshold: value < threshold,
    "LessThanOrEqualToThreshold": lambda value, threshold: value <= threshold,
}
_IN_WORDS = {
    "GreaterThanThreshold": "greater than the threshold",
    "GreaterThanOrEqualToThreshold": "greater than or equal to the threshold",
    "LessThanThreshold": "less than the threshold",
    "LessThanOrEqualToThreshold": "less than or equal to the threshold",
}
COMPARISONS = tuple(_BREACHES)

Listener = Callable[["Alarm", State], None]


@dataclass
class Alarm:
    """A metric alarm or a composite one: ``settings`` are the parameters that it was put with."""

    arn: str
    settings: dict[str, Any]
    configured: datetime
    state: State = "INSUFFICIENT_DATA"
    reason: str = "Unchecked: Initial alarm creation"
    reason_data: dict[str, Any] = field(default_factory=dict)
    updated: datetime | None = None
    history: list[dict[str, Any]] = field(default_factory=list)

    @property
    def name(self) -> str:
        """The alarm's name."""
        return str(self.settings["AlarmName"])

    @property
    def is_composite(self) -> bool:
        """Whether its state follows from other alarms."""
        return "AlarmRule" in self.settings

    @property
    def period(self) -> int:
        """Seconds of one data point."""
        queries = self.settings.get("Metrics", [])
        periods = [query.get("MetricStat", query).get("Period") for query in queries]
        return int(self.settings.get("Period") or max((period for period in periods if period), default=_MINUTE))


class Alarms:
    """All alarms of one cloud."""

    def __init__(self, cloud: Cloud) -> None:
        self._cloud = cloud
        self._alarms: dict[str, Alarm] = {}
        self._listeners: list[Listener] = []
        self._next_check: int | None = None

    def listen(self, listener: Listener) -> None:
        """Call back with an alarm and its former state whenever a state changes."""
        self._listeners.append(listener)

    def all(self) -> Iterable[Alarm]:
        """Every alarm, by name."""
        return [self._alarms[name] for name in sorted(self._alarms)]

    def get(self, name: str) -> Alarm | None:
        """Return the alarm of a name or an ARN, or None."""
        return self._alarms.get(name.rpartition(":alarm:")[2])

    def put(self, settings: dict[str, Any]) -> Alarm:
        """Create an alarm, or give one new settings: its state stays until it is next evaluated."""
        now = self._cloud.clock.now()
        known = self._alarms.get(settings["AlarmName"])
        if known is None:
            arn = f"arn:aws:cloudwatch:{self._cloud.region}:{self._cloud.account}:alarm:{settings['AlarmName']}"
            known = self._alarms[settings["AlarmName"]] = Alarm(arn, settings, now)
            self._write(known, "ConfigurationUpdate", f'Alarm "{known.name}" created')
        else:
            known.settings, known.configured = settings, now
            self._write(known, "ConfigurationUpdate", f'Alarm "{known.name}" updated')
        self._plan()
        return known

    def delete(self, names: Iterable[str]) -> None:
        """Forget alarms."""
        for name in names:
            del self._alarms[name]

    def set_state(self, alarm: Alarm, state: State, reason: str, data: dict[str, Any]) -> None:
        """Put an alarm into a state; a change is written down, acted on and told."""
        before = alarm.state
        if state == before:
            return
        alarm.state, alarm.reason, alarm.reason_data, alarm.updated = state, reason, data, self._cloud.clock.now()
        self._write(alarm, "StateUpdate", f"Alarm updated from {before} to {state}")
        if alarm.settings.get("ActionsEnabled", True):
            self._act(alarm, before)
        for listener in list(self._listeners):
            listener(alarm, before)

    def check(self) -> None:
        """Evaluate every alarm at the clock's time, metric alarms first."""
        for alarm in self.all():
            if not alarm.is_composite:
                self._check_metric(alarm)
        self.check_composites()

    def check_composites(self) -> None:
        """Evaluate the rules over the states of other alarms."""
        for alarm in self.all():
            if alarm.is_composite:
                self._check_composite(alarm)

    def _plan(self) -> None:
        """Evaluate at the next full minute, as long as there are alarms."""
        if self._next_check is not None or not self._alarms:
            return
        clock = self._cloud.clock
        due = period_start(clock.now(), _MINUTE) + timedelta(seconds=_MINUTE)

        def run() -> None:
            self._next_check = None
            self.check()
            self._plan()

        self._next_check = clock.at(due, run)

    def _check_metric(self, alarm: Alarm) -> None:
        settings = alarm.settings
        evaluated = settings["EvaluationPeriods"]
        needed = settings.get("DatapointsToAlarm", evaluated)
        end = period_start(self._cloud.clock.now(), alarm.period)
        count = evaluated + EXTRA_POINTS
        moments = [end - timedelta(seconds=alarm.period) * (count - number) for number in range(count)]
        series = self.series(alarm, moments[0], end)
        breaches = _BREACHES[settings["ComparisonOperator"]]
        threshold = settings["Threshold"]
        points = [breaches(series[moment], threshold) if moment in series else None for moment in moments]
        treatment = settings.get("TreatMissingData", "missing")
        state = state_of(points, needed, evaluated, treatment, alarm.state)
        recent = [(moment, series[moment]) for moment in moments if moment in series][-evaluated:]
        self.set_state(alarm, state, _reason(settings, state, recent, points), _reason_data(alarm, end, recent))

    def series(self, alarm: Alarm, start: datetime, end: datetime) -> Series:
        """Return what a metric alarm looks at, one point a period."""
        settings, metrics = alarm.settings, self._cloud.part(Metrics)
        if "MetricName" in settings:
            metric = Metric.of(settings["Namespace"], settings["MetricName"], settings.get("Dimensions", ()))
            name = settings.get("Statistic") or settings["ExtendedStatistic"]
            return metrics.series(metric, name, alarm.period, start, end, settings.get("Unit"))
        return query_series(metrics, settings["Metrics"], start, end, alarm.period)[watched(settings["Metrics"])]

    def _check_composite(self, alarm: Alarm) -> None:
        def of(name: str) -> State:
            found = self._alarms.get(name)
            return found.state if found is not None else "INSUFFICIENT_DATA"

        state = composite_state(alarm.settings["AlarmRule"], of)
        self.set_state(alarm, state, f"{alarm.arn} transitioned to {state} by its rule", {})

    def _write(self, alarm: Alarm, kind: str, summary: str) -> None:
        entry = {
            "AlarmName": alarm.name,
            "AlarmType": "CompositeAlarm" if alarm.is_composite else "MetricAlarm",
            "Timestamp": self._cloud.clock.now(),
            "HistoryItemType": kind,
            "HistorySummary": summary,
            "HistoryData": json.dumps({"version": "1.0", "stateReason": alarm.reason}),
        }
        alarm.history.append(entry)

    def _act(self, alarm: Alarm, before: State) -> None:
        kinds = {"ALARM": "AlarmActions", "OK": "OKActions", "INSUFFICIENT_DATA": "InsufficientDataActions"}
        for arn in alarm.settings.get(kinds[alarm.state], []):
            subject = f'{alarm.state}: "{alarm.name}" in US East (N. Virginia)'
            message = json.dumps(_message(alarm, before, self._cloud))
            self._cloud.client("sns").publish(TopicArn=arn, Subject=subject[:100], Message=message)
            self._write(alarm, "Action", f"Successfully executed action {arn}")


def watched(queries: list[dict[str, Any]]) -> str:
    """Return the id of the one query whose data an alarm looks at."""
    return next(str(query["Id"]) for query in queries if query.get("ReturnData", True))


def query_series(
    metrics: Metrics, queries: list[dict[str, Any]], start: datetime, end: datetime, period: int
) -> dict[str, Series]:
    """Return the series of every query by id, computing expressions last.

    Raises ``ExpressionError`` for an expression that cannot be computed.
    """
    found: dict[str, Series] = {}
    for query in queries:
        if "MetricStat" in query:
            stat = query["MetricStat"]
            asked = stat["Metric"]
            metric = Metric.of(asked.get("Namespace", ""), asked.get("MetricName", ""), asked.get("Dimensions", ()))
            found[query["Id"]] = metrics.series(metric, stat["Stat"], stat["Period"], start, end, stat.get("Unit"))
    for query in queries:
        if "Expression" in query:
            found[query["Id"]] = evaluate(query["Expression"], found)
    return found


def _reason(
    settings: dict[str, Any], state: State, recent: list[tuple[datetime, float]], points: list[bool | None]
) -> str:
    """Return the reason in the words of the console."""
    evaluated = settings["EvaluationPeriods"]
    if not recent:
        treated = {"breaching": "breaching", "notBreaching": "non-breaching"}.get(settings.get("TreatMissingData", ""))
        if treated is None:
            return f"Insufficient Data: {evaluated} datapoints were unknown."
        unseen = f"no datapoints were received for {evaluated} periods"
        return f"Threshold Crossed: {unseen} and they were treated as [{treated}]."
    counted = points[-evaluated:].count(state == "ALARM")
    shown = ", ".join(f"{value:g} ({moment:%d/%m/%y %H:%M:%S})" for moment, value in reversed(recent))
    verb = "was" if state == "ALARM" else "was not"
    needed = settings.get("DatapointsToAlarm", evaluated) if state == "ALARM" else 1
    change = "OK -> ALARM" if state == "ALARM" else "ALARM -> OK"
    return (
        f"Threshold Crossed: {counted} out of the last {evaluated} datapoints [{shown}] {verb} "
        f"{_IN_WORDS[settings['ComparisonOperator']]} ({settings['Threshold']:g}) "
        f"(minimum {needed} datapoint{'s' if needed != 1 else ''} for {change} transition)."
    )


def _reason_data(alarm: Alarm, end: datetime, recent: list[tuple[datetime, float]]) -> dict[str, Any]:
    return {
        "version": "1.0",
        "queryDate": end.isoformat(),
        "statistic": alarm.settings.get("Statistic") or alarm.settings.get("ExtendedStatistic"),
        "period": alarm.period,
        "recentDatapoints": [value for _, value in recent if math.isfinite(value)],
        "threshold": alarm.settings["Threshold"],
    }


def _message(alarm: Alarm, before: State, cloud: Cloud) -> dict[str, Any]:
    """Return what an SNS subscriber gets, by its documented members."""
    settings = alarm.settings
    message = {
        "AlarmName": alarm.name,
        "AlarmDescription": settings.get("AlarmDescription"),
        "AWSAccountId": cloud.account,
        "AlarmConfigurationUpdatedTimestamp": alarm.configured.isoformat(),
        "NewStateValue": alarm.state,
        "NewStateReason": alarm.reason,
        "StateChangeTime": cloud.clock.now().isoformat(),
        "Region": "US East (N. Virginia)",
        "AlarmArn": alarm.arn,
        "OldStateValue": before,
        **{kind: settings.get(kind, []) for kind in ("OKActions", "AlarmActions", "InsufficientDataActions")},
    }
    if alarm.is_composite:
        return message | {"AlarmRule": settings["AlarmRule"]}
    wanted = (
        "MetricName", "Namespace", "Statistic", "ExtendedStatistic", "Unit", "Period", "EvaluationPeriods",
        "DatapointsToAlarm", "ComparisonOperator", "Threshold", "TreatMissingData", "Metrics",
    )  # fmt: skip
    trigger = {name: settings[name] for name in wanted if name in settings}
    dimensions = [{"name": item["Name"], "value": item["Value"]} for item in settings.get("Dimensions", [])]
    return message | {"Trigger": trigger | {"Dimensions": dimensions}}
