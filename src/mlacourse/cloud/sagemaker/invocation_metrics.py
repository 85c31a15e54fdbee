"""The metrics that SageMaker itself writes for each invocation of an endpoint."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mlacourse.cloud.call import Call, Principal, Request
from mlacourse.cloud.handlers import handler_of
from mlacourse.cloud.sagemaker.roles import SERVICE

if TYPE_CHECKING:
    from mlacourse.cloud.sagemaker.fleet import Fleet, Variant
    from mlacourse.cloud.sagemaker.model_server import Answer
    from mlacourse.cloud.session import Cloud

NAMESPACE = "AWS/SageMaker"
_MICROSECONDS = 1_000_000


def publish(cloud: Cloud, endpoint: str, fleet: Fleet, variant: Variant, answer: Answer, overhead: float) -> None:
    """Count one invocation of a variant, with its latencies, at the cloud's time.

    Every metric is there twice: for the variant, and for the variant with one endpoint configuration, by which an
    alarm tells the new fleet of a deployment from the old one.
    """
    ok = 200 <= answer.status < 300
    values = {
        "Invocations": (1.0, "Count"),
        "InvocationsPerInstance": (1.0 / max(1, variant.active), "Count"),
        "ModelLatency": (answer.seconds * _MICROSECONDS, "Microseconds"),
        "OverheadLatency": (overhead * _MICROSECONDS, "Microseconds"),
        "Invocation4XXErrors": (float(400 <= answer.status < 500), "Count"),
        "Invocation5XXErrors": (float(answer.status == 0 or answer.status >= 500), "Count"),
        "InvocationModelErrors": (float(not ok), "Count"),
    }
    of_variant = [{"Name": "EndpointName", "Value": endpoint}, {"Name": "VariantName", "Value": variant.name}]
    of_config = [*of_variant, {"Name": "EndpointConfigName", "Value": fleet.config["EndpointConfigName"]}]
    now = cloud.clock.now()
    data = [
        {"MetricName": name, "Dimensions": dimensions, "Timestamp": now, "Value": value, "Unit": unit}
        for dimensions in (of_variant, of_config)
        for name, (value, unit) in values.items()
    ]
    call = Call(
        service="cloudwatch",
        operation="PutMetricData",
        params={"Namespace": NAMESPACE, "MetricData": data},
        principal=Principal(SERVICE, "service"),
        region=cloud.region,
        account=cloud.account,
        time=now,
        request=Request("POST", "", "", "/", {}, {}, b""),
        id="",
        random=cloud.random("sagemaker", "PutMetricData"),
    )
    handler = handler_of(call.service, call.operation)
    if handler is not None:
        handler(cloud, call)
    else:
        cloud.forward_raw(call, serialize=True)
