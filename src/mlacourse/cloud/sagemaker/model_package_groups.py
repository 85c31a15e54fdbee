"""Model package groups: the shelf of the Model Registry on which the versions of one model stand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mlacourse.cloud.call import AwsError, Call
from mlacourse.cloud.handlers import handles
from mlacourse.cloud.sagemaker.state import State, arn, by_whom, invalid, page, refuse_parameters

if TYPE_CHECKING:
    from mlacourse.cloud.session import Cloud

_NOT_BUILT = {"ManagedConfiguration": "Leave it out."}


@handles("sagemaker", "CreateModelPackageGroup")
def create_model_package_group(cloud: Cloud, call: Call) -> dict[str, Any]:
    """Keep an empty group."""
    state, name = cloud.part(State), call.params["ModelPackageGroupName"]
    group_arn = arn(call, "model-package-group", name)
    refuse_parameters(call, _NOT_BUILT)
    if name in state.model_package_groups:
        raise invalid(f"Model Package Group already exists: {group_arn}")
    group = {
        "ModelPackageGroupName": name,
        "ModelPackageGroupArn": group_arn,
        "CreationTime": call.time,
        "CreatedBy": by_whom(call),
        "ModelPackageGroupStatus": "Completed",
    }
    if "ModelPackageGroupDescription" in call.params:
        group["ModelPackageGroupDescription"] = call.params["ModelPackageGroupDescription"]
    state.model_package_groups[name] = group
    state.tag(group_arn, call.params.get("Tags", []))
    return {"ModelPackageGroupArn": group_arn}


@handles("sagemaker", "DescribeModelPackageGroup")
def describe_model_package_group(cloud: Cloud, call: Call) -> dict[str, Any]:
    """Tell a group."""
    return group_named(cloud, call, call.params["ModelPackageGroupName"])


@handles("sagemaker", "ListModelPackageGroups")
def list_model_package_groups(cloud: Cloud, call: Call) -> dict[str, Any]:
    """Tell every group in short."""
    refuse_parameters(call, {"CrossAccountFilterOption": "Leave it out: there is one account."})
    groups = [
        {member: value for member, value in group.items() if member != "CreatedBy"}
        for group in list(cloud.part(State).model_package_groups.values())
    ]
    found, more = page(call, groups, name="ModelPackageGroupName", newest_first=False)
    return {"ModelPackageGroupSummaryList": found, **more}


@handles("sagemaker", "DeleteModelPackageGroup")
def delete_model_package_group(cloud: Cloud, call: Call) -> dict[str, Any]:
    """Forget a group that has no versions any more."""
    state, group = cloud.part(State), group_named(cloud, call, call.params["ModelPackageGroupName"])
    name, group_arn = group["ModelPackageGroupName"], group["ModelPackageGroupArn"]
    if any(package["ModelPackageGroupName"] == name for package in state.model_packages.values()):
        text = f"Model Package Group {group_arn} still contains model packages. Delete them first."
        raise AwsError("ConflictException", text)
    del state.model_package_groups[name]
    state.tags.pop(group_arn, None)
    return {}


def group_named(cloud: Cloud, call: Call, name_or_arn: str) -> dict[str, Any]:
    """Return the group of a name or an ARN."""
    groups = cloud.part(State).model_package_groups
    wanted = name_or_arn if ":" in name_or_arn else arn(call, "model-package-group", name_or_arn)
    for group in groups.values():
        if group["ModelPackageGroupArn"] == wanted:
            return group
    raise invalid(f"ModelPackageGroup {wanted} does not exist.")
