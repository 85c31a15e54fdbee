from __future__ import annotations

import contextlib
from typing import Any

import pytest
from botocore.exceptions import WaiterError
from cloud.aws import error_of
from cloud.sagemaker.account import BUCKET, SCIKIT_LEARN, client, get, keys, lines, put, role

ML = "/opt/ml/processing"


@pytest.fixture(autouse=True)
def data(sagemaker: Any) -> None:
    put("data/raw.csv", "3\n1\n2\n")


def given(name: str, uri: str) -> dict[str, Any]:
    source = {"S3Uri": uri, "LocalPath": f"{ML}/input/{name}", "S3DataType": "S3Prefix", "S3InputMode": "File"}
    return {"InputName": name, "S3Input": source}


def made(name: str) -> dict[str, Any]:
    target = {"S3Uri": f"s3://{BUCKET}/{name}", "LocalPath": f"{ML}/{name}", "S3UploadMode": "EndOfJob"}
    return {"OutputName": name, "S3Output": target}


def processing(name: str, script: str, *arguments: str, **changed: Any) -> dict[str, Any]:
    put("code/prepare.py", script)
    words = {"ContainerEntrypoint": ["python3", f"{ML}/input/code/prepare.py"]}
    return {
        "ProcessingJobName": name,
        "RoleArn": role(),
        "AppSpecification": {
            "ImageUri": SCIKIT_LEARN,
            **words,
            **({"ContainerArguments": [*arguments]} if arguments else {}),
        },
        "ProcessingInputs": [given("data", f"s3://{BUCKET}/data/"), given("code", f"s3://{BUCKET}/code/prepare.py")],
        "ProcessingOutputConfig": {"Outputs": [made("sorted")]},
        "ProcessingResources": {
            "ClusterConfig": {"InstanceCount": 1, "InstanceType": "ml.m5.large", "VolumeSizeInGB": 5}
        },
        **changed,
    }


def processed(request: dict[str, Any]) -> dict[str, Any]:
    sagemaker, name = client("sagemaker"), request["ProcessingJobName"]
    sagemaker.create_processing_job(**request)
    # The waiter raises for a job that failed.
    with contextlib.suppress(WaiterError):
        sagemaker.get_waiter("processing_job_completed_or_stopped").wait(ProcessingJobName=name)
    described: dict[str, Any] = sagemaker.describe_processing_job(ProcessingJobName=name)
    return described


SORT = """
import pathlib, sys
source, target = map(pathlib.Path, sys.argv[1:])
rows = sorted((source / "raw.csv").read_text().split())
(target / "rows.csv").write_text("\\n".join(rows))
print(source, len(rows))
"""


def test_a_script_gets_its_inputs_and_its_outputs_go_to_s3(sagemaker: Any) -> None:
    job = processed(processing("sort", SORT, f"{ML}/input/data", f"{ML}/sorted"))
    assert job["ProcessingJobStatus"] == "Completed"
    assert get("sorted/rows.csv") == b"1\n2\n3"
    assert lines("/aws/sagemaker/ProcessingJobs", "sort") == [f"{ML}/input/data 3"]


def test_a_script_leaves_a_message_at_its_exit(sagemaker: Any) -> None:
    script = "import os; open(os.environ['SAGEMAKER_BASE_DIR'] + '/output/message', 'w').write('3 rows')"
    script = f"import os; os.makedirs(os.environ['SAGEMAKER_BASE_DIR'] + '/output')\n{script}"
    assert processed(processing("message", script))["ExitMessage"] == "3 rows"


def test_a_script_that_fails_fails_the_job_and_uploads_nothing(sagemaker: Any) -> None:
    job = processed(processing("broken", "raise SystemExit(3)"))
    assert (job["ProcessingJobStatus"], job["FailureReason"]) == ("Failed", "AlgorithmError: , exit code: 3")
    assert keys("sorted/") == []


def test_a_running_job_is_stopped(sagemaker: Any) -> None:
    sagemaker.create_processing_job(**processing("endless", "import signal; signal.pause()"))
    sagemaker.stop_processing_job(ProcessingJobName="endless")
    sagemaker.get_waiter("processing_job_completed_or_stopped").wait(ProcessingJobName="endless")
    assert sagemaker.describe_processing_job(ProcessingJobName="endless")["ProcessingJobStatus"] == "Stopped"
    listed = sagemaker.list_processing_jobs(StatusEquals="Stopped")["ProcessingJobSummaries"]
    assert [one["ProcessingJobName"] for one in listed] == ["endless"]


def test_a_name_is_used_once_and_an_unknown_one_is_not_found(sagemaker: Any) -> None:
    request = processing("once", "")
    processed(request)
    assert error_of(sagemaker.create_processing_job, **request)[0] == "ResourceInUse"
    assert error_of(sagemaker.describe_processing_job, ProcessingJobName="ghost")[1] == "Requested resource not found."


def test_what_is_not_built_is_refused(sagemaker: Any) -> None:
    request = processing("refused", "", AppSpecification={"ImageUri": SCIKIT_LEARN})
    code, message = error_of(sagemaker.create_processing_job, **request)
    assert code == "NotBuiltOffline"
    assert "ContainerEntrypoint" in message
