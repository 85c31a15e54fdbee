"""boto3's waiters for a cloud where things take seconds: they look ten times a second instead of every minute or two.

botocore reads its waiters from the folders in ``AWS_DATA_PATH`` before its own. So a folder with the same waiters and
a shorter delay is enough, for this process and for its children; the longest wait stays what it was.
"""

from __future__ import annotations

import json
import tempfile
from functools import cache
from pathlib import Path
from typing import Any

from botocore.loaders import Loader

SERVICES = ("sagemaker",)
DELAY = 0.1


@cache
def data_path() -> str:
    """Return the folder for ``AWS_DATA_PATH``, written once for the process and removed at its end."""
    folder = Path(_temporary().name)
    loader = Loader()
    for service in SERVICES:
        version: str = loader.determine_latest_version(service, "waiters-2")
        content: dict[str, Any] = loader.load_service_model(service, "waiters-2", version)
        waiters = {name: quick(waiter) for name, waiter in content["waiters"].items()}
        file = folder / service / version / "waiters-2.json"
        file.parent.mkdir(parents=True)
        file.write_text(json.dumps({**content, "waiters": waiters}), encoding="utf-8")
    return str(folder)


def quick(waiter: dict[str, Any]) -> dict[str, Any]:
    """Return a waiter that looks more often and gives up after the same time.

    >>> quick({"delay": 30, "maxAttempts": 60, "operation": "DescribeEndpoint"})
    {'delay': 0.1, 'maxAttempts': 18000, 'operation': 'DescribeEndpoint'}
    """
    attempts = round(waiter["delay"] * waiter["maxAttempts"] / DELAY)
    return {**waiter, "delay": DELAY, "maxAttempts": attempts}


@cache
def _temporary() -> tempfile.TemporaryDirectory[str]:
    return tempfile.TemporaryDirectory(prefix="mlacourse-waiters-")
