from __future__ import annotations

import boto3
from botocore.loaders import Loader

from mlacourse.cloud import waiters
from mlacourse.cloud.session import Cloud


def test_a_waiter_looks_ten_times_a_second_and_waits_as_long_as_before(cloud: Cloud) -> None:
    quick = boto3.client("sagemaker").get_waiter("training_job_completed_or_stopped").config
    assert quick.delay == 0.1
    assert quick.delay * quick.max_attempts == 120 * 180


def test_waiters_wait_for_the_same_as_botocores(cloud: Cloud) -> None:
    for service in waiters.SERVICES:
        own = Loader(extra_search_paths=[waiters.data_path()]).load_service_model(service, "waiters-2")
        theirs = Loader().load_service_model(service, "waiters-2")
        assert {name: waiter["acceptors"] for name, waiter in own["waiters"].items()} == {
            name: waiter["acceptors"] for name, waiter in theirs["waiters"].items()
        }
