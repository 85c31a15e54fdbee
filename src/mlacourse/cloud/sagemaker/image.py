"""What an image URI stands for offline: AWS's scikit-learn image is this Python, an image of your own is its folder."""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from mlacourse.cloud.sagemaker import artifacts
from mlacourse.cloud.sagemaker.container import PROGRAM
from mlacourse.cloud.sagemaker.layers import Layers
from mlacourse.cloud.sagemaker.state import invalid, not_built

if TYPE_CHECKING:
    from mlacourse.cloud.sagemaker.container import Container
    from mlacourse.cloud.sagemaker.roles import Role

# AWS's account for this image in us-east-1 (sagemaker-python-sdk, image_uri_config/sklearn.json, read 2026-11-23).
SCIKIT_LEARN_ACCOUNT = "683313688378"
SCIKIT_LEARN = "sagemaker-scikit-learn"
_URI = re.compile(
    r"(?P<account>\d{12})\.dkr\.ecr\.(?P<region>[a-z0-9-]+)\.amazonaws\.com/(?P<name>[a-z0-9._/-]+?)"
    r"(?::(?P<tag>[\w.-]+)|@(?P<digest>sha256:[0-9a-f]{64}))?"
)
_SERVER = Path(__file__).with_name("serving.py")


@dataclass(frozen=True)
class Image:
    """An image that can be run here; ``layer`` is None for AWS's scikit-learn image."""

    uri: str
    layer: bytes | None
    digest: str | None = None

    @property
    def script_mode(self) -> bool:
        """Whether SageMaker's toolkits are inside: they run a script instead of a ``train`` or ``serve`` program."""
        return self.layer is None

    @property
    def resolved(self) -> str:
        """The URI with the digest that it stood for."""
        return f"{self.uri.split('@')[0].rsplit(':', 1)[0]}@{self.digest}" if self.digest else self.uri

    def install(self, container: Container) -> None:
        """Put the image's own programs into a container."""
        if self.layer is not None:
            artifacts.unpack(self.layer, container.path(PROGRAM))

    def serve_command(self) -> Sequence[str]:
        """Return what SageMaker starts to serve a model."""
        return [sys.executable, "-P", str(_SERVER)] if self.script_mode else ["serve"]


def resolve(uri: str, account: str, role: Role) -> Image:
    """Find the image of a URI, pulled with the role's permissions.

    Raises :class:`AwsError`: ``NotBuiltOffline`` for an image that only AWS has, ``ValidationException`` for one that
    is in no repository of the account or that the role may not pull.
    """
    match = _URI.fullmatch(uri)
    if match is None:
        raise invalid(f"Invalid image URI {uri}. Please provide a valid Amazon Elastic Container Registry path.")
    if match["account"] == SCIKIT_LEARN_ACCOUNT and match["name"] == SCIKIT_LEARN:
        return Image(uri, None)
    if match["account"] != account:
        raise not_built(
            f"The image {uri}",
            f"Use {SCIKIT_LEARN_ACCOUNT}.dkr.ecr.us-east-1.amazonaws.com/{SCIKIT_LEARN}:1.2-1-cpu-py3, which runs your "
            "script in this Python, or an image of your own that cloud.images.build(folder, repository) pushed.",
        )
    wanted = {"imageDigest": match["digest"]} if match["digest"] else {"imageTag": match["tag"] or "latest"}
    try:
        found: Sequence[Mapping[str, object]] = role.ecr.batch_get_image(
            repositoryName=match["name"], imageIds=[wanted]
        )["images"]
    except ClientError as error:
        raise invalid(f"{_missing(uri)} {error.response['Error']['Message']}") from None
    if not found:
        raise invalid(_missing(uri))
    manifest, identity = found[0]["imageManifest"], found[0]["imageId"]
    layer = role.cloud.part(Layers).pull(str(manifest))
    if layer is None:
        raise not_built(f"The image {uri}", "Nothing to run was pushed with it. Push it with cloud.images.build.")
    assert isinstance(identity, dict)
    return Image(uri, layer, identity["imageDigest"])


def _missing(uri: str) -> str:
    return (
        f"Requested image {uri} not found. Please make sure that the image exists, and that the execution role has "
        "permissions to access it."
    )
