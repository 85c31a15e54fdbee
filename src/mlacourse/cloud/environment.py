"""The environment variables that lead boto3, here and in child processes, to the offline cloud and nowhere else."""

from __future__ import annotations

import os
from collections.abc import Callable

import boto3

from mlacourse.cloud import keys, waiters
from mlacourse.cloud.call import REGION


def variables(endpoint: str) -> dict[str, str]:
    """Return what leads boto3 and the AWS CLI to an endpoint, and away from the learner's own credentials."""
    hosts = [*filter(None, os.environ.get("NO_PROXY", "").split(",")), "127.0.0.1", "localhost"]
    return {
        "AWS_ENDPOINT_URL": endpoint,
        "AWS_ACCESS_KEY_ID": keys.ACCESS_KEY,
        "AWS_SECRET_ACCESS_KEY": keys.SECRET_KEY,
        "AWS_DEFAULT_REGION": REGION,
        "AWS_REGION": REGION,
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_ACCOUNT_ID_ENDPOINT_MODE": "disabled",
        "AWS_DISABLE_HOST_PREFIX_INJECTION": "true",
        "AWS_DATA_PATH": waiters.data_path(),
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "MOTO_PORT": endpoint.rsplit(":", 1)[-1],
        "NO_PROXY": ",".join(dict.fromkeys(hosts)),
        "no_proxy": ",".join(dict.fromkeys(hosts)),
    }


def enter(endpoint: str) -> Callable[[], None]:
    """Set the variables, drop every other AWS one, and start boto3's default session anew; the result undoes it."""
    ours = variables(endpoint)
    touched = [name for name in os.environ if name.startswith("AWS_")] + list(ours)
    before = {name: os.environ.get(name) for name in touched}
    default_session = boto3.DEFAULT_SESSION
    for name in touched:
        os.environ.pop(name, None)
    os.environ.update(ours)
    boto3.DEFAULT_SESSION = None

    def undo() -> None:
        for name, value in before.items():
            os.environ.pop(name, None)
            if value is not None:
                os.environ[name] = value
        boto3.DEFAULT_SESSION = default_session

    return undo
