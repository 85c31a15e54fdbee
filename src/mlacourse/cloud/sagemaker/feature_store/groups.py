"""Feature groups: the schema of a record, and which stores keep it."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from datetime import datetime
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from mlacourse.cloud.call import AwsError, Call
from mlacourse.cloud.handlers import handles
from mlacourse.cloud.sagemaker import roles
from mlacourse.cloud.sagemaker.artifacts import Location
from mlacourse.cloud.sagemaker.feature_store.offline import ADDED, OfflineStore
from mlacourse.cloud.sagemaker.state import State, arn, invalid, not_built, refuse_parameters

if TYPE_CHECKING:
    from mlacourse.cloud.session import Cloud

_NOT_BUILT = {
    "OnlineStoreConfig.TtlDuration": "Leave it out: records do not expire.",
    "OfflineStoreConfig.DataCatalogConfig": "Leave it out: no table is made in the Glue Data Catalog.",
}
_REPEATED = (
    *("FeatureGroupName", "RecordIdentifierFeatureName", "EventTimeFeatureName", "FeatureDefinitions"),
    *("OnlineStoreConfig", "ThroughputConfig", "RoleArn", "Description"),
)


@dataclass
class OnlineRecord:
    """The record that an identifier has online: its event time and its features as they were put."""

    event_time: datetime
    features: list[dict[str, Any]]


@dataclass
class FeatureGroup:
    """A feature group with its stores; ``online`` is None where there is no online store."""

    arn: str
    request: dict[str, Any]
    created: datetime
    online: dict[str, OnlineRecord] | None = None
    offline: OfflineStore | None = None
    failure: str | None = None
    lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def kinds(self) -> dict[str, str]:
        """The type of each feature."""
        return {feature["FeatureName"]: feature["FeatureType"] for feature in self.request["FeatureDefinitions"]}


@handles("sagemaker", "CreateFeatureGroup")
def create_feature_group(cloud: Cloud, call: Call) -> dict[str, Any]:
    """Make a feature group; one whose offline store its role cannot reach is there as CreateFailed."""
    state, request = cloud.part(State), call.params
    name = request["FeatureGroupName"]
    refuse_parameters(call, _NOT_BUILT)
    if name in state.feature_groups:
        raise AwsError(
            "ResourceInUse",
            f"Resource Already Exists: FeatureGroup with name {name} already exists. Choose a different name.",
        )
    group = FeatureGroup(arn(call, "feature-group", name), request, call.time)
    _check_features(request)
    if request.get("OnlineStoreConfig", {}).get("EnableOnlineStore"):
        group.online = {}
    if "OfflineStoreConfig" in request:
        group.offline = _offline_store(cloud, call, group)
        group.failure = _unreachable(cloud, group.offline)
    if group.online is None and group.offline is None:
        raise invalid("You must include at least one of OnlineStoreConfig and OfflineStoreConfig.")
    state.feature_groups[name] = group
    state.tag(group.arn, request.get("Tags", []))
    return {"FeatureGroupArn": group.arn}


@handles("sagemaker", "DescribeFeatureGroup")
def describe_feature_group(cloud: Cloud, call: Call) -> dict[str, Any]:
    """Tell a feature group, and whether its offline store could be written."""
    group = find(cloud, call)
    described = {member: group.request[member] for member in _REPEATED if member in group.request}
    described |= {"FeatureGroupArn": group.arn, "CreationTime": group.created, "NextToken": ""}
    described["FeatureGroupStatus"] = "CreateFailed" if group.failure else "Created"
    if group.failure:
        described["FailureReason"] = group.failure
    if group.offline is not None:
        config = group.request["OfflineStoreConfig"]
        storage = {**config["S3StorageConfig"], "ResolvedOutputS3Uri": group.offline.data.uri}
        described["OfflineStoreConfig"] = {"DisableGlueTableCreation": False, **config, "S3StorageConfig": storage}
        blocked = group.offline.blocked
        described["OfflineStoreStatus"] = (
            {"Status": "Blocked", "BlockedReason": blocked[:1024]} if blocked else {"Status": "Active"}
        )
    return described


@handles("sagemaker", "DeleteFeatureGroup")
def delete_feature_group(cloud: Cloud, call: Call) -> dict[str, Any]:
    """Forget a feature group and its online store; what lies in S3 stays."""
    group = find(cloud, call)
    if group.offline is not None:
        group.offline.flush()
    state = cloud.part(State)
    del state.feature_groups[group.request["FeatureGroupName"]]
    state.tags.pop(group.arn, None)
    return {}


def find(cloud: Cloud, call: Call, code: str = "ResourceNotFound") -> FeatureGroup:
    """Return the feature group that a call names or gives the ARN of."""
    name = call.params["FeatureGroupName"].rsplit("/", 1)[-1]
    group = cloud.part(State).feature_groups.get(name)
    if group is None:
        status = 404 if code == "ResourceNotFound" else 400
        raise AwsError(
            code, f"Resource Not Found: Amazon SageMaker can't find a FeatureGroup with name {name}.", status
        )
    return group


def _check_features(request: dict[str, Any]) -> None:
    kinds = {}
    for feature in request["FeatureDefinitions"]:
        name = feature["FeatureName"]
        if "CollectionType" in feature:
            raise not_built(f"The collection {name!r}", "Use a feature for each element.")
        if name in ADDED:
            raise invalid(f"Feature name {name} is reserved. Feature names cannot be any of {', '.join(ADDED)}.")
        if name in kinds:
            raise invalid(f"Feature {name} is defined more than once.")
        kinds[name] = feature["FeatureType"]
    for member in ("RecordIdentifierFeatureName", "EventTimeFeatureName"):
        if request[member] not in kinds:
            raise invalid(f"{member} {request[member]} is not one of the names of the feature definitions.")
    if kinds[request["EventTimeFeatureName"]] == "Integral":
        raise invalid("The type of the event time feature must be String or Fractional.")


def _offline_store(cloud: Cloud, call: Call, group: FeatureGroup) -> OfflineStore:
    request = call.params
    config = request["OfflineStoreConfig"]
    if config.get("TableFormat") == "Iceberg":
        raise not_built("The table format Iceberg", "Leave TableFormat out.")
    if find_spec("pyarrow") is None:
        raise not_built("An offline store without pyarrow", "Install it with: pip install pyarrow.")
    if request.get("OnlineStoreConfig", {}).get("StorageType") == "InMemory":
        raise invalid("A feature group with an InMemory online store cannot have an offline store.")
    if "RoleArn" not in request:
        raise invalid("RoleArn is required for a feature group with an offline store.")
    storage = config["S3StorageConfig"]
    data = Location.parse(storage["S3Uri"]).below(
        *(call.account, "sagemaker", call.region, "offline-store"),
        *(f"{request['FeatureGroupName']}-{int(call.time.timestamp())}", "data"),
    )
    return OfflineStore(cloud, request["RoleArn"], data, group.kinds, storage.get("KmsKeyId"))


def _unreachable(cloud: Cloud, store: OfflineStore) -> str | None:
    """Why the role cannot work with the bucket, or None: it reads the bucket's ACL, as AWS's managed policy allows.

    Raises :class:`AwsError` for a role that SageMaker may not assume.
    """
    try:
        roles.assume(cloud, store.role_arn).s3.get_bucket_acl(Bucket=store.data.bucket)
    except ClientError as error:
        return f"The offline store at {store.data.uri} cannot be reached with {store.role_arn}: {error}"
    return None
