"""Records: put into both stores, read from the online one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from mlacourse.cloud.call import AwsError, Call
from mlacourse.cloud.handlers import handles
from mlacourse.cloud.sagemaker.feature_store.groups import FeatureGroup, OnlineRecord, find
from mlacourse.cloud.sagemaker.feature_store.offline import Row
from mlacourse.cloud.sagemaker.feature_store.values import instant, value
from mlacourse.cloud.sagemaker.state import refuse_parameters

if TYPE_CHECKING:
    from mlacourse.cloud.session import Cloud

Features = list[dict[str, Any]]


@handles("sagemaker-featurestore-runtime", "PutRecord")
def put_record(cloud: Cloud, call: Call) -> dict[str, Any]:
    """Append a record offline; keep it online if no record of its identifier has an event time as late."""
    refuse_parameters(call, {"TtlDuration": "Leave it out: records do not expire."})
    group = find(cloud, call, "ValidationError")
    _check_created(group)
    stores = _stores(call, group)
    features: Features = call.params["Record"]
    row = _row(call, group, features)
    with group.lock:
        if "OnlineStore" in stores and group.online is not None:
            identifier = str(row.values[group.request["RecordIdentifierFeatureName"]])
            known = group.online.get(identifier)
            if known is None or row.event_time > known.event_time:
                group.online[identifier] = OnlineRecord(row.event_time, features)
        if "OfflineStore" in stores and group.offline is not None:
            group.offline.add(row)
    return {}


@handles("sagemaker-featurestore-runtime", "GetRecord")
def get_record(cloud: Cloud, call: Call) -> dict[str, Any]:
    """Return the record that an identifier has online; nothing where it has none."""
    group = find(cloud, call)
    if group.online is None:
        raise _refused(f"The online store of {group.request['FeatureGroupName']} is not enabled.")
    wanted: Sequence[str] = call.params.get("FeatureNames", list(group.kinds))
    if unknown := [name for name in wanted if name not in group.kinds]:
        raise _refused(f"Features {unknown} are not defined in {group.request['FeatureGroupName']}.")
    record = group.online.get(call.params["RecordIdentifierValueAsString"])
    if record is None:
        return {}
    return {"Record": [feature for feature in record.features if feature["FeatureName"] in wanted]}


def _stores(call: Call, group: FeatureGroup) -> Sequence[str]:
    has = {"OnlineStore": group.online is not None, "OfflineStore": group.offline is not None}
    stores: Sequence[str] = call.params.get("TargetStores", [store for store, there in has.items() if there])
    for store in stores:
        if not has[store]:
            raise _refused(f"The {store} of {group.request['FeatureGroupName']} is not enabled.")
    return stores


def _row(call: Call, group: FeatureGroup, features: Features) -> Row:
    kinds, values = group.kinds, {}
    for feature in features:
        name, text = feature["FeatureName"], feature.get("ValueAsString")
        if name not in kinds:
            raise _refused(f"Feature {name} is not defined in {group.request['FeatureGroupName']}.")
        if name in values:
            raise _refused(f"Feature {name} stands in the record more than once.")
        if text is None:
            raise _refused(f"Feature {name} has no ValueAsString.")
        try:
            values[name] = value(text, kinds[name])
        except ValueError:
            raise _refused(f"The value {text!r} of feature {name} is not of type {kinds[name]}.") from None
    for member in ("RecordIdentifierFeatureName", "EventTimeFeatureName"):
        if group.request[member] not in values:
            raise _refused(f"The record has no value for {group.request[member]}, which is the {member}.")
    event_time = group.request["EventTimeFeatureName"]
    try:
        return Row(instant(str(values[event_time]), kinds[event_time]), call.time, values)
    except (ValueError, OverflowError) as error:
        raise _refused(f"The event time {event_time} cannot be read: {error}.") from None


def _check_created(group: FeatureGroup) -> None:
    if group.failure:
        raise _refused(f"FeatureGroup {group.request['FeatureGroupName']} is CreateFailed, not Created.")


def _refused(message: str) -> AwsError:
    return AwsError("ValidationError", f"Validation Error: {message}")
