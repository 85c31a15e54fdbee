"""What the cloud's tests share: the answer to a call, or the error that it ended with."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError


def error_of(call: Callable[..., Any], **params: Any) -> tuple[str, str]:
    """Code and message of the error that a call ends with."""
    with pytest.raises(ClientError) as caught:
        call(**params)
    error = caught.value.response["Error"]
    return error["Code"], error.get("Message", "")


def status_of(call: Callable[..., Any], **params: Any) -> int:
    with pytest.raises(ClientError) as caught:
        call(**params)
    status: int = caught.value.response["ResponseMetadata"]["HTTPStatusCode"]
    return status
