from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import boto3
import botocore.httpsession
import pytest
from botocore.awsrequest import AWSResponse
from botocore.exceptions import ClientError

from mlacourse import cloud as face
from mlacourse.cloud import own_account
from mlacourse.cloud.own_account import NotAgreedError, OwnAccount, cost_of

Send = Callable[[Any], tuple[int, str]]


class Network:
    """Stands for AWS: what was sent, and what is answered."""

    def __init__(self) -> None:
        self.sent: list[Any] = []
        self.answer = (200, "{}")

    def send(self, request: Any) -> AWSResponse:
        self.sent.append(request)
        status, body = self.answer

        class Raw:
            def stream(self, **_: Any) -> Iterator[bytes]:
                yield body.encode()

        return AWSResponse(request.url, status, {}, Raw())

    @property
    def operations(self) -> list[str]:
        """The operations that were asked for, in order."""
        return [request.headers["X-Amz-Target"].decode().rsplit(".", 1)[-1] for request in self.sent]


@pytest.fixture
def network(monkeypatch: pytest.MonkeyPatch) -> Network:
    """No request gets past botocore's HTTP layer."""
    found = Network()
    monkeypatch.setattr(botocore.httpsession.URLLib3Session, "send", lambda session, request: found.send(request))
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAOWNACCOUNT")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "own")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-central-1")
    monkeypatch.setenv("MLACOURSE_CLOUD", "aws")
    return found


class Learner:
    """Answers the questions, and remembers them."""

    def __init__(self, *answers: str) -> None:
        self.asked: list[str] = []
        self._answers = list(answers)

    def __call__(self, question: str) -> str:
        self.asked.append(question)
        return self._answers.pop(0)


@pytest.fixture
def mode(network: Network, tmp_path: Path) -> Iterator[Callable[..., OwnAccount]]:
    """Start the mode with a learner who gives these answers."""
    started: list[OwnAccount] = []

    def start(*answers: str) -> OwnAccount:
        account = OwnAccount(Learner(*answers), tmp_path / "made.jsonl").start()
        started.append(account)
        return account

    yield start
    for account in started:
        account.stop()


def config(client: Any) -> dict[str, Any]:
    variant = {"VariantName": "a", "ModelName": "m", "InstanceType": "ml.m5.large", "InitialInstanceCount": 1}
    answer: dict[str, Any] = client.create_endpoint_config(EndpointConfigName="c", ProductionVariants=[variant])
    return answer


# --- leaving boto3 alone --------------------------------------------------------------------------------------


def test_boto3_keeps_the_learners_keys_and_aws_own_address(network: Network, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(own_account, "MADE", Path(os.devnull))
    before = dict(os.environ)
    with face.start():
        boto3.client("sagemaker").list_models()
        assert dict(os.environ) == before
    face.stop()
    (request,) = network.sent
    assert request.url == "https://api.sagemaker.eu-central-1.amazonaws.com/"
    assert b"Credential=AKIAOWNACCOUNT/" in request.headers["Authorization"]


def test_what_needs_the_offline_cloud_says_that_this_is_not_it(
    network: Network, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(own_account, "MADE", Path(os.devnull))
    with face.start(), pytest.raises(RuntimeError, match="nothing like it: unset MLACOURSE_CLOUD"):
        face.clock  # noqa: B018
    face.stop()


# --- asking ---------------------------------------------------------------------------------------------------


def test_a_call_that_costs_money_asks_first_and_is_not_sent_on_no(mode: Any, network: Network) -> None:
    account = mode("n")
    with pytest.raises(NotAgreedError, match="nothing was sent"):
        boto3.client("sagemaker").create_endpoint(EndpointName="e", EndpointConfigName="c")
    assert network.sent == []
    assert account._ask.asked == [
        "sagemaker:CreateEndpoint in your own AWS account: it is billed by time until you delete it. Go on? [y/N] "
    ]


@pytest.mark.parametrize("answer", ["y", "YES", " yes "])
def test_a_yes_sends_it(mode: Any, network: Network, answer: str) -> None:
    mode(answer)
    network.answer = (200, '{"KeyMetadata": {"KeyId": "k-1"}}')
    boto3.client("kms").create_key()
    assert network.operations == ["CreateKey"]


@pytest.mark.parametrize("answer", ["", "yo", "no"])
def test_anything_but_yes_is_no(mode: Any, network: Network, answer: str) -> None:
    mode(answer)
    with pytest.raises(NotAgreedError):
        boto3.client("kms").create_key()
    assert network.sent == []


def test_the_same_call_asks_once(mode: Any, network: Network) -> None:
    account = mode("y")
    network.answer = (200, '{"KeyMetadata": {"KeyId": "k-1"}}')
    kms = boto3.client("kms")
    kms.create_key()
    kms.create_key()
    assert (len(account._ask.asked), len(network.sent)) == (1, 2)


def test_a_session_of_ones_own_asks_too(mode: Any, network: Network) -> None:
    mode("n")
    with pytest.raises(NotAgreedError):
        boto3.Session().client("kms").create_key()
    assert network.sent == []


def test_reading_and_deleting_ask_nothing(mode: Any, network: Network) -> None:
    mode()
    sagemaker = boto3.client("sagemaker")
    sagemaker.list_endpoints()
    sagemaker.delete_endpoint(EndpointName="e")
    assert network.operations == ["ListEndpoints", "DeleteEndpoint"]


@pytest.mark.parametrize(
    ("service", "operation", "asks"),
    [
        ("sagemaker", "CreateTrainingJob", True),
        ("sagemaker", "CreateProcessingJob", True),
        ("sagemaker", "UpdateEndpoint", True),
        ("sagemaker", "CreateFeatureGroup", True),
        ("sagemaker-featurestore-runtime", "PutRecord", True),
        ("sagemaker-featurestore-runtime", "GetRecord", False),
        ("kinesis", "CreateStream", True),
        ("kinesis", "PutRecords", True),
        ("kinesis", "GetRecords", False),
        ("glue", "StartDataQualityRulesetEvaluationRun", True),
        ("glue", "CreateDatabase", False),
        ("kms", "DisableKey", False),
        ("sagemaker", "CreateModel", False),
        ("sagemaker", "DescribeEndpoint", False),
        ("sagemaker", "StopTrainingJob", False),
        ("ec2", "RunInstances", True),
        ("ec2", "CreateVpc", True),
        ("redshift", "CreateCluster", True),
        ("iam", "CreateRole", False),
        ("s3", "PutObject", False),
    ],
)
def test_which_calls_ask(service: str, operation: str, asks: bool) -> None:
    assert (cost_of(service, operation) is not None) is asks


# --- cleaning up ----------------------------------------------------------------------------------------------


def test_what_was_made_is_written_down_for_a_later_kernel(mode: Any, network: Network, tmp_path: Path) -> None:
    mode("y")
    network.answer = (200, '{"EndpointConfigArn": "arn", "EndpointArn": "arn"}')
    sagemaker = boto3.client("sagemaker")
    config(sagemaker)
    sagemaker.create_endpoint(EndpointName="e", EndpointConfigName="c")
    later = OwnAccount(Learner(), tmp_path / "made.jsonl")
    assert [str(made) for made in later.made] == ["sagemaker Endpoint e", "sagemaker EndpointConfig c"]
    assert {made.region for made in later.made} == {"eu-central-1"}


def test_a_call_that_failed_made_nothing(mode: Any, network: Network) -> None:
    account = mode()
    network.answer = (400, '{"__type": "ValidationException", "message": "no such model"}')
    with pytest.raises(ClientError):
        config(boto3.client("sagemaker"))
    assert list(account.made) == []


@pytest.fixture
def running(mode: Any, network: Network, monkeypatch: pytest.MonkeyPatch) -> Callable[..., OwnAccount]:
    """The mode as `cloud.cleanup()` finds it."""

    def start(*answers: str) -> OwnAccount:
        account: OwnAccount = mode(*answers)
        monkeypatch.setattr(face, "_running", account)
        return account

    return start


def test_cleanup_lists_asks_and_deletes(running: Any, network: Network, capsys: pytest.CaptureFixture[str]) -> None:
    account = running("y", "y")
    network.answer = (200, '{"EndpointConfigArn": "arn", "EndpointArn": "arn"}')
    sagemaker = boto3.client("sagemaker")
    config(sagemaker)
    sagemaker.create_endpoint(EndpointName="e", EndpointConfigName="c")
    face.cleanup()
    assert capsys.readouterr().out.splitlines() == [
        "Made in this lab:",
        "  sagemaker Endpoint e",
        "  sagemaker EndpointConfig c",
        "Deleted.",
    ]
    assert account._ask.asked[-1] == "Delete all of it from your own AWS account? [y/N] "
    assert network.operations[-2:] == ["DeleteEndpoint", "DeleteEndpointConfig"]
    assert list(account.made) == []


def test_cleanup_deletes_nothing_on_no(running: Any, network: Network) -> None:
    account = running("n")
    network.answer = (200, '{"EndpointConfigArn": "arn"}')
    config(boto3.client("sagemaker"))
    face.cleanup()
    assert network.operations == ["CreateEndpointConfig"]
    assert len(list(account.made)) == 1


def test_what_is_gone_already_counts_as_deleted(running: Any, network: Network) -> None:
    account = running("y")
    network.answer = (200, '{"EndpointConfigArn": "arn"}')
    config(boto3.client("sagemaker"))
    network.answer = (400, '{"__type": "ValidationException", "message": "Could not find endpoint configuration"}')
    face.cleanup()
    assert list(account.made) == []


def test_an_endpoint_in_the_middle_of_an_update_stays_and_says_what_to_do(running: Any, network: Network) -> None:
    account = running("y", "y")
    network.answer = (200, '{"EndpointConfigArn": "arn", "EndpointArn": "arn"}')
    sagemaker = boto3.client("sagemaker")
    config(sagemaker)
    sagemaker.create_endpoint(EndpointName="e", EndpointConfigName="c")
    network.answer = (400, '{"__type": "ValidationException", "message": "Cannot update in-progress endpoint"}')
    with pytest.raises(RuntimeError, match=r"endpoint e .* billed until .* call cloud.cleanup\(\) again"):
        face.cleanup()
    assert (network.operations[-1], len(list(account.made))) == ("DeleteEndpoint", 2)


def test_what_cannot_be_deleted_stays_written_down(running: Any, network: Network) -> None:
    account = running("y")
    network.answer = (200, '{"EndpointConfigArn": "arn"}')
    config(boto3.client("sagemaker"))
    network.answer = (400, '{"__type": "AccessDeniedException", "message": "not authorized"}')
    with pytest.raises(ClientError, match="AccessDenied"):
        face.cleanup()
    assert len(list(account.made)) == 1
