"""What SageMaker's tests share: a bucket, a role, archives of scripts, and requests to change one thing in."""

from __future__ import annotations

import contextlib
import io
import json
import os
import socket
import tarfile
import textwrap
import time
from collections.abc import Callable
from functools import cache
from typing import Any

import boto3
from botocore.exceptions import WaiterError

from mlacourse.cloud.sagemaker.state import State
from mlacourse.cloud.session import Cloud

SCIKIT_LEARN = "683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-scikit-learn:1.2-1-cpu-py3"
BUCKET = "churn-lab"
CODE = f"s3://{BUCKET}/code/source.tar.gz"
MODEL_DATA = f"s3://{BUCKET}/models/model.tar.gz"
EVERYTHING = {"Effect": "Allow", "Action": "*", "Resource": "*"}

# A model server without scikit-learn, which starts at once: it answers with its own name.
ECHO = """
    import os
    def model_fn(model_dir):
        return os.environ.get("NAME", "model")
    def input_fn(body, content_type):
        return body
    def predict_fn(data, model):
        return model + ":" + (data if isinstance(data, str) else data.decode())
    def output_fn(prediction, accept):
        return prediction, "text/csv"
"""


def client(service: str) -> Any:
    """A client of the cloud that runs now; making one takes longer than most calls."""
    return _client(service, os.environ["AWS_ENDPOINT_URL"])


@cache
def _client(service: str, endpoint: str) -> Any:
    return boto3.client(service, endpoint_url=endpoint)


def until(condition: Callable[[], bool]) -> None:
    """Wait for what another process or thread does."""
    deadline = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < deadline, "did not happen within 20 s"
        time.sleep(0.01)


def role(name: str = "Worker", *statements: dict[str, Any], trusted: str = "sagemaker.amazonaws.com") -> str:
    """A role with these permissions, all of them by default."""
    iam = client("iam")
    trust = {"Effect": "Allow", "Principal": {"Service": trusted}, "Action": "sts:AssumeRole"}
    arn: str = iam.create_role(RoleName=name, AssumeRolePolicyDocument=policy(trust))["Role"]["Arn"]
    iam.put_role_policy(RoleName=name, PolicyName="work", PolicyDocument=policy(*(statements or (EVERYTHING,))))
    return arn


def policy(*statements: dict[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def archive(files: dict[str, str]) -> bytes:
    """A tar.gz of text files."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as content:
        for name, text in files.items():
            data = textwrap.dedent(text).encode()
            member = tarfile.TarInfo(name)
            member.size = len(data)
            content.addfile(member, io.BytesIO(data))
    return buffer.getvalue()


def put(key: str, body: bytes | str) -> None:
    client("s3").put_object(Bucket=BUCKET, Key=key, Body=body)


def get(key: str) -> bytes:
    body: bytes = client("s3").get_object(Bucket=BUCKET, Key=key)["Body"].read()
    return body


def keys(prefix: str = "") -> list[str]:
    found = client("s3").list_objects_v2(Bucket=BUCKET, Prefix=prefix)
    return [item["Key"] for item in found.get("Contents", [])]


def source(script: str, name: str = "train.py") -> None:
    """Put a script where requests look for it."""
    put("code/source.tar.gz", archive({name: script}))


def training(name: str, role_arn: str, **changed: Any) -> dict[str, Any]:
    """A request for a script mode job; ``changed`` replaces members."""
    return {
        "TrainingJobName": name,
        "RoleArn": role_arn,
        "AlgorithmSpecification": {"TrainingImage": SCIKIT_LEARN, "TrainingInputMode": "File"},
        "HyperParameters": {"sagemaker_program": "train.py", "sagemaker_submit_directory": CODE},
        "OutputDataConfig": {"S3OutputPath": f"s3://{BUCKET}/out"},
        "ResourceConfig": {"InstanceType": "ml.m5.large", "InstanceCount": 1, "VolumeSizeInGB": 5},
        "StoppingCondition": {"MaxRuntimeInSeconds": 600},
        **changed,
    }


def channel(name: str, uri: str, **changed: Any) -> dict[str, Any]:
    source = {"S3DataType": "S3Prefix", "S3Uri": uri}
    return {"ChannelName": name, "DataSource": {"S3DataSource": source}, **changed}


def ended(name: str) -> dict[str, Any]:
    """The description of a training job once it is over."""
    sagemaker = client("sagemaker")
    # The waiter raises for a job that failed.
    with contextlib.suppress(WaiterError):
        sagemaker.get_waiter("training_job_completed_or_stopped").wait(TrainingJobName=name)
    described: dict[str, Any] = sagemaker.describe_training_job(TrainingJobName=name)
    return described


def trained(request: dict[str, Any]) -> dict[str, Any]:
    """Create a job and return its description once it is over."""
    client("sagemaker").create_training_job(**request)
    return ended(request["TrainingJobName"])


def lines(group: str, stream_prefix: str = "") -> list[str]:
    """What was logged in the streams of a group."""
    logs = client("logs")
    streams = logs.describe_log_streams(logGroupName=group, logStreamNamePrefix=stream_prefix or "")["logStreams"]
    return [
        event["message"]
        for stream in streams
        for event in logs.get_log_events(logGroupName=group, logStreamName=stream["logStreamName"])["events"]
    ]


def model(name: str, role_arn: str, script: str = ECHO, image: str = SCIKIT_LEARN, **environment: str) -> None:
    """A model whose archive carries its inference script."""
    put(f"models/{name}.tar.gz", archive({"code/inference.py": script}))
    client("sagemaker").create_model(
        ModelName=name,
        ExecutionRoleArn=role_arn,
        PrimaryContainer={
            "Image": image,
            "ModelDataUrl": f"s3://{BUCKET}/models/{name}.tar.gz",
            "Environment": {"NAME": name, **environment},
        },
    )


def variant(name: str, model_name: str, weight: float = 1.0) -> dict[str, Any]:
    return {
        "VariantName": name,
        "ModelName": model_name,
        "InstanceType": "ml.m5.large",
        "InitialInstanceCount": 1,
        "InitialVariantWeight": weight,
    }


def config(name: str, *variants: dict[str, Any], **members: Any) -> None:
    client("sagemaker").create_endpoint_config(EndpointConfigName=name, ProductionVariants=list(variants), **members)


def in_service(endpoint: str, config_name: str) -> dict[str, Any]:
    """Create an endpoint and return its description once it is in service."""
    sagemaker = client("sagemaker")
    sagemaker.create_endpoint(EndpointName=endpoint, EndpointConfigName=config_name)
    sagemaker.get_waiter("endpoint_in_service").wait(EndpointName=endpoint)
    described: dict[str, Any] = sagemaker.describe_endpoint(EndpointName=endpoint)
    return described


def invoked(endpoint: str, body: str = "1", **params: Any) -> tuple[str, str]:
    """The answer's text and the variant that gave it."""
    answer = client("sagemaker-runtime").invoke_endpoint(
        EndpointName=endpoint, Body=body, **{"ContentType": "text/csv", **params}
    )
    return answer["Body"].read().decode(), answer["InvokedProductionVariant"]


def servers(cloud: Cloud) -> list[Any]:
    """The model servers that may get a request of any endpoint."""
    fleets = [fleet for endpoint in cloud.part(State).endpoints.values() for fleet, _ in endpoint.traffic]
    return [variant.server for fleet in fleets for variant in fleet.variants]


def listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
