"""Tags of SageMaker's resources."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mlacourse.cloud.call import Call
from mlacourse.cloud.handlers import handles
from mlacourse.cloud.sagemaker.state import State, invalid

if TYPE_CHECKING:
    from mlacourse.cloud.session import Cloud


@handles("sagemaker", "AddTags")
def add_tags(cloud: Cloud, call: Call) -> dict[str, Any]:
    """Attach tags, replacing those with the same key; all tags are answered."""
    arn = _arn(cloud, call)
    cloud.part(State).tag(arn, call.params["Tags"])
    return {"Tags": _tags(cloud, arn)}


@handles("sagemaker", "ListTags")
def list_tags(cloud: Cloud, call: Call) -> dict[str, Any]:
    """Tell the tags of a resource."""
    return {"Tags": _tags(cloud, _arn(cloud, call))}


@handles("sagemaker", "DeleteTags")
def delete_tags(cloud: Cloud, call: Call) -> dict[str, Any]:
    """Take tags away by their keys."""
    tags = cloud.part(State).tags.get(_arn(cloud, call), {})
    for key in call.params["TagKeys"]:
        tags.pop(key, None)
    return {}


def _arn(cloud: Cloud, call: Call) -> str:
    arn: str = call.params["ResourceArn"]
    if arn not in cloud.part(State).arns():
        raise invalid(f"Could not find resource {arn}.")
    return arn


def _tags(cloud: Cloud, arn: str) -> list[dict[str, str]]:
    return [{"Key": key, "Value": value} for key, value in sorted(cloud.part(State).tags.get(arn, {}).items())]
