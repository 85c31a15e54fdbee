"""One offline cloud for each test file, emptied before each test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from mlacourse.cloud.session import Cloud


@pytest.fixture(scope="module")
def running() -> Iterator[Cloud]:
    with Cloud() as cloud:
        yield cloud


@pytest.fixture
def cloud(running: Cloud) -> Iterator[Cloud]:
    """An empty account at the first instant; a fault of ours behind an answer fails the test."""
    running.reset()
    yield running
    assert running.defects == []
