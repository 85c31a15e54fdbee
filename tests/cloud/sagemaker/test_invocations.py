from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from cloud.aws import error_of
from cloud.sagemaker.account import client, config, in_service, invoked, model, role, variant

from mlacourse.cloud.sagemaker import model_server
from mlacourse.cloud.session import Cloud

FAILS = """
    import os, time
    def model_fn(model_dir):
        return None
    def input_fn(body, content_type):
        return body
    def predict_fn(body, model):
        if body == "sleep":
            time.sleep(30)
        if body == "die":
            os._exit(1)
        if body == "fail":
            raise ValueError("cannot score this")
        return body
    def output_fn(prediction, accept):
        return prediction
"""


def metric(cloud: Cloud, name: str, variant_name: str, endpoint: str = "e", statistic: str = "Sum") -> float:
    """One statistic of a variant's metric over the time so far; the clock moves on by a minute."""
    cloud.clock.advance(minutes=1)
    points = client("cloudwatch").get_metric_statistics(
        Namespace="AWS/SageMaker",
        MetricName=name,
        Dimensions=[{"Name": "EndpointName", "Value": endpoint}, {"Name": "VariantName", "Value": variant_name}],
        StartTime=cloud.clock.start,
        EndTime=cloud.clock.now(),
        Period=86_400,
        Statistics=[statistic],
    )["Datapoints"]
    return float(points[0][statistic]) if points else 0.0


@pytest.fixture
def two(sagemaker: Any) -> None:
    """An endpoint with two variants at .9 and .1."""
    arn = role()
    model("first", arn)
    model("second", arn)
    config("c", variant("a", "first", 0.9), variant("b", "second", 0.1))
    in_service("e", "c")


def failing() -> Any:
    model("m", role(), script=FAILS)
    config("c", variant("a", "m"))
    in_service("e", "c")
    return client("sagemaker-runtime").invoke_endpoint


def test_weights_split_the_requests(cloud: Cloud, two: None) -> None:
    answers = Counter(invoked("e") for _ in range(200))
    assert answers == {("first:1", "a"): 180, ("second:1", "b"): 20}
    assert metric(cloud, "Invocations", "a") == 180
    assert metric(cloud, "Invocations", "b") == 20


def test_the_same_seed_makes_the_same_choices(cloud: Cloud, two: None) -> None:
    assert "".join(invoked("e")[1] for _ in range(24)) == "aaaaaaaaaaaaaaaaabaaaaaa"


def test_new_weights_count_at_once(sagemaker: Any, two: None) -> None:
    wanted = [{"VariantName": "a", "DesiredWeight": 0.0}, {"VariantName": "b", "DesiredWeight": 1.0}]
    sagemaker.update_endpoint_weights_and_capacities(EndpointName="e", DesiredWeightsAndCapacities=wanted)
    assert {invoked("e")[1] for _ in range(20)} == {"b"}


def test_a_target_variant_gets_its_requests_whatever_its_weight(two: None) -> None:
    assert {invoked("e", TargetVariant="b") for _ in range(10)} == {("second:1", "b")}
    assert error_of(
        client("sagemaker-runtime").invoke_endpoint, EndpointName="e", Body=b"1", TargetVariant="ghost"
    ) == ("ValidationError", "Variant ghost not found in endpoint e.")


def test_the_same_body_is_predicted_anew(sagemaker: Any) -> None:
    counting = """
        import itertools
        count = itertools.count(1)
        def model_fn(model_dir): return None
        def input_fn(body, content_type): return body
        def predict_fn(body, model): return f"{body} {next(count)}"
        def output_fn(prediction, accept): return prediction
    """
    model("m", role(), script=counting)
    config("c", variant("a", "m"))
    in_service("e", "c")
    assert [invoked("e", "same")[0] for _ in range(3)] == ["same 1", "same 2", "same 3"]


def test_a_shadow_gets_its_share_and_the_answer_comes_from_production(cloud: Cloud, sagemaker: Any) -> None:
    arn = role()
    model("live", arn)
    model("candidate", arn)
    config("c", variant("live", "live"), ShadowProductionVariants=[variant("shadow", "candidate", 0.5)])
    in_service("e", "c")
    assert {invoked("e") for _ in range(100)} == {("live:1", "live")}
    assert metric(cloud, "Invocations", "shadow") == 50
    assert metric(cloud, "Invocations", "live") == 100


def test_a_slow_shadow_does_not_slow_production(cloud: Cloud, sagemaker: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(model_server, "INVOCATION_TIMEOUT", 2.0)
    arn = role()
    model("live", arn)
    model("slow", arn, script=FAILS)
    config("c", variant("live", "live"), ShadowProductionVariants=[variant("shadow", "slow")])
    in_service("e", "c")
    assert invoked("e", "sleep") == ("live:sleep", "live")
    assert metric(cloud, "Invocation5XXErrors", "shadow") == 1
    assert metric(cloud, "Invocation5XXErrors", "live") == 0


def test_an_exception_in_the_container_is_a_model_error(cloud: Cloud, sagemaker: Any) -> None:
    invoke = failing()
    with pytest.raises(client("sagemaker-runtime").exceptions.ModelError) as caught:
        invoke(EndpointName="e", Body=b"fail", ContentType="text/csv")
    answer = caught.value.response
    assert answer["ResponseMetadata"]["HTTPStatusCode"] == 424
    assert answer["OriginalStatusCode"] == 500
    assert answer["OriginalMessage"].startswith("cannot score this\nTraceback")
    assert answer["Error"]["Message"].startswith('Received server error (500) from primary with message "cannot score')
    assert answer["Error"]["Message"].endswith(
        "#logEventViewer:group=/aws/sagemaker/Endpoints/e in account 123456789012 for more information."
    )
    assert metric(cloud, "Invocation5XXErrors", "a") == metric(cloud, "InvocationModelErrors", "a") == 1
    assert metric(cloud, "Invocation4XXErrors", "a") == 0


def test_a_request_that_the_container_refuses_is_a_client_error(cloud: Cloud, sagemaker: Any) -> None:
    model("m", role(), script="def model_fn(model_dir): return None")
    config("c", variant("a", "m"))
    in_service("e", "c")
    invoke = client("sagemaker-runtime").invoke_endpoint
    code, message = error_of(invoke, EndpointName="e", Body=b"x", ContentType="image/png")
    assert code == "ModelError"
    assert message.startswith('Received client error (415) from primary with message "Content type image/png is not')
    assert metric(cloud, "Invocation4XXErrors", "a") == 1


def test_a_container_that_takes_too_long_times_out(sagemaker: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(model_server, "INVOCATION_TIMEOUT", 0.3)
    invoke = failing()
    code, message = error_of(invoke, EndpointName="e", Body=b"sleep", ContentType="text/csv")
    assert code == "ModelError"
    assert message.startswith(
        'Received server error (0) from primary with message "Your invocation timed out while waiting for a response '
        "from container primary."
    )


def test_a_container_that_dies_is_a_model_error(sagemaker: Any) -> None:
    invoke = failing()
    code, message = error_of(invoke, EndpointName="e", Body=b"die", ContentType="text/csv")
    assert code == "ModelError"
    assert message.startswith("Received server error (0) from primary")


def test_a_body_above_the_limit_of_the_service_model_is_refused(sagemaker: Any) -> None:
    invoke = failing()
    assert error_of(invoke, EndpointName="e", Body=b"x" * (6 * 1024 * 1024 + 1)) == (
        "413",
        "HTTP content length exceeded 6291456 bytes.",
    )


def test_custom_attributes_and_the_inference_id_reach_the_container(sagemaker: Any) -> None:
    tells = """
        def model_fn(model_dir): return None
        def input_fn(body, content_type): return body
        def predict_fn(body, model): return body
        def output_fn(prediction, accept, context):
            context.set_response_header(0, "X-Amzn-SageMaker-Custom-Attributes", "model=7")
            names = ("Custom-Attributes", "Inference-Id")
            seen = [context.get_request_header(0, f"X-Amzn-SageMaker-{name}") for name in names]
            return " ".join([accept, *seen])
    """
    model("m", role(), script=tells)
    config("c", variant("a", "m"))
    in_service("e", "c")
    answer = client("sagemaker-runtime").invoke_endpoint(
        EndpointName="e", Body=b"1", Accept="text/plain", CustomAttributes="trace=1", InferenceId="id-1"
    )
    assert answer["Body"].read() == b"text/plain trace=1 id-1"
    assert answer["CustomAttributes"] == "model=7"
    assert answer["ContentType"] == "text/plain"


def test_latencies_are_measured_in_microseconds(cloud: Cloud, two: None) -> None:
    for _ in range(5):
        invoked("e", TargetVariant="a")
    assert metric(cloud, "ModelLatency", "a", statistic="Minimum") > 100
    assert metric(cloud, "OverheadLatency", "a", statistic="SampleCount") == 5


def test_what_is_not_built_is_refused(two: None) -> None:
    invoke = client("sagemaker-runtime").invoke_endpoint
    code, message = error_of(invoke, EndpointName="e", Body=b"1", TargetModel="a.tar.gz")
    assert code == "NotBuiltOffline"
    assert "TargetModel" in message


def test_a_call_needs_permission(cloud: Cloud, two: None) -> None:
    user = cloud.role_keys(role("Nobody", {"Effect": "Allow", "Action": "s3:*", "Resource": "*"}), "test", "test")
    code, message = error_of(cloud.client("sagemaker-runtime", user).invoke_endpoint, EndpointName="e", Body=b"1")
    assert code == "AccessDeniedException"
    assert "sagemaker:InvokeEndpoint" in message
