from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from cloud.aws import error_of
from cloud.sagemaker.account import (
    BUCKET,
    channel,
    client,
    config,
    in_service,
    invoked,
    lines,
    listens,
    model,
    put,
    role,
    servers,
    source,
    trained,
    training,
    until,
    variant,
)
from sklearn.datasets import load_iris
from sklearn.linear_model import LogisticRegression

from mlacourse.cloud import images
from mlacourse.cloud.sagemaker import model_server
from mlacourse.cloud.sagemaker.state import State
from mlacourse.cloud.session import Cloud

NO_PING = "The primary container for production variant {} did not pass the ping health check. Please check CloudWatch "
NO_PING += "logs for this endpoint."

# A server of one's own, in two lines of the convention: it listens where it is told, and answers what it is told.
SERVE = """#!/usr/bin/env python
import os
from http.server import BaseHTTPRequestHandler, HTTPServer
class Server(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(int(os.environ.get("PING", "200")))
        self.end_headers()
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(200)
        self.end_headers()
        self.wfile.write(body[::-1])
    def log_message(self, *_):
        pass
print("listening", flush=True)
HTTPServer(("127.0.0.1", int(os.environ["SAGEMAKER_BIND_TO_PORT"])), Server).serve_forever()
"""


def own_image(folder: Path, repository: str = "server") -> str:
    (folder / "serve").write_text(SERVE)
    (folder / "serve").chmod(0o755)
    client("ecr").create_repository(repositoryName=repository)
    return images.build(folder, repository)


def failed(endpoint: str, config_name: str) -> str:
    """The reason why an endpoint did not come into service."""
    sagemaker = client("sagemaker")
    sagemaker.create_endpoint(EndpointName=endpoint, EndpointConfigName=config_name)
    with pytest.raises(Exception, match="Waiter EndpointInService failed"):
        sagemaker.get_waiter("endpoint_in_service").wait(EndpointName=endpoint)
    described = sagemaker.describe_endpoint(EndpointName=endpoint)
    assert described["EndpointStatus"] == "Failed"
    reason: str = described["FailureReason"]
    return reason


def test_a_model_trained_in_a_job_predicts_behind_an_endpoint(sagemaker: Any) -> None:
    data = load_iris()
    rows = [",".join(map(str, [*row, label])) for row, label in zip(data.data, data.target, strict=True)]
    put("iris/train.csv", "\n".join(rows))
    source("""
        import argparse, os, joblib, numpy as np
        from sklearn.linear_model import LogisticRegression
        parser = argparse.ArgumentParser()
        parser.add_argument("--max-iter", type=int)
        table = np.loadtxt(os.path.join(os.environ["SM_CHANNEL_TRAIN"], "train.csv"), delimiter=",")
        model = LogisticRegression(max_iter=parser.parse_args().max_iter).fit(table[:, :-1], table[:, -1])
        joblib.dump(model, os.path.join(os.environ["SM_MODEL_DIR"], "model.joblib"))
    """)
    arn = role()
    request = training("iris", arn, InputDataConfig=[channel("train", f"s3://{BUCKET}/iris/")])
    request["HyperParameters"] |= {"max-iter": "500"}
    job = trained(request)
    source(
        """
        import os, joblib
        def model_fn(model_dir):
            return joblib.load(os.path.join(model_dir, "model.joblib"))
        """,
        "inference.py",
    )
    container = {
        "Image": request["AlgorithmSpecification"]["TrainingImage"],
        "ModelDataUrl": job["ModelArtifacts"]["S3ModelArtifacts"],
        "Environment": {"SAGEMAKER_SUBMIT_DIRECTORY": request["HyperParameters"]["sagemaker_submit_directory"]},
    }
    sagemaker.create_model(ModelName="iris", ExecutionRoleArn=arn, PrimaryContainer=container)
    config("iris", variant("AllTraffic", "iris"))
    in_service("iris", "iris")
    sample = data.data[::25]
    answer, _ = invoked("iris", "\n".join(",".join(map(str, row)) for row in sample), Accept="text/csv")
    expected = LogisticRegression(max_iter=500).fit(data.data, data.target).predict(sample)
    assert [float(line) for line in answer.split()] == expected.tolist()


def test_an_endpoint_is_creating_until_its_container_answers_pings(sagemaker: Any) -> None:
    model("m", role())
    config("c", variant("AllTraffic", "m"))
    sagemaker.create_endpoint(EndpointName="e", EndpointConfigName="c")
    endpoint = sagemaker.describe_endpoint(EndpointName="e")
    assert (endpoint["EndpointStatus"], endpoint["EndpointConfigName"]) == ("Creating", "c")
    assert endpoint["PendingDeploymentSummary"]["EndpointConfigName"] == "c"
    assert error_of(sagemaker.delete_endpoint, EndpointName="e")[1].startswith("Cannot update in-progress endpoint")
    sagemaker.get_waiter("endpoint_in_service").wait(EndpointName="e")


def test_an_endpoint_in_service_tells_its_variants(sagemaker: Any) -> None:
    model("m", role())
    config("c", variant("a", "m", 3.0), variant("b", "m", 1.0))
    described = in_service("e", "c")["ProductionVariants"]
    assert [(one["VariantName"], one["CurrentWeight"], one["CurrentInstanceCount"]) for one in described] == [
        ("a", 3.0, 1),
        ("b", 1.0, 1),
    ]


def test_an_image_of_your_own_serves_with_its_serve_program(sagemaker: Any, tmp_path: Path) -> None:
    model("m", role(), image=own_image(tmp_path))
    config("c", variant("AllTraffic", "m"))
    in_service("e", "c")
    assert invoked("e", "abc") == ("cba", "AllTraffic")
    assert lines("/aws/sagemaker/Endpoints/e", "AllTraffic/") == ["listening"]


def test_a_container_that_fails_its_pings_fails_the_endpoint(
    sagemaker: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(model_server, "UNHEALTHY_SECONDS", 0.1)
    model("m", role(), image=own_image(tmp_path), PING="503")
    config("c", variant("blue", "m"))
    assert failed("e", "c") == NO_PING.format("blue")


def test_a_container_that_ends_fails_the_endpoint_and_leaves_its_traceback(sagemaker: Any) -> None:
    model("m", role(), script="def model_fn(model_dir): raise OSError('no model.joblib')")
    config("c", variant("AllTraffic", "m"))
    assert failed("e", "c") == NO_PING.format("AllTraffic")
    assert lines("/aws/sagemaker/Endpoints/e", "AllTraffic/")[-1] == "OSError: no model.joblib"
    code, message = error_of(client("sagemaker-runtime").invoke_endpoint, EndpointName="e", Body=b"1")
    assert (code, message) == ("ValidationError", "Endpoint e of account 123456789012 not found.")


def test_model_data_that_is_gone_fails_the_endpoint(sagemaker: Any) -> None:
    model("m", role())
    config("c", variant("AllTraffic", "m"))
    client("s3").delete_object(Bucket=BUCKET, Key="models/m.tar.gz")
    assert failed("e", "c").startswith(
        f'Failed to download model data for container "container_1" from URL: "s3://{BUCKET}/models/m.tar.gz".'
    )


def test_a_failed_endpoint_can_only_be_deleted(sagemaker: Any) -> None:
    model("m", role(), script="raise SystemExit")
    config("c", variant("AllTraffic", "m"))
    failed("e", "c")
    code, _ = error_of(sagemaker.update_endpoint, EndpointName="e", EndpointConfigName="c")
    assert code == "ValidationException"
    sagemaker.delete_endpoint(EndpointName="e")
    sagemaker.get_waiter("endpoint_deleted").wait(EndpointName="e")


def test_a_deleted_endpoint_leaves_no_server(cloud: Cloud, sagemaker: Any) -> None:
    model("m", role())
    config("c", variant("AllTraffic", "m"))
    in_service("e", "c")
    [server] = servers(cloud)
    assert listens(server.port)
    sagemaker.delete_endpoint(EndpointName="e")
    assert not listens(server.port)
    code, message = error_of(sagemaker.describe_endpoint, EndpointName="e")
    assert code == "ValidationException"
    assert message.startswith("Could not find endpoint")


def test_a_reset_leaves_no_server(cloud: Cloud, sagemaker: Any) -> None:
    model("m", role())
    config("c", variant("a", "m"), variant("b", "m"))
    in_service("e", "c")
    ports = [server.port for server in servers(cloud)]
    sagemaker.create_endpoint(EndpointName="unready", EndpointConfigName="c")
    cloud.reset()
    assert [listens(port) for port in ports] == [False, False]


def test_an_update_moves_to_the_new_configuration_without_a_gap(sagemaker: Any) -> None:
    model("old", role())
    model("new", role("Other"))
    config("before", variant("AllTraffic", "old"))
    config("after", variant("AllTraffic", "new"))
    in_service("e", "before")
    sagemaker.update_endpoint(EndpointName="e", EndpointConfigName="after")
    answers = [invoked("e")[0]]
    while sagemaker.describe_endpoint(EndpointName="e")["EndpointStatus"] == "Updating":
        answers.append(invoked("e")[0])
    answers.append(invoked("e")[0])
    assert answers[0] == "old:1"
    assert answers[-1] == "new:1"
    assert answers == sorted(answers, reverse=True)
    assert sagemaker.describe_endpoint(EndpointName="e")["EndpointConfigName"] == "after"


def test_a_request_under_way_is_answered_before_its_server_stops(cloud: Cloud, sagemaker: Any, tmp_path: Path) -> None:
    holds = """
        import os, time
        def model_fn(model_dir): return os.environ["NAME"]
        def input_fn(body, content_type): return body
        def predict_fn(path, name):
            open(path + ".begun", "w").close()
            while not os.path.exists(path): time.sleep(0.01)
            return name
        def output_fn(prediction, accept): return prediction
    """
    model("old", role(), script=holds)
    model("new", role("Other"))
    config("before", variant("AllTraffic", "old"))
    config("after", variant("AllTraffic", "new"))
    in_service("e", "before")
    with ThreadPoolExecutor() as pool:
        held = pool.submit(invoked, "e", str(tmp_path / "go"))
        until(lambda: (tmp_path / "go.begun").exists())
        sagemaker.update_endpoint(EndpointName="e", EndpointConfigName="after")
        until(lambda: cloud.part(State).endpoints["e"].fleet.config["EndpointConfigName"] == "after")
        (tmp_path / "go").touch()
        assert held.result()[0] == "old"
    sagemaker.get_waiter("endpoint_in_service").wait(EndpointName="e")
    assert invoked("e")[0] == "new:1"


def test_an_update_that_fails_keeps_what_was_there(sagemaker: Any) -> None:
    model("good", role())
    model("bad", role("Other"), script="raise SystemExit")
    config("before", variant("AllTraffic", "good"))
    config("after", variant("AllTraffic", "bad"))
    in_service("e", "before")
    sagemaker.update_endpoint(EndpointName="e", EndpointConfigName="after")
    sagemaker.get_waiter("endpoint_in_service").wait(EndpointName="e")
    endpoint = sagemaker.describe_endpoint(EndpointName="e")
    assert endpoint["EndpointConfigName"] == "before"
    assert endpoint["FailureReason"] == NO_PING.format("AllTraffic")
    assert invoked("e")[0] == "good:1"


def test_an_update_can_keep_weights_and_counts(sagemaker: Any) -> None:
    model("m", role())
    config("before", variant("a", "m", 1.0), variant("b", "m", 1.0))
    config("after", variant("a", "m", 1.0), variant("b", "m", 1.0))
    in_service("e", "before")
    wanted = [{"VariantName": "a", "DesiredWeight": 5.0, "DesiredInstanceCount": 3}]
    sagemaker.update_endpoint_weights_and_capacities(EndpointName="e", DesiredWeightsAndCapacities=wanted)
    sagemaker.update_endpoint(
        EndpointName="e",
        EndpointConfigName="after",
        RetainAllVariantProperties=True,
        ExcludeRetainedVariantProperties=[{"VariantPropertyType": "DesiredInstanceCount"}],
    )
    sagemaker.get_waiter("endpoint_in_service").wait(EndpointName="e")
    first = sagemaker.describe_endpoint(EndpointName="e")["ProductionVariants"][0]
    assert (first["CurrentWeight"], first["CurrentInstanceCount"]) == (5.0, 1)
