"""The identity chapter: its charts as documented, its checkpoints, its checks against the usual wrong answers."""

from __future__ import annotations

import copy
import json
import time
from collections.abc import Iterator
from typing import Any

import jupytext
import pytest
import vl_convert

from mlacourse import cloud, resources
from mlacourse.notebook import charts

CHAPTER = resources.path("chapters", "04_monitoring_security", "06_identity_and_access.md")
NOTEBOOK = json.loads(CHAPTER.with_suffix(".ipynb").read_text(encoding="utf-8"))
CELLS = [cell for cell in jupytext.read(CHAPTER).cells if cell.cell_type == "code"]
MAY_ANA, HOW_WIDE = range(2)

Names = dict[str, Any]


def source(beginning: str) -> str:
    """The one code cell that has this text."""
    (found,) = [str(cell.source) for cell in CELLS if beginning in cell.source]
    return found


def exercise(grade_id: str) -> str:
    (found,) = [str(cell.source) for cell in CELLS if cell.metadata.get("nbgrader", {}).get("grade_id") == grade_id]
    return found


# --- the charts ---------------------------------------------------------------------------------------------------


def demo(number: int, **values: str) -> str:
    """What a chart shows when its menus stand at ``values``."""
    outputs = [output.get("data", {}) for cell in NOTEBOOK["cells"] for output in cell.get("outputs", [])]
    spec = copy.deepcopy([data[charts.VEGALITE] for data in outputs if charts.VEGALITE in data][number])
    for param in spec["params"]:
        param["value"] = values.pop(param["name"], param["value"])
    assert not values
    return vl_convert.vegalite_to_svg(spec, vl_version="5.20")


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
    shown = demo(MAY_ANA, **menus)
    assert f">{answer}<" in shown
    assert f">{'ALLOWED' if answer == 'DENIED' else 'DENIED'}<" not in shown


def test_the_chart_tells_where_the_way_ends_and_asks_nothing_after_it() -> None:
    shown = demo(MAY_ANA, identity="denies")
    assert ">the identity-based policy denies<" in shown
    assert shown.count(">not asked<") == 5  # four steps, and the legend


@pytest.mark.parametrize(
    ("policy", "allowed", "salaries"),
    [
        ("the lab's six statements", 6, "refused"),
        ("the lab's, without the key", 4, "refused"),
        ("administrator", 13, "allowed"),
    ],
)
def test_the_second_chart_shows_what_a_policy_lets_through(policy: str, allowed: int, salaries: str) -> None:
    shown = demo(HOW_WIDE, policy=policy)
    assert shown.count(": allowed<") == allowed
    assert shown.count(": refused<") == 13 - allowed
    assert f">read hr/salaries.csv: {salaries}<" in shown


# --- the lab ------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def lab_cells() -> Iterator[Names]:
    """The lab's two first cells, run: what a learner runs after a restart."""
    names: Names = {"display": lambda _: None}
    exec(source("cloud.start()\n"), names)
    exec(source("@cloud.step("), names)
    yield names
    cloud.stop()


@pytest.fixture(scope="module")
def leftovers(lab_cells: Names) -> Names:
    """The account as the exercises find it, and the seconds that the checkpoint took."""
    began = time.perf_counter()
    cloud.checkpoint("6")
    lab_cells["seconds"] = time.perf_counter() - began
    exec(source('cloud.checkpoint("6")').replace('cloud.checkpoint("6")\n', ""), lab_cells)
    return lab_cells


def complaint(names: Names, grade_id: str) -> str | None:
    """What a check says about the account as it is, or None if it passes."""
    try:
        exec(exercise(f"{grade_id}-check"), names)
    except AssertionError as error:
        return str(error) or "an assertion without words"
    return None


def test_every_section_begins_with_its_checkpoint() -> None:
    begun = [line for cell in CELLS for line in cell.source.splitlines() if line.startswith("cloud.checkpoint(")]
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
        exercise("iam-tls-only").replace('[BUCKET_ARN, f"{BUCKET_ARN}/*"]', 'f"{BUCKET_ARN}/*"'),
        # An Allow with TLS does not refuse anybody without.
        exercise("iam-tls-only")
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
        exercise("iam-partner-trust").replace('f"arn:aws:iam::{member_account()}:root"', '"*"'),
        # The account, without the external id.
        exercise("iam-partner-trust").replace('"Condition": {"StringEquals": {"sts:ExternalId": "claims-2027"}},', ""),
        # A typing error in the external id locks the partner out.
        exercise("iam-partner-trust").replace("claims-2027", "claims-2026"),
    ],
    "iam-nightly-export": [
        "",
        # Every key of the account.
        exercise("iam-nightly-export").replace('"Resource": key_arn()', '"Resource": "*"'),
        # The whole bucket.
        exercise("iam-nightly-export").replace("/models/*", "/*"),
        # No key at all.
        exercise("iam-nightly-export").replace('["kms:Decrypt", "kms:GenerateDataKey"]', '"kms:DescribeKey"'),
    ],
}


@pytest.mark.parametrize("grade_id", list(WRONG))
def test_a_check_refuses_the_usual_slips_and_takes_the_solution(leftovers: Names, grade_id: str) -> None:
    for answer in WRONG[grade_id]:
        exec(answer, leftovers)
        assert complaint(leftovers, grade_id) is not None, answer
    exec(exercise(grade_id), leftovers)
    assert complaint(leftovers, grade_id) is None


def test_the_last_check_ticks_the_lab() -> None:
    assert exercise("iam-nightly-export-check").splitlines()[-1] == 'lab.passed("least-privilege")'
