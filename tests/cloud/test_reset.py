"""What an empty account rests on: moto tells the state of one service from that of another."""

from __future__ import annotations

import moto.backends

from mlacourse.cloud import moto_parts
from mlacourse.cloud.session import Cloud


def test_two_services_are_never_taken_for_one_when_chance_repeats(cloud: Cloud) -> None:
    made = []
    for service in ("sqs", "sns"):
        moto_parts.seed("the same")
        made.append(moto.backends.get_backend(service)["111111111111"])  # type: ignore[call-overload]
    assert made[0] != made[1]
