"""Models: where a container finds its image, its model data and its settings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from mlacourse.cloud.call import Call
from mlacourse.cloud.handlers import handles
from mlacourse.cloud.sagemaker import image, roles
from mlacourse.cloud.sagemaker.artifacts import Location
from mlacourse.cloud.sagemaker.model_packages import deployable, package_named
from mlacourse.cloud.sagemaker.state import State, arn, invalid, not_built, page, refuse_parameters

if TYPE_CHECKING:
    from mlacourse.cloud.session import Cloud

_NOT_BUILT = {
    "Containers": "Use PrimaryContainer: inference pipelines are not built.",
    "InferenceExecutionConfig": "Leave it out.",
    "PrimaryContainer.ModelDataSource": "Use ModelDataUrl.",
    "PrimaryContainer.AdditionalModelDataSources": "Use ModelDataUrl.",
    "PrimaryContainer.InferenceSpecificationName": "Leave it out.",
    "PrimaryContainer.MultiModelConfig": "Leave it out.",
}
_REPEATED = ("ModelName", "PrimaryContainer", "ExecutionRoleArn", "VpcConfig")


@handles("sagemaker", "CreateModel")
def create_model(cloud: Cloud, call: Call) -> dict[str, Any]:
    """Keep a model whose image and data can be had with its role."""
    state, request = cloud.part(State), call.params
    name, model_arn = request["ModelName"], arn(call, "model", request["ModelName"])
    refuse_parameters(call, _NOT_BUILT)
    if name in state.models:
        raise invalid(f'Cannot create already existing model "{model_arn}".')
    container = request.get("PrimaryContainer")
    if container is None:
        raise invalid("Must specify either primary container or containers.")
    if container.get("Mode", "SingleModel") != "SingleModel":
        raise not_built("A multi-model container", "Use one model for each.")
    if "ExecutionRoleArn" not in request:
        raise invalid("ExecutionRoleArn is required.")
    role = roles.assume(cloud, request["ExecutionRoleArn"])
    served = _served(cloud, call, container)
    if "Image" not in served:
        raise invalid("Primary container must have an image.")
    image.resolve(served["Image"], call.account, role)
    if "ModelDataUrl" in served:
        _check_model_data(served["ModelDataUrl"], role, call.region)
    state.models[name] = {
        **{member: request[member] for member in _REPEATED if member in request},
        "ModelArn": model_arn,
        "CreationTime": call.time,
        "EnableNetworkIsolation": request.get("EnableNetworkIsolation", False),
    }
    state.containers[name] = served
    state.tag(model_arn, request.get("Tags", []))
    return {"ModelArn": model_arn}


@handles("sagemaker", "DescribeModel")
def describe_model(cloud: Cloud, call: Call) -> dict[str, Any]:
    """Tell a model."""
    return _model(cloud, call)


@handles("sagemaker", "ListModels")
def list_models(cloud: Cloud, call: Call) -> dict[str, Any]:
    """Tell every model in short."""
    members = ("ModelName", "ModelArn", "CreationTime")
    models = [{member: model[member] for member in members} for model in list(cloud.part(State).models.values())]
    found, more = page(call, models, name="ModelName")
    return {"Models": found, **more}


@handles("sagemaker", "DeleteModel")
def delete_model(cloud: Cloud, call: Call) -> dict[str, Any]:
    """Forget a model; endpoints that serve it go on."""
    state, model = cloud.part(State), _model(cloud, call)
    del state.models[model["ModelName"]], state.containers[model["ModelName"]]
    state.tags.pop(model["ModelArn"], None)
    return {}


def _model(cloud: Cloud, call: Call) -> dict[str, Any]:
    name = call.params["ModelName"]
    model = cloud.part(State).models.get(name)
    if model is None:
        raise invalid(f'Could not find model "{arn(call, "model", name)}".')
    return model


def _served(cloud: Cloud, call: Call, container: dict[str, Any]) -> dict[str, Any]:
    """Return what is served: the container of the request, or that of the model package that it names."""
    if "ModelPackageName" not in container:
        return container
    if given := [member for member in ("Image", "ModelDataUrl") if member in container]:
        raise invalid(f"ModelPackageName cannot be given together with {' and '.join(given)}.")
    package = deployable(package_named(cloud, call, container["ModelPackageName"]))
    if "ModelDataSource" in package or "AdditionalModelDataSources" in package:
        raise not_built("A model package with ModelDataSource", "Register it with ModelDataUrl.")
    environment = {**package.get("Environment", {}), **container.get("Environment", {})}
    return {**package, "Environment": environment}


def _check_model_data(url: str, role: roles.Role, region: str) -> None:
    if not url.endswith(".tar.gz"):
        raise invalid(f"Invalid model data location {url}: it must be a tar.gz archive in S3.")
    place = Location.parse(url)
    try:
        role.s3.head_object(Bucket=place.bucket, Key=place.key)
    except ClientError as error:
        if error.response["ResponseMetadata"]["HTTPStatusCode"] == 404:
            raise invalid(f"Could not find model data at {url}.") from None
        raise invalid(
            f'Could not access model data at {url}. Please ensure that the role "{role.arn}" exists and that its trust '
            f'relationship policy allows the action "sts:AssumeRole" for the service principal "{roles.SERVICE}". '
            f'Also ensure that the role has "s3:GetObject" permissions and that the object is located in {region}. If '
            "your Model uses multiple models or uncompressed models, please ensure that the role has "
            '"s3:ListBucket" permission.'
        ) from None
