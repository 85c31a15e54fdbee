"""Cases that this package and an independent engine must decide alike: written ones and generated ones."""

from __future__ import annotations

import json
import random
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from mlacourse import resources
from mlacourse.cloud.call import Principal
from mlacourse.cloud.iam.context import Context
from mlacourse.cloud.iam.evaluate import AccessRequest, Decision, Policies, evaluate
from mlacourse.cloud.iam.policy import Policy, parse

HERE = Path(__file__).parent
HOME, AWAY = "111122223333", "444455556666"
ROLE = f"arn:aws:iam::{HOME}:role/TrainRole"
WHO = {
    "ana": Principal(f"arn:aws:iam::{HOME}:user/ana", "user", HOME),
    "train": Principal(f"arn:aws:sts::{HOME}:assumed-role/TrainRole/job-1", "assumed-role", HOME, role_arn=ROLE),
    "bot": Principal(f"arn:aws:iam::{AWAY}:user/bot", "user", AWAY),
    "sagemaker": Principal("sagemaker.amazonaws.com", "service", ""),
    "nobody": Principal("", "anonymous", ""),
}
VERDICTS = {"Allowed": "allow", "ImplicitlyDenied": "deny", "ExplicitlyDenied": "explicit deny"}

Statements = list[dict[str, Any]]


@dataclass(frozen=True)
class Case:
    """A request with its policies; ``theirs`` and ``differs`` document what the other engine answers and why."""

    says: str
    who: str
    does: str
    to: str
    expect: str = ""
    owner: str = HOME
    version: str = "2012-10-17"
    context: Mapping[str, Any] = field(default_factory=dict)
    identity: Statements = field(default_factory=list)
    resource: Statements | None = None
    boundary: Statements | None = None
    session: Statements | None = None
    scps: list[Statements] | None = None
    theirs: str = ""
    differs: str = ""

    def document(self, statements: Statements) -> dict[str, Any]:
        return {"Version": self.version, "Statement": statements}

    def policy(self, name: str, statements: Statements) -> Policy:
        return parse(self.document(statements), name=name)


def written() -> list[Case]:
    """Return the cases of the two YAML files."""
    groups = [group for name in ("cases", "decisions") for group in _yaml(HERE / f"{name}.yml")]
    return [Case(**case) for group in groups for case in group["cases"]]


def _yaml(path: Path) -> Any:
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def decide(case: Case) -> Decision:
    """Let this package decide a case."""
    own_policy = case.does.startswith(("kms:", "sts:AssumeRole"))
    request = AccessRequest(
        WHO[case.who], case.does, case.to, Context(case.context), case.owner, resource_policy_required=own_policy
    )
    return evaluate(
        request,
        Policies(
            identity=(case.policy("identity", case.identity),) if case.identity else (),
            resource=(case.policy("resource", case.resource),) if case.resource else (),
            boundary=case.policy("boundary", case.boundary) if case.boundary else None,
            session=(case.policy("session", case.session),) if case.session else None,
            scps=tuple((case.policy(f"scp {n}", level),) for n, level in enumerate(case.scps)) if case.scps else None,
        ),
    )


def ours(case: Case) -> str:
    """Return this package's answer in the words of the YAML files."""
    decision = decide(case)
    return "allow" if decision.allowed else "explicit deny" if decision.explicit else "deny"


def theirs(cases: list[Case]) -> list[str]:
    """Return the other engine's answers: one Deno process, no network, reading only what is installed."""
    deno = Path(sys.executable).with_name("deno")
    ran = subprocess.run(
        [deno, "run", "--cached-only", "--allow-read", HERE / "simulate.ts"],
        input=json.dumps([_simulation(case) for case in cases]),
        capture_output=True,
        text=True,
        check=True,
        cwd=resources.root(),
    )
    answers = json.loads(ran.stdout)
    assert not [(case.says, answer) for case, answer in zip(cases, answers, strict=True) if "errors" in answer]
    return [VERDICTS[answer["result"]] for answer in answers]


def _simulation(case: Case) -> dict[str, Any]:
    who = WHO[case.who]
    return {
        "request": {
            "principal": {"type": "Anonymous"} if who.kind == "anonymous" else who.arn,
            "action": case.does,
            "resource": {"resource": case.to, "accountId": case.owner},
            "contextVariables": dict(case.context),
        },
        "identityPolicies": _named(case, [case.identity] if case.identity else []),
        "serviceControlPolicies": [
            {"orgIdentifier": f"level-{n}", "policies": _named(case, [level])}
            for n, level in enumerate(case.scps or [])
        ],
        "resourceControlPolicies": [],
        **({"resourcePolicy": case.document(case.resource)} if case.resource else {}),
        **({"permissionBoundaryPolicies": _named(case, [case.boundary])} if case.boundary else {}),
        **({"sessionPolicy": case.document(case.session)} if case.session else {}),
    }


def _named(case: Case, policies: list[Statements]) -> list[dict[str, Any]]:
    return [{"name": f"policy-{n}", "policy": case.document(statements)} for n, statements in enumerate(policies)]


# --- generated cases ------------------------------------------------------------------------------------------

_ACTIONS = ["s3:GetObject", "s3:PutObject", "s3:DeleteObject"]
_PATTERNS = ["s3:GetObject", "s3:Get*", "s3:*", "*", "s3:P?tObject", "S3:DELETE*", "sagemaker:*"]
_KEYS = ["data/a.csv", "data/b/c.csv", "secret/a.csv"]
_RESOURCES = ["*", "arn:aws:s3:::data/*", "arn:aws:s3:::data/a.csv", "arn:aws:s3:::*/a.csv", "arn:aws:s3:::secret*"]
_VALUES: dict[str, list[Any]] = {
    "aws:SecureTransport": ["true", "false"],
    "aws:SourceIp": ["203.0.113.10", "198.51.100.7"],
    "aws:RequestedRegion": ["us-east-1", "eu-west-1"],
    "aws:SourceVpce": ["vpce-1", "vpce-2"],
    "aws:PrincipalTag/team": ["fraud", "ads"],
    "aws:CurrentTime": ["2027-01-11T09:00:00Z", "2027-06-01T00:00:00Z"],
}
_CONDITIONS: list[dict[str, Any]] = [
    {"Bool": {"aws:SecureTransport": "true"}},
    {"BoolIfExists": {"aws:SecureTransport": "false"}},
    {"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}},
    {"NotIpAddress": {"aws:SourceIp": ["203.0.113.0/24", "192.0.2.0/24"]}},
    {"StringEquals": {"aws:RequestedRegion": ["us-east-1", "us-west-2"]}},
    {"StringNotEquals": {"aws:SourceVpce": "vpce-1"}},
    {"StringNotEqualsIfExists": {"aws:SourceVpce": "vpce-1"}},
    {"StringLike": {"aws:PrincipalTag/team": "fr*"}},
    {"StringEqualsIgnoreCase": {"aws:PrincipalTag/team": "ADS"}},
    {"Null": {"aws:PrincipalTag/team": "true"}},
    {"Null": {"aws:SourceVpce": "false"}},
    {"DateLessThan": {"aws:CurrentTime": "2027-02-01T00:00:00Z"}},
    {"DateGreaterThanEquals": {"aws:CurrentTime": "2027-02-01T00:00:00Z"}},
]


def generated(count: int, seed: int) -> list[Case]:
    """Return random cases over S3: every type of policy, both accounts, conditions with and without their keys."""
    chance = random.Random(seed)
    return [_random_case(chance, number) for number in range(count)]


def _random_case(chance: random.Random, number: int) -> Case:
    who = chance.choice(["ana", "train", "bot"])
    return Case(
        says=f"generated case {number}",
        who=who,
        does=chance.choice(_ACTIONS),
        to=f"arn:aws:s3:::{chance.choice(_KEYS)}",
        context={key: chance.choice(values) for key, values in _VALUES.items() if chance.random() < 0.6},
        identity=_statements(chance) if chance.random() < 0.8 else [],
        resource=_statements(chance, WHO[who]) if chance.random() < 0.6 else None,
        boundary=_statements(chance) if chance.random() < 0.25 else None,
        session=_statements(chance) if who == "train" and chance.random() < 0.3 else None,
        scps=[_statements(chance) for _ in range(chance.randint(1, 2))] if chance.random() < 0.25 else None,
    )


def _statements(chance: random.Random, who: Principal | None = None) -> Statements:
    return [_statement(chance, who) for _ in range(chance.choice([1, 1, 2, 3]))]


def _statement(chance: random.Random, who: Principal | None) -> dict[str, Any]:
    statement: dict[str, Any] = {"Effect": chance.choices(["Allow", "Deny"], [4, 1])[0]}
    statement[chance.choices(["Action", "NotAction"], [6, 1])[0]] = _some(chance, _PATTERNS)
    statement[chance.choices(["Resource", "NotResource"], [6, 1])[0]] = _some(chance, _RESOURCES)
    if chance.random() < 0.45:
        statement["Condition"] = chance.choice(_CONDITIONS)
    if who:
        names = [who.arn, f"arn:aws:iam::{who.account}:root", *([who.role_arn] if who.role_arn else [])]
        listed = [*names, *names, f"arn:aws:iam::{HOME}:user/bea"]
        statement["Principal"] = chance.choice(["*", {"AWS": "*"}, *({"AWS": name} for name in listed)])
    return statement


def _some(chance: random.Random, values: list[str]) -> str | list[str]:
    return chance.choice([chance.choice(values), chance.sample(values, 2)])
