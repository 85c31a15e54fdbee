from __future__ import annotations

import json

import boto3
from cloud.aws import error_of, status_of

from mlacourse.cloud.session import Cloud


def test_keys_that_nobody_has_are_refused_in_each_services_words(cloud: Cloud) -> None:
    ghost = {"aws_access_key_id": "AKIAGHOSTGHOSTGHOST1", "aws_secret_access_key": "x"}
    assert error_of(boto3.client("s3", **ghost).list_buckets)[0] == "InvalidAccessKeyId"
    assert error_of(boto3.client("sts", **ghost).get_caller_identity)[0] == "InvalidClientTokenId"
    assert error_of(boto3.client("sqs", **ghost).list_queues)[0] == "UnrecognizedClientException"
    assert error_of(boto3.client("ec2", **ghost).describe_vpcs)[0] == "AuthFailure"


def test_a_wrong_secret_does_not_sign(cloud: Cloud) -> None:
    wrong = {"aws_secret_access_key": "wrong", "aws_access_key_id": "AKIAMLACOURSEOFFLINE"}
    assert error_of(boto3.client("s3", **wrong).list_buckets)[0] == "SignatureDoesNotMatch"
    assert error_of(boto3.client("sqs", **wrong).list_queues)[0] == "InvalidSignatureException"


def test_a_users_own_keys_work_until_they_are_switched_off(cloud: Cloud) -> None:
    iam = boto3.client("iam")
    iam.create_user(UserName="ana")
    key = iam.create_access_key(UserName="ana")["AccessKey"]
    sts = boto3.client("sts", aws_access_key_id=key["AccessKeyId"], aws_secret_access_key=key["SecretAccessKey"])
    assert sts.get_caller_identity()["Arn"] == "arn:aws:iam::123456789012:user/ana"
    iam.update_access_key(UserName="ana", AccessKeyId=key["AccessKeyId"], Status="Inactive")
    assert error_of(sts.get_caller_identity) == (
        "InvalidClientTokenId",
        "The security token included in the request is invalid.",
    )


def test_a_roles_keys_expire_with_the_clock(cloud: Cloud) -> None:
    trust = {"Statement": [{"Effect": "Allow", "Principal": {"AWS": "123456789012"}, "Action": "sts:AssumeRole"}]}
    trust["Version"] = "2012-10-17"  # type: ignore[assignment]
    arn = boto3.client("iam").create_role(RoleName="R", AssumeRolePolicyDocument=json.dumps(trust))["Role"]["Arn"]
    given = boto3.client("sts").assume_role(RoleArn=arn, RoleSessionName="session", DurationSeconds=900)
    assert given["Credentials"]["Expiration"] == cloud.clock.start.replace(minute=15)
    sts = boto3.client(
        "sts",
        aws_access_key_id=given["Credentials"]["AccessKeyId"],
        aws_secret_access_key=given["Credentials"]["SecretAccessKey"],
        aws_session_token=given["Credentials"]["SessionToken"],
    )
    assert sts.get_caller_identity()["Arn"] == given["AssumedRoleUser"]["Arn"]
    cloud.clock.advance(minutes=15)
    assert error_of(sts.get_caller_identity) == (
        "ExpiredToken",
        "The security token included in the request is expired",
    )


def test_assuming_a_role_has_the_limits_of_sts(cloud: Cloud) -> None:
    sts = boto3.client("sts")
    ghost = "arn:aws:iam::123456789012:role/Ghost"
    who = "User: arn:aws:iam::123456789012:user/administrator"
    assert error_of(sts.assume_role, RoleArn=ghost, RoleSessionName="session") == (
        "AccessDenied",
        f"{who} is not authorized to perform: sts:AssumeRole on resource: {ghost}",
    )
    assert status_of(sts.assume_role, RoleArn=ghost, RoleSessionName="session") == 403


def test_a_session_token_is_the_user_for_a_while(cloud: Cloud) -> None:
    given = boto3.client("sts").get_session_token(DurationSeconds=900)["Credentials"]
    session = boto3.Session(given["AccessKeyId"], given["SecretAccessKey"], given["SessionToken"])
    sts = session.client("sts")
    assert sts.get_caller_identity()["Arn"] == "arn:aws:iam::123456789012:user/administrator"
    assert error_of(sts.get_session_token)[0] == "AccessDenied"
    cloud.clock.advance(minutes=15)
    assert error_of(sts.get_caller_identity)[0] == "ExpiredToken"


def test_temporary_keys_need_their_token(cloud: Cloud) -> None:
    given = boto3.client("sts").get_session_token()["Credentials"]
    bare = boto3.Session(given["AccessKeyId"], given["SecretAccessKey"]).client("sts")
    assert error_of(bare.get_caller_identity)[0] == "InvalidClientTokenId"


def test_a_chained_role_lasts_an_hour_at_most(cloud: Cloud) -> None:
    anyone = {"Effect": "Allow", "Principal": {"AWS": "123456789012"}, "Action": "sts:AssumeRole"}
    trust = json.dumps({"Version": "2012-10-17", "Statement": [anyone]})
    iam = boto3.client("iam")
    role = iam.create_role(RoleName="R", AssumeRolePolicyDocument=trust, MaxSessionDuration=7200)["Role"]["Arn"]
    may = {"Effect": "Allow", "Action": "sts:AssumeRole", "Resource": "*"}
    iam.put_role_policy(
        RoleName="R", PolicyName="p", PolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [may]})
    )
    ask = {"RoleArn": role, "RoleSessionName": "session"}
    assert error_of(boto3.client("sts").assume_role, **ask, DurationSeconds=7201)[0] == "ValidationError"
    given = boto3.client("sts").assume_role(**ask, DurationSeconds=7200)["Credentials"]
    session = boto3.Session(given["AccessKeyId"], given["SecretAccessKey"], given["SessionToken"])
    code, message = error_of(session.client("sts").assume_role, **ask, DurationSeconds=7200)
    assert (code, "1 hour session limit for roles assumed by role chaining" in message) == ("ValidationError", True)
