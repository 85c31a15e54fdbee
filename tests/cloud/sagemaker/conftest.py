"""SageMaker in an empty account with one bucket."""

from __future__ import annotations

from typing import Any

import pytest
from cloud.sagemaker.account import BUCKET, client

from mlacourse import cloud as face
from mlacourse.cloud.session import Cloud


@pytest.fixture
def sagemaker(cloud: Cloud, monkeypatch: pytest.MonkeyPatch) -> Any:
    # What `cloud.start()` does, for the cloud that the tests share.
    monkeypatch.setattr(face, "_running", cloud)
    client("s3").create_bucket(Bucket=BUCKET)
    return client("sagemaker")
