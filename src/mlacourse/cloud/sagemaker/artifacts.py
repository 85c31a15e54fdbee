"""Moving folders between a container and S3, with the keys of the job's role."""

from __future__ import annotations

import gzip
import io
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mlacourse.cloud.call import AwsError


@dataclass(frozen=True)
class Location:
    """A bucket and a key or a prefix.

    >>> Location.parse("s3://churn-data/raw/train.csv")
    Location(bucket='churn-data', key='raw/train.csv')
    """

    bucket: str
    key: str

    @classmethod
    def parse(cls, uri: str) -> Location:
        """Read ``s3://bucket/key``; raises :class:`AwsError` for anything else."""
        if not uri.startswith("s3://") or not uri[5:].split("/", 1)[0]:
            raise AwsError("ValidationException", f"Invalid S3 URI {uri!r}: it must have the form s3://bucket/key.")
        bucket, _, key = uri[5:].partition("/")
        return cls(bucket, key)

    def below(self, *names: str) -> Location:
        """Return a key under this prefix."""
        return Location(self.bucket, "/".join([part for part in (self.key.rstrip("/"), *names) if part]))

    @property
    def folder(self) -> Location:
        """This prefix as a folder, so that it does not match longer names."""
        return Location(self.bucket, f"{self.key.rstrip('/')}/" if self.key else "")

    @property
    def uri(self) -> str:
        """``s3://bucket/key``."""
        return f"s3://{self.bucket}/{self.key}"


def objects(s3: Any, prefix: Location) -> Iterator[dict[str, Any]]:
    """Yield what is stored under a prefix, folder markers left out."""
    for page in s3.get_paginator("list_objects_v2").paginate(Bucket=prefix.bucket, Prefix=prefix.key):
        yield from (item for item in page.get("Contents", []) if not item["Key"].endswith("/"))


def download(s3: Any, prefix: Location, folder: Path) -> int:
    """Copy every object under a prefix into a folder; returns how many."""
    count = 0
    for item in objects(s3, prefix):
        file = folder / local_name(prefix.key, item["Key"])
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(s3.get_object(Bucket=prefix.bucket, Key=item["Key"])["Body"].read())
        count += 1
    return count


def local_name(prefix: str, key: str) -> str:
    """Where an object of a prefix lands in the folder of its channel.

    >>> local_name("data/train/", "data/train/2026/a.csv"), local_name("data/train", "data/train/a.csv")
    ('2026/a.csv', 'a.csv')

    A prefix may be one object, and it matches more than a folder: ``data/train`` also brings ``data/train-old``.

    >>> local_name("data/train.csv", "data/train.csv"), local_name("data/train", "data/train-old/b.csv")
    ('train.csv', 'train-old/b.csv')
    """
    if key.startswith(prefix.rstrip("/") + "/") and prefix:
        return key[len(prefix.rstrip("/")) + 1 :]
    return key[prefix.rfind("/") + 1 :]


def upload(s3: Any, folder: Path, prefix: Location, **encryption: str) -> None:
    """Copy every file of a folder under a prefix."""
    for file in files(folder):
        place = prefix.below(*file.relative_to(folder).parts)
        s3.put_object(Bucket=place.bucket, Key=place.key, Body=file.read_bytes(), **encryption)


def files(folder: Path) -> list[Path]:
    """Return the files of a folder and of its folders, in order."""
    return sorted(path for path in folder.rglob("*") if path.is_file())


def packed(folder: Path, modified: float) -> bytes:
    """Return a folder's content as ``tar.gz``; the same content gives the same bytes."""
    buffer = io.BytesIO()
    with (
        gzip.GzipFile(fileobj=buffer, mode="wb", mtime=0) as zipped,
        tarfile.open(fileobj=zipped, mode="w", format=tarfile.GNU_FORMAT) as archive,
    ):
        for file in files(folder):
            member = archive.gettarinfo(file, arcname=file.relative_to(folder).as_posix())
            member.uid = member.gid = 0
            member.uname = member.gname = "root"
            member.mtime = modified
            with file.open("rb") as content:
                archive.addfile(member, content)
    return buffer.getvalue()


def unpack(archive: bytes, folder: Path) -> None:
    """Unpack a ``tar.gz`` into a folder; raises ``tarfile.TarError`` or ``OSError`` for anything else."""
    folder.mkdir(parents=True, exist_ok=True)
    with tarfile.open(fileobj=io.BytesIO(archive), mode="r:gz") as content:
        content.extractall(folder, filter="data")
