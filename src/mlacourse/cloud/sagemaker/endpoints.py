"""Endpoints: the API to create, update, tell and delete them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mlacourse.cloud.call import Call
from mlacourse.cloud.handlers import handles
from mlacourse.cloud.sagemaker import traffic_routing
from mlacourse.cloud.sagemaker.deployments import Deployment
from mlacourse.cloud.sagemaker.endpoint import Endpoint
from mlacourse.cloud.sagemaker.endpoint_configs import endpoint_config
from mlacourse.cloud.sagemaker.state import State, arn, invalid, not_built, page

if TYPE_CHECKING:
    from mlacourse.cloud.session import Cloud


@handles("sagemaker", "CreateEndpoint")
def create_endpoint(cloud: Cloud, call: Call) -> dict[str, Any]:
    """Start every variant of a configuration in the background."""
    state, name = cloud.part(State), call.params["EndpointName"]
    endpoint_arn = arn(call, "endpoint", name)
    policy = call.params.get("DeploymentConfig")
    traffic_routing.check(policy or {})
    if name in state.endpoints:
        raise invalid(f'Cannot create already existing endpoint "{endpoint_arn}".')
    endpoint = Endpoint(cloud, name, endpoint_arn)
    endpoint.config, endpoint.deployment_config = endpoint_config(cloud, call), policy
    Deployment(cloud, endpoint, endpoint.config).start()
    state.endpoints[name] = endpoint
    state.tag(endpoint_arn, call.params.get("Tags", []))
    return {"EndpointArn": endpoint_arn}


@handles("sagemaker", "UpdateEndpoint")
def update_endpoint(cloud: Cloud, call: Call) -> dict[str, Any]:
    """Start a second fleet and move to it as the deployment configuration says, or all at once."""
    endpoint = _changeable(cloud, call)
    config, policy = _retained(endpoint, endpoint_config(cloud, call), call), _deployment_config(endpoint, call)
    Deployment(cloud, endpoint, config, policy).start()
    endpoint.deployment_config = policy or endpoint.deployment_config
    return {"EndpointArn": endpoint.arn}


@handles("sagemaker", "UpdateEndpointWeightsAndCapacities")
def update_endpoint_weights_and_capacities(cloud: Cloud, call: Call) -> dict[str, Any]:
    """Give variants another share of the traffic and another number of instances."""
    endpoint = _changeable(cloud, call)
    wanted = call.params["DesiredWeightsAndCapacities"]
    for change in wanted:
        if endpoint.fleet.variant(change["VariantName"]) is None:
            raise invalid(f'Could not find variant "{change["VariantName"]}" on endpoint "{endpoint.arn}".')
    for change in wanted:
        variant = endpoint.fleet.variant(change["VariantName"])
        assert variant is not None
        variant.weight = change.get("DesiredWeight", variant.weight)
        variant.instances = change.get("DesiredInstanceCount", variant.instances)
    endpoint.enter("InService")
    return {"EndpointArn": endpoint.arn}


@handles("sagemaker", "DescribeEndpoint")
def describe_endpoint(cloud: Cloud, call: Call) -> dict[str, Any]:
    """Tell how the endpoint stands now."""
    endpoint = _endpoint(cloud, call)
    status = endpoint.status
    described = {
        "EndpointName": endpoint.name,
        "EndpointArn": endpoint.arn,
        "EndpointConfigName": endpoint.config["EndpointConfigName"],
        "EndpointStatus": status,
        "CreationTime": endpoint.created,
        "LastModifiedTime": endpoint.modified,
    }
    if endpoint.reason is not None:
        described["FailureReason"] = endpoint.reason
    if endpoint.deployment_config is not None:
        described["LastDeploymentConfig"] = endpoint.deployment_config
    if status in ("Creating", "Updating") and endpoint.deployment is not None:
        described["PendingDeploymentSummary"] = endpoint.deployment.summary()
    if endpoint.traffic:
        fleet = endpoint.fleet
        described["ProductionVariants"] = [variant.summary() for variant in fleet.production]
        if fleet.shadows:
            described["ShadowProductionVariants"] = [variant.summary() for variant in fleet.shadows]
        if capture := fleet.config.get("DataCaptureConfig"):
            described["DataCaptureConfig"] = {
                "EnableCapture": capture.get("EnableCapture", True),
                "CaptureStatus": "Started" if capture.get("EnableCapture", True) else "Stopped",
                "CurrentSamplingPercentage": capture["InitialSamplingPercentage"],
                "DestinationS3Uri": capture["DestinationS3Uri"],
                "KmsKeyId": capture.get("KmsKeyId", ""),
            }
    return described


@handles("sagemaker", "ListEndpoints")
def list_endpoints(cloud: Cloud, call: Call) -> dict[str, Any]:
    """Tell every endpoint in short."""
    endpoints = [
        {
            "EndpointName": endpoint.name,
            "EndpointArn": endpoint.arn,
            "CreationTime": endpoint.created,
            "LastModifiedTime": endpoint.modified,
            "EndpointStatus": endpoint.status,
        }
        for endpoint in list(cloud.part(State).endpoints.values())
    ]
    found, more = page(call, endpoints, name="EndpointName", status="EndpointStatus")
    return {"Endpoints": found, **more}


@handles("sagemaker", "DeleteEndpoint")
def delete_endpoint(cloud: Cloud, call: Call) -> dict[str, Any]:
    """End every process of an endpoint and forget it."""
    endpoint = _endpoint(cloud, call)
    _check_rests(endpoint)
    endpoint.enter("Deleting")
    endpoint.delete()
    state = cloud.part(State)
    del state.endpoints[endpoint.name]
    state.tags.pop(endpoint.arn, None)
    return {}


def _endpoint(cloud: Cloud, call: Call) -> Endpoint:
    name = call.params["EndpointName"]
    endpoint = cloud.part(State).endpoints.get(name)
    if endpoint is None:
        raise invalid(f'Could not find endpoint "{arn(call, "endpoint", name)}".')
    return endpoint


def _changeable(cloud: Cloud, call: Call) -> Endpoint:
    endpoint = _endpoint(cloud, call)
    _check_rests(endpoint)
    if endpoint.status == "Failed":
        raise invalid(f'Cannot update endpoint "{endpoint.arn}" in status Failed: it can only be deleted.')
    return endpoint


def _check_rests(endpoint: Endpoint) -> None:
    if endpoint.in_progress:
        raise invalid(f'Cannot update in-progress endpoint "{endpoint.arn}".')


def _deployment_config(endpoint: Endpoint, call: Call) -> dict[str, Any] | None:
    """Return how to deploy: as the request says, or as the last time if it wants that."""
    given: dict[str, Any] | None = call.params.get("DeploymentConfig")
    if given is not None:
        traffic_routing.check(given)
    if not call.params.get("RetainDeploymentConfig"):
        return given
    if given is not None:
        raise not_built("RetainDeploymentConfig beside DeploymentConfig", "Leave one of them out.")
    return endpoint.deployment_config


def _retained(endpoint: Endpoint, config: dict[str, Any], call: Call) -> dict[str, Any]:
    """Return a configuration with the weights and counts that the endpoint's variants have now, if that is wanted."""
    if not call.params.get("RetainAllVariantProperties"):
        return config
    given_up = {one["VariantPropertyType"] for one in call.params.get("ExcludeRetainedVariantProperties", [])}
    variants = []
    for described in config["ProductionVariants"]:
        kept = {}
        if (now := endpoint.fleet.variant(described["VariantName"])) is not None:
            if "DesiredWeight" not in given_up:
                kept["InitialVariantWeight"] = now.weight
            if "DesiredInstanceCount" not in given_up:
                kept["InitialInstanceCount"] = now.instances
        variants.append({**described, **kept})
    return {**config, "ProductionVariants": variants}
