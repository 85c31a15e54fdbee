"""SNS and EventBridge: refuse the targets that would be dropped, or would leave the machine, instead of delivered."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from mlacourse.cloud import service_events
from mlacourse.cloud.call import Call
from mlacourse.cloud.fidelity import not_built
from mlacourse.cloud.handlers import handles

if TYPE_CHECKING:
    from mlacourse.cloud.session import Cloud

TARGETS = ("sqs",)
# One phrase in quotes, or words; moto lets every event through for a pattern that begins with anything else.
WORDS = re.compile(r'"[^"]+"|[^\W\d]\w*(?: \w+)*')
PLACEHOLDER = re.compile(r"<[\w.-]+>")


@handles("sns", "Subscribe")
def subscribe(cloud: Cloud, call: Call) -> dict[str, Any]:
    """Return a subscription of a queue."""
    if call.params["Protocol"] != "sqs":
        raise not_built(call, f"with Protocol={call.params['Protocol']!r}", "Subscribe an SQS queue.")
    return cloud.forward(call)


@handles("events", "PutRule")
def put_rule(cloud: Cloud, call: Call) -> dict[str, Any]:
    """Return a rule with a pattern that events of your own can match."""
    if call.params.get("ScheduleExpression"):
        raise not_built(call, "with ScheduleExpression", "Let cloud.clock.after(...) send the event.")
    sources = json.dumps(_pattern(call).get("source"))
    if '"aws.' in sources and not service_events.are_sent(_pattern(call)):
        sent = ", ".join(f"{source} with the detail-type {types}" for source, types in service_events.SENT.items())
        instead = f"Of AWS's services the cloud sends events of {sent}; send your own with PutEvents."
        raise not_built(call, f"with the source {sources}", instead)
    return cloud.forward(call)


def _pattern(call: Call) -> dict[str, Any]:
    """Return the pattern of a rule, empty where it has none that can be read; what is malformed, moto refuses."""
    try:
        pattern = json.loads(call.params.get("EventPattern", "{}"))
    except ValueError:
        return {}
    return pattern if isinstance(pattern, dict) else {}


@handles("events", "PutEvents")
def put_events(cloud: Cloud, call: Call) -> dict[str, Any]:
    """Send events of one's own; nobody speaks in the name of an AWS service."""
    entries = call.params["Entries"]
    own = [entry for entry in entries if not entry.get("Source", "").startswith("aws.")]
    if len(own) == len(entries):
        return cloud.forward(call)
    sent = iter(cloud.forward(call, Entries=own)["Entries"] if own else ())
    answers = [next(sent) if entry in own else dict(_NOT_YOURS) for entry in entries]
    return {"FailedEntryCount": sum("ErrorCode" in answer for answer in answers), "Entries": answers}


_NOT_YOURS = {"ErrorCode": "NotAuthorizedForSourceException", "ErrorMessage": "Not authorized for the source."}


@handles("events", "PutTargets")
def put_targets(cloud: Cloud, call: Call) -> dict[str, Any]:
    """Targets that events are really delivered to."""
    for target in call.params["Targets"]:
        service = target["Arn"].split(":")[2] if target["Arn"].count(":") >= 5 else target["Arn"]
        if service not in TARGETS:
            raise not_built(call, f"with a target of {service}", "Send the event to an SQS queue.")
        if (template := target.get("InputTransformer", {}).get("InputTemplate")) and not _is_json(template):
            raise not_built(call, "with a placeholder outside quotes", 'Write "<name>" in the template.')
    return cloud.forward(call)


def _is_json(template: str) -> bool:
    """Whether a template is JSON once its placeholders are filled with text."""
    try:
        json.loads(PLACEHOLDER.sub("text", template))
    except ValueError:
        return False
    return True


@handles("logs", "FilterLogEvents")
def filter_log_events(cloud: Cloud, call: Call) -> dict[str, Any]:
    """Events that contain words."""
    pattern = call.params.get("filterPattern", "")
    if pattern and WORDS.fullmatch(pattern) is None:
        instead = "Give words, or one phrase in quotes; or read the events and filter them."
        raise not_built(call, f"with the pattern {pattern}", instead)
    return cloud.forward(call)
