"""Model packages: numbered versions in a group, their approval, and the event that tells of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mlacourse.cloud import service_events
from mlacourse.cloud.call import Call
from mlacourse.cloud.handlers import handles
from mlacourse.cloud.sagemaker.model_package_groups import group_named
from mlacourse.cloud.sagemaker.state import State, arn, by_whom, invalid, not_built, page, refuse_parameters

if TYPE_CHECKING:
    from mlacourse.cloud.session import Cloud

PENDING, APPROVED = "PendingManualApproval", "Approved"
_LEAVE_OUT = "Leave it out."
_NOT_BUILT = {
    "AdditionalInferenceSpecifications": "Use InferenceSpecification.",
    "ManagedStorageType": _LEAVE_OUT,
    "ModelCard": "Make a model card of its own with CreateModelCard.",
    "ModelLifeCycle": "Use ModelApprovalStatus and CustomerMetadataProperties.",
    "ModelPackageRegistrationType": _LEAVE_OUT,
    "SecurityConfig": _LEAVE_OUT,
    "SourceAlgorithmSpecification": "Use InferenceSpecification.",
    "SourceUri": "Use InferenceSpecification.",
    "ValidationSpecification": _LEAVE_OUT,
}
_NOT_CHANGED = {
    "AdditionalInferenceSpecificationsToAdd": _LEAVE_OUT,
    "InferenceSpecification": "Register another version.",
    "ModelCard": "Use UpdateModelCard.",
    "ModelLifeCycle": "Use ModelApprovalStatus and CustomerMetadataProperties.",
    "ModelPackageRegistrationType": _LEAVE_OUT,
    "SourceUri": _LEAVE_OUT,
}
_REPEATED = (
    *("ModelPackageDescription", "InferenceSpecification", "MetadataProperties", "ModelMetrics", "Domain", "Task"),
    *("SamplePayloadUrl", "CustomerMetadataProperties", "DriftCheckBaselines", "SkipModelValidation"),
)
_SUMMARY = (
    *("ModelPackageGroupName", "ModelPackageVersion", "ModelPackageArn", "ModelPackageDescription", "CreationTime"),
    *("ModelPackageStatus", "ModelApprovalStatus"),
)
# What an event says of a version (developer guide, "Model package state change").
_TOLD = (
    *("ModelPackageGroupName", "ModelPackageVersion", "ModelPackageArn", "ModelPackageDescription", "CreationTime"),
    *("InferenceSpecification", "ModelPackageStatus", "ModelPackageStatusDetails", "CertifyForMarketplace"),
    *("ModelApprovalStatus", "MetadataProperties", "ModelMetrics", "LastModifiedTime"),
)


@handles("sagemaker", "CreateModelPackage")
def create_model_package(cloud: Cloud, call: Call) -> dict[str, Any]:
    """Put the next version into a group, and tell EventBridge."""
    state, request = cloud.part(State), call.params
    refuse_parameters(call, _NOT_BUILT)
    group = _group_of_request(cloud, call)
    token = request.get("ClientToken")
    if token is not None and token in state.model_package_tokens:
        return {"ModelPackageArn": state.model_package_tokens[token]}
    name = group["ModelPackageGroupName"]
    version = state.model_package_counts[name] = state.model_package_counts.get(name, 0) + 1
    package_arn = arn(call, "model-package", f"{name}/{version}")
    package = {
        **{member: request[member] for member in _REPEATED if member in request},
        "ModelPackageGroupName": name,
        "ModelPackageVersion": version,
        "ModelPackageArn": package_arn,
        "CreationTime": call.time,
        "CreatedBy": by_whom(call),
        "ModelPackageStatus": "Completed",
        "ModelPackageStatusDetails": {"ValidationStatuses": [], "ImageScanStatuses": []},
        "CertifyForMarketplace": False,
        "ModelApprovalStatus": request.get("ModelApprovalStatus", PENDING),
    }
    state.model_packages[package_arn] = package
    if token is not None:
        state.model_package_tokens[token] = package_arn
    _tell(call, package)
    return {"ModelPackageArn": package_arn}


@handles("sagemaker", "DescribeModelPackage")
def describe_model_package(cloud: Cloud, call: Call) -> dict[str, Any]:
    """Tell a version, with who made it and who changed it last."""
    package = package_named(cloud, call, call.params["ModelPackageName"])
    # botocore's service model demands a name, which a version has not: it is the group's here.
    return {"ModelPackageName": package["ModelPackageGroupName"], **package}


@handles("sagemaker", "ListModelPackages")
def list_model_packages(cloud: Cloud, call: Call) -> dict[str, Any]:
    """Tell versions in short: those of a group, or all if they are asked for."""
    params, packages = call.params, list(cloud.part(State).model_packages.values())
    wanted = params.get("ModelApprovalStatus")
    if "ModelPackageGroupName" in params:
        group = group_named(cloud, call, params["ModelPackageGroupName"])["ModelPackageGroupName"]
        packages = [package for package in packages if package["ModelPackageGroupName"] == group]
    elif params.get("ModelPackageType", "Unversioned") == "Unversioned":
        packages = []
    summaries = [
        {member: package[member] for member in _SUMMARY if member in package}
        for package in packages
        if wanted in (None, package["ModelApprovalStatus"])
    ]
    found, more = page(call, summaries, name="ModelPackageGroupName", newest_first=False)
    return {"ModelPackageSummaryList": found, **more}


@handles("sagemaker", "UpdateModelPackage")
def update_model_package(cloud: Cloud, call: Call) -> dict[str, Any]:
    """Approve or reject a version, or change what is written on it; a change of approval is told to EventBridge."""
    request = call.params
    refuse_parameters(call, _NOT_CHANGED)
    package = package_named(cloud, call, request["ModelPackageArn"])
    before = package["ModelApprovalStatus"]
    for member in ("ModelApprovalStatus", "ApprovalDescription"):
        if member in request:
            package[member] = request[member]
    removed = request.get("CustomerMetadataPropertiesToRemove", [])
    properties = {**package.get("CustomerMetadataProperties", {}), **request.get("CustomerMetadataProperties", {})}
    kept = {name: value for name, value in properties.items() if name not in removed}
    package.pop("CustomerMetadataProperties", None)
    package |= {"CustomerMetadataProperties": kept} if kept else {}
    package |= {"LastModifiedTime": call.time, "LastModifiedBy": by_whom(call)}
    if package["ModelApprovalStatus"] != before:
        _tell(call, package)
    return {"ModelPackageArn": package["ModelPackageArn"]}


@handles("sagemaker", "DeleteModelPackage")
def delete_model_package(cloud: Cloud, call: Call) -> dict[str, Any]:
    """Forget a version; its number is not given again, and models made from it go on."""
    package = package_named(cloud, call, call.params["ModelPackageName"])
    del cloud.part(State).model_packages[package["ModelPackageArn"]]
    return {}


def package_named(cloud: Cloud, call: Call, name_or_arn: str) -> dict[str, Any]:
    """Return the version that an ARN or ``group/version`` names."""
    wanted = name_or_arn if ":" in name_or_arn else arn(call, "model-package", name_or_arn)
    package = cloud.part(State).model_packages.get(wanted)
    if package is None:
        raise invalid(f"ModelPackage {wanted} does not exist.")
    return package


def deployable(package: dict[str, Any]) -> dict[str, Any]:
    """Return the container of a version that may be deployed.

    Raises :class:`AwsError` for one that nobody has approved.
    """
    status = package["ModelApprovalStatus"]
    if status != APPROVED:
        raise invalid(
            f"Cannot create a model from {package['ModelPackageArn']}: its ModelApprovalStatus is {status}. A model "
            f"version must be {APPROVED} to be deployed."
        )
    containers = package.get("InferenceSpecification", {}).get("Containers", [])
    if not containers:
        raise invalid(f"Model package {package['ModelPackageArn']} has no InferenceSpecification to deploy.")
    if len(containers) > 1:
        raise not_built("A model package with several containers", "Register one container.")
    container: dict[str, Any] = containers[0]
    return container


def _group_of_request(cloud: Cloud, call: Call) -> dict[str, Any]:
    request = call.params
    if "ModelPackageName" in request and "ModelPackageGroupName" in request:
        raise invalid(
            "Both ModelPackageName and ModelPackageGroupName are provided in the input. Cannot determine which one to "
            "use."
        )
    if "ModelPackageName" in request:
        raise not_built("An unversioned model package", "Name a ModelPackageGroupName.")
    if "ModelPackageGroupName" not in request:
        raise invalid("Missing ARN.")
    if request.get("Tags"):
        raise invalid("A model version uses the tags of its model package group: Tags cannot be given.")
    if request.get("CertifyForMarketplace"):
        raise invalid("CertifyForMarketplace does not apply to a model version.")
    return group_named(cloud, call, request["ModelPackageGroupName"])


def _tell(call: Call, package: dict[str, Any]) -> None:
    detail = {member: package[member] for member in _TOLD if member in package}
    service_events.send(call, "aws.sagemaker", service_events.MODEL_PACKAGE, package["ModelPackageArn"], detail)
