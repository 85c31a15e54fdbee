"""No request of this process leaves the machine while the offline cloud runs."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlsplit

import botocore.auth
import botocore.httpsession

from mlacourse.cloud.call import NETWORK_HEADER

LOOPBACK = ("127.0.0.1", "localhost", "::1")

# Of the thread that opened the block: jobs and endpoints in the background stay on their own network.
_network: ContextVar[dict[str, Any] | None] = ContextVar("network", default=None)


class LeavesTheMachineError(Exception):
    """A request that would have gone to the network."""


def install(now: Callable[[], Any]) -> Callable[[], None]:
    """Refuse every host but the loopback, and sign with the cloud's time; the returned function undoes it."""
    send = botocore.httpsession.URLLib3Session.send
    signing_time, signing_module = botocore.auth.get_current_datetime, botocore.auth.time

    def guarded(self: botocore.httpsession.URLLib3Session, request: Any) -> Any:
        host = urlsplit(request.url).hostname or ""
        # A bucket's or an account's own name before the address, which not every system can resolve.
        below = host.endswith((".localhost", ".127.0.0.1"))
        if host not in LOOPBACK and not below:
            raise LeavesTheMachineError(
                f"{request.method} {request.url.split('?')[0]} would leave this machine. The offline cloud is running, "
                "so only its own address is reached: make the client without endpoint_url and after cloud.start(), or "
                "set MLACOURSE_CLOUD=aws to use your own account."
            )
        if below:
            request.headers["Host"] = urlsplit(request.url).netloc
            request.url = request.url.replace(host, "127.0.0.1", 1)
        if network_of_block := _network.get():
            request.headers[NETWORK_HEADER] = json.dumps(network_of_block)
        return send(self, request)

    def cloud_time(remove_tzinfo: bool = True) -> Any:
        return now().replace(tzinfo=None) if remove_tzinfo else now()

    botocore.httpsession.URLLib3Session.send = guarded
    botocore.auth.get_current_datetime = cloud_time
    botocore.auth.time = SimpleNamespace(**vars(time) | {"time": lambda: now().timestamp()})

    def undo() -> None:
        botocore.httpsession.URLLib3Session.send = send
        botocore.auth.get_current_datetime, botocore.auth.time = signing_time, signing_module

    return undo


@contextmanager
def network(
    *, secure: bool = True, source_ip: str | None = None, vpc_endpoint: str | None = None, vpc: str | None = None
) -> Iterator[None]:
    """Make this thread's calls come from another network: without TLS, from an address, through a VPC endpoint."""
    given = {"secure": secure, "source_ip": source_ip, "vpc_endpoint": vpc_endpoint, "vpc": vpc}
    inner = {name: value for name, value in given.items() if value is not None}
    outer = _network.set({**(_network.get() or {}), **inner})
    try:
        yield
    finally:
        _network.reset(outer)
