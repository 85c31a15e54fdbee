"""The decision: which policies apply to a request, what each type says, and what AWS answers in the end."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal

from mlacourse.cloud.call import Principal
from mlacourse.cloud.iam import arns
from mlacourse.cloud.iam.conditions import holds
from mlacourse.cloud.iam.context import Context
from mlacourse.cloud.iam.patterns import matches
from mlacourse.cloud.iam.policy import Condition, Effect, Element, Policy, Statement, parse
from mlacourse.cloud.iam.principals import Named, named


class PolicyType(StrEnum):
    """The types of policy, in the order in which AWS looks at them; the value is AWS's name in error messages."""

    SCP = "service control policy"
    ENDPOINT = "VPC endpoint policy"
    RESOURCE = "resource-based policy"
    IDENTITY = "identity-based policy"
    BOUNDARY = "permissions boundary"
    SESSION = "session policy"


@dataclass(frozen=True)
class AccessRequest:
    """Who wants to do what with which resource, in which circumstances."""

    principal: Principal
    action: str
    resource: str
    context: Context = field(default_factory=Context)
    resource_account: str = ""
    """The account that owns the resource; the principal's own if empty."""
    resource_policy_required: bool = False
    """Whether the resource's policy must take part in the Allow: KMS keys and roles' trust policies."""

    @property
    def cross_account(self) -> bool:
        """Whether principal and resource live in different accounts."""
        return bool(self.resource_account) and self.resource_account != self.principal.account


@dataclass(frozen=True)
class Policies:
    """All policies that could apply; ``None`` means that there is no policy of that type."""

    identity: tuple[Policy, ...] = ()
    resource: tuple[Policy, ...] = ()
    boundary: Policy | None = None
    session: tuple[Policy, ...] | None = None
    scps: tuple[tuple[Policy, ...], ...] | None = None
    """One tuple a level, from the organization's root to the account: each level must allow."""
    endpoint: Policy | None = None


@dataclass(frozen=True)
class Look:
    """One statement held against the request: whether it applies, and if not, what does not fit."""

    policy_type: PolicyType
    policy: Policy
    statement: Statement
    applies: bool
    missed: str = ""
    named: Named = Named.DIRECTLY
    group: int = 0

    @property
    def name(self) -> str:
        """The policy and the statement, as a person looks them up."""
        return f"{self.policy.name}: {self.statement.name}"


Verdict = Literal["allow", "deny", "nothing", "absent"]


@dataclass(frozen=True)
class Finding:
    """What all policies of one type say together; ``absent`` if there are none of this type."""

    policy_type: PolicyType
    verdict: Verdict
    looks: tuple[Look, ...] = ()
    named: Named = Named.NO
    """For a resource-based policy that allows: how directly it names the principal."""

    @property
    def deciding(self) -> tuple[Look, ...]:
        """The statements that made the verdict."""
        effect: Effect = "Deny" if self.verdict == "deny" else "Allow"
        if self.verdict not in {"allow", "deny"}:
            return ()
        return tuple(look for look in self.looks if look.applies and look.statement.effect == effect)


@dataclass(frozen=True)
class Decision:
    """What AWS answers, which type of policy decided, and why."""

    request: AccessRequest
    allowed: bool
    decided_by: PolicyType | None
    findings: tuple[Finding, ...]
    explicit: bool = False
    """Whether a Deny statement decided."""

    @property
    def statements(self) -> tuple[Look, ...]:
        """The statements that decided; none for an implicit deny."""
        found = [finding for finding in self.findings if finding.policy_type == self.decided_by]
        return found[0].deciding if found and (self.allowed or self.explicit) else ()

    @property
    def reason(self) -> str:
        """The part of AWS's message that says why not; empty for an allowed request."""
        if self.allowed or self.decided_by is None:
            return ""
        if not self.explicit:
            return f"because no {self.decided_by} allows the {self.request.action} action"
        article = "an" if self.decided_by is PolicyType.IDENTITY else "a"
        denying = self.statements[0].policy.arn
        return f"with an explicit deny in {article} {self.decided_by}" + f": {denying}" * bool(denying)

    def finding(self, policy_type: PolicyType) -> Finding:
        """Return what the policies of one type say."""
        return next(finding for finding in self.findings if finding.policy_type == policy_type)


def evaluate(request: AccessRequest, policies: Policies) -> Decision:
    """Decide a request as AWS documents it.

    An explicit Deny of any policy wins. Then every service control policy level must allow. Within an account a
    resource-based policy is enough if it names the principal directly, even where identity-based policies, boundary
    or session policy are silent; one that names the role is still limited by boundary and session policy; one that
    names the account only lets identity-based policies decide. Across accounts both sides must allow.
    Source: "How AWS enforcement code logic evaluates requests to allow or deny access", IAM user guide.
    """
    findings = tuple(_findings(request, policies))
    denying = next((finding for finding in findings if finding.verdict == "deny"), None)
    if denying:
        return Decision(request, False, denying.policy_type, findings, explicit=True)
    by_type = {finding.policy_type: finding for finding in findings}
    for gate in (PolicyType.SCP, PolicyType.ENDPOINT):
        if by_type[gate].verdict == "nothing":
            return Decision(request, False, gate, findings)
    allowed, decided_by = _permission(request, by_type)
    return Decision(request, allowed, decided_by, findings)


def _permission(request: AccessRequest, by_type: dict[PolicyType, Finding]) -> tuple[bool, PolicyType]:
    """Weigh resource-based policy, identity-based policies, boundary and session policy; no Deny is among them."""
    resource = by_type[PolicyType.RESOURCE]
    grant = resource.named if resource.verdict == "allow" else Named.NO
    if request.principal.kind in {"anonymous", "service"}:
        return grant is not Named.NO, PolicyType.RESOURCE
    if (request.cross_account or request.resource_policy_required) and grant is Named.NO:
        return False, PolicyType.RESOURCE
    if grant is Named.DIRECTLY and not request.cross_account:
        return True, PolicyType.RESOURCE
    enough = PolicyType.IDENTITY
    if grant is Named.ROLE and not request.cross_account:
        enough = PolicyType.RESOURCE
    needed = [enough, PolicyType.BOUNDARY, PolicyType.SESSION]
    silent = next((gate for gate in needed if by_type[gate].verdict == "nothing"), None)
    return (False, silent) if silent else (True, enough)


def _findings(request: AccessRequest, policies: Policies) -> Iterator[Finding]:
    root = request.principal.kind == "root"
    yield _control(request, policies.scps)
    yield _finding(request, PolicyType.ENDPOINT, _one(policies.endpoint))
    yield _resource(request, policies)
    yield _finding(request, PolicyType.IDENTITY, (ROOT_ACCESS,) if root else policies.identity)
    yield _finding(request, PolicyType.BOUNDARY, _one(policies.boundary))
    yield _finding(request, PolicyType.SESSION, policies.session)


def _one(policy: Policy | None) -> tuple[Policy, ...] | None:
    return (policy,) if policy else None


def _finding(request: AccessRequest, policy_type: PolicyType, policies: tuple[Policy, ...] | None) -> Finding:
    if policies is None:
        return Finding(policy_type, "absent")
    looks = _looks(request, policy_type, policies)
    return Finding(policy_type, _verdict(looks), looks)


def _verdict(looks: Iterable[Look]) -> Verdict:
    effects = {look.statement.effect for look in looks if look.applies}
    return "deny" if "Deny" in effects else "allow" if "Allow" in effects else "nothing"


def _control(request: AccessRequest, levels: tuple[tuple[Policy, ...], ...] | None) -> Finding:
    """Service control policies: a Deny at any level denies, and every level must allow."""
    if levels is None:
        return Finding(PolicyType.SCP, "absent")
    looks = tuple(
        look for group, level in enumerate(levels) for look in _looks(request, PolicyType.SCP, level, group=group)
    )
    verdicts = [_verdict(look for look in looks if look.group == group) for group in range(len(levels))]
    if "deny" in verdicts:
        return Finding(PolicyType.SCP, "deny", looks)
    return Finding(PolicyType.SCP, "nothing" if "nothing" in verdicts else "allow", looks)


def _resource(request: AccessRequest, policies: Policies) -> Finding:
    if not policies.resource:
        return Finding(PolicyType.RESOURCE, "absent")
    looks = _looks(request, PolicyType.RESOURCE, policies.resource, bounded=policies.boundary is not None)
    allows = [look.named for look in looks if look.applies and look.statement.effect == "Allow"]
    return Finding(PolicyType.RESOURCE, _verdict(looks), looks, max(allows, default=Named.NO))


def _looks(
    request: AccessRequest,
    policy_type: PolicyType,
    policies: Iterable[Policy],
    *,
    bounded: bool = False,
    group: int = 0,
) -> tuple[Look, ...]:
    return tuple(
        _look(request, policy_type, policy, statement, bounded=bounded, group=group)
        for policy in policies
        for statement in policy.statements
    )


def _look(
    request: AccessRequest, policy_type: PolicyType, policy: Policy, statement: Statement, *, bounded: bool, group: int
) -> Look:
    how = Named.DIRECTLY
    if policy_type is PolicyType.RESOURCE or (policy_type is PolicyType.ENDPOINT and statement.principals):
        how = named(statement.principals, request.principal)
        if bounded and statement.principals and statement.principals.negated and statement.effect == "Deny":
            how = Named.DIRECTLY  # AWS: NotPrincipal with Deny always denies whoever has a permissions boundary
    missed = next(_misses(request, policy, statement, how), "")
    return Look(policy_type, policy, statement, not missed, missed, how, group)


def _misses(request: AccessRequest, policy: Policy, statement: Statement, how: Named) -> Iterator[str]:
    """Say what keeps a statement from applying, the cheapest check first."""
    context = request.context if policy.variables else None
    if not _covers(statement.actions, lambda pattern: matches(pattern, request.action, fold=True)):
        yield f"{_label('Action', statement.actions)} does not cover {request.action}"
    if how is Named.NO:
        yield "its Principal does not name " + (request.principal.arn or "anonymous requests")
    resources = statement.resources
    if resources and not _covers(resources, lambda pattern: arns.resource_matches(pattern, request.resource, context)):
        yield f"{_label('Resource', resources)} does not cover {request.resource}"
    for condition in statement.conditions:
        if not holds(condition, request.context, variables=policy.variables):
            yield f"its condition {condition} does not hold; {_given(condition, request.context)}"


def _covers(element: Element, fits: Callable[[str], bool]) -> bool:
    return any(map(fits, element.values)) != element.negated


def _label(name: str, element: Element) -> str:
    return "its " + "Not" * element.negated + name


def _given(condition: Condition, context: Context) -> str:
    value = context.get(condition.key)
    if value is None:
        return f"the request has no {condition.key}"
    return f"the request has {value if isinstance(value, str) else ', '.join(value) or 'an empty list'}"


ROOT_ACCESS = parse(
    {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}},
    name="the root user's full access",
)
