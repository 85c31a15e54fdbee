"""KMS: who may use a key (its policy and its grants), and which keys refuse everybody (disabled, waiting to go)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from mlacourse.cloud import moto_parts
from mlacourse.cloud.call import AwsError, Call
from mlacourse.cloud.handlers import handles
from mlacourse.cloud.iam.evaluate import AccessRequest, Policies, evaluate
from mlacourse.cloud.iam.policy import Policy, parse
from mlacourse.cloud.iam.validation import validate_resource_policy

if TYPE_CHECKING:
    from mlacourse.cloud.session import Cloud

# What a disabled key refuses; source: "Key states of AWS KMS keys".
_CRYPTOGRAPHIC = {
    "CreateGrant",
    "Decrypt",
    "EnableKeyRotation",
    "DisableKeyRotation",
    "Encrypt",
    "GenerateDataKey",
    "GenerateDataKeyPair",
    "GenerateDataKeyPairWithoutPlaintext",
    "GenerateDataKeyWithoutPlaintext",
    "GenerateMac",
    "ReEncryptFrom",
    "ReEncryptTo",
    "RotateKeyOnDemand",
    "Sign",
    "Verify",
    "VerifyMac",
}
# What a key that waits for its deletion refuses as well.
_WHILE_PENDING = _CRYPTOGRAPHIC | {
    "CreateAlias",
    "DisableKey",
    "EnableKey",
    "GetPublicKey",
    "ScheduleKeyDeletion",
    "TagResource",
    "UntagResource",
    "UpdateAlias",
    "UpdateKeyDescription",
}


def named_key(call: Call, action: str) -> Any | None:
    """Return moto's key that an action of a call is about: by id, alias or, for decryption, by the ciphertext."""
    given = call.params.get("KeyId") or call.params.get("TargetKeyId")
    if action == "kms:ReEncryptFrom":
        given = call.params.get("SourceKeyId")
    elif action == "kms:ReEncryptTo":
        given = call.params.get("DestinationKeyId")
    elif not given and isinstance(alias := call.params.get("AliasName"), str):
        given = alias
    if not given and "CiphertextBlob" in call.params:
        given = moto_parts.key_id_of_ciphertext(call.params["CiphertextBlob"])
    return moto_parts.kms_key(given, call.region, call.account) if given else None


def key_policies(request: AccessRequest) -> tuple[Policy, ...]:
    """Return the policy of the key in a request, and its grants as the statements that they amount to."""
    key = moto_parts.kms_key(request.resource, "", "") if ":key/" in request.resource else None
    if key is None:
        return ()
    return (parse(key.policy, name=f"key policy of {key.id}"), *(_grant_policy(grant) for grant in key.grants.values()))


def _grant_policy(grant: Any) -> Policy:
    constraints = grant.constraints or {}
    wanted = constraints.get("EncryptionContextEquals") or constraints.get("EncryptionContextSubset") or {}
    condition: dict[str, Any] = {"StringEquals": {f"kms:EncryptionContext:{key}": text for key, text in wanted.items()}}
    if "EncryptionContextEquals" in constraints:
        condition["ForAllValues:StringEquals"] = {"kms:EncryptionContextKeys": list(wanted)}
    statement = {
        "Effect": "Allow",
        "Principal": {"AWS": grant.grantee_principal},
        "Action": [f"kms:{operation}" for operation in grant.operations],
        "Resource": "*",
        "Condition": condition if wanted else {},
    }
    return parse({"Version": "2012-10-17", "Statement": statement}, name=f"grant {grant.name or grant.id}")


def check_state(key: Any, action: str, *, through: str = "") -> None:
    """Refuse what a key in its present state does not do; ``through`` is the service that asks, such as S3."""
    name = action.removeprefix("kms:")
    prefix = "KMS." * bool(through)
    if key.key_state == "PendingDeletion" and name in _WHILE_PENDING:
        raise AwsError(f"{prefix}KMSInvalidStateException", f"{key.arn} is pending deletion.", 400)
    if key.key_state == "Disabled" and name in _CRYPTOGRAPHIC:
        raise AwsError(f"{prefix}DisabledException", f"{key.arn} is disabled.", 400)


@handles("kms", "Decrypt")
def decrypt(cloud: Cloud, call: Call) -> dict[str, Any]:
    """Decrypt with the key that encrypted; a request that names another key is told so."""
    named = named_key(call, "kms:Decrypt") if call.params.get("KeyId") else None
    if named is not None and named.id != moto_parts.key_id_of_ciphertext(call.params["CiphertextBlob"]):
        text = "The key ID in the request does not identify a CMK that can perform this operation."
        raise AwsError("IncorrectKeyException", text, 400)
    return cloud.forward(call)


@handles("kms", "DisableKey", "EnableKey", "CancelKeyDeletion")
def change_state(cloud: Cloud, call: Call) -> dict[str, Any]:
    """Change the state of a key that is named by its id or its ARN; moto takes the id alone."""
    key = named_key(call, f"kms:{call.operation}")
    return cloud.forward(call, KeyId=key.id) if key is not None else cloud.forward(call)


@handles("kms", "ScheduleKeyDeletion")
def schedule_key_deletion(cloud: Cloud, call: Call) -> dict[str, Any]:
    """Disable a key for 7 to 30 days, then delete it: the clock does."""
    key = named_key(call, "kms:ScheduleKeyDeletion")
    answer = change_state(cloud, call)
    if key is not None:
        cloud.clock.at(answer["DeletionDate"], lambda: moto_parts.delete_key_if_due(key))
    return answer | {"KeyState": "PendingDeletion", "PendingWindowInDays": call.params.get("PendingWindowInDays", 30)}


@handles("kms", "CreateKey", "PutKeyPolicy")
def check_new_key_policy(cloud: Cloud, call: Call) -> dict[str, Any]:
    """Store a key policy, unless it is malformed or would lock out whoever sets it."""
    text = call.params.get("Policy")
    if text:
        for problem in _problems(call, text):
            raise AwsError("MalformedPolicyDocumentException", problem, 400)
    return policy_of_key(cloud, call) if call.operation == "PutKeyPolicy" else cloud.forward(call)


@handles("kms", "GetKeyPolicy")
def policy_of_key(cloud: Cloud, call: Call) -> dict[str, Any]:
    """Return the answer about the one policy that a key has, which needs no name."""
    return cloud.forward(call, PolicyName=call.params.get("PolicyName", "default"))


@handles("kms", "Verify", "VerifyMac")
def verify(cloud: Cloud, call: Call) -> dict[str, Any]:
    """Return that a signature is valid; one that is not is an error."""
    answer = cloud.forward(call)
    if not answer.get("SignatureValid", answer.get("MacValid")):
        raise AwsError(f"KMSInvalid{'Mac' if call.operation == 'VerifyMac' else 'Signature'}Exception", "", 400)
    return answer


def _problems(call: Call, text: str) -> Iterator[str]:
    if problem := validate_resource_policy(text, moto_parts.principal_exists):
        yield problem
        return
    if not call.params.get("BypassPolicyLockoutSafetyCheck") and not _can_still_change(call, parse(text, name="new")):
        yield "The new key policy will not allow you to update the key policy in the future."


def _can_still_change(call: Call, policy: Policy) -> bool:
    """Whether the policy lets the caller, or the caller's account, set the next policy."""
    everything = parse({"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}, name="everything")
    request = AccessRequest(call.principal, "kms:PutKeyPolicy", "*", resource_policy_required=True)
    return evaluate(request, Policies(identity=(everything,), resource=(policy,))).allowed


def object_key_uses(cloud: Cloud, call: Call) -> Iterator[tuple[str, str]]:
    """Return the KMS actions and keys behind an S3 call: SSE-KMS encrypts what is written and decrypts what is read."""
    bucket = moto_parts.bucket(call.params.get("Bucket", ""))
    if bucket is None:
        return
    if call.operation in {"PutObject", "CreateMultipartUpload", "CopyObject"}:
        rule = ((bucket.encryption or {}).get("Rule") or {}).get("ApplyServerSideEncryptionByDefault", {})
        if call.params.get("ServerSideEncryption", rule.get("SSEAlgorithm")) == "aws:kms":
            key = call.params.get("SSEKMSKeyId") or rule.get("KMSMasterKeyID")
            if key:
                yield "kms:GenerateDataKey", key
    for stored in _read_objects(call):
        if stored.encryption == "aws:kms" and stored.kms_key_id:
            yield "kms:Decrypt", stored.kms_key_id


def _read_objects(call: Call) -> Iterator[Any]:
    source = call.params.get("CopySource")
    if call.operation == "GetObject":
        place = (call.params["Bucket"], call.params["Key"], call.params.get("VersionId"))
    elif call.operation == "CopyObject" and source:
        place = copy_source(source)
    else:
        return
    stored = moto_parts.object_of(*place)
    if stored is not None:
        yield stored


def copy_source(source: Any) -> tuple[str, str, str | None]:
    """Return bucket, key and version of what is copied, written as boto3's dict or as a path."""
    if isinstance(source, dict):
        return source["Bucket"], source["Key"], source.get("VersionId")
    path, _, version = str(source).removeprefix("/").partition("?versionId=")
    bucket, _, key = path.partition("/")
    return bucket, key, version or None


def s3_key(call: Call, key_id: str) -> Any:
    """Return the key that S3 is to use. Raises what S3 says of one that does not exist."""
    key = moto_parts.kms_key(key_id, call.region, call.account)
    if key is None:
        arn = key_id if key_id.startswith("arn:") else f"arn:aws:kms:{call.region}:{call.account}:key/{key_id}"
        raise AwsError("KMS.NotFoundException", f"Key '{arn}' does not exist", 400)
    return key


def through_s3(request: AccessRequest, object_arn: str, region: str) -> AccessRequest:
    """Return the request that S3 makes for the caller: it names itself and the object in the encryption context."""
    keys = {name: request.context[name] for name in request.context}
    keys |= {
        "kms:ViaService": f"s3.{region}.amazonaws.com",
        "kms:EncryptionContext:aws:s3:arn": object_arn,
        "kms:EncryptionContextKeys": ("aws:s3:arn",),
    }
    return replace(request, context=type(request.context)(keys))
