from __future__ import annotations

from pathlib import Path

import pytest

from mlacourse.cloud.call import AwsError
from mlacourse.cloud.sagemaker.artifacts import Location, packed, unpack
from mlacourse.cloud.sagemaker.container import Container


def test_the_same_folder_packs_to_the_same_bytes(tmp_path: Path) -> None:
    for folder in (tmp_path / "a", tmp_path / "b"):
        (folder / "code").mkdir(parents=True)
        (folder / "code" / "inference.py").write_text("x = 1")
        (folder / "model.json").write_text("{}")
    assert packed(tmp_path / "a", 0) == packed(tmp_path / "b", 0)


def test_what_was_packed_unpacks_with_its_folders_and_its_execute_bit(tmp_path: Path) -> None:
    (tmp_path / "in" / "code").mkdir(parents=True)
    program = tmp_path / "in" / "code" / "serve"
    program.write_text("#!/bin/sh")
    program.chmod(0o755)
    unpack(packed(tmp_path / "in", 0), tmp_path / "out")
    assert (tmp_path / "out" / "code" / "serve").stat().st_mode & 0o111


def test_an_s3_uri_has_a_bucket() -> None:
    with pytest.raises(AwsError, match="Invalid S3 URI"):
        Location.parse("https://churn/train.csv")


def test_a_container_reads_its_own_paths_and_writes_them_back() -> None:
    container = Container()
    outside = container.outside("--data /opt/ml/input/data/train")
    assert outside == f"--data {container.ml}/input/data/train"
    assert container.outside(outside) == outside
    assert container.outside("/opt/mlflow") == "/opt/mlflow"
    assert container.inside(f'File "{container.ml}/code/train.py", line 3') == 'File "/opt/ml/code/train.py", line 3'
    container.remove()
    assert not container.root.exists()
