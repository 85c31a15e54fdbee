"""What one AWS request is, once it has been read: who asks for which operation with which parameters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from random import Random
from typing import Any, Literal

ACCOUNT = "123456789012"
REGION = "us-east-1"
# Set by `cloud.network(...)`: where a request of the learner would have come from.
NETWORK_HEADER = "X-Offline-Network"

PrincipalKind = Literal["root", "user", "assumed-role", "federated-user", "service", "anonymous"]


@dataclass(frozen=True)
class Principal:
    """Who signed a request.

    ``arn`` is what CloudTrail and AccessDenied name: for a role it is the session
    (``arn:aws:sts::…:assumed-role/name/session``), while ``role_arn`` is the role whose policies apply.
    """

    arn: str
    kind: PrincipalKind
    account: str = ACCOUNT
    user_id: str = ""
    access_key: str | None = None
    role_arn: str | None = None
    session_policies: tuple[str, ...] = ()
    session_policy_arns: tuple[str, ...] = ()
    tags: Mapping[str, str] = field(default_factory=dict)
    source_identity: str | None = None
    issued: datetime | None = None
    expires: datetime | None = None

    @property
    def name(self) -> str:
        """The last part of the ARN: the user's or the session's name."""
        return self.arn.rsplit("/", 1)[-1] if "/" in self.arn else self.arn.rsplit(":", 1)[-1]


ANONYMOUS = Principal(arn="", kind="anonymous", account="anonymous")


@dataclass(frozen=True)
class Request:
    """The HTTP request as it arrived.

    ``secure`` says whether the learner's request would have used TLS: the loopback itself is plain HTTP, so it is
    true unless ``cloud.network(secure=False)`` says otherwise. ``path`` is still percent-encoded.
    """

    method: str
    url: str
    host: str
    path: str
    query: Mapping[str, Sequence[str]]
    headers: Mapping[str, str]
    body: bytes
    secure: bool = True
    source_ip: str = "203.0.113.10"
    vpc_endpoint: str | None = None
    vpc: str | None = None
    presigned: bool = False


@dataclass(frozen=True)
class Call:
    """One operation that somebody asks for, with parameters as boto3 takes them.

    ``random`` is seeded from the cloud's seed, the operation and how often it ran, so that identifiers repeat
    whatever other threads do meanwhile.
    """

    service: str
    operation: str
    params: dict[str, Any]
    principal: Principal
    region: str
    account: str
    time: datetime
    request: Request
    id: str
    random: Random

    @property
    def name(self) -> str:
        """``service:Operation``, as the fidelity table and messages name it."""
        return f"{self.service}:{self.operation}"


class AwsError(Exception):
    """An answer that boto3 raises as ``ClientError`` with this code and message.

    >>> raise AwsError("NoSuchBucket", "The specified bucket does not exist", 404)
    Traceback (most recent call last):
    mlacourse.cloud.call.AwsError: NoSuchBucket: The specified bucket does not exist
    """

    def __init__(
        self,
        code: str,
        message: str,
        status: int = 400,
        *,
        answer: tuple[int, dict[str, str], bytes] | None = None,
        **members: Any,
    ) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message
        self.status = status
        self.members = members
        # What moto answered, passed on as it is.
        self.answer = answer
