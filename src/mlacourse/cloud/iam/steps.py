"""A decision told step by step, in the order of AWS's flow chart: what was asked, what was found, where it ended."""

from dataclasses import dataclass
from typing import Literal

from mlacourse.cloud.iam.evaluate import AccessRequest, Decision, Finding, Look, Policies, PolicyType, evaluate
from mlacourse.cloud.iam.principals import Named

Outcome = Literal["continue", "allow", "deny", "skip"]


@dataclass(frozen=True)
class Step:
    """One question on the way; ``statements`` are those that answered it."""

    number: int
    question: str
    policy_type: PolicyType | None
    outcome: Outcome
    answer: str
    statements: tuple[Look, ...] = ()


def steps(request: AccessRequest, policies: Policies) -> list[Step]:
    """Return the steps of a decision; the last one allows or denies.

    >>> from mlacourse.cloud.call import Principal
    >>> ana = Principal("arn:aws:iam::123456789012:user/ana", "user")
    >>> for step in steps(AccessRequest(ana, "s3:GetObject", "arn:aws:s3:::data/a.csv"), Policies()):
    ...     print(step.number, step.outcome, step.answer)
    1 continue No statement denies.
    2 skip There is no service control policy.
    3 skip There is no VPC endpoint policy.
    4 skip There is no resource-based policy.
    5 deny No identity-based policy allows s3:GetObject.
    """
    return list(told(evaluate(request, policies)))


def told(decision: Decision) -> list[Step]:
    """Return the steps that led to a decision."""
    denials = tuple(look for finding in decision.findings if finding.verdict == "deny" for look in finding.deciding)
    question = "Does any statement of any policy deny it?"
    if denials:
        named = ", ".join(look.name for look in denials)
        return [Step(1, question, decision.decided_by, "deny", f"Yes: {named}.", denials)]
    told = [Step(1, question, None, "continue", "No statement denies.")]
    for finding in decision.findings:
        outcome, answer = _answer(decision, finding)
        question = f"Does the {finding.policy_type} allow it?"
        told.append(Step(len(told) + 1, question, finding.policy_type, outcome, answer, finding.deciding))
        if outcome in {"allow", "deny"}:
            return told
    return [*told, Step(len(told) + 1, "Is anything left that could deny it?", None, "allow", "No: it is allowed.")]


def _answer(decision: Decision, finding: Finding) -> tuple[Outcome, str]:
    kind, action = finding.policy_type, decision.request.action
    ends = decision.decided_by is kind
    if ends and not decision.allowed:
        return "deny", f"No {kind} allows {action}."
    if finding.verdict == "absent":
        return "skip", f"There is no {kind}."
    if finding.verdict == "nothing":
        return "continue", f"No {kind} allows {action}, but another policy can."
    allowing = ", ".join(look.name for look in finding.deciding)
    if kind is PolicyType.RESOURCE:
        if ends and finding.named is Named.DIRECTLY:
            return "allow", f"Yes, and it names the principal itself, which is enough: {allowing}."
        return "continue", f"Yes ({allowing}), but {_limit(decision, finding)}."
    return "continue", f"Yes: {allowing}."


def _limit(decision: Decision, finding: Finding) -> str:
    if decision.request.cross_account:
        return "across accounts the principal's own account must allow it too"
    if finding.named is Named.ROLE:
        return "it names the role, so that boundary and session policy still limit it"
    return "it names the account, which decides with its identity-based policies"
