"""The engine alone: laws that hold for every policy, parsing, patterns, operators, principals."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from typing import Any

import pytest
from cloud.iam.agreement import HOME, WHO, Case, decide
from hypothesis import given, settings
from hypothesis import strategies as st

from mlacourse.cloud.call import Principal
from mlacourse.cloud.iam import arns
from mlacourse.cloud.iam.conditions import OPERATORS, holds, instant
from mlacourse.cloud.iam.context import Context
from mlacourse.cloud.iam.evaluate import AccessRequest, Policies, PolicyType, evaluate
from mlacourse.cloud.iam.patterns import matches
from mlacourse.cloud.iam.policy import Condition, MalformedPolicyError, parse

ANA = Principal(f"arn:aws:iam::{HOME}:user/ana", "user", HOME)
OBJECT = "arn:aws:s3:::data/a.csv"

conditions = st.sampled_from(
    [
        {},
        {"Bool": {"aws:SecureTransport": "true"}},
        {"StringNotEquals": {"aws:SourceVpce": "vpce-1"}},
        {"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}},
        {"Null": {"aws:SourceVpce": "true"}},
    ]
)
patterns = st.sampled_from(["*", "s3:*", "s3:Get*", "s3:PutObject", "S3:getobject", "sqs:*"])
places = st.sampled_from(["*", "arn:aws:s3:::data/*", "arn:aws:s3:::data/a.csv", "arn:aws:s3:::other/*"])
circumstances = st.fixed_dictionaries(
    {},
    optional={
        "aws:SecureTransport": st.sampled_from(["true", "false"]),
        "aws:SourceVpce": st.sampled_from(["vpce-1", "vpce-2"]),
        "aws:SourceIp": st.sampled_from(["203.0.113.10", "198.51.100.7"]),
    },
)


def statements(effects: str = "both") -> st.SearchStrategy[list[dict[str, Any]]]:
    effect = st.sampled_from(["Allow", "Deny"]) if effects == "both" else st.just(effects)
    one = st.builds(
        lambda effect, action, place, condition: {
            "Effect": effect,
            "Action": action,
            "Resource": place,
            **({"Condition": condition} if condition else {}),
        },
        effect,
        patterns,
        places,
        conditions,
    )
    return st.lists(one, min_size=1, max_size=4)


def with_principal(listed: list[dict[str, Any]], who: str) -> list[dict[str, Any]]:
    return [{**statement, "Principal": {"AWS": WHO[who].arn}} for statement in listed]


cases = st.builds(
    Case,
    says=st.just("generated"),
    who=st.sampled_from(["ana", "train", "bot"]),
    does=st.sampled_from(["s3:GetObject", "s3:PutObject"]),
    to=st.just(OBJECT),
    context=circumstances,
    identity=statements(),
    boundary=st.none() | statements(),
    scps=st.none() | st.lists(statements(), min_size=1, max_size=2),
)


@settings(max_examples=200, deadline=None, derandomize=True)
@given(cases, statements("Deny"))
def test_adding_a_deny_never_allows(case: Case, denials: list[dict[str, Any]]) -> None:
    if decide(replace(case, identity=[*case.identity, *denials])).allowed:
        assert decide(case).allowed


@settings(max_examples=200, deadline=None, derandomize=True)
@given(cases, statements("Allow"))
def test_adding_an_allow_never_denies(case: Case, grants: list[dict[str, Any]]) -> None:
    if decide(case).allowed:
        assert decide(replace(case, identity=[*case.identity, *grants])).allowed
        assert decide(replace(case, resource=with_principal(grants, case.who))).allowed


@settings(max_examples=200, deadline=None, derandomize=True)
@given(cases, st.randoms(use_true_random=False))
def test_the_order_of_statements_does_not_matter(case: Case, chance: Any) -> None:
    shuffled = [*case.identity]
    chance.shuffle(shuffled)
    one, other = decide(case), decide(replace(case, identity=shuffled))
    assert (one.allowed, one.explicit, one.decided_by) == (other.allowed, other.explicit, other.decided_by)


@settings(max_examples=200, deadline=None, derandomize=True)
@given(cases, statements())
def test_a_boundary_only_takes_away(case: Case, boundary: list[dict[str, Any]]) -> None:
    if decide(replace(case, boundary=boundary)).allowed:
        assert decide(replace(case, boundary=None)).allowed


@settings(max_examples=100, deadline=None, derandomize=True)
@given(cases)
def test_a_refusal_says_why_and_an_allow_says_who_allowed(case: Case) -> None:
    decision = decide(case)
    if decision.allowed:
        assert decision.statements
        assert all(look.statement.effect == "Allow" for look in decision.statements)
    else:
        assert decision.reason
        assert bool(decision.statements) == decision.explicit


# --- parsing --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["", "[]", "nonsense", "3"])
def test_what_is_no_json_object_is_no_policy(text: str) -> None:
    with pytest.raises(MalformedPolicyError, match="This policy contains invalid Json"):
        parse(text, name="broken")


@pytest.mark.parametrize(
    "statement", [{"Effect": "allow", "Action": "s3:*"}, {"Effect": "Allow"}, {"Action": "s3:*"}, "Allow"]
)
def test_a_statement_needs_an_effect_as_written_and_an_action(statement: Any) -> None:
    with pytest.raises(MalformedPolicyError, match=r"Syntax errors in policy\."):
        parse({"Version": "2012-10-17", "Statement": statement}, name="broken")


def test_an_operator_is_read_with_its_quantifier_and_if_exists() -> None:
    document = {
        "Effect": "Allow",
        "Action": "*",
        "Resource": "*",
        "Condition": {"ForAnyValue:StringLikeIfExists": {"aws:TagKeys": ["team", "cost*"]}},
    }
    condition = parse({"Statement": document}, name="p").statements[0].conditions[0]
    assert condition == Condition("StringLike", "aws:TagKeys", ("team", "cost*"), "ForAnyValue", if_exists=True)
    assert str(condition) == "ForAnyValue:StringLikeIfExists aws:TagKeys: team, cost*"


# --- patterns and operators -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("pattern", "arn", "fits"),
    [
        ("arn:aws:s3:::data", "arn:aws:s3:::data", True),
        ("arn:aws:sqs", f"arn:aws:sqs:us-east-1:{HOME}:jobs", True),
        ("arn:aws:*:us-east-1:*:*", f"arn:aws:sqs:us-east-1:{HOME}:jobs", True),
        ("arn:aws:sqs:*:jobs", f"arn:aws:sqs:us-east-1:{HOME}:jobs", False),
        ("arn:aws:logs:*:*:log-group:/aws/*:*", f"arn:aws:logs:us-east-1:{HOME}:log-group:/aws/x:log-stream:", True),
        ("arn:aws:iam::${aws:PrincipalAccount}:role/*", f"arn:aws:iam::{HOME}:role/x", True),
    ],
)
def test_a_resource_is_matched_part_by_part(pattern: str, arn: str, fits: bool) -> None:
    assert arns.resource_matches(pattern, arn, Context({"aws:PrincipalAccount": HOME})) is fits


@given(st.text(alphabet="ab*?.", max_size=6))
def test_a_text_without_wildcards_matches_itself_alone(text: str) -> None:
    plain = text.replace("*", "").replace("?", "")
    assert matches(plain, plain)
    assert not matches(plain, plain + "x")


@pytest.mark.parametrize(
    ("operator", "wanted", "given_value", "expected"),
    [
        ("NumericEquals", "10", "10.0", True),
        ("NumericLessThan", "10", "9", True),
        ("NumericLessThan", "10", "no number", False),
        ("NumericNotEquals", "10", "11", True),
        ("DateEquals", "2027-01-11T09:00:00Z", "2027-01-11T10:00:00+01:00", True),
        ("DateGreaterThan", "1799657999", "2027-01-11T09:00:00Z", True),
        ("BinaryEquals", "QmluYXJ5", "QmluYXJ5", True),
        ("BinaryEquals", "QmluYXJ5", "%%", False),
        ("IpAddress", "203.0.113.10", "203.0.113.10", True),
        ("IpAddress", "203.0.113.0/24", "no address", False),
        ("NotIpAddress", "203.0.113.0/24", "198.51.100.7", True),
        ("ArnLike", "arn:aws:sns:*:*:alarm*", f"arn:aws:sns:us-east-1:{HOME}:alarms", True),
        ("ArnLike", "arn:aws:sns", f"arn:aws:sns:us-east-1:{HOME}:alarms", False),
        ("ArnNotEquals", "arn:aws:sns:*:*:x", f"arn:aws:sns:us-east-1:{HOME}:alarms", True),
        ("Bool", "true", "True", True),
        ("StringNotLike", "a*", "b", True),
    ],
)
def test_an_operator_compares(operator: str, wanted: str, given_value: str, expected: bool) -> None:
    assert holds(Condition(operator, "key", (wanted,)), Context({"key": given_value})) is expected


@pytest.mark.parametrize("operator", sorted(OPERATORS))
def test_a_missing_key_fails_but_for_negated_operators_and_if_exists(operator: str) -> None:
    assert holds(Condition(operator, "key", ("1",)), Context()) is OPERATORS[operator][1]
    assert holds(Condition(operator, "key", ("1",), if_exists=True), Context())
    assert holds(Condition(operator, "key", ("1",), "ForAllValues"), Context())
    assert not holds(Condition(operator, "key", ("1",), "ForAnyValue"), Context())


def test_a_date_is_read_in_both_of_its_forms() -> None:
    assert instant("2027-01-11") == instant("2027-01-11T00:00:00Z") == instant("1799625600")
    with pytest.raises(ValueError, match="isoformat"):
        instant("tomorrow")


# --- principals and messages ----------------------------------------------------------------------------------


def test_the_root_user_may_everything_that_no_scp_or_resource_policy_denies() -> None:
    root = Principal(f"arn:aws:iam::{HOME}:root", "root", HOME)
    request = AccessRequest(root, "s3:GetObject", OBJECT)
    assert evaluate(request, Policies()).allowed
    closed = parse({"Statement": {"Effect": "Deny", "Principal": "*", "Action": "*", "Resource": "*"}}, name="closed")
    assert not evaluate(request, Policies(resource=(closed,))).allowed
    assert not evaluate(request, Policies(scps=((closed,),))).allowed


def test_a_vpc_endpoint_policy_must_allow_what_passes_through_it() -> None:
    everything = parse({"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}, name="everything")
    only_sqs = parse({"Statement": {"Effect": "Allow", "Action": "sqs:*", "Resource": "*"}}, name="only sqs")
    decision = evaluate(AccessRequest(ANA, "s3:GetObject", OBJECT), Policies(identity=(everything,), endpoint=only_sqs))
    assert decision.reason == "because no VPC endpoint policy allows the s3:GetObject action"


@pytest.mark.parametrize(
    ("policy_type", "reason"),
    [
        (PolicyType.IDENTITY, "with an explicit deny in an identity-based policy"),
        (PolicyType.BOUNDARY, "with an explicit deny in a permissions boundary"),
        (PolicyType.SESSION, "with an explicit deny in a session policy"),
        (PolicyType.RESOURCE, "with an explicit deny in a resource-based policy"),
        (PolicyType.SCP, "with an explicit deny in a service control policy"),
        (PolicyType.ENDPOINT, "with an explicit deny in a VPC endpoint policy"),
    ],
)
def test_an_explicit_deny_is_worded_by_its_type(policy_type: PolicyType, reason: str) -> None:
    denying = parse({"Statement": {"Effect": "Deny", "Principal": "*", "Action": "*", "Resource": "*"}}, name="denying")
    by_type = {
        PolicyType.IDENTITY: Policies(identity=(denying,)),
        PolicyType.BOUNDARY: Policies(boundary=denying),
        PolicyType.SESSION: Policies(session=(denying,)),
        PolicyType.RESOURCE: Policies(resource=(denying,)),
        PolicyType.SCP: Policies(scps=((denying,),)),
        PolicyType.ENDPOINT: Policies(endpoint=denying),
    }
    assert evaluate(AccessRequest(ANA, "s3:GetObject", OBJECT), by_type[policy_type]).reason == reason


def test_the_engine_needs_neither_moto_nor_boto3() -> None:
    code = "import sys, mlacourse.cloud.iam.steps; print({'moto', 'boto3', 'botocore'} & set(sys.modules))"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "set()"
