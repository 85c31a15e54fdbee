"""moto's state of every service, emptied as a whole, and what is mended in moto when a service is first used."""

from __future__ import annotations

import datetime as real_datetime
import itertools
import threading
from functools import cache
from typing import Any

import moto.backends
from moto.core.base_backend import BackendDict
from moto.core.model_instances import reset_model_data
from moto.core.models import DEFAULT_ACCOUNT_ID

from mlacourse.cloud.moto_parts.clock import follow_the_clock, now

# moto keeps its state in module globals and takes no locks; requests of several threads go in one at a time.
one_at_a_time = threading.RLock()


def backend(service: str, region: str = "us-east-1", account: str = DEFAULT_ACCOUNT_ID) -> Any:
    """Moto's state of a service, for what its API does not tell. Global services are kept under ``aws``."""
    regions = moto.backends.get_backend(service)[account]  # type: ignore[call-overload]
    follow_the_clock()
    return regions[region if region in regions.regions else "aws"]


def reset() -> None:
    """Forget everything that moto holds."""
    with one_at_a_time:
        BackendDict.reset()
        reset_model_data()


def _settle_s3() -> None:
    """Make moto's S3 fit: no bucket policies of its own, and an order among objects of one instant."""
    import moto.s3.models as s3
    from moto.iam.access_control import PermissionResult

    ticks = itertools.count()

    def utcnow() -> real_datetime.datetime:
        return now().replace(tzinfo=None) + real_datetime.timedelta(microseconds=next(ticks) % 1_000_000)

    # moto takes every condition of a policy as fulfilled; IAM decides before a call gets here.
    s3.FakeBucket.get_permission = lambda self, action, resource: PermissionResult.NEUTRAL  # type: ignore[method-assign]
    # moto orders versions by their time, which stands still here. What it shows is cut to the second.
    s3.utcnow = utcnow  # type: ignore[attr-defined]


def _settle_events() -> None:
    """Make moto's EventBridge leave disabled rules alone, and write events in AWS's order with the account."""
    import moto.events.models as events
    from moto.events.utils import EventTemplateParser

    send = events.Rule.send_to_targets

    def send_if_enabled(self: events.Rule, *args: Any, **options: Any) -> None:
        if self.state == "ENABLED":
            send(self, *args, **options)

    events.Rule.send_to_targets = send_if_enabled  # type: ignore[method-assign]
    EventTemplateParser.DEFAULT_EVENT_INPUT_TEMPLATE = (
        '{"version": "0", "id": "<id>", "detail-type": "<detail-type>", "source": "<source>", "account": "<account>", '
        '"time": <time>, "region": "<region>", "resources": <resources>, "detail": <detail>}'
    )


_MENDED = {"s3": _settle_s3, "events": _settle_events}


@cache
def mend(service: str) -> None:
    """Change what moto gets wrong about a service, once in the process."""
    if service in _MENDED:
        _MENDED[service]()
    follow_the_clock()
