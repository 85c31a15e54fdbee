"""Two engines, one answer: this package against @cloud-copilot/iam-simulate."""

from __future__ import annotations

from collections import Counter

import pytest
from cloud.iam.agreement import WHO, Case, decide, generated, ours, theirs, written

from mlacourse.cloud.iam.evaluate import PolicyType
from mlacourse.cloud.iam.principals import Named

GENERATED = generated(count=400, seed=4)


@pytest.mark.parametrize("case", written(), ids=lambda case: case.says)
def test_the_written_case_is_decided_as_aws_documents_it(case: Case) -> None:
    assert ours(case) == case.expect


def test_both_engines_decide_alike_but_for_the_documented_differences() -> None:
    cases = [*written(), *GENERATED]
    answers = theirs(cases)
    differing = [(case, answer) for case, answer in zip(cases, answers, strict=True) if ours(case) != answer]
    assert [case.says for case, answer in differing if not _explained(case, answer)] == []
    stale = [case.says for case, answer in zip(cases, answers, strict=True) if case.theirs and answer != case.theirs]
    assert stale == [], "These differences are gone: delete their `theirs` and `differs`."


def test_at_least_two_hundred_cases_of_every_outcome_are_compared() -> None:
    outcomes = Counter(ours(case) for case in [*written(), *GENERATED])
    assert sum(outcomes.values()) >= 200
    assert min(outcomes[outcome] for outcome in ("allow", "deny", "explicit deny")) >= 50


def test_every_documented_difference_says_why() -> None:
    assert [case.says for case in written() if bool(case.theirs) != bool(case.differs)] == []


def _explained(case: Case, answer: str) -> bool:
    """A written case says why itself; a generated one differs where a session is named in person.

    AWS: permissions granted directly to a session are not limited by an implicit deny in a session policy. The other
    engine lets the session policy limit them all the same.
    """
    if case.theirs:
        return answer == case.theirs
    decision = decide(case)
    return (
        decision.allowed
        and answer == "deny"
        and WHO[case.who].kind == "assumed-role"
        and decision.finding(PolicyType.SESSION).verdict == "nothing"
        and decision.finding(PolicyType.RESOURCE).named is Named.DIRECTLY
    )
