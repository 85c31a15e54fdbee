"""SNS and EventBridge: refuse the targets that would be dropped, or would leave the machine, instead of delivered."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mlacourse.cloud.call import Call
from mlacourse.cloud.fidelity import not_built
from mlacourse.cloud.handlers import handles

if TYPE_CHECKING:
    from mlacourse.cloud.session import Cloud

TARGETS = ("sqs",)


@handles("sns", "Subscribe")
def subscribe(cloud: Cloud, call: Call) -> dict[str, Any]:
    """Return a subscription of a queue."""
    if call.params["Protocol"] != "sqs":
        raise not_built(call, f"with Protocol={call.params['Protocol']!r}", "Subscribe an SQS queue.")
    return cloud.forward(call)


@handles("events", "PutRule")
def put_rule(cloud: Cloud, call: Call) -> dict[str, Any]:
    """Return a rule with a pattern."""
    if call.params.get("ScheduleExpression"):
        raise not_built(call, "with ScheduleExpression", "Let cloud.clock.after(...) send the event.")
    return cloud.forward(call)


@handles("events", "PutTargets")
def put_targets(cloud: Cloud, call: Call) -> dict[str, Any]:
    """Targets that events are really delivered to."""
    for target in call.params["Targets"]:
        service = target["Arn"].split(":")[2] if target["Arn"].count(":") >= 5 else target["Arn"]
        if service not in TARGETS:
            raise not_built(call, f"with a target of {service}", "Send the event to an SQS queue.")
    return cloud.forward(call)


@handles("logs", "FilterLogEvents")
def filter_log_events(cloud: Cloud, call: Call) -> dict[str, Any]:
    """Events that contain words."""
    if call.params.get("filterPattern", "").lstrip().startswith(("{", "[", "%")):
        raise not_built(call, "with a JSON, column or regular expression pattern", "Read the events and filter them.")
    return cloud.forward(call)
