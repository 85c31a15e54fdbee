"""What policies and keys hang on: moto's buckets, objects, keys, queues, topics, secrets and endpoints."""

from __future__ import annotations

import datetime as real_datetime
from collections.abc import Callable
from typing import Any

import moto.backends

from mlacourse.cloud.moto_parts.clock import now
from mlacourse.cloud.moto_parts.state import backend


def bucket(name: str) -> Any | None:
    """Moto's bucket of this name in whatever account, or None."""
    accounts: Any = moto.backends.get_backend("s3")
    partition, account = accounts.bucket_accounts.get(name, ("aws", None))
    return accounts[account][partition].buckets.get(name) if account else None


def object_of(name: str, key: str, version: str | None = None) -> Any | None:
    """Moto's object, or None."""
    found = bucket(name)
    if found is None:
        return None
    return moto.backends.get_backend("s3")[found.account_id]["aws"].get_object(name, key, version_id=version)


def object_tags(stored: Any) -> dict[str, str]:
    """Return the tags of an object."""
    tags: dict[str, str] = backend("s3", account=stored.account_id).tagger.get_tag_dict_for_resource(stored.arn)
    return tags


def kms_key(key_id: str, region: str, account: str) -> Any | None:
    """Moto's key of an id, an ARN, an alias or an alias's ARN, or None."""
    if key_id.startswith("arn:"):
        region, account = key_id.split(":")[3:5]
    kms = backend("kms", region, account)
    try:
        return kms.keys.get(kms.any_id_to_key_id(key_id))
    except (KeyError, AttributeError):  # an alias that nobody made
        return None


def key_id_of_ciphertext(blob: bytes) -> str | None:
    """Return the id of the key that a ciphertext says it was encrypted under."""
    from moto.kms.utils import _deserialize_ciphertext_blob

    try:
        key_id: str = _deserialize_ciphertext_blob(ciphertext_blob=blob).key_id
    except Exception:
        return None
    return key_id


def resource_policy(arn: str) -> str | None:
    """Return the policy of a queue, a topic, a function, a secret or a repository."""
    _, _, service, region, account, name = arn.split(":", 5)
    if service not in _POLICY_OF or not region or "*" in arn:
        return None
    text: str | None = _POLICY_OF[service](backend(service, region, account), arn, name)
    return text


def _function_policy(state: Any, arn: str, name: str) -> str | None:
    known = [function for function in state.list_functions() if name.split(":")[1:2] == [function.function_name]]
    return known[0].policy.wire_format() if known and known[0].policy.statements else None


_POLICY_OF: dict[str, Callable[[Any, str, str], Any]] = {
    "ecr": lambda state, arn, name: getattr(state.repositories.get(name.removeprefix("repository/")), "policy", None),
    "lambda": _function_policy,
    "secretsmanager": lambda state, arn, name: getattr(state.secrets.get(arn), "policy", None),
    "sns": lambda state, arn, name: getattr(state.topics.get(arn), "policy", None),
    "sqs": lambda state, arn, name: getattr(state.queues.get(name), "policy", None),
}


def secret_arn(name: str, region: str, account: str) -> str | None:
    """Return the ARN of a secret, which ends in six characters that AWS adds to its name."""
    secrets = backend("secretsmanager", region, account).secrets
    return next((one.arn for one in secrets.values() if name in {one.name, one.arn}), None)


def resource_tags(service: str, region: str, account: str, arn: str) -> dict[str, str]:
    """Return the tags of whatever moto can tag."""
    state = backend(service, region, account)
    tagged = getattr(state, "iter_tagged_resources", None)
    return next((dict(one.tags) for one in tagged() if one.arn == arn), {}) if tagged else {}


def delete_key_if_due(key: Any) -> None:
    """Delete a key whose waiting time is over; one whose deletion was cancelled stays."""
    due = key.deletion_date and key.deletion_date.replace(tzinfo=real_datetime.UTC)
    if key.key_state == "PendingDeletion" and due and due <= now() + real_datetime.timedelta(seconds=1):
        backend("kms", key.region, key.account_id).keys.pop(key.id, None)


def endpoint_policy(endpoint_id: str) -> str | None:
    """Return the policy of a VPC endpoint of the default account, if it has one of its own."""
    endpoint = backend("ec2").vpc_end_points.get(endpoint_id)
    return endpoint.policy_document if endpoint else None
