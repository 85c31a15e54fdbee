"""Checkpoints: what a job writes to ``/opt/ml/checkpoints`` is copied to S3 while it runs, and back at a restart."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mlacourse.cloud.sagemaker import artifacts
from mlacourse.cloud.sagemaker.artifacts import Location

if TYPE_CHECKING:
    from mlacourse.cloud.sagemaker.container import Container

DEFAULT_FOLDER = "/opt/ml/checkpoints"


class Checkpoints:
    """The checkpoint folder of one job; without a ``CheckpointConfig`` it does nothing."""

    def __init__(self, config: Mapping[str, str] | None, container: Container, s3: Any) -> None:
        self._s3 = s3
        self._place = Location.parse(config["S3Uri"]) if config else None
        self._folder = container.path((config or {}).get("LocalPath", DEFAULT_FOLDER))
        self._seen: dict[Path, tuple[int, int]] = {}
        self._stored: dict[Path, tuple[int, int]] = {}

    @property
    def names(self) -> set[str]:
        """The checkpoints that are in S3, by their path in the folder."""
        return {file.relative_to(self._folder).as_posix() for file in self._stored}

    def restore(self) -> None:
        """Bring what S3 holds into the folder."""
        if self._place is None:
            return
        self._folder.mkdir(parents=True, exist_ok=True)
        artifacts.download(self._s3, self._place.folder, self._folder)
        self._seen = self._stored = self._versions()

    def sync(self, *, ended: bool = False) -> bool:
        """Copy what is new to S3 and tell whether anything was.

        While the program runs, a file is copied once it has not changed between two looks.
        """
        if self._place is None:
            return False
        now = self._versions()
        ready = [
            file
            for file, version in now.items()
            if self._stored.get(file) != version and (ended or self._seen.get(file) == version)
        ]
        for file in ready:
            place = self._place.below(*file.relative_to(self._folder).parts)
            with contextlib.suppress(FileNotFoundError):
                self._s3.put_object(Bucket=place.bucket, Key=place.key, Body=file.read_bytes())
        self._seen = now
        self._stored = self._stored | {file: now[file] for file in ready}
        return bool(ready)

    def _versions(self) -> dict[Path, tuple[int, int]]:
        versions = {}
        for file in artifacts.files(self._folder):
            # A script may rename or delete a file meanwhile.
            with contextlib.suppress(FileNotFoundError):
                status = file.stat()
                versions[file] = (status.st_mtime_ns, status.st_size)
        return versions
