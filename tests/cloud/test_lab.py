from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import boto3
import pytest
from cloud.processes import child

from mlacourse import cloud as face
from mlacourse.cloud.lab import Lab
from mlacourse.cloud.session import Cloud


@pytest.fixture
def s3(cloud: Cloud) -> Any:
    return boto3.client("s3")


def buckets(s3: Any) -> list[str]:
    return [bucket["Name"] for bucket in s3.list_buckets()["Buckets"]]


def lab_of(s3: Any, runs: list[str]) -> Lab:
    """Three sections that each leave a bucket behind."""
    lab = Lab()
    for section in ("1", "2", "3"):

        @lab.step(section, reached=lambda section=section: f"bucket-{section}" in buckets(s3))
        def one_more_bucket(section: str = section) -> None:
            runs.append(section)
            s3.create_bucket(Bucket=f"bucket-{section}")

    return lab


def test_a_restarted_kernel_gets_what_the_earlier_sections_build(cloud: Cloud, s3: Any) -> None:
    runs: list[str] = []
    assert lab_of(s3, runs).checkpoint(cloud, "3") == ["one more bucket", "one more bucket"]
    assert (runs, buckets(s3)) == (["1", "2"], ["bucket-1", "bucket-2"])


def test_who_comes_from_the_section_before_keeps_their_own_work(cloud: Cloud, s3: Any) -> None:
    runs: list[str] = []
    lab = lab_of(s3, runs)
    lab.checkpoint(cloud, "1")
    s3.create_bucket(Bucket="bucket-1")
    s3.create_bucket(Bucket="my-own")
    assert lab.checkpoint(cloud, "2") == []
    assert (runs, buckets(s3)) == ([], ["bucket-1", "my-own"])


def test_who_skipped_what_the_section_before_builds_gets_it(cloud: Cloud, s3: Any) -> None:
    lab = lab_of(s3, [])
    lab.checkpoint(cloud, "1")
    s3.create_bucket(Bucket="something-else")
    lab.checkpoint(cloud, "2")
    assert buckets(s3) == ["bucket-1"]


def test_going_back_to_a_section_undoes_what_was_done_since(cloud: Cloud, s3: Any) -> None:
    lab = lab_of(s3, [])
    lab.checkpoint(cloud, "2")
    s3.create_bucket(Bucket="bucket-2")
    lab.checkpoint(cloud, "2")
    assert buckets(s3) == ["bucket-1"]
    lab.checkpoint(cloud, "1")
    assert buckets(s3) == []


def test_running_a_checkpoint_again_at_once_replays_nothing(cloud: Cloud, s3: Any) -> None:
    runs: list[str] = []
    lab = lab_of(s3, runs)
    lab.checkpoint(cloud, "2")
    buckets(s3)
    assert (lab.checkpoint(cloud, "2"), runs) == ([], ["1"])


def test_a_restarted_cloud_is_not_where_the_learner_stood(cloud: Cloud, s3: Any) -> None:
    lab = lab_of(s3, [])
    lab.checkpoint(cloud, "2")
    cloud.reset()
    lab.checkpoint(cloud, "2")
    assert buckets(s3) == ["bucket-1"]


def test_a_replay_has_the_identifiers_and_the_time_of_the_first_run(cloud: Cloud) -> None:
    lab, iam = Lab(), boto3.client("iam")

    @lab.step("1", reached=lambda: False)
    def a_user() -> None:
        cloud.clock.advance(minutes=10)
        iam.create_user(UserName="ana")

    lab.step("2", reached=lambda: False)(lambda: None)
    seen = []
    for _ in range(2):
        lab.checkpoint(cloud, "2")
        user = iam.get_user(UserName="ana")["User"]
        seen.append((user["UserId"], user["CreateDate"] - cloud.clock.start))
        iam.delete_user(UserName="ana")
    assert seen[0] == seen[1]
    assert seen[0][1] == timedelta(minutes=10)


def test_a_section_that_the_lab_does_not_have_is_named(cloud: Cloud, s3: Any) -> None:
    with pytest.raises(ValueError, match=r"no section '7'. Its sections are 1, 2, 3"):
        lab_of(s3, []).checkpoint(cloud, "7")


# --- the public face ------------------------------------------------------------------------------------------

STEPS = """
import boto3
from mlacourse import cloud

@cloud.step("1", reached=lambda: True)
def a_bucket_with_data():
    boto3.client("s3").create_bucket(Bucket="data")

@cloud.step("2", reached=lambda: True)
def nothing_more():
    pass
"""


def test_a_checkpoint_starts_the_cloud_and_says_what_it_rebuilt() -> None:
    code = STEPS + 'cloud.checkpoint("2")\nprint(boto3.client("s3").list_buckets()["Buckets"][0]["Name"])'
    assert child(code).splitlines() == ["Rebuilt: a bucket with data.", "data"]


def test_a_checkpoint_that_keeps_everything_says_nothing() -> None:
    assert child(STEPS + 'cloud.checkpoint("1")\na_bucket_with_data()\ncloud.checkpoint("2")') == ""


@pytest.fixture
def own_account(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("MLACOURSE_CLOUD", "aws")
    yield
    face.stop()


def test_nothing_is_rebuilt_in_the_learners_own_account(own_account: None, capsys: pytest.CaptureFixture[str]) -> None:
    face.checkpoint("1")
    assert capsys.readouterr().out == "Your own account is not rebuilt: run the sections in order.\n"
