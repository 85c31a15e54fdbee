"""Endpoint configurations: which variants serve an endpoint, with which share, and what of it is captured."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mlacourse.cloud.call import Call
from mlacourse.cloud.handlers import handles
from mlacourse.cloud.sagemaker.artifacts import Location
from mlacourse.cloud.sagemaker.state import State, arn, invalid, not_built, page, refuse_parameters

if TYPE_CHECKING:
    from mlacourse.cloud.session import Cloud

_NOT_BUILT = {
    "AsyncInferenceConfig": "Use a real-time endpoint.",
    "CrossRegionTrafficConfig": "Leave it out.",
    "ExecutionRoleArn": "Give the role to the model: inference components are not built.",
    "ExplainerConfig": "Leave it out.",
    "MetricsConfig": "Leave it out.",
}
_VARIANT_NOT_BUILT = {
    "AcceleratorType": "Elastic Inference has ended.",
    "CapacityReservationConfig": "Leave it out.",
    "CoreDumpConfig": "Leave it out.",
    "InstancePools": "Use InstanceType.",
    "ManagedInstanceScaling": "Leave it out.",
    "ServerlessConfig": "Use InstanceType and InitialInstanceCount.",
}
_REPEATED = (
    "EndpointConfigName",
    "ProductionVariants",
    "ShadowProductionVariants",
    "DataCaptureConfig",
    "KmsKeyId",
    "VpcConfig",
    "EnableNetworkIsolation",
)


@handles("sagemaker", "CreateEndpointConfig")
def create_endpoint_config(cloud: Cloud, call: Call) -> dict[str, Any]:
    """Keep a configuration whose models exist."""
    state, request = cloud.part(State), call.params
    name = request["EndpointConfigName"]
    config_arn = arn(call, "endpoint-config", name)
    refuse_parameters(call, _NOT_BUILT)
    if name in state.endpoint_configs:
        raise invalid(f'Cannot create already existing endpoint configuration "{config_arn}".')
    production, shadows = request["ProductionVariants"], request.get("ShadowProductionVariants", [])
    if shadows and (len(production) > 1 or len(shadows) > 1):
        raise invalid(
            "If you use ShadowProductionVariants, you can only specify one variant for ProductionVariants and one "
            "variant for ShadowProductionVariants."
        )
    if "DataCaptureConfig" in request:
        Location.parse(request["DataCaptureConfig"]["DestinationS3Uri"])
    variants = [*production, *shadows]
    names = [variant["VariantName"] for variant in variants]
    if len(set(names)) < len(names):
        raise invalid("Variant names must be unique within an endpoint configuration.")
    for variant in variants:
        _check_variant(variant, state, call)
    state.endpoint_configs[name] = {
        **{member: request[member] for member in _REPEATED if member in request},
        "ProductionVariants": [_with_defaults(variant) for variant in production],
        "EndpointConfigArn": config_arn,
        "CreationTime": call.time,
    }
    if shadows:
        state.endpoint_configs[name]["ShadowProductionVariants"] = [_with_defaults(variant) for variant in shadows]
    state.tag(config_arn, request.get("Tags", []))
    return {"EndpointConfigArn": config_arn}


@handles("sagemaker", "DescribeEndpointConfig")
def describe_endpoint_config(cloud: Cloud, call: Call) -> dict[str, Any]:
    """Tell a configuration."""
    return endpoint_config(cloud, call)


@handles("sagemaker", "ListEndpointConfigs")
def list_endpoint_configs(cloud: Cloud, call: Call) -> dict[str, Any]:
    """Tell every configuration in short."""
    members = ("EndpointConfigName", "EndpointConfigArn", "CreationTime")
    configs = [
        {member: config[member] for member in members} for config in list(cloud.part(State).endpoint_configs.values())
    ]
    found, more = page(call, configs, name="EndpointConfigName")
    return {"EndpointConfigs": found, **more}


@handles("sagemaker", "DeleteEndpointConfig")
def delete_endpoint_config(cloud: Cloud, call: Call) -> dict[str, Any]:
    """Forget a configuration; endpoints that were made with it go on."""
    state, config = cloud.part(State), endpoint_config(cloud, call)
    del state.endpoint_configs[config["EndpointConfigName"]]
    state.tags.pop(config["EndpointConfigArn"], None)
    return {}


def endpoint_config(cloud: Cloud, call: Call) -> dict[str, Any]:
    """Return the configuration that a request names."""
    name = call.params["EndpointConfigName"]
    config = cloud.part(State).endpoint_configs.get(name)
    if config is None:
        raise invalid(f'Could not find endpoint configuration "{arn(call, "endpoint-config", name)}".')
    return config


def _check_variant(variant: dict[str, Any], state: State, call: Call) -> None:
    for member, advice in _VARIANT_NOT_BUILT.items():
        if member in variant:
            raise not_built(f"A variant with {member}", advice)
    model = variant.get("ModelName")
    if model is None:
        raise not_built("A variant without ModelName", "Inference components are not built: name a model.")
    if model not in state.models:
        raise invalid(f'Could not find model "{arn(call, "model", model)}".')
    if "InstanceType" not in variant or "InitialInstanceCount" not in variant:
        raise invalid(
            f"Variant {variant['VariantName']}: InstanceType and InitialInstanceCount are required for an "
            "instance-based endpoint."
        )


def _with_defaults(variant: dict[str, Any]) -> dict[str, Any]:
    return {"InitialVariantWeight": 1.0, **variant}
