"""One offline cloud in this process: its server, its clock, its state, and the environment that leads boto3 to it."""

from __future__ import annotations

import atexit
import importlib
import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from functools import cached_property
from random import Random
from types import TracebackType
from typing import Any, TypeVar

import boto3

from mlacourse.cloud import environment, guard, keys, moto_parts, protocol
from mlacourse.cloud.call import ACCOUNT, REGION, Call, Principal
from mlacourse.cloud.front import Front
from mlacourse.cloud.keys import Keys, TemporaryKeys
from mlacourse.cloud.made import Register
from mlacourse.cloud.server import Server
from mlacourse.cloud.timeline import Clock
from mlacourse.cloud.trail import Trail

Part = TypeVar("Part")

_running: Cloud | None = None

# Modules whose import registers handlers.
HANDLERS = (
    *("cloudwatch", "ec2", "ecr", "glue", "iam.operations", "kinesis", "messages"),
    *("s3", "sagemaker", "sqs", "stores", "sts", "trail"),
)


class Cloud:
    """The offline AWS account of this process.

    >>> with Cloud(seed=7) as cloud:
    ...     boto3.client("sts").get_caller_identity()["Arn"]
    'arn:aws:iam::123456789012:user/administrator'
    """

    def __init__(self, seed: int = 0) -> None:
        self.seed = seed
        self.account = ACCOUNT
        self.region = REGION
        self.made = Register()
        self._server: Server | None = None
        self._undo: list[Callable[[], None]] = []
        self._lock = threading.RLock()
        self._begin()

    def _begin(self) -> None:
        self.clock = Clock()
        self.trail = Trail()
        self.defects: list[Exception] = []
        self.keys = Keys(self.clock)
        self._parts: dict[type, Any] = {}
        self._counts: Counter[tuple[str, str]] = Counter()

    # --- life -------------------------------------------------------------------------------------------------

    def start(self) -> Cloud:
        """Serve, and lead boto3 here."""
        global _running
        if self._server is not None:
            self.reset()
            return self
        if _running is not None:  # moto keeps its state once for the process
            raise RuntimeError("Another offline cloud runs in this process. Stop it first.")
        _running = self
        for name in HANDLERS:
            importlib.import_module(f"mlacourse.cloud.{name}")
        self._server = Server(Front(self))
        self._undo = [environment.enter(self.endpoint), guard.install(lambda: self.clock.now()), self.made.listen()]
        atexit.register(self.stop)
        self._populate()
        return self

    def stop(self) -> None:
        """End the server and everything that runs in it, and put the environment back."""
        global _running
        if self._server is None:
            return
        _running = None
        self._close_parts()
        self._server.close()
        self._server = None
        while self._undo:
            self._undo.pop()()
        moto_parts.reset()
        atexit.unregister(self.stop)

    def reset(self) -> None:
        """Go back to an empty account at the first instant; the address stays."""
        self._close_parts()
        self.made.clear()
        self._begin()
        self._populate()

    def __enter__(self) -> Cloud:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    @property
    def serves(self) -> bool:
        """Whether it has been started and not stopped since."""
        return self._server is not None

    @property
    def endpoint(self) -> str:
        """The URL that boto3 is led to."""
        if self._server is None:
            raise RuntimeError("The offline cloud is not running. Call cloud.start() first.")
        return f"http://127.0.0.1:{self._server.port}"

    def _populate(self) -> None:
        moto_parts.reset()
        moto_parts.set_time(lambda: self.clock.now())
        moto_parts.seed(f"{self.seed}/account")
        moto_parts.create_administrator(keys.ADMINISTRATOR, keys.ADMINISTRATOR_POLICY, keys.ACCESS_KEY, keys.SECRET_KEY)

    def _close_parts(self) -> None:
        for part in reversed(list(self._parts.values())):
            if hasattr(part, "close"):
                part.close()
        self._parts.clear()

    # --- for the services -------------------------------------------------------------------------------------

    def part(self, kind: type[Part]) -> Part:
        """Return a module's own state, made by ``kind(cloud)`` at first use.

        Its ``close()``, if it has one, runs at reset and at stop.
        """
        with self._lock:
            if kind not in self._parts:
                self._parts[kind] = kind(self)  # type: ignore[call-arg]
            found: Part = self._parts[kind]
            return found

    def random(self, service: str, operation: str) -> Random:
        """Chance that depends on the seed, the operation and how often it ran, not on other threads."""
        with self._lock:
            self._counts[service, operation] += 1
            return Random(f"{self.seed}/{service}/{operation}/{self._counts[service, operation]}")

    def forward(self, call: Call, **changed: Any) -> dict[str, Any]:
        """Moto's answer to a call as boto3 would return it; ``changed`` replaces parameters, None drops one.

        Raises :class:`AwsError` for moto's errors.
        """
        if changed:
            params = {name: value for name, value in (call.params | changed).items() if value is not None}
            call = replace(call, params=params)
        return protocol.parsed_answer(call.service, call.operation, self.forward_raw(call, serialize=bool(changed)))

    def ask(self, call: Call, operation: str, **params: Any) -> dict[str, Any]:
        """Return moto's answer to another operation of the same service, asked on the way to answer a call."""
        other = replace(call, operation=operation, params=params)
        return protocol.parsed_answer(call.service, operation, self.forward_raw(other, serialize=True))

    def forward_raw(self, call: Call, serialize: bool = False) -> moto_parts.Answer:
        """Moto's answer to a call over HTTP: to the request as it arrived, or to one made from the parameters."""
        seed = str(call.random.getrandbits(64))
        if serialize:
            sent = protocol.serialized_request(call.service, call.operation, call.region, call.params)
            method, url, headers, body = sent.method, sent.url, dict(sent.headers), moto_parts.as_bytes(sent.body)
        else:
            method = call.request.method
            url, headers, body = protocol.to_aws(call.service, call.region, call.request)
        signed_by = call.principal.access_key or keys.ACCESS_KEY
        scope = f"{call.time:%Y%m%d}/{call.region}/{call.service}/aws4_request"
        headers = {name: value for name, value in headers.items() if name.lower() != "authorization"} | {
            # moto takes account and region from the signature, and leaves allowing to us.
            "Authorization": f"AWS4-HMAC-SHA256 Credential={signed_by}/{scope}, SignedHeaders=host, Signature=0",
            "x-moto-account-id": call.account,
        }
        return moto_parts.dispatch(method, url, headers, body, seed)

    def role_keys(
        self, role_arn: str, session_name: str, service: str, duration: timedelta = timedelta(hours=12)
    ) -> TemporaryKeys:
        """Keys of a role for a service's own use: a job, a function, an endpoint.

        ``service`` is its principal, such as ``sagemaker.amazonaws.com``; the role's trust policy is not asked here.
        """
        role = moto_parts.role_of_arn(role_arn)
        account = role_arn.split(":")[4]
        principal = Principal(
            arn=f"arn:aws:sts::{account}:assumed-role/{role_arn.rsplit('/', 1)[-1]}/{session_name}",
            kind="assumed-role",
            account=account,
            user_id=f"{role.id if role is not None else 'AROA'}:{session_name}",
            role_arn=role_arn,
            tags=moto_parts.tags_of(account, role_arn) if role is not None else {},
        )
        return self.keys.issue(principal, duration, self.random("sts", f"AssumeRole/{service}"))

    def client(self, service: str, signer: TemporaryKeys | None = None, **options: Any) -> Any:
        """Return a boto3 client of this cloud with these keys, or with the administrator's."""
        # One session for all: it reads service models once. It makes one client at a time.
        with self._lock:
            return self._session.client(
                service,
                endpoint_url=self.endpoint,
                aws_access_key_id=signer.access_key if signer else keys.ACCESS_KEY,
                aws_secret_access_key=signer.secret_key if signer else keys.SECRET_KEY,
                aws_session_token=signer.token if signer else None,
                **options,
            )

    @cached_property
    def _session(self) -> boto3.session.Session:
        return boto3.session.Session(region_name=self.region)

    def environment(self, signer: TemporaryKeys) -> dict[str, str]:
        """Return environment variables that lead a child process here as this principal, and nowhere else."""
        return environment.variables(self.endpoint) | {
            **dict.fromkeys(("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"), self.endpoint),
            "AWS_ACCESS_KEY_ID": signer.access_key,
            "AWS_SECRET_ACCESS_KEY": signer.secret_key,
            "AWS_SESSION_TOKEN": signer.token,
        }
