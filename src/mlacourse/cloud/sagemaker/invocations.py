"""InvokeEndpoint: one request on its way to a variant and back, with metrics, shadows and capture."""

from __future__ import annotations

import time
from collections.abc import Mapping
from functools import cache
from random import Random
from typing import TYPE_CHECKING, Any

from mlacourse.cloud import moto_parts
from mlacourse.cloud.call import AwsError, Call
from mlacourse.cloud.handlers import handles
from mlacourse.cloud.sagemaker import invocation_metrics
from mlacourse.cloud.sagemaker.capture import Exchange
from mlacourse.cloud.sagemaker.endpoint import Endpoint
from mlacourse.cloud.sagemaker.fleet import LOG_GROUP, Fleet, Variant
from mlacourse.cloud.sagemaker.model_server import Answer, NoAnswerError, StoppedError
from mlacourse.cloud.sagemaker.state import State, refuse_parameters

if TYPE_CHECKING:
    from mlacourse.cloud.session import Cloud

CUSTOM_ATTRIBUTES = "X-Amzn-SageMaker-Custom-Attributes"
INFERENCE_ID = "X-Amzn-SageMaker-Inference-Id"
_DEFAULT_TYPE = "application/octet-stream"
_NOT_BUILT = {
    "EnableExplanations": "Leave it out.",
    "InferenceComponentName": "Inference components are not built.",
    "SessionId": "Stateful sessions are not built.",
    "TargetContainerHostname": "Multi-container endpoints are not built.",
    "TargetModel": "Multi-model endpoints are not built.",
}


@handles("sagemaker-runtime", "InvokeEndpoint")
def invoke_endpoint(cloud: Cloud, call: Call) -> dict[str, Any]:
    """Send a request to the variant that its turn falls on, and its answer back."""
    begun = time.perf_counter()
    name, body = call.params["EndpointName"], _body(call)
    refuse_parameters(call, _NOT_BUILT)
    endpoint, headers = cloud.part(State).endpoints.get(name), _headers(call)
    while True:
        if endpoint is None or not endpoint.traffic:
            raise AwsError("ValidationError", f"Endpoint {name} of account {call.account} not found.")
        fleet = endpoint.choose(call.random)
        variant = _target(fleet, call) or fleet.choose(call.random)
        try:
            answer = _ask(variant, body, headers)
        except StoppedError:  # the traffic has moved on meanwhile
            continue
        break
    for shadow in fleet.shadowed(call.random):
        _copy(cloud, endpoint, fleet, shadow, call, body, headers)
    overhead = time.perf_counter() - begun - answer.seconds
    invocation_metrics.publish(cloud, name, fleet, variant, answer, overhead)
    if not 200 <= answer.status < 300:
        raise _model_error(call, variant, answer)
    attributes = _header(answer, CUSTOM_ATTRIBUTES)
    fleet.capture.add(_exchange(call, body, headers, answer), variant.name, variant.role, call.random)
    result = {
        "Body": answer.body,
        "ContentType": _header(answer, "Content-Type"),
        "InvokedProductionVariant": variant.name,
        "CustomAttributes": attributes,
    }
    return {member: value for member, value in result.items() if value is not None}


@cache
def largest_body() -> int:
    """Return the largest request in bytes that botocore's service model names: 6 MiB in the release pinned here."""
    operation = moto_parts.service_model("sagemaker-runtime").operation_model("InvokeEndpoint")
    size: int = operation.input_shape.members["Body"].metadata["max"]
    return size


def _body(call: Call) -> bytes:
    body = moto_parts.as_bytes(call.params["Body"])
    if len(body) > largest_body():
        raise AwsError("413", f"HTTP content length exceeded {largest_body()} bytes.", 413)
    return body


def _target(fleet: Fleet, call: Call) -> Variant | None:
    name = call.params.get("TargetVariant")
    if name is None:
        return None
    variant = fleet.variant(name)
    if variant is None:
        raise AwsError("ValidationError", f"Variant {name} not found in endpoint {call.params['EndpointName']}.")
    return variant


def _headers(call: Call) -> dict[str, str]:
    """Return what SageMaker passes on to the container; other headers are stripped."""
    params = call.params
    headers = {"Content-Type": params.get("ContentType", _DEFAULT_TYPE), "Accept": params.get("Accept", "*/*")}
    if "CustomAttributes" in params:
        headers[CUSTOM_ATTRIBUTES] = params["CustomAttributes"]
    if "InferenceId" in params:
        headers[INFERENCE_ID] = params["InferenceId"]
    return headers


def _ask(variant: Variant, body: bytes, headers: Mapping[str, str]) -> Answer:
    """Invoke a variant; silence is an answer with the status 0, as SageMaker tells it."""
    begun = time.perf_counter()
    try:
        return variant.server.invoke(body, headers)
    except NoAnswerError as error:
        return Answer(0, {}, str(error).encode(), time.perf_counter() - begun)


def _copy(
    cloud: Cloud, endpoint: Endpoint, fleet: Fleet, shadow: Variant, call: Call, body: bytes, headers: Mapping[str, str]
) -> None:
    """Send the request to a shadow as well; its answer goes to the metrics and the capture, and to nobody else."""
    chance = Random(call.random.getrandbits(64))

    def send() -> Answer | None:
        try:
            return _ask(shadow, body, headers)
        except StoppedError:
            return None

    def sent(answer: Answer | None) -> None:
        if answer is not None:
            invocation_metrics.publish(cloud, endpoint.name, fleet, shadow, answer, 0.0)
            if 200 <= answer.status < 300:
                fleet.capture.add(_exchange(call, body, headers, answer), shadow.name, shadow.role, chance)

    endpoint.copy(send, sent)


def _exchange(call: Call, body: bytes, headers: Mapping[str, str], answer: Answer) -> Exchange:
    return Exchange(
        body,
        headers["Content-Type"],
        answer.body,
        _header(answer, "Content-Type") or "",
        call.params.get("InferenceId"),
        call.params.get("CustomAttributes"),
    )


def _model_error(call: Call, variant: Variant, answer: Answer) -> AwsError:
    group = f"{LOG_GROUP}/{call.params['EndpointName']}"
    text = answer.body.decode(errors="replace")
    side = "client" if 400 <= answer.status < 500 else "server"
    console = f"https://{call.region}.console.aws.amazon.com/cloudwatch/home?region={call.region}#logEventViewer"
    return AwsError(
        "ModelError",
        f'Received {side} error ({answer.status}) from primary with message "{text}". See {console}:group={group} in '
        f"account {call.account} for more information.",
        424,
        OriginalStatusCode=answer.status,
        OriginalMessage=text,
        LogStreamArn=f"arn:aws:logs:{call.region}:{call.account}:log-group:{group}",
    )


def _header(answer: Answer, name: str) -> str | None:
    return next((value for header, value in answer.headers.items() if header.lower() == name.lower()), None)
