"""KMS: key policies, grants, encryption context, and keys that refuse everybody."""

from __future__ import annotations

import base64
import json
from typing import Any

import boto3
import pytest
from cloud.iam.people import ACCOUNT, ADMINISTRATOR, allow, as_role, deny, document, grant, message, new_role, outcome

from mlacourse.cloud.session import Cloud

OWNER = allow("kms:*", Principal={"AWS": f"arn:aws:iam::{ACCOUNT}:root"})
CONTEXT = {"project": "churn"}


@pytest.fixture
def kms(cloud: Cloud) -> Any:
    return boto3.client("kms")


def new_key(*statements: dict[str, Any]) -> str:
    policy = {"Policy": document(OWNER, *statements)} if statements else {}
    arn: str = boto3.client("kms").create_key(**policy)["KeyMetadata"]["Arn"]
    return arn


def test_the_default_key_policy_leaves_the_choice_to_identity_based_policies(kms: Any) -> None:
    key = new_key()
    new_role("Lab")
    role = as_role("Lab", "kms")
    assert message(role.encrypt, KeyId=key, Plaintext=b"x") == (
        f"User: arn:aws:sts::{ACCOUNT}:assumed-role/Lab/lab is not authorized to perform: kms:Encrypt on resource: "
        f"{key} because no identity-based policy allows the kms:Encrypt action"
    )
    grant("Lab", allow("kms:Encrypt", on=key))
    assert outcome(role.encrypt, KeyId=key, Plaintext=b"x") == "ok"


def test_a_key_policy_that_leaves_the_account_out_stops_even_an_administrator(kms: Any) -> None:
    role = new_role("Keeper")
    only = allow("kms:*", Principal={"AWS": role})
    key = kms.create_key(Policy=document(only), BypassPolicyLockoutSafetyCheck=True)["KeyMetadata"]["Arn"]
    assert message(kms.encrypt, KeyId=key, Plaintext=b"x") == (
        f"User: {ADMINISTRATOR} is not authorized to perform: kms:Encrypt on resource: {key} "
        "because no resource-based policy allows the kms:Encrypt action"
    )
    assert outcome(as_role("Keeper", "kms").encrypt, KeyId=key, Plaintext=b"x") == "ok"


def test_a_key_policy_that_would_lock_its_author_out_is_refused(kms: Any) -> None:
    policy = document(allow("kms:Decrypt", Principal={"AWS": ADMINISTRATOR}))
    assert outcome(kms.create_key, Policy=policy) == "MalformedPolicyDocumentException"
    assert message(kms.put_key_policy, KeyId=new_key(), PolicyName="default", Policy=policy) == (
        "The new key policy will not allow you to update the key policy in the future."
    )


def test_a_key_policy_can_deny_what_identity_based_policies_allow(kms: Any) -> None:
    new_role("Lab", allow("kms:*"))
    key = new_key(deny("kms:Decrypt", Principal={"AWS": f"arn:aws:iam::{ACCOUNT}:role/Lab"}))
    blob = kms.encrypt(KeyId=key, Plaintext=b"x")["CiphertextBlob"]
    assert message(as_role("Lab", "kms").decrypt, CiphertextBlob=blob).endswith(
        "with an explicit deny in a resource-based policy"
    )


def test_the_one_policy_of_a_key_needs_no_name(kms: Any) -> None:
    key, policy = new_key(), document(OWNER, deny("kms:Encrypt", Principal="*"))
    kms.put_key_policy(KeyId=key, Policy=policy)
    assert json.loads(kms.get_key_policy(KeyId=key)["Policy"]) == json.loads(policy)
    assert outcome(kms.put_key_policy, KeyId=key, PolicyName="other", Policy=policy) == "NotFoundException"


def test_what_does_not_verify_is_an_error(kms: Any) -> None:
    signs = kms.create_key(KeyUsage="SIGN_VERIFY", KeySpec="ECC_NIST_P256")["KeyMetadata"]["KeyId"]
    how = {"KeyId": signs, "SigningAlgorithm": "ECDSA_SHA_256"}
    signature = kms.sign(Message=b"paid", **how)["Signature"]
    assert kms.verify(Message=b"paid", Signature=signature, **how)["SignatureValid"] is True
    assert outcome(kms.verify, Message=b"free", Signature=signature, **how) == "KMSInvalidSignatureException"
    tags = kms.create_key(KeyUsage="GENERATE_VERIFY_MAC", KeySpec="HMAC_256")["KeyMetadata"]["KeyId"]
    how = {"KeyId": tags, "MacAlgorithm": "HMAC_SHA_256"}
    tag = kms.generate_mac(Message=b"paid", **how)["Mac"]
    assert kms.verify_mac(Message=b"paid", Mac=tag, **how)["MacValid"] is True
    assert outcome(kms.verify_mac, Message=b"free", Mac=tag, **how) == "KMSInvalidMacException"


def test_a_ciphertext_tells_which_key_permission_is_needed_on(kms: Any) -> None:
    one, other = new_key(), new_key()
    new_role("Lab", allow("kms:Decrypt", on=one))
    role = as_role("Lab", "kms")
    blobs = [kms.encrypt(KeyId=key, Plaintext=b"x")["CiphertextBlob"] for key in (one, other)]
    assert [outcome(role.decrypt, CiphertextBlob=blob) for blob in blobs] == ["ok", "AccessDeniedException"]


def test_an_alias_stands_for_its_key(kms: Any) -> None:
    key = new_key()
    kms.create_alias(AliasName="alias/churn", TargetKeyId=key)
    new_role("Lab", allow("kms:Encrypt", on=key))
    assert outcome(as_role("Lab", "kms").encrypt, KeyId="alias/churn", Plaintext=b"x") == "ok"


def test_the_encryption_context_can_be_a_condition(kms: Any) -> None:
    key = new_key()
    condition = {"StringEquals": {"kms:EncryptionContext:project": "churn"}}
    new_role("Lab", allow("kms:GenerateDataKey", on=key, Condition=condition))
    role = as_role("Lab", "kms")
    assert outcome(role.generate_data_key, KeyId=key, KeySpec="AES_256") == "AccessDeniedException"
    assert outcome(role.generate_data_key, KeyId=key, KeySpec="AES_256", EncryptionContext=CONTEXT) == "ok"


def test_decrypting_takes_the_same_context_in_any_order_and_no_other(kms: Any) -> None:
    key, context = new_key(), {"project": "churn", "release": "5"}
    made = kms.generate_data_key(KeyId=key, KeySpec="AES_256", EncryptionContext=context)
    blob = made["CiphertextBlob"]
    turned = dict(reversed(context.items()))
    assert kms.decrypt(CiphertextBlob=blob, EncryptionContext=turned)["Plaintext"] == made["Plaintext"]
    for other in ({}, CONTEXT, context | {"release": "6"}, {"Project": "churn", "release": "5"}):
        assert outcome(kms.decrypt, CiphertextBlob=blob, EncryptionContext=other) == "InvalidCiphertextException"


def test_decrypting_with_a_key_that_did_not_encrypt_names_the_mistake(kms: Any) -> None:
    key, other = new_key(), new_key()
    kms.create_alias(AliasName="alias/churn", TargetKeyId=key)
    blob = kms.encrypt(KeyId=key, Plaintext=b"x")["CiphertextBlob"]
    assert kms.decrypt(CiphertextBlob=blob, KeyId="alias/churn")["Plaintext"] == b"x"
    assert outcome(kms.decrypt, CiphertextBlob=blob, KeyId=other) == "IncorrectKeyException"


def test_the_trail_shows_the_context_of_a_data_key_and_never_the_key(cloud: Cloud, kms: Any) -> None:
    made = kms.generate_data_key(KeyId=new_key(), KeySpec="AES_256", EncryptionContext=CONTEXT)
    event = cloud.trail.events[-1]
    assert event["requestParameters"]["encryptionContext"] == CONTEXT
    assert event["responseElements"] is None
    assert base64.b64encode(made["Plaintext"]).decode() not in json.dumps(cloud.trail.events)


def test_a_grant_allows_its_operations_within_its_context_until_it_is_revoked(kms: Any) -> None:
    key, role = new_key(), new_role("Lab")
    made = kms.create_grant(
        KeyId=key,
        GranteePrincipal=role,
        Operations=["Decrypt"],
        Constraints={"EncryptionContextSubset": CONTEXT},
    )
    lab = as_role("Lab", "kms")
    blob = kms.encrypt(KeyId=key, Plaintext=b"x", EncryptionContext=CONTEXT)["CiphertextBlob"]
    plain = kms.encrypt(KeyId=key, Plaintext=b"x")["CiphertextBlob"]
    assert outcome(lab.decrypt, CiphertextBlob=blob, EncryptionContext=CONTEXT) == "ok"
    assert outcome(lab.decrypt, CiphertextBlob=plain) == "AccessDeniedException"
    assert outcome(lab.encrypt, KeyId=key, Plaintext=b"x") == "AccessDeniedException"
    kms.revoke_grant(KeyId=key, GrantId=made["GrantId"])
    assert outcome(lab.decrypt, CiphertextBlob=blob, EncryptionContext=CONTEXT) == "AccessDeniedException"


def test_a_disabled_key_refuses_until_it_is_enabled(kms: Any) -> None:
    key = new_key()
    blob = kms.encrypt(KeyId=key, Plaintext=b"x")["CiphertextBlob"]
    kms.disable_key(KeyId=key)
    for call in (
        lambda: outcome(kms.encrypt, KeyId=key, Plaintext=b"x"),
        lambda: outcome(kms.decrypt, CiphertextBlob=blob),
        lambda: outcome(kms.generate_data_key, KeyId=key, KeySpec="AES_256"),
        lambda: outcome(kms.re_encrypt, CiphertextBlob=blob, DestinationKeyId=key),
    ):
        assert call() == "DisabledException"
    assert message(kms.decrypt, CiphertextBlob=blob) == f"{key} is disabled."
    kms.enable_key(KeyId=key)
    assert outcome(kms.decrypt, CiphertextBlob=blob) == "ok"


def test_a_key_that_waits_for_its_deletion_refuses_and_can_be_saved(kms: Any) -> None:
    key = new_key()
    blob = kms.encrypt(KeyId=key, Plaintext=b"x")["CiphertextBlob"]
    kms.schedule_key_deletion(KeyId=key, PendingWindowInDays=7)
    assert outcome(kms.decrypt, CiphertextBlob=blob) == "KMSInvalidStateException"
    assert message(kms.enable_key, KeyId=key) == f"{key} is pending deletion."
    kms.cancel_key_deletion(KeyId=key)
    kms.enable_key(KeyId=key)
    assert outcome(kms.decrypt, CiphertextBlob=blob) == "ok"


def test_a_deleted_key_takes_its_data_with_it(kms: Any, cloud: Cloud) -> None:
    key = new_key()
    blob = kms.encrypt(KeyId=key, Plaintext=b"x")["CiphertextBlob"]
    kms.schedule_key_deletion(KeyId=key, PendingWindowInDays=7)
    cloud.clock.advance(days=7)
    assert outcome(kms.describe_key, KeyId=key) == "NotFoundException"
    assert outcome(kms.decrypt, CiphertextBlob=blob) != "ok"


def test_an_encrypted_object_needs_its_key_as_well(kms: Any) -> None:
    key, s3 = new_key(), boto3.client("s3")
    s3.create_bucket(Bucket="data")
    put = {"Bucket": "data", "Key": "a", "Body": b"", "ServerSideEncryption": "aws:kms", "SSEKMSKeyId": key}
    new_role("Lab", allow("s3:*"))
    role = as_role("Lab", "s3")
    assert "kms:GenerateDataKey" in message(role.put_object, **put)
    s3.put_object(**put)
    assert "kms:Decrypt" in message(role.get_object, Bucket="data", Key="a")
    grant("Lab", allow("s3:*"), allow("kms:Decrypt", on=key))
    assert outcome(role.get_object, Bucket="data", Key="a") == "ok"


def test_the_key_of_the_buckets_default_counts_too(kms: Any) -> None:
    key, s3 = new_key(), boto3.client("s3")
    s3.create_bucket(Bucket="data")
    rule = {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": key}}
    s3.put_bucket_encryption(Bucket="data", ServerSideEncryptionConfiguration={"Rules": [rule]})
    new_role("Lab", allow("s3:*"))
    assert "kms:GenerateDataKey" in message(as_role("Lab", "s3").put_object, Bucket="data", Key="a", Body=b"")


def test_a_key_may_serve_s3_only(kms: Any) -> None:
    direct = {"StringNotEquals": {"kms:ViaService": "s3.us-east-1.amazonaws.com"}}
    key = new_key(deny("kms:Decrypt", "kms:GenerateDataKey", Principal="*", Condition=direct))
    s3 = boto3.client("s3")
    s3.create_bucket(Bucket="data")
    put = {"Bucket": "data", "Key": "a", "Body": b"", "ServerSideEncryption": "aws:kms", "SSEKMSKeyId": key}
    assert outcome(s3.put_object, **put) == "ok"
    assert outcome(kms.generate_data_key, KeyId=key, KeySpec="AES_256") == "AccessDeniedException"


def test_s3_passes_on_that_a_key_is_disabled_or_missing(kms: Any) -> None:
    key, s3 = new_key(), boto3.client("s3")
    s3.create_bucket(Bucket="data")
    put = {"Bucket": "data", "Key": "a", "Body": b"", "ServerSideEncryption": "aws:kms"}
    s3.put_object(**put, SSEKMSKeyId=key)
    kms.disable_key(KeyId=key)
    assert outcome(s3.get_object, Bucket="data", Key="a") == "KMS.DisabledException"
    assert outcome(s3.put_object, **put, SSEKMSKeyId=key) == "KMS.DisabledException"
    ghost = "11111111-2222-3333-4444-555555555555"
    assert outcome(s3.put_object, **put, SSEKMSKeyId=ghost) == "KMS.NotFoundException"
    kms.schedule_key_deletion(KeyId=key)
    assert outcome(s3.get_object, Bucket="data", Key="a") == "KMS.KMSInvalidStateException"
