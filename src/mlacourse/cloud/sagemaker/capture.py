"""Data capture: requests and answers of an endpoint as JSON Lines in S3, in Model Monitor's documented form."""

from __future__ import annotations

import base64
import contextlib
import json
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import TYPE_CHECKING, Any
from uuid import UUID

from botocore.exceptions import BotoCoreError, ClientError

from mlacourse.cloud.sagemaker.artifacts import Location

if TYPE_CHECKING:
    from mlacourse.cloud.sagemaker.roles import Role
    from mlacourse.cloud.session import Cloud

# AWS writes a file every few minutes or megabytes; here it is one a minute of the cloud's clock.
INTERVAL = timedelta(minutes=1)


@dataclass(frozen=True)
class Exchange:
    """One invocation as it was observed."""

    request: bytes
    request_type: str
    answer: bytes
    answer_type: str
    inference_id: str | None
    custom_attributes: str | None


class Capture:
    """Collects the exchanges of one fleet and stores them when the clock has moved on; without a config, nothing."""

    def __init__(self, cloud: Cloud, endpoint: str, config: Mapping[str, Any] | None) -> None:
        self.config = config if config and config.get("EnableCapture", True) else None
        self._cloud, self._endpoint = cloud, endpoint
        self._waiting: dict[str, tuple[Role, datetime, list[str]]] = {}
        self._lock = threading.Lock()

    def add(self, exchange: Exchange, variant: str, role: Role, random: Random) -> None:
        """Keep an exchange if the sample takes it."""
        if self.config is None or random.random() * 100 >= self.config["InitialSamplingPercentage"]:
            return
        now = self._cloud.clock.now()
        line = json.dumps(record(exchange, self.config, str(UUID(int=random.getrandbits(128), version=4)), now))
        with self._lock:
            first = variant not in self._waiting
            self._waiting.setdefault(variant, (role, now, []))[2].append(line)
        if first:
            self._cloud.clock.after(INTERVAL, self.flush)

    def flush(self) -> None:
        """Store what waits, one object for each variant; a role that may not put it stores nothing."""
        with self._lock:
            waiting, self._waiting = self._waiting, {}
        for variant, (role, since, lines) in waiting.items():
            assert self.config is not None
            unique = UUID(int=self._cloud.random("sagemaker", "DataCapture").getrandbits(128), version=4)
            place = Location.parse(self.config["DestinationS3Uri"]).below(
                self._endpoint,
                variant,
                f"{since:%Y/%m/%d/%H}",
                f"{since:%M-%S}-{since.microsecond // 1000:03d}-{unique}.jsonl",
            )
            key = self.config.get("KmsKeyId")
            encryption = {"ServerSideEncryption": "aws:kms", "SSEKMSKeyId": key} if key else {}
            with contextlib.suppress(ClientError, BotoCoreError):
                role.s3.put_object(
                    Bucket=place.bucket,
                    Key=place.key,
                    Body="".join(f"{line}\n" for line in lines).encode(),
                    **encryption,
                )


def record(exchange: Exchange, config: Mapping[str, Any], event_id: str, now: datetime) -> dict[str, Any]:
    """Return one line of a capture file."""
    modes = {option["CaptureMode"] for option in config["CaptureOptions"]}
    types = config.get("CaptureContentTypeHeader", {})
    captured = {}
    if modes & {"Input", "InputAndOutput"}:
        captured["endpointInput"] = _side("INPUT", exchange.request, exchange.request_type, types)
    if modes & {"Output", "InputAndOutput"}:
        captured["endpointOutput"] = _side("OUTPUT", exchange.answer, exchange.answer_type, types)
    metadata: dict[str, Any] = {"eventId": event_id}
    if exchange.custom_attributes is not None:
        metadata["customAttributes"] = [exchange.custom_attributes]
    if exchange.inference_id is not None:
        metadata["inferenceId"] = exchange.inference_id
    metadata["inferenceTime"] = f"{now:%Y-%m-%dT%H:%M:%SZ}"
    return {"captureData": captured, "eventMetadata": metadata, "eventVersion": "0"}


def _side(mode: str, data: bytes, content_type: str, types: Mapping[str, list[str]]) -> dict[str, str]:
    encoding = _encoding(content_type, types)
    text = base64.b64encode(data).decode() if encoding == "BASE64" else data.decode()
    return {"observedContentType": content_type, "mode": mode, "data": text, "encoding": encoding}


def _encoding(content_type: str, types: Mapping[str, list[str]]) -> str:
    """Return how a body is written: as the lists of content types say, else in base64.

    >>> _encoding("text/csv; charset=utf-8", {"CsvContentTypes": ["text/csv"]}), _encoding("text/csv", {})
    ('CSV', 'BASE64')
    """
    kind = content_type.partition(";")[0].strip().lower()
    for member, encoding in (("CsvContentTypes", "CSV"), ("JsonContentTypes", "JSON")):
        if kind in (listed.lower() for listed in types.get(member, [])):
            return encoding
    return "BASE64"
