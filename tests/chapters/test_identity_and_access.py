"""The identity chapter: its charts as documented, its checkpoints, its checks against the usual wrong answers."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest
from chapter_source import ChapterSource, Names, complaint

from mlacourse import cloud

SOURCE = ChapterSource("04_monitoring_security", "06_identity_and_access")
MAY_ANA, HOW_WIDE = range(2)


# --- the charts ---------------------------------------------------------------------------------------------------


# What the IAM user guide says about a role's session within one account and across two.
# Source: "How AWS enforcement code logic evaluates requests to allow or deny access".
DOCUMENTED = [
    ({"identity": "says nothing", "bucket": "none"}, "DENIED"),
    ({"identity": "allows", "bucket": "none"}, "ALLOWED"),
    ({"identity": "allows", "bucket": "allows the role", "control": "denies"}, "DENIED"),
    ({"identity": "allows", "control": "says nothing"}, "DENIED"),
    ({"identity": "says nothing", "bucket": "allows the role"}, "ALLOWED"),
    ({"identity": "says nothing", "bucket": "allows the account"}, "DENIED"),
    ({"bucket": "allows the role", "boundary": "says nothing"}, "DENIED"),
    ({"bucket": "allows the session", "boundary": "says nothing"}, "ALLOWED"),
    ({"identity": "allows", "bucket": "none", "boundary": "allows"}, "ALLOWED"),
    ({"identity": "allows", "bucket": "none", "boundary": "says nothing"}, "DENIED"),
    ({"identity": "allows", "bucket": "none", "place": "another account"}, "DENIED"),
    ({"identity": "says nothing", "bucket": "allows the role", "place": "another account"}, "DENIED"),
    ({"identity": "allows", "bucket": "allows the role", "place": "another account"}, "ALLOWED"),
    ({"identity": "denies", "bucket": "allows the session"}, "DENIED"),
]


@pytest.mark.parametrize(("menus", "answer"), DOCUMENTED)
def test_the_chart_answers_as_the_user_guide_says(menus: dict[str, str], answer: str) -> None:
    shown = SOURCE.shown(MAY_ANA, **menus)
    assert answer in shown
    assert ("ALLOWED" if answer == "DENIED" else "DENIED") not in shown


def test_the_chart_tells_where_the_way_ends_and_asks_nothing_after_it() -> None:
    shown = SOURCE.shown(MAY_ANA, identity="denies")
    assert "the identity-based policy denies" in shown
    assert shown.count("not asked") == 5  # four steps, and the legend


@pytest.mark.parametrize(
    ("policy", "allowed", "salaries"),
    [
        ("the lab's six statements", 6, "refused"),
        ("the lab's, without the key", 4, "refused"),
        ("administrator", 13, "allowed"),
    ],
)
def test_the_second_chart_shows_what_a_policy_lets_through(policy: str, allowed: int, salaries: str) -> None:
    shown = SOURCE.shown(HOW_WIDE, policy=policy)
    assert sum(text.endswith(": allowed") for text in shown) == allowed
    assert sum(text.endswith(": refused") for text in shown) == 13 - allowed
    assert f"read hr/salaries.csv: {salaries}" in shown


# --- the lab ------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def lab_cells() -> Iterator[Names]:
    """The lab's two first cells, run: what a learner runs after a restart."""
    names: Names = {"display": lambda _: None}
    exec(SOURCE.cell_with("cloud.start()\n"), names)
    exec(SOURCE.cell_with("@cloud.step("), names)
    yield names
    cloud.stop()


@pytest.fixture(scope="module")
def leftovers(lab_cells: Names) -> Names:
    """The account as the exercises find it, and the seconds that the checkpoint took."""
    began = time.perf_counter()
    cloud.checkpoint("6")
    lab_cells["seconds"] = time.perf_counter() - began
    exec(SOURCE.cell_with('cloud.checkpoint("6")').replace('cloud.checkpoint("6")\n', ""), lab_cells)
    return lab_cells


def test_every_section_begins_with_its_checkpoint() -> None:
    begun = [line for cell in SOURCE.cells for line in cell.source.splitlines() if line.startswith("cloud.checkpoint(")]
    assert begun == [f'cloud.checkpoint("{number}")' for number in range(1, 7)]


def test_each_step_is_reached_once_it_is_built_and_not_before(lab_cells: Names) -> None:
    steps = cloud._the_lab()._steps
    cloud.checkpoint("1")
    for step in steps.values():
        assert not step.reached(), step.title
        step.build()
        assert step.reached(), step.title


def test_a_checkpoint_rebuilds_everything_before_the_exercises(leftovers: Names) -> None:
    roles = [role["RoleName"] for role in leftovers["iam"].list_roles()["Roles"]]
    assert {"scientist", "claims-training", "team-features", "pipeline"} <= set(roles)
    assert leftovers["seconds"] < 30  # five on a quiet machine


WRONG: dict[str, list[str]] = {
    "iam-tls-only": [
        "",
        # Only the objects: the bucket can be listed without TLS.
        SOURCE.solution("iam-tls-only").replace('[BUCKET_ARN, f"{BUCKET_ARN}/*"]', 'f"{BUCKET_ARN}/*"'),
        # An Allow with TLS does not refuse anybody without.
        SOURCE.solution("iam-tls-only")
        .replace('"Deny"', '"Allow"')
        .replace('"false"', '"true"')
        .replace('"Principal": "*"', '"Principal": {"AWS": ACCOUNT}'),
    ],
    "iam-pass-role": [
        "",
        # Any service may get the role.
        'one = may_pass("claims-training"); one.pop("Condition"); grant("pipeline", "train", may_train(), one)',
        # Any role may be passed to SageMaker.
        'grant("pipeline", "train", may_train(), may_pass("*"))',
        # Nothing may be passed.
        'grant("pipeline", "train", may_train())',
    ],
    "iam-partner-trust": [
        "",
        # The external id, but from every account.
        SOURCE.solution("iam-partner-trust").replace('f"arn:aws:iam::{member_account()}:root"', '"*"'),
        # The account, without the external id.
        SOURCE.solution("iam-partner-trust").replace(
            '"Condition": {"StringEquals": {"sts:ExternalId": "claims-2027"}},', ""
        ),
        # A typing error in the external id locks the partner out.
        SOURCE.solution("iam-partner-trust").replace("claims-2027", "claims-2026"),
    ],
    "iam-nightly-export": [
        "",
        # Every key of the account.
        SOURCE.solution("iam-nightly-export").replace('"Resource": key_arn()', '"Resource": "*"'),
        # The whole bucket.
        SOURCE.solution("iam-nightly-export").replace("/models/*", "/*"),
        # No key at all.
        SOURCE.solution("iam-nightly-export").replace('["kms:Decrypt", "kms:GenerateDataKey"]', '"kms:DescribeKey"'),
    ],
}


@pytest.mark.parametrize("grade_id", list(WRONG))
def test_a_check_refuses_the_usual_slips_and_takes_the_solution(leftovers: Names, grade_id: str) -> None:
    for answer in WRONG[grade_id]:
        exec(answer, leftovers)
        assert complaint(SOURCE.check(grade_id), leftovers) is not None, answer
    exec(SOURCE.solution(grade_id), leftovers)
    assert complaint(SOURCE.check(grade_id), leftovers) is None


def test_the_last_check_ticks_the_lab() -> None:
    assert SOURCE.check("iam-nightly-export").splitlines()[-1] == 'lab.passed("least-privilege")'
