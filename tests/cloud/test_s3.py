from __future__ import annotations

import hashlib
import io
import json
from datetime import timedelta
from typing import Any

import boto3
import pytest
from cloud.aws import error_of, status_of

from mlacourse.cloud.session import Cloud


@pytest.fixture
def s3(cloud: Cloud) -> Any:
    client = boto3.client("s3")
    client.create_bucket(Bucket="data")
    return client


def bodies(s3: Any, **params: Any) -> bytes:
    body: bytes = s3.get_object(Bucket="data", **params)["Body"].read()
    return body


# --- buckets --------------------------------------------------------------------------------------------------


def test_a_new_bucket_has_the_protections_of_today(s3: Any) -> None:
    rule = s3.get_bucket_encryption(Bucket="data")["ServerSideEncryptionConfiguration"]["Rules"][0]
    assert rule["ApplyServerSideEncryptionByDefault"] == {"SSEAlgorithm": "AES256"}
    assert all(s3.get_public_access_block(Bucket="data")["PublicAccessBlockConfiguration"].values())
    controls = s3.get_bucket_ownership_controls(Bucket="data")["OwnershipControls"]["Rules"]
    assert controls == [{"ObjectOwnership": "BucketOwnerEnforced"}]


@pytest.mark.parametrize("name", ["Upper-Case", "under_score", "two..dots", "192.168.0.1", "-dash"])
def test_a_bucket_name_outside_the_rules_is_refused(s3: Any, name: str) -> None:
    assert error_of(s3.create_bucket, Bucket=name)[0] in ("InvalidBucketName", "InvalidBucketNameError")


def test_making_your_own_bucket_again_changes_nothing(s3: Any) -> None:
    s3.delete_public_access_block(Bucket="data")
    s3.create_bucket(Bucket="data")
    assert error_of(s3.get_public_access_block, Bucket="data")[0] == "NoSuchPublicAccessBlockConfiguration"


def test_a_bucket_with_objects_cannot_be_deleted(s3: Any) -> None:
    s3.put_object(Bucket="data", Key="k", Body=b"")
    assert error_of(s3.delete_bucket, Bucket="data")[0] == "BucketNotEmpty"
    s3.delete_object(Bucket="data", Key="k")
    s3.delete_bucket(Bucket="data")
    assert status_of(s3.head_bucket, Bucket="data") == 404


def test_a_bucket_is_found_and_its_settings_are_changed(s3: Any) -> None:
    assert s3.head_bucket(Bucket="data")["ResponseMetadata"]["HTTPStatusCode"] == 200
    assert s3.get_bucket_location(Bucket="data")["LocationConstraint"] is None
    assert "Status" not in s3.get_bucket_versioning(Bucket="data")
    controls = {"Rules": [{"ObjectOwnership": "ObjectWriter"}]}
    s3.put_bucket_ownership_controls(Bucket="data", OwnershipControls=controls)
    assert s3.get_bucket_ownership_controls(Bucket="data")["OwnershipControls"] == controls
    open_to_all = dict.fromkeys(
        ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets"), False
    )
    s3.put_public_access_block(Bucket="data", PublicAccessBlockConfiguration=open_to_all)
    assert s3.get_public_access_block(Bucket="data")["PublicAccessBlockConfiguration"] == open_to_all


def test_a_bucket_policy_is_kept_and_removed(s3: Any) -> None:
    assert error_of(s3.get_bucket_policy, Bucket="data")[0] == "NoSuchBucketPolicy"
    resource = {"Effect": "Deny", "Principal": "*", "Action": "s3:DeleteObject", "Resource": "arn:aws:s3:::data/*"}
    policy = {"Version": "2012-10-17", "Statement": [resource]}
    s3.put_bucket_policy(Bucket="data", Policy=json.dumps(policy))
    assert json.loads(s3.get_bucket_policy(Bucket="data")["Policy"]) == policy
    s3.delete_bucket_policy(Bucket="data")
    assert error_of(s3.get_bucket_policy, Bucket="data")[0] == "NoSuchBucketPolicy"


# --- objects --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "key", ["plain", "a/b/c.csv", "with space+plus", "ü/日本.txt", "a%2Fb", "folder/", "//twice", "~a'(b)"]
)
def test_an_object_comes_back_whatever_its_key(s3: Any, key: str) -> None:
    s3.put_object(Bucket="data", Key=key, Body=b"content of " + key.encode())
    assert bodies(s3, Key=key) == b"content of " + key.encode()
    assert [found["Key"] for found in s3.list_objects_v2(Bucket="data")["Contents"]] == [key]


def test_metadata_and_content_type_come_back_as_they_were_sent(s3: Any) -> None:
    s3.put_object(
        Bucket="data", Key="k", Body=b"1", Metadata={"with_underscore": "1", "with-dash": "2"}, ContentType="text/csv"
    )
    found = s3.head_object(Bucket="data", Key="k")
    assert found["Metadata"] == {"with_underscore": "1", "with-dash": "2"}
    assert (found["ContentType"], found["ContentLength"]) == ("text/csv", 1)


def test_a_body_streams_up_and_down(s3: Any) -> None:
    content = bytes(range(256)) * 4096
    s3.put_object(Bucket="data", Key="k", Body=io.BytesIO(content))
    digest = hashlib.sha256()
    for chunk in s3.get_object(Bucket="data", Key="k")["Body"].iter_chunks(10_000):
        digest.update(chunk)
    assert digest.digest() == hashlib.sha256(content).digest()


def test_a_range_gives_its_bytes(s3: Any) -> None:
    s3.put_object(Bucket="data", Key="k", Body=b"0123456789")
    answer = s3.get_object(Bucket="data", Key="k", Range="bytes=2-4")
    assert (answer["Body"].read(), answer["ContentRange"]) == (b"234", "bytes 2-4/10")
    assert error_of(s3.get_object, Bucket="data", Key="k", Range="bytes=20-30")[0] == "InvalidRange"


def test_what_does_not_exist_is_named(s3: Any) -> None:
    assert error_of(s3.get_object, Bucket="data", Key="nope") == ("NoSuchKey", "The specified key does not exist.")
    assert error_of(s3.get_object, Bucket="ghost", Key="k")[0] == "NoSuchBucket"
    assert status_of(s3.head_object, Bucket="data", Key="nope") == 404


def test_writing_only_if_absent_fails_the_second_time(s3: Any) -> None:
    s3.put_object(Bucket="data", Key="k", Body=b"1", IfNoneMatch="*")
    assert error_of(s3.put_object, Bucket="data", Key="k", Body=b"2", IfNoneMatch="*")[0] == "PreconditionFailed"


def test_a_listing_has_prefixes_delimiters_and_pages(s3: Any) -> None:
    for key in ("a/1", "a/2", "b/1", "c"):
        s3.put_object(Bucket="data", Key=key, Body=b"")
    top = s3.list_objects_v2(Bucket="data", Delimiter="/")
    assert [prefix["Prefix"] for prefix in top["CommonPrefixes"]] == ["a/", "b/"]
    assert [found["Key"] for found in s3.list_objects(Bucket="data", Prefix="a/")["Contents"]] == ["a/1", "a/2"]
    pages = s3.get_paginator("list_objects_v2").paginate(Bucket="data", PaginationConfig={"PageSize": 3})
    assert [[found["Key"] for found in page["Contents"]] for page in pages] == [["a/1", "a/2", "b/1"], ["c"]]


def test_copying_and_deleting_several(s3: Any) -> None:
    s3.put_object(Bucket="data", Key="a", Body=b"1", Metadata={"m": "1"})
    s3.copy_object(Bucket="data", Key="b", CopySource={"Bucket": "data", "Key": "a"})
    assert (bodies(s3, Key="b"), s3.head_object(Bucket="data", Key="b")["Metadata"]) == (b"1", {"m": "1"})
    deleted = s3.delete_objects(Bucket="data", Delete={"Objects": [{"Key": "a"}, {"Key": "b"}]})["Deleted"]
    assert sorted(one["Key"] for one in deleted) == ["a", "b"]
    assert "Contents" not in s3.list_objects_v2(Bucket="data")


def test_a_wrong_checksum_is_refused(s3: Any) -> None:
    assert error_of(s3.put_object, Bucket="data", Key="k", Body=b"1", ChecksumCRC32="AAAAAA==")[0] == "BadDigest"


# --- versions, tags, encryption -------------------------------------------------------------------------------


def test_versions_keep_what_was_overwritten_and_deleted(s3: Any, cloud: Cloud) -> None:
    s3.put_bucket_versioning(Bucket="data", VersioningConfiguration={"Status": "Enabled"})
    first = s3.put_object(Bucket="data", Key="k", Body=b"1")["VersionId"]
    second = s3.put_object(Bucket="data", Key="k", Body=b"2")["VersionId"]
    listed = s3.list_object_versions(Bucket="data")["Versions"]
    assert [(one["VersionId"], one["IsLatest"]) for one in listed] == [(second, True), (first, False)]
    marker = s3.delete_object(Bucket="data", Key="k")
    assert marker["DeleteMarker"]
    assert error_of(s3.get_object, Bucket="data", Key="k")[0] == "NoSuchKey"
    assert bodies(s3, Key="k", VersionId=first) == b"1"
    s3.delete_object(Bucket="data", Key="k", VersionId=marker["VersionId"])
    assert bodies(s3, Key="k") == b"2"


def test_tags_are_replaced_as_a_whole(s3: Any) -> None:
    s3.put_object(Bucket="data", Key="k", Body=b"", Tagging="stage=raw&pii=no")
    s3.put_object_tagging(Bucket="data", Key="k", Tagging={"TagSet": [{"Key": "stage", "Value": "clean"}]})
    assert s3.get_object_tagging(Bucket="data", Key="k")["TagSet"] == [{"Key": "stage", "Value": "clean"}]
    s3.delete_object_tagging(Bucket="data", Key="k")
    assert s3.get_object_tagging(Bucket="data", Key="k")["TagSet"] == []
    s3.put_bucket_tagging(Bucket="data", Tagging={"TagSet": [{"Key": "team", "Value": "fraud"}]})
    assert s3.get_bucket_tagging(Bucket="data")["TagSet"] == [{"Key": "team", "Value": "fraud"}]
    s3.delete_bucket_tagging(Bucket="data")
    assert error_of(s3.get_bucket_tagging, Bucket="data")[0] == "NoSuchTagSet"


def test_the_default_encryption_is_applied_to_new_objects(s3: Any) -> None:
    assert s3.put_object(Bucket="data", Key="a", Body=b"")["ServerSideEncryption"] == "AES256"
    key = boto3.client("kms").create_key()["KeyMetadata"]["Arn"]
    default = {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": key}
    rules = {"Rules": [{"ApplyServerSideEncryptionByDefault": default}]}
    s3.put_bucket_encryption(Bucket="data", ServerSideEncryptionConfiguration=rules)
    s3.put_object(Bucket="data", Key="b", Body=b"")
    found = s3.head_object(Bucket="data", Key="b")
    assert (found["ServerSideEncryption"], found["SSEKMSKeyId"]) == ("aws:kms", key)


def test_without_a_setting_of_its_own_a_bucket_encrypts_with_s3s_keys(s3: Any) -> None:
    rule = {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms"}}
    s3.put_bucket_encryption(Bucket="data", ServerSideEncryptionConfiguration={"Rules": [rule]})
    s3.delete_bucket_encryption(Bucket="data")
    (left,) = s3.get_bucket_encryption(Bucket="data")["ServerSideEncryptionConfiguration"]["Rules"]
    assert left["ApplyServerSideEncryptionByDefault"] == {"SSEAlgorithm": "AES256"}


def test_a_bucket_that_enforces_its_owner_still_tells_its_acl(s3: Any) -> None:
    [grant] = s3.get_bucket_acl(Bucket="data")["Grants"]
    assert (grant["Grantee"]["Type"], grant["Permission"]) == ("CanonicalUser", "FULL_CONTROL")
    assert error_of(s3.get_bucket_acl, Bucket="none")[0] == "NoSuchBucket"


# --- time -----------------------------------------------------------------------------------------------------


def test_objects_are_dated_by_the_clouds_clock(s3: Any, cloud: Cloud) -> None:
    s3.put_object(Bucket="data", Key="early", Body=b"")
    cloud.clock.advance(hours=3)
    s3.put_object(Bucket="data", Key="late", Body=b"")
    dates = {found["Key"]: found["LastModified"] for found in s3.list_objects_v2(Bucket="data")["Contents"]}
    assert dates == {"early": cloud.clock.start, "late": cloud.clock.start + timedelta(hours=3)}
    answer = s3.head_object(Bucket="data", Key="late")
    assert answer["ResponseMetadata"]["HTTPHeaders"]["last-modified"] == "Mon, 11 Jan 2027 12:00:00 GMT"
