"""Container images without Docker: a folder with a ``train`` or a ``serve`` program, run here or pushed to ECR.

On AWS an image is built from a Dockerfile and pushed layer by layer. Here the folder itself is the one layer: it
becomes ``/opt/program`` of the container, and its programs are run by this Python. A Dockerfile in it is not run, so
what it would install has to be installed in this environment. The repository, its tags and its tag immutability are
ECR's own.

A program that shall run here and on AWS takes two things from variables of SageMaker's toolkits, with AWS's value as
the default: its base folder from ``SAGEMAKER_BASE_DIR`` (``/opt/ml``) and its port from ``SAGEMAKER_BIND_TO_PORT``
(8080).
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import socket
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import boto3

from mlacourse.cloud.sagemaker import artifacts
from mlacourse.cloud.sagemaker.child import Child, free_port
from mlacourse.cloud.sagemaker.container import Container
from mlacourse.cloud.sagemaker.layers import Layers

PROGRAMS = ("train", "serve")
PATIENCE = 10.0
_MANIFEST = "application/vnd.docker.distribution.manifest.v2+json"
_CONFIG = "application/vnd.docker.container.image.v1+json"
_LAYER = "application/vnd.docker.image.rootfs.diff.tar.gzip"


def build(folder: str | os.PathLike[str], repository: str, tag: str = "latest") -> str:
    """Build and push an image; returns its URI for ``TrainingImage`` and ``Image``.

    ``folder`` holds an executable ``train`` or ``serve``, or both, and whatever they import; ``repository`` is the
    name of an ECR repository that exists. Raises ``ValueError`` for a folder that is no image.
    """
    from mlacourse import cloud

    source = Path(folder)
    programs = [source / name for name in PROGRAMS if (source / name).is_file()]
    if not programs:
        raise ValueError(f"{source}: has no file 'train' or 'serve', the words that SageMaker starts an image with.")
    for program in programs:
        if os.name == "posix" and not os.access(program, os.X_OK):
            raise ValueError(f"{program}: is not executable. Run chmod +x {program}.")
        if not program.read_bytes().startswith(b"#!"):
            raise ValueError(f"{program}: does not say what runs it. Begin it with #!/usr/bin/env python.")
    layer = artifacts.packed(source, modified=0)
    digest = cloud.offline().part(Layers).push(layer)
    config = hashlib.sha256(digest.encode()).hexdigest()
    manifest = {
        "schemaVersion": 2,
        "mediaType": _MANIFEST,
        "config": {"mediaType": _CONFIG, "size": len(digest), "digest": f"sha256:{config}"},
        "layers": [{"mediaType": _LAYER, "size": len(layer), "digest": digest}],
    }
    ecr = boto3.client("ecr")
    place = ecr.describe_repositories(repositoryNames=[repository])["repositories"][0]
    # A push of what is there already changes nothing.
    with suppress(ecr.exceptions.ImageAlreadyExistsException):
        ecr.put_image(
            repositoryName=repository,
            imageManifest=json.dumps(manifest),
            imageManifestMediaType=_MANIFEST,
            imageTag=tag,
        )
    return f"{place['repositoryUri']}:{tag}"


@dataclass(frozen=True)
class Running:
    """A container that runs outside SageMaker: where it should answer, and what it has printed so far."""

    url: str
    output: list[str]


@contextmanager
def run(
    folder: str | os.PathLike[str],
    *,
    model: str | os.PathLike[str] | None = None,
    environment: Mapping[str, str] | None = None,
) -> Iterator[Running]:
    """Run an image's ``serve`` to try it, as ``docker run -p 8080:8080 image serve`` does.

    ``model`` is a folder that becomes ``/opt/ml/model``. The block begins once the program listens, has ended, or has
    had ten seconds; whether it answers ``GET /ping`` is for the block to find out. The program ends with the block.
    """
    source = _checked(Path(folder))
    container = Container()
    output: list[str] = []
    port = free_port()
    shutil.copytree(source, container.program)
    if model is not None:
        shutil.copytree(model, container.ml / "model")
    program = Child(
        container.command(["serve"]),
        environment=container.environment({**(environment or {}), "SAGEMAKER_BIND_TO_PORT": str(port)}),
        root=container.root,
        folder=container.program,
        on_line=lambda line: output.append(container.inside(line)),
    )
    try:
        _await_listening(program, port)
        yield Running(f"http://127.0.0.1:{port}", output)
    finally:
        program.kill()
        container.remove()


def _checked(folder: Path) -> Path:
    """Return a folder that can be an image; raises ``ValueError`` with the mend for any other."""
    programs = [folder / name for name in PROGRAMS if (folder / name).is_file()]
    if not programs:
        raise ValueError(f"{folder}: has no file 'train' or 'serve', the words that SageMaker starts an image with.")
    for program in programs:
        if os.name == "posix" and not os.access(program, os.X_OK):
            raise ValueError(f"{program}: is not executable. Run chmod +x {program}.")
        if not program.read_bytes().startswith(b"#!"):
            raise ValueError(f"{program}: does not say what runs it. Begin it with #!/usr/bin/env python.")
    return folder


def _await_listening(program: Child, port: int) -> None:
    deadline = time.monotonic() + PATIENCE
    while program.running and time.monotonic() < deadline:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.02)
    if not program.running:
        program.wait()
