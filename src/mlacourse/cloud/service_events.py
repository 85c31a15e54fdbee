"""What AWS's services tell EventBridge: which events the offline cloud sends in their name, and sending one."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from mlacourse.cloud import moto_parts
from mlacourse.cloud.call import Call

MODEL_PACKAGE = "SageMaker Model Package State Change"
# A service's source, and the detail types of what it sends here.
SENT = {"aws.sagemaker": (MODEL_PACKAGE,)}


def send(call: Call, source: str, detail_type: str, resource: str, detail: Mapping[str, Any]) -> None:
    """Send an event about a resource to the default bus of the account and Region of a call."""
    entry = {
        "Source": source,
        "DetailType": detail_type,
        "Resources": [resource],
        "Detail": json.dumps(detail, default=_as_text),
    }
    moto_parts.put_event(entry, call.region, call.account, str(call.random.getrandbits(64)))


def are_sent(pattern: Mapping[str, Any]) -> bool:
    """Whether every event that a rule's pattern asks AWS's services for is one that is sent here.

    >>> are_sent({"source": ["aws.sagemaker"], "detail-type": [MODEL_PACKAGE]})
    True
    >>> are_sent({"source": ["aws.sagemaker"]}), are_sent({"source": ["aws.s3"], "detail-type": ["Object Created"]})
    (False, False)
    """
    sources, types = _names(pattern.get("source")), _names(pattern.get("detail-type"))
    return bool(types) and all(set(types) <= set(SENT.get(source, ())) for source in sources)


def _names(values: Any) -> Sequence[str]:
    """Return the alternatives of a pattern's field as text; one that is no plain text fits nothing."""
    return [value if isinstance(value, str) else "" for value in values] if isinstance(values, list) else []


def _as_text(value: Any) -> str:
    if not isinstance(value, datetime):
        raise TypeError(f"An event holds JSON, not {type(value).__name__}.")
    return f"{value:%Y-%m-%dT%H:%M:%SZ}"
