from __future__ import annotations

from typing import Any

import pytest
from cloud.sagemaker.account import BUCKET, EVERYTHING, ended, get, keys, lines, put, role, source, trained, training

from mlacourse.cloud import sagemaker as spot
from mlacourse.cloud.session import Cloud

# Gradient descent on one weight, with a checkpoint for each epoch; it waits at the epoch that the test names.
EPOCHS = """
    import argparse, json, os, pathlib, signal
    parser = argparse.ArgumentParser()
    parser.add_argument("--wait-at", type=int, default=-1)
    wait_at = parser.parse_args().wait_at
    checkpoints = pathlib.Path(os.environ["SAGEMAKER_BASE_DIR"], "checkpoints")
    done = sorted(checkpoints.glob("epoch-*.json"))
    state = json.loads(done[-1].read_text()) if done else {"epoch": 0, "weight": 0.0}
    print("from epoch", state["epoch"])
    while state["epoch"] < 6:
        state = {"epoch": state["epoch"] + 1, "weight": state["weight"] - 0.1 * (2 * state["weight"] - 3.7)}
        text = json.dumps(state)
        (checkpoints / f"epoch-{state['epoch']}.json").write_text(text)
        if state["epoch"] == wait_at and not done:
            signal.pause()
    pathlib.Path(os.environ["SM_MODEL_DIR"], "model.json").write_text(text)
"""
HOUR = 3600


@pytest.fixture(autouse=True)
def script(sagemaker: Any) -> None:
    source(EPOCHS)


def spot_job(name: str, wait_at: int = -1) -> dict[str, Any]:
    request = training(
        name,
        role(f"Worker-{name}"),
        EnableManagedSpotTraining=True,
        StoppingCondition={"MaxRuntimeInSeconds": HOUR, "MaxWaitTimeInSeconds": 2 * HOUR},
        CheckpointConfig={"S3Uri": f"s3://{BUCKET}/checkpoints/{name}"},
    )
    request["HyperParameters"] = {**request["HyperParameters"], "wait-at": str(wait_at)}
    return request


def test_an_interrupted_job_resumes_and_makes_the_same_model(sagemaker: Any) -> None:
    trained(spot_job("whole"))
    sagemaker.create_training_job(**spot_job("broken", wait_at=3))
    spot.interrupt("broken", checkpoint="epoch-3.json")
    job = ended("broken")
    assert job["TrainingJobStatus"] == "Completed"
    assert lines("/aws/sagemaker/TrainingJobs", "broken") == ["from epoch 0", "from epoch 3"]
    assert get("out/broken/output/model.tar.gz") == get("out/whole/output/model.tar.gz")


def test_an_interruption_is_one_of_the_stages(sagemaker: Any) -> None:
    sagemaker.create_training_job(**spot_job("stages", wait_at=2))
    spot.interrupt("stages", checkpoint="epoch-2.json")
    stages = [one["Status"] for one in ended("stages")["SecondaryStatusTransitions"]]
    begin = ["Starting", "Pending", "Downloading", "Training"]
    assert stages == [*begin, "Interrupted", *begin, "Uploading", "Completed"]


def test_checkpoints_are_in_s3_while_the_job_runs(sagemaker: Any) -> None:
    sagemaker.create_training_job(**spot_job("early", wait_at=2))
    spot.interrupt("early", checkpoint="epoch-2.json", minutes=30)
    assert keys("checkpoints/early/") == ["checkpoints/early/epoch-1.json", "checkpoints/early/epoch-2.json"]


def test_a_job_waits_for_capacity_on_the_clock(cloud: Cloud, sagemaker: Any) -> None:
    sagemaker.create_training_job(**spot_job("waits", wait_at=2))
    spot.interrupt("waits", checkpoint="epoch-2.json", minutes=30)
    cloud.clock.advance(minutes=30)
    job = ended("waits")
    transitions = {one["Status"]: one for one in job["SecondaryStatusTransitions"]}
    waited = transitions["Interrupted"]["EndTime"] - transitions["Interrupted"]["StartTime"]
    assert waited.total_seconds() == 30 * 60
    assert job["TrainingTimeInSeconds"] < 30 * 60


def test_a_job_that_waits_too_long_is_stopped(cloud: Cloud, sagemaker: Any) -> None:
    sagemaker.create_training_job(**spot_job("late", wait_at=2))
    spot.interrupt("late", checkpoint="epoch-2.json", minutes=5 * 60)
    cloud.clock.advance(hours=3)
    job = ended("late")
    assert (job["TrainingJobStatus"], job["SecondaryStatus"]) == ("Stopped", "MaxWaitTimeExceeded")


def test_a_job_that_waits_for_capacity_can_be_stopped(sagemaker: Any) -> None:
    sagemaker.create_training_job(**spot_job("given-up", wait_at=2))
    spot.interrupt("given-up", checkpoint="epoch-2.json", minutes=30)
    sagemaker.stop_training_job(TrainingJobName="given-up")
    assert ended("given-up")["SecondaryStatus"] == "Stopped"


def test_the_bill_of_a_spot_job_is_not_made_up(sagemaker: Any) -> None:
    job = trained(spot_job("bill"))
    assert job["TrainingTimeInSeconds"] >= 1
    assert "BillableTimeInSeconds" not in job


def test_only_a_running_spot_job_is_interrupted(sagemaker: Any) -> None:
    trained(spot_job("over"))
    trained(training("on-demand", role(), HyperParameters={}))
    with pytest.raises(ValueError, match="had the status Completed"):
        spot.interrupt("over")
    with pytest.raises(ValueError, match="before it had written the checkpoint 'epoch-9"):
        spot.interrupt("over", checkpoint="epoch-9.json")
    with pytest.raises(ValueError, match="runs on demand"):
        spot.interrupt("on-demand")
    with pytest.raises(ValueError, match="no training job 'ghost'"):
        spot.interrupt("ghost")


def test_a_job_finds_the_checkpoints_of_its_own_folder_only(sagemaker: Any) -> None:
    put("checkpoints/mine-not/epoch-5.json", '{"epoch": 5, "weight": 9.9}')
    put("checkpoints/mine/epoch-4.json", '{"epoch": 4, "weight": 1.0}')
    trained(spot_job("mine"))
    assert lines("/aws/sagemaker/TrainingJobs", "mine") == ["from epoch 4"]


def test_a_role_that_may_not_store_checkpoints_fails_the_job(sagemaker: Any) -> None:
    request = spot_job("denied", wait_at=1)
    place = f"arn:aws:s3:::{BUCKET}/checkpoints/*"
    request["RoleArn"] = role("NoStore", EVERYTHING, {"Effect": "Deny", "Action": "s3:PutObject", "Resource": place})
    assert trained(request)["FailureReason"].startswith("ClientError: Checkpoint upload failed:AccessDenied (403): ")
