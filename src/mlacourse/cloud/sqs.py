"""SQS: a long poll that costs no time, because offline the clock stands still meanwhile."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mlacourse.cloud.call import Call
from mlacourse.cloud.handlers import handles

if TYPE_CHECKING:
    from mlacourse.cloud.session import Cloud


@handles("sqs", "ReceiveMessage")
def receive_message(cloud: Cloud, call: Call) -> dict[str, Any]:
    """Return what is visible now; an empty queue answers at once whatever ``WaitTimeSeconds`` says."""
    return cloud.forward(call, WaitTimeSeconds=0)
