from __future__ import annotations

import os
import socket
from collections.abc import Callable, Iterator

import boto3
import botocore.auth
import botocore.handlers
import botocore.httpsession
import pytest

from mlacourse import cloud as face
from mlacourse.cloud.guard import LeavesTheMachineError
from mlacourse.cloud.session import Cloud


@pytest.fixture
def stopped() -> Iterator[None]:
    """Whatever a test starts is stopped after it."""
    yield
    face.stop()


def test_starting_again_empties_the_running_cloud(stopped: None) -> None:
    first = face.start()
    boto3.client("s3").create_bucket(Bucket="bkt")
    assert face.start() is first
    assert boto3.client("s3").list_buckets()["Buckets"] == []


def test_the_face_shows_clock_and_events_of_the_running_cloud(stopped: None) -> None:
    face.start()
    face.clock.advance(minutes=5)
    boto3.client("sts").get_caller_identity()
    assert [(event["eventName"], event["eventTime"]) for event in face.events()] == [
        ("GetCallerIdentity", "2027-01-11T09:05:00Z")
    ]


def test_without_a_running_cloud_the_face_says_what_to_do() -> None:
    with pytest.raises(RuntimeError, match=r"Call cloud\.start\(\) first"):
        face.clock  # noqa: B018


def test_a_client_from_before_the_start_cannot_leave_either(stopped: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "before")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "before")
    early = boto3.client("sts", region_name="us-east-1")
    with Cloud(), pytest.raises(LeavesTheMachineError):
        early.get_caller_identity()


def test_a_proxy_of_the_learner_is_not_asked(stopped: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://192.0.2.1:9")
    monkeypatch.setenv("http_proxy", "http://192.0.2.1:9")
    with Cloud():
        assert boto3.client("sts").get_caller_identity()["Account"] == "123456789012"


def test_stop_puts_the_environment_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_PROFILE", "mine")
    monkeypatch.setenv("NO_PROXY", "intranet")
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    before = dict(os.environ)
    with Cloud():
        assert "AWS_PROFILE" not in os.environ
        assert os.environ["NO_PROXY"].startswith("intranet,")
    assert dict(os.environ) == before


def test_stop_frees_the_port() -> None:
    with Cloud() as cloud:
        port = int(cloud.endpoint.rsplit(":", 1)[1])
        client = boto3.client("sts")
        client.get_caller_identity()
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port), timeout=2)


def test_a_part_of_a_service_is_closed_at_reset_and_at_stop() -> None:
    closed = []

    class Part:
        def __init__(self, cloud: Cloud) -> None:
            self.name = f"part {len(closed)}"

        def close(self) -> None:
            closed.append(self.name)

    with Cloud() as cloud:
        assert cloud.part(Part) is cloud.part(Part)
        cloud.reset()
        cloud.part(Part)
    assert closed == ["part 0", "part 1"]


def inside_of_boto3() -> tuple[object, ...]:
    """What the offline cloud replaces while it runs."""
    return (
        botocore.httpsession.URLLib3Session.send,
        botocore.auth.get_current_datetime,
        botocore.auth.time,
        tuple(botocore.handlers.BUILTIN_HANDLERS),
        boto3.DEFAULT_SESSION,
    )


def test_stop_leaves_boto3_as_it_was() -> None:
    before = inside_of_boto3()
    with Cloud():
        boto3.client("sts").get_caller_identity()
        assert inside_of_boto3() != before
    assert inside_of_boto3() == before


def test_a_second_cloud_in_the_same_process_is_refused() -> None:
    with Cloud(), pytest.raises(RuntimeError, match="Another offline cloud runs in this process"):
        Cloud().start()


@pytest.mark.parametrize("end", [face.stop, lambda: face.offline().stop()])
def test_stop_forgets_the_lab_so_that_another_one_starts_empty(stopped: None, end: Callable[[], None]) -> None:
    face.start()
    face.step("1", reached=lambda: True)(lambda: None)
    end()
    face.start()
    with pytest.raises(ValueError, match=r"no section '1'\. Run the cells at its top"):
        face.checkpoint("1")
