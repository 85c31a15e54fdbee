"""``cloud.explain``: why a call was allowed or refused, policy type by policy type, down to the statement."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from mlacourse.cloud.call import ACCOUNT, Request
from mlacourse.cloud.iam.authorize import Refusals, access_request, decide
from mlacourse.cloud.iam.context_keys import global_keys
from mlacourse.cloud.iam.evaluate import Decision, Finding, PolicyType
from mlacourse.cloud.iam.messages import refusal
from mlacourse.cloud.iam.steps import Step, told
from mlacourse.cloud.iam.subjects import principal_of
from mlacourse.cloud.keys import ADMINISTRATOR

if TYPE_CHECKING:
    from mlacourse.cloud.session import Cloud

_SAYS = {"allow": "allows", "deny": "denies", "nothing": "says nothing", "absent": "is not there"}
_WIDTH = 100
_ADMINISTRATOR = f"arn:aws:iam::{ACCOUNT}:user/{ADMINISTRATOR}"


@dataclass(frozen=True)
class Explanation:
    """A decision that prints as a table: one row a policy type, with the statements that decided."""

    decision: Decision

    @property
    def allowed(self) -> bool:
        """Whether the request is allowed."""
        return self.decision.allowed

    @property
    def steps(self) -> list[Step]:
        """The decision step by step, in the order of AWS's flow chart."""
        return told(self.decision)

    @property
    def verdict(self) -> str:
        """The decision in one sentence."""
        request = self.decision.request
        if not self.allowed:
            return f"Refused. {refusal(self.decision, request.resource)}"
        return (
            f"Allowed by the {self.decision.decided_by}: {', '.join(look.name for look in self.decision.statements)}."
        )

    @property
    def rows(self) -> list[tuple[str, str, list[str]]]:
        """Policy type, what it says, and the statements behind that; types that are not there are left out."""
        return [
            (str(finding.policy_type), _SAYS[finding.verdict], _why(finding))
            for finding in self.decision.findings
            if finding.verdict != "absent" or finding.policy_type is PolicyType.IDENTITY
        ]

    def __repr__(self) -> str:
        request = self.decision.request
        who = request.principal.arn or "an unsigned request"
        head = [f"{who}", f"  {request.action} on {request.resource}", ""]
        width = max(len(kind) for kind, _, _ in self.rows)
        lines = []
        for kind, says, reasons in self.rows:
            start = f"{kind:<{width}}  {says:<12}  "
            for reason in reasons:
                lines += _wrapped(reason, start, " " * len(start))
                start = " " * len(start)
        return "\n".join([*head, *lines, "", *_wrapped(self.verdict)])

    def _repr_html_(self) -> str:
        request = self.decision.request
        who = request.principal.arn or "an unsigned request"
        caption = f"{escape(who)}: <code>{escape(request.action)}</code> on <code>{escape(request.resource)}</code>"
        body = "".join(
            f'<tr><th scope="row">{escape(kind)}</th><td>{escape(says)}</td><td>{_listed(reasons)}</td></tr>'
            for kind, says, reasons in self.rows
        )
        return (
            f"<table><caption>{caption}</caption>"
            '<thead><tr><th scope="col">Policy type</th><th scope="col">It …</th>'
            '<th scope="col">Because</th></tr></thead>'
            f"<tbody>{body}</tbody></table><p><strong>{escape(self.verdict)}</strong></p>"
        )


def explain(
    cloud: Cloud,
    error: ClientError | None = None,
    *,
    action: str = "",
    resource: str = "*",
    principal: str = "",
    context: Mapping[str, Any] | None = None,
) -> Explanation:
    """Explain an error that boto3 raised, or decide an action on a resource for a principal and explain that.

    ``principal`` is the ARN of a user, a role or a session; the administrator if empty. ``context`` adds condition
    keys to those that every request has.
    """
    if error is not None:
        return Explanation(_decision_behind(cloud, error))
    if ":" not in action:
        raise ValueError(f"explain(action={action!r}): name an action such as 's3:GetObject', or pass the error.")
    who = principal_of(principal or _ADMINISTRATOR)
    if who is None:
        raise ValueError(f"explain(principal={principal!r}): give the ARN of a user, a role or a session.")
    keys = {**global_keys(who, _plain_request(), cloud.clock.now(), cloud.region), **(context or {})}
    return Explanation(decide(cloud, access_request(who, action, resource, keys)))


def _decision_behind(cloud: Cloud, error: ClientError) -> Decision:
    call = error.response.get("ResponseMetadata", {}).get("RequestId", "")
    refused = cloud.part(Refusals).of_call.get(call)
    if refused is None:
        code = error.response.get("Error", {}).get("Code", "")
        raise ValueError(f"No policy caused {code}, so there is nothing to explain. Read its message.")
    return refused


def _why(finding: Finding) -> list[str]:
    if finding.deciding:
        return [look.name for look in finding.deciding]
    if not finding.looks:
        return ["no policy is attached"]
    near = [f"{look.name}: {look.missed}" for look in finding.looks if look.missed and "Action" not in look.missed]
    return near or ["no statement covers the action"]


def _wrapped(text: str, start: str = "", rest: str = "") -> list[str]:
    return textwrap.wrap(
        text, _WIDTH, initial_indent=start, subsequent_indent=rest, break_long_words=False, break_on_hyphens=False
    )


def _listed(reasons: list[str]) -> str:
    if len(reasons) == 1:
        return escape(reasons[0])
    return f"<ul>{''.join(f'<li>{escape(reason)}</li>' for reason in reasons)}</ul>"


def _plain_request() -> Request:
    return Request("GET", "", "", "/", {}, {}, b"")
