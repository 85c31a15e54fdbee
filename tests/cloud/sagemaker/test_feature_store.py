from __future__ import annotations

import io
import re
from datetime import UTC, datetime
from typing import Any

import boto3
import pandas as pd
import pyarrow.parquet
import pytest
from cloud.aws import error_of, status_of
from cloud.sagemaker.account import BUCKET, EVERYTHING, client, get, keys, policy, role

from mlacourse.cloud.sagemaker.feature_store.values import instant, value
from mlacourse.cloud.session import Cloud

NAME = "airport-delays"
FEATURES = {"airport": "String", "event_time": "String", "delay": "Fractional", "departures": "Integral"}


@pytest.fixture(autouse=True)
def account(sagemaker: Any) -> None:
    """An account with a bucket; see ``sagemaker``."""


def request(role_arn: str = "", **changed: Any) -> dict[str, Any]:
    """A request for a feature group; ``changed`` replaces members, None drops one."""
    members = {
        "FeatureGroupName": NAME,
        "RecordIdentifierFeatureName": "airport",
        "EventTimeFeatureName": "event_time",
        "FeatureDefinitions": [{"FeatureName": name, "FeatureType": kind} for name, kind in FEATURES.items()],
        "OnlineStoreConfig": {"EnableOnlineStore": True},
        "OfflineStoreConfig": {"S3StorageConfig": {"S3Uri": f"s3://{BUCKET}/features"}},
        "RoleArn": role_arn or role(),
        **changed,
    }
    return {name: member for name, member in members.items() if member is not None}


def created(**changed: Any) -> dict[str, Any]:
    """Create a group and describe it."""
    client("sagemaker").create_feature_group(**request(**changed))
    return described()


def described() -> dict[str, Any]:
    found: dict[str, Any] = client("sagemaker").describe_feature_group(FeatureGroupName=NAME)
    return found


def record(event_time: str = "2013-07-08T11:00:00Z", delay: str = "12.5", **changed: str) -> list[dict[str, str]]:
    values = {"airport": "JFK", "event_time": event_time, "delay": delay, "departures": "31", **changed}
    return [{"FeatureName": name, "ValueAsString": text} for name, text in values.items() if text]


def put(features: list[dict[str, str]], **params: Any) -> None:
    store().put_record(FeatureGroupName=NAME, Record=features, **params)


def store() -> Any:
    return client("sagemaker-featurestore-runtime")


def online(airport: str = "JFK", **params: Any) -> dict[str, str]:
    """The features that an airport has online."""
    found = store().get_record(FeatureGroupName=NAME, RecordIdentifierValueAsString=airport, **params)
    return {feature["FeatureName"]: feature["ValueAsString"] for feature in found.get("Record", [])}


def offline() -> pd.DataFrame:
    """Every row of the offline store, as it was appended."""
    files = [get(key) for key in keys("features/")]
    return pd.concat([pyarrow.parquet.read_table(io.BytesIO(file)).to_pandas() for file in files], ignore_index=True)


# --- the online store -------------------------------------------------------------------------------------------------


def test_the_record_that_was_put_is_read_back(cloud: Cloud) -> None:
    created()
    put(record())
    assert online() == {"airport": "JFK", "event_time": "2013-07-08T11:00:00Z", "delay": "12.5", "departures": "31"}


@pytest.mark.parametrize(
    ("second", "left"),
    [("2013-07-08T12:00:00Z", "99"), ("2013-07-08T10:59:59Z", "12.5"), ("2013-07-08T11:00:00Z", "12.5")],
    ids=["later", "earlier", "the same instant"],
)
def test_only_a_later_event_time_replaces_what_is_online(cloud: Cloud, second: str, left: str) -> None:
    created()
    put(record())
    put(record(second, "99"))
    assert online()["delay"] == left


def test_each_identifier_has_its_own_record(cloud: Cloud) -> None:
    created()
    put(record())
    put(record(delay="3", airport="LGA"))
    assert (online("JFK")["delay"], online("LGA")["delay"], online("EWR")) == ("12.5", "3", {})


def test_some_features_can_be_asked_for(cloud: Cloud) -> None:
    created()
    put(record())
    assert online(FeatureNames=["delay"]) == {"delay": "12.5"}
    assert error_of(
        store().get_record, FeatureGroupName=NAME, RecordIdentifierValueAsString="JFK", FeatureNames=["wind"]
    ) == ("ValidationError", "Validation Error: Features ['wind'] are not defined in airport-delays.")


def test_a_record_is_replaced_as_a_whole(cloud: Cloud) -> None:
    created()
    put(record())
    put(record("2013-07-08T12:00:00Z", departures=""))
    assert "departures" not in online()


def test_seconds_since_1970_order_records_too(cloud: Cloud) -> None:
    features = {**FEATURES, "event_time": "Fractional"}
    created(FeatureDefinitions=[{"FeatureName": name, "FeatureType": kind} for name, kind in features.items()])
    put(record("1373281200", "1"))
    put(record("1373281200.5", "2"))
    put(record("999999999", "3"))
    assert online()["delay"] == "2"


def test_a_group_can_be_named_by_its_arn(cloud: Cloud) -> None:
    arn = created()["FeatureGroupArn"]
    store().put_record(FeatureGroupName=arn, Record=record())
    assert online()["airport"] == "JFK"


# --- the offline store ------------------------------------------------------------------------------------------------


def test_nothing_is_in_s3_until_a_quarter_of_an_hour_has_passed(cloud: Cloud) -> None:
    created()
    put(record())
    cloud.clock.advance(minutes=14)
    assert keys("features/") == []
    cloud.clock.advance(minutes=1)
    assert len(keys("features/")) == 1


def test_every_record_is_appended_the_late_ones_too(cloud: Cloud) -> None:
    created()
    for event_time, delay in (
        ("2013-07-08T11:00:00Z", "1"),
        ("2013-07-08T10:00:00Z", "2"),
        ("2013-07-08T11:00:00Z", "3"),
    ):
        put(record(event_time, delay))
    cloud.clock.advance(minutes=15)
    assert offline().sort_values(["event_time", "delay"])["delay"].tolist() == [2.0, 1.0, 3.0]
    assert online()["delay"] == "1"


def test_files_lie_by_account_group_and_hour_of_event_time(cloud: Cloud) -> None:
    found = created()["OfflineStoreConfig"]["S3StorageConfig"]["ResolvedOutputS3Uri"]
    seconds = int(cloud.clock.start.timestamp())
    data = f"features/123456789012/sagemaker/us-east-1/offline-store/airport-delays-{seconds}/data"
    assert found == f"s3://{BUCKET}/{data}"
    for event_time in ("2013-07-08T11:00:00Z", "2013-07-08T11:59:00.250Z", "2013-07-09T00:30:00Z"):
        put(record(event_time))
    cloud.clock.advance(minutes=15)
    first, second = keys("features/")
    assert re.fullmatch(rf"{data}/year=2013/month=07/day=08/hour=11/20130708T115900Z_[0-9A-Za-z]{{16}}\.parquet", first)
    assert second.startswith(f"{data}/year=2013/month=07/day=09/hour=00/20130709T003000Z_")


def test_rows_have_the_features_and_three_columns_of_the_store(cloud: Cloud) -> None:
    created()
    cloud.clock.advance(minutes=2)
    put(record(departures=""))
    cloud.clock.advance(minutes=15)
    table = pyarrow.parquet.read_table(io.BytesIO(get(keys("features/")[0])))
    assert {field.name: str(field.type) for field in table.schema} == {
        "airport": "string",
        "event_time": "string",
        "delay": "double",
        "departures": "int64",
        "write_time": "timestamp[ms, tz=UTC]",
        "api_invocation_time": "timestamp[ms, tz=UTC]",
        "is_deleted": "bool",
    }
    [row] = table.to_pylist()
    assert (row["delay"], row["departures"], row["is_deleted"]) == (12.5, None, False)
    assert row["api_invocation_time"] == datetime(2027, 1, 11, 9, 2, tzinfo=UTC)
    assert row["write_time"] == datetime(2027, 1, 11, 9, 17, tzinfo=UTC)


@pytest.mark.parametrize(("target", "is_online", "files"), [("OnlineStore", True, 0), ("OfflineStore", False, 1)])
def test_a_record_can_go_to_one_store(cloud: Cloud, target: str, is_online: bool, files: int) -> None:
    created()
    put(record(), TargetStores=[target])
    cloud.clock.advance(minutes=15)
    assert (bool(online()), len(keys("features/"))) == (is_online, files)


def test_what_waits_is_written_when_the_group_goes_and_stays(cloud: Cloud, sagemaker: Any) -> None:
    created()
    put(record())
    sagemaker.delete_feature_group(FeatureGroupName=NAME)
    assert len(keys("features/")) == 1
    assert status_of(sagemaker.describe_feature_group, FeatureGroupName=NAME) == 404


# --- permissions ------------------------------------------------------------------------------------------------------


def test_a_role_that_may_not_write_blocks_the_offline_store_and_loses_nothing(cloud: Cloud) -> None:
    arn = role("NoPut", EVERYTHING, {"Effect": "Deny", "Action": "s3:PutObject", "Resource": "*"})
    assert created(role_arn=arn)["OfflineStoreStatus"] == {"Status": "Active"}
    put(record())
    cloud.clock.advance(minutes=15)
    found = described()["OfflineStoreStatus"]
    assert found["Status"] == "Blocked"
    assert "s3:PutObject" in found["BlockedReason"]
    client("iam").put_role_policy(RoleName="NoPut", PolicyName="work", PolicyDocument=policy(EVERYTHING))
    put(record("2013-07-08T12:00:00Z"))
    cloud.clock.advance(minutes=15)
    assert len(offline()) == 2
    assert described()["OfflineStoreStatus"] == {"Status": "Active"}


def test_the_offline_store_is_written_for_as_long_as_the_role_is_trusted(cloud: Cloud) -> None:
    created()
    cloud.clock.advance(days=3)
    put(record())
    cloud.clock.advance(minutes=15)
    assert len(keys("features/")) == 1
    client("iam").delete_role_policy(RoleName="Worker", PolicyName="work")
    client("iam").delete_role(RoleName="Worker")
    put(record("2013-07-09T12:00:00Z"))
    cloud.clock.advance(minutes=15)
    assert "Could not assume role" in described()["OfflineStoreStatus"]["BlockedReason"]
    assert online()["event_time"] == "2013-07-09T12:00:00Z"


def test_a_role_that_cannot_reach_the_bucket_makes_a_group_that_failed(cloud: Cloud) -> None:
    found = created(role_arn=role("Blind", {"Effect": "Allow", "Action": "s3:PutObject", "Resource": "*"}))
    assert found["FeatureGroupStatus"] == "CreateFailed"
    assert "s3:GetBucketAcl" in found["FailureReason"]
    code, message = error_of(store().put_record, FeatureGroupName=NAME, Record=record())
    assert (code, "CreateFailed" in message) == ("ValidationError", True)


def test_a_role_must_trust_sagemaker(cloud: Cloud, sagemaker: Any) -> None:
    arn = role("Other", trusted="lambda.amazonaws.com")
    assert "Could not assume role" in error_of(sagemaker.create_feature_group, **request(role_arn=arn))[1]


def test_reading_and_putting_are_permissions_of_their_own(cloud: Cloud) -> None:
    created()
    arn = f"arn:aws:sagemaker:us-east-1:123456789012:feature-group/{NAME}"
    iam = client("iam")
    iam.create_user(UserName="app")
    allowed = {"Effect": "Allow", "Action": "sagemaker:GetRecord", "Resource": arn}
    iam.put_user_policy(UserName="app", PolicyName="p", PolicyDocument=policy(allowed))
    access = iam.create_access_key(UserName="app")["AccessKey"]
    app = boto3.client(
        "sagemaker-featurestore-runtime",
        aws_access_key_id=access["AccessKeyId"],
        aws_secret_access_key=access["SecretAccessKey"],
    )
    assert "Record" not in app.get_record(FeatureGroupName=NAME, RecordIdentifierValueAsString="JFK")
    code, message = error_of(app.put_record, FeatureGroupName=NAME, Record=record())
    assert code == "AccessDeniedException"
    assert f"sagemaker:PutRecord on resource: {arn}" in message


# --- refusals ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"RecordIdentifierFeatureName": "tail"}, "RecordIdentifierFeatureName tail is not one of"),
        ({"EventTimeFeatureName": "departures"}, "must be String or Fractional"),
        ({"OnlineStoreConfig": None, "OfflineStoreConfig": None}, "at least one of OnlineStoreConfig"),
        ({"FeatureDefinitions": [{"FeatureName": "write_time", "FeatureType": "String"}]}, "write_time is reserved"),
        ({"FeatureDefinitions": [{"FeatureName": "a", "FeatureType": "String"}] * 2}, "a is defined more than once"),
        ({"RoleArn": None}, "RoleArn is required"),
        ({"OnlineStoreConfig": {"EnableOnlineStore": True, "StorageType": "InMemory"}}, "cannot have an offline store"),
    ],
)
def test_a_group_that_cannot_work_is_refused(cloud: Cloud, sagemaker: Any, changed: dict[str, Any], says: str) -> None:
    code, message = error_of(sagemaker.create_feature_group, **request(**changed))
    assert code == "ValidationException"
    assert says in message


def test_a_name_is_taken_once(cloud: Cloud, sagemaker: Any) -> None:
    again = request()
    sagemaker.create_feature_group(**again)
    assert error_of(sagemaker.create_feature_group, **again)[0] == "ResourceInUse"


@pytest.mark.parametrize(
    ("features", "says"),
    [
        (record(delay="late"), "'late' of feature delay is not of type Fractional"),
        (record(departures="1.5"), "'1.5' of feature departures is not of type Integral"),
        (record("2013-07-08 11:00"), "The event time event_time cannot be read"),
        (record(airport=""), "no value for airport, which is the RecordIdentifierFeatureName"),
        (record(""), "no value for event_time, which is the EventTimeFeatureName"),
        (record(wind="4"), "Feature wind is not defined"),
        ([*record(), *record()], "airport stands in the record more than once"),
    ],
)
def test_a_record_that_does_not_fit_is_refused_and_kept_nowhere(
    cloud: Cloud, features: list[dict[str, str]], says: str
) -> None:
    created()
    code, message = error_of(store().put_record, FeatureGroupName=NAME, Record=features)
    assert code == "ValidationError"
    assert says in message
    cloud.clock.advance(minutes=15)
    assert (online(), keys("features/")) == ({}, [])


def test_an_unknown_group_is_refused_in_the_words_of_aws(cloud: Cloud) -> None:
    words = "Resource Not Found: Amazon SageMaker can't find a FeatureGroup with name airport-delays."
    assert error_of(store().put_record, FeatureGroupName=NAME, Record=record()) == ("ValidationError", words)
    ask = {"FeatureGroupName": NAME, "RecordIdentifierValueAsString": "JFK"}
    assert error_of(store().get_record, **ask) == ("ResourceNotFound", words)


def test_a_store_that_a_group_does_not_have_is_refused(cloud: Cloud) -> None:
    created(OnlineStoreConfig=None)
    ask = {"FeatureGroupName": NAME, "RecordIdentifierValueAsString": "JFK"}
    assert "is not enabled" in error_of(store().get_record, **ask)[1]
    assert (
        "is not enabled"
        in error_of(store().put_record, FeatureGroupName=NAME, Record=record(), TargetStores=["OnlineStore"])[1]
    )


@pytest.mark.parametrize(
    "changed",
    [
        {"OfflineStoreConfig": {"S3StorageConfig": {"S3Uri": f"s3://{BUCKET}/f"}, "TableFormat": "Iceberg"}},
        {"OnlineStoreConfig": {"EnableOnlineStore": True, "TtlDuration": {"Unit": "Days", "Value": 1}}},
        {"FeatureDefinitions": [{"FeatureName": "v", "FeatureType": "Fractional", "CollectionType": "List"}]},
    ],
)
def test_what_is_not_built_is_refused_by_name(cloud: Cloud, sagemaker: Any, changed: dict[str, Any]) -> None:
    assert error_of(sagemaker.create_feature_group, **request(**changed))[0] == "NotBuiltOffline"


# --- the account ------------------------------------------------------------------------------------------------------


def test_a_group_has_tags(cloud: Cloud, sagemaker: Any) -> None:
    arn = created(Tags=[{"Key": "team", "Value": "ops"}])["FeatureGroupArn"]
    assert sagemaker.list_tags(ResourceArn=arn)["Tags"] == [{"Key": "team", "Value": "ops"}]


def test_a_lab_can_delete_the_groups_that_it_made(cloud: Cloud, sagemaker: Any) -> None:
    created()
    [made] = [one for one in cloud.made if one.kind == "FeatureGroup"]
    cloud.made.delete(made)
    assert status_of(sagemaker.describe_feature_group, FeatureGroupName=NAME) == 404


def test_event_times_are_read_in_their_documented_forms() -> None:
    moment = datetime(2013, 7, 8, 11, 0, 0, 250_000, tzinfo=UTC)
    assert instant("2013-07-08T11:00:00.250Z", "String") == instant("1373281200.25", "Fractional") == moment
    for wrong in ("2013-07-08", "2013-07-08T11:00:00", "2013-07-08T11:00:00+02:00"):
        with pytest.raises(ValueError, match="is not of the form"):
            instant(wrong, "String")


def test_a_whole_number_is_not_a_fraction_in_disguise() -> None:
    with pytest.raises(ValueError, match="invalid literal"):
        value("3.0", "Integral")
