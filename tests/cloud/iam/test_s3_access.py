"""Buckets: policies with conditions, Block Public Access, unsigned and presigned requests, ACLs."""

from __future__ import annotations

import urllib.error
import urllib.request
from typing import Any

import boto3
import pytest
from botocore import UNSIGNED
from botocore.config import Config
from cloud.iam.people import ACCOUNT, allow, as_role, deny, document, message, new_role, outcome

from mlacourse import cloud as aws
from mlacourse.cloud.session import Cloud

OBJECTS = "arn:aws:s3:::data/*"
EVERYTHING = ["arn:aws:s3:::data", OBJECTS]
READ = {"Bucket": "data", "Key": "a.csv"}
ANYBODY = allow("s3:GetObject", on=OBJECTS, Principal="*")


@pytest.fixture
def s3(cloud: Cloud) -> Any:
    client = boto3.client("s3")
    client.create_bucket(Bucket="data")
    client.put_object(Bucket="data", Key="a.csv", Body=b"a")
    return client


def unsigned() -> Any:
    return boto3.client("s3", config=Config(signature_version=UNSIGNED))


def publish(s3: Any) -> None:
    s3.delete_public_access_block(Bucket="data")
    s3.put_bucket_policy(Bucket="data", Policy=document(ANYBODY))


def status(url: str) -> int:
    try:
        with urllib.request.urlopen(url) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code


def test_a_policy_that_wants_tls_refuses_plain_http_and_serves_the_rest(s3: Any) -> None:
    tls = deny("s3:*", on=EVERYTHING, Principal="*", Condition={"Bool": {"aws:SecureTransport": "false"}})
    s3.put_bucket_policy(Bucket="data", Policy=document(tls))
    assert outcome(s3.get_object, **READ) == "ok"
    with aws.network(secure=False):
        assert message(s3.get_object, **READ).endswith("with an explicit deny in a resource-based policy")
    assert outcome(s3.get_object, **READ) == "ok"


def test_a_policy_for_one_vpc_endpoint_refuses_the_internet(s3: Any) -> None:
    through = {"StringNotEquals": {"aws:SourceVpce": "vpce-1a2b3c4d"}}
    s3.put_bucket_policy(
        Bucket="data", Policy=document(deny("s3:GetObject", on=OBJECTS, Principal="*", Condition=through))
    )
    assert outcome(s3.get_object, **READ) == "AccessDenied"
    with aws.network(vpc_endpoint="vpce-1a2b3c4d"):
        assert outcome(s3.get_object, **READ) == "ok"


def test_the_policy_of_the_endpoint_itself_limits_what_passes(s3: Any) -> None:
    s3.create_bucket(Bucket="elsewhere")
    ec2 = boto3.client("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    only_data = document(allow("s3:*", on=EVERYTHING, Principal="*"))
    made = ec2.create_vpc_endpoint(VpcId=vpc, ServiceName="com.amazonaws.us-east-1.s3", PolicyDocument=only_data)
    with aws.network(vpc_endpoint=made["VpcEndpoint"]["VpcEndpointId"]):
        assert outcome(s3.get_object, **READ) == "ok"
        refused = message(s3.put_object, Bucket="elsewhere", Key="leak", Body=b"")
    assert refused.endswith("because no VPC endpoint policy allows the s3:PutObject action")


def test_an_address_is_compared_and_absent_behind_an_endpoint(s3: Any) -> None:
    office = {"NotIpAddress": {"aws:SourceIp": "198.51.100.0/24"}}
    s3.put_bucket_policy(
        Bucket="data", Policy=document(deny("s3:GetObject", on=OBJECTS, Principal="*", Condition=office))
    )
    assert outcome(s3.get_object, **READ) == "AccessDenied"
    with aws.network(source_ip="198.51.100.7"):
        assert outcome(s3.get_object, **READ) == "ok"
    with aws.network(source_ip="198.51.100.7", vpc_endpoint="vpce-1"):
        assert outcome(s3.get_object, **READ) == "AccessDenied"


def test_a_policy_that_wants_sse_kms_refuses_another_encryption(s3: Any) -> None:
    key = boto3.client("kms").create_key()["KeyMetadata"]["Arn"]
    plain = {"StringNotEqualsIfExists": {"s3:x-amz-server-side-encryption": "aws:kms"}}
    absent = {"Null": {"s3:x-amz-server-side-encryption": "true"}}
    s3.put_bucket_policy(
        Bucket="data",
        Policy=document(
            deny("s3:PutObject", on=OBJECTS, Principal="*", Condition=plain),
            deny("s3:PutObject", on=OBJECTS, Principal="*", Condition=absent),
        ),
    )
    put = {"Bucket": "data", "Key": "b.csv", "Body": b""}
    assert outcome(s3.put_object, **put) == "AccessDenied"
    assert outcome(s3.put_object, **put, ServerSideEncryption="AES256") == "AccessDenied"
    assert outcome(s3.put_object, **put, ServerSideEncryption="aws:kms", SSEKMSKeyId=key) == "ok"


def test_an_unsigned_request_for_a_private_object_is_refused_without_details(s3: Any) -> None:
    assert message(unsigned().get_object, **READ) == "Access Denied"


def test_a_public_policy_is_refused_while_block_public_access_is_on(s3: Any) -> None:
    assert message(s3.put_bucket_policy, Bucket="data", Policy=document(ANYBODY)) == (
        f"User: arn:aws:iam::{ACCOUNT}:user/administrator is not authorized to perform: s3:PutBucketPolicy on "
        'resource: "arn:aws:s3:::data" because public policies are blocked by the BlockPublicPolicy block public '
        "access setting."
    )


def test_a_policy_for_everybody_of_one_endpoint_is_not_public(s3: Any) -> None:
    narrowed = {**ANYBODY, "Condition": {"StringEquals": {"aws:SourceVpce": "vpce-1"}}}
    assert outcome(s3.put_bucket_policy, Bucket="data", Policy=document(narrowed)) == "ok"


def test_without_block_public_access_a_public_policy_serves_unsigned_requests(s3: Any) -> None:
    publish(s3)
    assert outcome(unsigned().get_object, **READ) == "ok"
    assert outcome(unsigned().delete_object, **READ) == "AccessDenied"


def test_restrict_public_buckets_closes_a_public_bucket_to_strangers_only(s3: Any) -> None:
    publish(s3)
    s3.put_public_access_block(Bucket="data", PublicAccessBlockConfiguration={"RestrictPublicBuckets": True})
    assert outcome(unsigned().get_object, **READ) == "AccessDenied"
    new_role("Lab")
    assert outcome(as_role("Lab", "s3").get_object, **READ) == "ok"


def test_a_presigned_url_works_until_its_time_is_over(s3: Any, cloud: Cloud) -> None:
    url = s3.generate_presigned_url("get_object", Params=READ, ExpiresIn=600)
    assert status(url) == 200
    cloud.clock.advance(minutes=11)
    assert status(url) == 403


def test_a_presigned_url_with_another_key_in_it_is_refused(s3: Any) -> None:
    url = s3.generate_presigned_url("get_object", Params=READ)
    s3.put_object(Bucket="data", Key="b.csv", Body=b"")
    assert status(url.replace("a.csv", "b.csv")) == 403


def test_a_presigned_url_grants_no_more_than_its_signer_has(s3: Any) -> None:
    new_role("Lab")
    assert status(as_role("Lab", "s3").generate_presigned_url("get_object", Params=READ)) == 403


def test_a_missing_object_is_told_only_to_whoever_may_list(s3: Any) -> None:
    new_role("Lab", allow("s3:GetObject", on=OBJECTS))
    role = as_role("Lab", "s3")
    assert "s3:ListBucket" in message(role.get_object, Bucket="data", Key="missing")
    new_role("Lister", allow("s3:GetObject", on=OBJECTS), allow("s3:ListBucket", on="arn:aws:s3:::data"))
    assert outcome(as_role("Lister", "s3").get_object, Bucket="data", Key="missing") == "NoSuchKey"


def test_deleting_many_objects_answers_for_each_of_them(s3: Any) -> None:
    s3.put_object(Bucket="data", Key="tmp/x", Body=b"")
    new_role("Lab", allow("s3:DeleteObject", on="arn:aws:s3:::data/tmp/*"))
    answer = as_role("Lab", "s3").delete_objects(
        Bucket="data", Delete={"Objects": [{"Key": "a.csv"}, {"Key": "tmp/x"}]}
    )
    assert [one["Key"] for one in answer["Deleted"]] == ["tmp/x"]
    assert [(one["Key"], one["Code"]) for one in answer["Errors"]] == [("a.csv", "AccessDenied")]
    assert outcome(s3.head_object, **READ) == "ok"


def test_copying_needs_permission_on_both_objects(s3: Any) -> None:
    new_role("Lab", allow("s3:PutObject", on=OBJECTS))
    copy = {"Bucket": "data", "Key": "copy.csv", "CopySource": {"Bucket": "data", "Key": "a.csv"}}
    assert "s3:GetObject" in message(as_role("Lab", "s3").copy_object, **copy)


def test_one_version_is_read_with_an_action_of_its_own(s3: Any) -> None:
    s3.put_bucket_versioning(Bucket="data", VersioningConfiguration={"Status": "Enabled"})
    version = s3.put_object(Bucket="data", Key="a.csv", Body=b"new")["VersionId"]
    new_role("Lab", allow("s3:GetObject", on=OBJECTS))
    assert "s3:GetObjectVersion" in message(as_role("Lab", "s3").get_object, **READ, VersionId=version)


def test_an_object_tag_can_decide(s3: Any) -> None:
    s3.put_object_tagging(**READ, Tagging={"TagSet": [{"Key": "class", "Value": "public"}]})
    s3.put_object(Bucket="data", Key="b.csv", Body=b"")
    tagged = {"StringEquals": {"s3:ExistingObjectTag/class": "public"}}
    new_role("Lab", allow("s3:GetObject", on=OBJECTS, Condition=tagged))
    role = as_role("Lab", "s3")
    assert outcome(role.get_object, **READ) == "ok"
    assert outcome(role.get_object, Bucket="data", Key="b.csv") == "AccessDenied"


def test_acls_are_off_in_a_new_bucket(s3: Any) -> None:
    assert outcome(s3.put_object, **READ, Body=b"", ACL="public-read") == "AccessControlListNotSupported"
    assert outcome(s3.put_object_acl, **READ, ACL="public-read") == "AccessControlListNotSupported"
    assert outcome(s3.put_object, **READ, Body=b"", ACL="bucket-owner-full-control") == "ok"


def test_where_acls_are_on_block_public_access_still_stops_a_public_one(s3: Any) -> None:
    s3.put_bucket_ownership_controls(Bucket="data", OwnershipControls={"Rules": [{"ObjectOwnership": "ObjectWriter"}]})
    assert "BlockPublicAcls" in message(s3.put_object_acl, **READ, ACL="public-read")
    s3.delete_public_access_block(Bucket="data")
    s3.put_object_acl(**READ, ACL="public-read")
    assert outcome(unsigned().get_object, **READ) == "ok"


@pytest.mark.parametrize(
    ("policy", "problem"),
    [
        ("{", "Policies must be valid JSON and the first byte must be '{'"),
        (document({"Effect": "Allow", "Action": "s3:*", "Resource": OBJECTS}), "Missing required field Principal"),
        (document(allow("s3:*", on="arn:aws:s3:::other/*", Principal={"AWS": ACCOUNT})), "Policy has invalid resource"),
        (document(allow("sqs:*", on=OBJECTS, Principal={"AWS": ACCOUNT})), "Policy has invalid action"),
        (
            document(allow("s3:*", on=OBJECTS, Principal={"AWS": f"arn:aws:iam::{ACCOUNT}:role/Ghost"})),
            "Invalid principal in policy",
        ),
        (
            document(
                allow("s3:*", on=OBJECTS, Principal={"AWS": ACCOUNT}, Condition={"StringEqual": {"s3:prefix": "a"}})
            ),
            "Invalid Condition type : StringEqual",
        ),
    ],
)
def test_a_malformed_bucket_policy_is_refused_in_the_words_of_s3(s3: Any, policy: str, problem: str) -> None:
    assert outcome(s3.put_bucket_policy, Bucket="data", Policy=policy) == "MalformedPolicy"
    assert message(s3.put_bucket_policy, Bucket="data", Policy=policy) == problem
