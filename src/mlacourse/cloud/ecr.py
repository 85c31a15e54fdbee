"""ECR: the refusal of a second image under an immutable tag, in AWS's words rather than moto's."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mlacourse.cloud.call import AwsError, Call
from mlacourse.cloud.handlers import handles

if TYPE_CHECKING:
    from mlacourse.cloud.session import Cloud


@handles("ecr", "PutImage")
def put_image(cloud: Cloud, call: Call) -> dict[str, Any]:
    """Store an image under a tag; the same image twice and another image under an immutable tag are refused."""
    try:
        return cloud.forward(call)
    except AwsError as error:
        if error.code != "ImageAlreadyExistsException" or _stored(cloud, call) == call.params["imageManifest"]:
            raise
    name, tag = call.params["repositoryName"], call.params["imageTag"]
    raise AwsError(
        "ImageTagAlreadyExistsException",
        f"The image tag '{tag}' already exists in the '{name}' repository and cannot be overwritten because the tag "
        "is immutable.",
    )


def _stored(cloud: Cloud, call: Call) -> str | None:
    """Return the manifest that the tag stands for now."""
    tag = {"imageTag": call.params["imageTag"]}
    images = cloud.ask(call, "BatchGetImage", repositoryName=call.params["repositoryName"], imageIds=[tag])["images"]
    return images[0]["imageManifest"] if images else None
