"""The operations of CloudWatch."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from mlacourse.cloud.call import AwsError
from mlacourse.cloud.cloudwatch.alarms import COMPARISONS, Alarm, Alarms, query_series, watched
from mlacourse.cloud.cloudwatch.expressions import ExpressionError
from mlacourse.cloud.cloudwatch.metrics import Metric, Metrics, Sample, is_statistic
from mlacourse.cloud.cloudwatch.states import composite_state
from mlacourse.cloud.handlers import handles

if TYPE_CHECKING:
    from mlacourse.cloud.call import Call
    from mlacourse.cloud.session import Cloud

_ACTIONS = ("OKActions", "AlarmActions", "InsufficientDataActions")


@handles("cloudwatch", "PutMetricData")
def put_metric_data(cloud: Cloud, call: Call) -> dict[str, Any]:
    """Store samples, each as values with counts or as one statistic set."""
    metrics = cloud.part(Metrics)
    for datum in call.params["MetricData"]:
        metric = Metric.of(call.params["Namespace"], datum["MetricName"], datum.get("Dimensions", ()))
        metrics.put(metric, _sample(datum, call.time))
    return {}


def _sample(datum: dict[str, Any], now: datetime) -> Sample:
    given = [name for name in ("Value", "Values", "StatisticValues") if name in datum]
    if len(given) != 1:
        raise AwsError(
            "InvalidParameterCombination",
            "The parameters MetricData.member.Value, MetricData.member.Values and MetricData.member.StatisticValues "
            "are mutually exclusive, and one of them must be given.",
        )
    moment, unit = datum.get("Timestamp", now), datum.get("Unit", "None")
    if "StatisticValues" in datum:
        summary = datum["StatisticValues"]
        spread = (summary["Minimum"], summary["Maximum"], summary["Sum"], summary["SampleCount"])
        return Sample(moment, (), unit, spread)
    values = datum.get("Values", [datum["Value"]] if "Value" in datum else [])
    counts = datum.get("Counts", [1.0] * len(values))
    if len(counts) != len(values):
        raise AwsError(
            "InvalidParameterValue",
            "The parameters MetricData.member.Values and MetricData.member.Counts must be of the same size.",
        )
    return Sample(moment, tuple(zip(values, counts, strict=True)), unit)


@handles("cloudwatch", "ListMetrics")
def list_metrics(cloud: Cloud, call: Call) -> dict[str, Any]:
    """Every metric that fits namespace, name and dimensions (a dimension without a value fits any)."""
    asked = call.params
    wanted = [(item["Name"], item.get("Value")) for item in asked.get("Dimensions", [])]

    def fits(metric: Metric) -> bool:
        has = dict(metric.dimensions)
        return (
            asked.get("Namespace", metric.namespace) == metric.namespace
            and asked.get("MetricName", metric.name) == metric.name
            and all(name in has and value in (None, has[name]) for name, value in wanted)
        )

    found = [_metric(metric) for metric in cloud.part(Metrics).names() if fits(metric)]
    page, token = _page(found, asked, 500)
    return {"Metrics": page, **token}


def _metric(metric: Metric) -> dict[str, Any]:
    dimensions = [{"Name": name, "Value": value} for name, value in metric.dimensions]
    return {"Namespace": metric.namespace, "MetricName": metric.name, "Dimensions": dimensions}


@handles("cloudwatch", "GetMetricStatistics")
def get_metric_statistics(cloud: Cloud, call: Call) -> dict[str, Any]:
    """Statistics of one metric by period."""
    asked = call.params
    names = [*asked.get("Statistics", []), *asked.get("ExtendedStatistics", [])]
    if not names:
        raise AwsError("MissingParameter", "The request must contain the parameter Statistics or ExtendedStatistics.")
    _check_times(asked["StartTime"], asked["EndTime"])
    metric = Metric.of(asked["Namespace"], asked["MetricName"], asked.get("Dimensions", ()))
    metrics = cloud.part(Metrics)
    span = asked["Period"], asked["StartTime"], asked["EndTime"], asked.get("Unit")
    series = {name: metrics.series(metric, _known(name), *span) for name in names}
    points: list[dict[str, Any]] = []
    for moment in sorted({moment for values in series.values() for moment in values}):
        point: dict[str, Any] = {"Timestamp": moment, "Unit": asked.get("Unit", "None")}
        extended = {
            name: series[name][moment] for name in asked.get("ExtendedStatistics", []) if moment in series[name]
        }
        point |= {name: series[name][moment] for name in asked.get("Statistics", []) if moment in series[name]}
        points.append(point | ({"ExtendedStatistics": extended} if extended else {}))
    return {"Label": asked["MetricName"], "Datapoints": points}


@handles("cloudwatch", "GetMetricData")
def get_metric_data(cloud: Cloud, call: Call) -> dict[str, Any]:
    """Return the series of metrics and of expressions over them."""
    asked = call.params
    queries = asked["MetricDataQueries"]
    _check_times(asked["StartTime"], asked["EndTime"])
    _check_queries(queries)
    try:
        found = query_series(cloud.part(Metrics), queries, asked["StartTime"], asked["EndTime"], 60)
    except ExpressionError as error:
        raise AwsError("ValidationError", str(error)) from None
    newest_first = asked.get("ScanBy", "TimestampDescending") == "TimestampDescending"
    results = []
    for query in queries:
        if query.get("ReturnData", True):
            moments = sorted(found[query["Id"]], reverse=newest_first)
            values = [found[query["Id"]][moment] for moment in moments]
            label = query.get("Label") or _label(query)
            result = {"Id": query["Id"], "Label": label, "Timestamps": moments, "Values": values}
            results.append(result | {"StatusCode": "Complete"})
    return {"MetricDataResults": results, "Messages": []}


def _label(query: dict[str, Any]) -> str:
    return str(query["MetricStat"]["Metric"]["MetricName"] if "MetricStat" in query else query["Id"])


@handles("cloudwatch", "PutMetricAlarm")
def put_metric_alarm(cloud: Cloud, call: Call) -> dict[str, Any]:
    """Create or change an alarm on a metric or on an expression."""
    asked = call.params
    _check_actions(asked)
    if asked.get("ComparisonOperator") not in COMPARISONS or "ThresholdMetricId" in asked:
        raise AwsError("NotBuiltOffline", "Anomaly detection is not built in the offline cloud: give a Threshold.", 501)
    if asked.get("DatapointsToAlarm", 1) > asked["EvaluationPeriods"]:
        raise AwsError("ValidationError", "DatapointsToAlarm must be less than or equal to EvaluationPeriods.")
    if "Metrics" in asked:
        _check_queries(asked["Metrics"])
        if [query.get("ReturnData", True) for query in asked["Metrics"]].count(True) != 1:
            raise AwsError("ValidationError", "Exactly one element of the metrics list should return data.")
        watched(asked["Metrics"])
    elif not {"MetricName", "Namespace", "Period"} <= set(asked):
        raise AwsError("ValidationError", "MetricName, Namespace and Period, or Metrics, must be specified.")
    elif ("Statistic" in asked) == ("ExtendedStatistic" in asked):
        raise AwsError("ValidationError", "Exactly one of Statistic and ExtendedStatistic must be specified.")
    else:
        _known(asked.get("ExtendedStatistic", "Average"))
    cloud.part(Alarms).put(asked)
    return {}


@handles("cloudwatch", "PutCompositeAlarm")
def put_composite_alarm(cloud: Cloud, call: Call) -> dict[str, Any]:
    """Create or change an alarm over the states of others."""
    _check_actions(call.params)
    if "ActionsSuppressor" in call.params:
        raise AwsError("NotBuiltOffline", "Suppressing a composite alarm's actions is not built offline.", 501)
    alarms = cloud.part(Alarms)

    def of(name: str) -> Any:
        alarm = alarms.get(name)
        if alarm is None:
            raise AwsError("ValidationError", f"Could not save the composite alarm as alarm {name} does not exist.")
        return alarm.state

    try:
        composite_state(call.params["AlarmRule"], of)
    except ValueError as error:
        raise AwsError("ValidationError", str(error)) from None
    alarms.put(call.params)
    return {}


@handles("cloudwatch", "DescribeAlarms")
def describe_alarms(cloud: Cloud, call: Call) -> dict[str, Any]:
    """Alarms by name, prefix, state and kind; composite ones only when they are asked for, as on AWS."""
    asked = call.params
    kinds = asked.get("AlarmTypes", ["MetricAlarm"])
    found = [
        alarm
        for alarm in cloud.part(Alarms).all()
        if alarm.name in asked.get("AlarmNames", [alarm.name])
        and alarm.name.startswith(asked.get("AlarmNamePrefix", ""))
        and alarm.state == asked.get("StateValue", alarm.state)
        and ("CompositeAlarm" if alarm.is_composite else "MetricAlarm") in kinds
    ]
    page, token = _page(found, asked, asked.get("MaxRecords", 100))
    return {
        "MetricAlarms": [_described(alarm) for alarm in page if not alarm.is_composite],
        "CompositeAlarms": [_described(alarm) for alarm in page if alarm.is_composite],
        **token,
    }


def _described(alarm: Alarm) -> dict[str, Any]:
    settings = {name: value for name, value in alarm.settings.items() if name != "Tags"}
    changed = alarm.updated or alarm.configured
    return {
        **{kind: [] for kind in _ACTIONS},
        "ActionsEnabled": True,
        **({} if alarm.is_composite else {"Dimensions": []}),
        **settings,
        "AlarmArn": alarm.arn,
        "AlarmConfigurationUpdatedTimestamp": alarm.configured,
        "StateValue": alarm.state,
        "StateReason": alarm.reason,
        "StateReasonData": json.dumps(alarm.reason_data),
        "StateUpdatedTimestamp": changed,
        "StateTransitionedTimestamp": changed,
    }


@handles("cloudwatch", "DescribeAlarmHistory")
def describe_alarm_history(cloud: Cloud, call: Call) -> dict[str, Any]:
    """Return what happened to alarms, the newest first unless asked otherwise."""
    asked = call.params
    alarms = cloud.part(Alarms)
    kinds = asked.get("AlarmTypes", ["MetricAlarm"])
    entries = [
        entry
        for alarm in alarms.all()
        if alarm.name == asked.get("AlarmName", alarm.name)
        for entry in alarm.history
        if entry["HistoryItemType"] == asked.get("HistoryItemType", entry["HistoryItemType"])
        and entry["AlarmType"] in kinds
        and asked.get("StartDate", datetime.min.replace(tzinfo=UTC)) <= entry["Timestamp"]
        and entry["Timestamp"] <= asked.get("EndDate", datetime.max.replace(tzinfo=UTC))
    ]
    newest_first = asked.get("ScanBy", "TimestampDescending") == "TimestampDescending"
    entries.sort(key=lambda entry: entry["Timestamp"])
    page, token = _page(entries[::-1] if newest_first else entries, asked, asked.get("MaxRecords", 100))
    return {"AlarmHistoryItems": page, **token}


@handles("cloudwatch", "DeleteAlarms")
def delete_alarms(cloud: Cloud, call: Call) -> dict[str, Any]:
    """Delete alarms: all of the list, or none if one does not exist."""
    alarms, names = cloud.part(Alarms), call.params["AlarmNames"]
    for name in names:
        _existing(alarms, name)
    alarms.delete(names)
    return {}


@handles("cloudwatch", "SetAlarmState")
def set_alarm_state(cloud: Cloud, call: Call) -> dict[str, Any]:
    """Put an alarm into a state for a test of its actions; the next evaluation decides anew."""
    asked, alarms = call.params, cloud.part(Alarms)
    alarm = _existing(alarms, asked["AlarmName"])
    alarms.set_state(alarm, asked["StateValue"], asked["StateReason"], json.loads(asked.get("StateReasonData", "{}")))
    if not alarm.is_composite:
        alarms.check_composites()
    return {}


@handles("cloudwatch", "EnableAlarmActions", "DisableAlarmActions")
def switch_actions(cloud: Cloud, call: Call) -> dict[str, Any]:
    """Switch the actions of alarms on or off."""
    alarms = cloud.part(Alarms)
    for name in call.params["AlarmNames"]:
        alarm = alarms.get(name)
        if alarm is not None:
            alarm.settings = alarm.settings | {"ActionsEnabled": call.operation == "EnableAlarmActions"}
    return {}


def _existing(alarms: Alarms, name: str) -> Alarm:
    alarm = alarms.get(name)
    if alarm is None:
        raise AwsError("ResourceNotFound", f"Alarm with name {name} does not exist.", 404)
    return alarm


def _check_times(start: datetime, end: datetime) -> None:
    if start >= end:
        raise AwsError("ValidationError", "The parameter StartTime must be less than the parameter EndTime.")


def _check_queries(queries: Iterable[dict[str, Any]]) -> None:
    for query in queries:
        if ("MetricStat" in query) == ("Expression" in query):
            raise AwsError("ValidationError", f"Query {query['Id']} must have either MetricStat or Expression.")
        if "MetricStat" in query:
            _known(query["MetricStat"]["Stat"])


def _known(statistic: str) -> str:
    if not is_statistic(statistic):
        message = f"The statistic {statistic} is not built in the offline cloud. Use a simple one or a percentile."
        raise AwsError("NotBuiltOffline", message, 501)
    return statistic


def _check_actions(asked: dict[str, Any]) -> None:
    for arn in (arn for kind in _ACTIONS for arn in asked.get(kind, [])):
        if not arn.startswith("arn:aws:sns:"):
            raise AwsError("NotBuiltOffline", f"The action {arn} is not built offline: use an SNS topic.", 501)


def _page(items: Sequence[Any], asked: dict[str, Any], size: int) -> tuple[list[Any], dict[str, str]]:
    start = int(asked.get("NextToken", "0"))
    more = start + size < len(items)
    return list(items[start : start + size]), {"NextToken": str(start + size)} if more else {}
