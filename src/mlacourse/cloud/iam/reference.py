"""AWS's service authorization reference, as far as labs need it: actions, their resources, condition keys."""

import json
from functools import cache
from pathlib import Path
from typing import Any

FILE = Path(__file__).with_name("reference.json")


@cache
def reference() -> dict[str, Any]:
    """Return what is known, by service prefix.

    >>> reference()["s3"]["arns"]["bucket"]
    'arn:${Partition}:s3:::${BucketName}'
    """
    content: dict[str, Any] = json.loads(FILE.read_text(encoding="utf-8"))["services"]
    return content


def condition_keys(prefix: str) -> dict[str, str]:
    """Return a service's own condition keys with their types; ``ArrayOf…`` keys have several values."""
    found: dict[str, str] = reference().get(prefix, {}).get("keys", {})
    return found
