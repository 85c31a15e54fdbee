from __future__ import annotations

import io
import json
import tarfile
import threading
from typing import Any

from cloud.aws import error_of
from cloud.sagemaker import account
from cloud.sagemaker.account import (
    BUCKET,
    channel,
    client,
    ended,
    get,
    keys,
    lines,
    put,
    role,
    source,
    trained,
    training,
)

from mlacourse.cloud.session import Cloud

LOGS = "/aws/sagemaker/TrainingJobs"
WAITS_FOR_TERM = """
    import os, signal
    def save(*_):
        open(os.path.join(os.environ["SM_MODEL_DIR"], "half.txt"), "w").write("half a model")
        raise SystemExit(0)
    signal.signal(signal.SIGTERM, save)
    print("waiting")
    signal.pause()
"""


def members(archive: bytes) -> dict[str, str]:
    with tarfile.open(fileobj=io.BytesIO(archive), mode="r:gz") as content:
        found = {member.name: content.extractfile(member) for member in content.getmembers() if member.isfile()}
        return {name: file.read().decode() for name, file in found.items() if file is not None}


def running(sagemaker: Any, name: str) -> None:
    """Return once the job's program has said something."""
    stream = client("logs")
    for _ in iter(lambda: sagemaker.describe_training_job(TrainingJobName=name)["TrainingJobStatus"], "Completed"):
        groups = stream.describe_log_groups(logGroupNamePrefix=LOGS)["logGroups"]
        if groups and lines(LOGS, name):
            return
    raise AssertionError("the job ended without a word")


def test_a_job_reads_its_channel_and_leaves_a_model_in_s3(sagemaker: Any) -> None:
    put("data/train/a.csv", "1,2\n")
    put("data/train/deep/b.csv", "3,4\n")
    source("""
        import os, pathlib
        data = pathlib.Path(os.environ["SM_CHANNEL_TRAIN"])
        rows = "".join(path.read_text() for path in sorted(data.rglob("*.csv")))
        pathlib.Path(os.environ["SM_MODEL_DIR"], "rows.txt").write_text(rows)
        pathlib.Path(os.environ["SM_OUTPUT_DATA_DIR"], "report.txt").write_text("2 files")
    """)
    job = trained(training("rows", role(), InputDataConfig=[channel("train", f"s3://{BUCKET}/data/train/")]))
    assert job["TrainingJobStatus"] == job["SecondaryStatus"] == "Completed"
    assert job["ModelArtifacts"]["S3ModelArtifacts"] == f"s3://{BUCKET}/out/rows/output/model.tar.gz"
    assert members(get("out/rows/output/model.tar.gz")) == {"rows.txt": "1,2\n3,4\n"}
    assert members(get("out/rows/output/output.tar.gz")) == {"report.txt": "2 files"}


def test_a_job_goes_through_the_stages_of_sagemaker(sagemaker: Any) -> None:
    source("print('done')")
    job = trained(training("stages", role()))
    transitions = job["SecondaryStatusTransitions"]
    assert [one["Status"] for one in transitions] == [
        *("Starting", "Pending", "Downloading", "Training", "Uploading", "Completed")
    ]
    assert all("EndTime" in one for one in transitions)
    assert job["TrainingTimeInSeconds"] == job["BillableTimeInSeconds"] >= 1


def test_a_job_is_in_progress_until_its_script_ends(sagemaker: Any) -> None:
    source(WAITS_FOR_TERM)
    sagemaker.create_training_job(**training("waits", role()))
    running(sagemaker, "waits")
    job = sagemaker.describe_training_job(TrainingJobName="waits")
    assert (job["TrainingJobStatus"], job["SecondaryStatus"]) == ("InProgress", "Training")
    assert "TrainingEndTime" not in job


def test_hyperparameters_reach_the_script_as_arguments_and_as_a_file(sagemaker: Any) -> None:
    source("""
        import json, os, sys
        print(sys.argv[1:])
        print(open(os.path.join(os.environ["SM_INPUT_CONFIG_DIR"], "hyperparameters.json")).read())
    """)
    request = training("args", role())
    request["HyperParameters"] |= {"learning-rate": "0.1", "out": "/opt/ml/model"}
    trained(request)
    said = lines(LOGS, "args")
    assert said[0] == "['--learning-rate', '0.1', '--out', '/opt/ml/model']"
    assert json.loads(said[1])["learning-rate"] == "0.1"


def test_the_environment_of_the_request_and_the_jobs_name_reach_the_script(sagemaker: Any) -> None:
    source("import os; print(os.environ['STAGE'], os.environ['TRAINING_JOB_NAME'], os.environ['TRAINING_JOB_ARN'])")
    trained(training("named", role(), Environment={"STAGE": "test"}))
    assert lines(LOGS, "named") == ["test named arn:aws:sagemaker:us-east-1:123456789012:training-job/named"]


def test_a_script_that_raises_fails_the_job_with_its_exception(sagemaker: Any) -> None:
    source("raise ValueError('no rows')")
    job = trained(training("broken", role()))
    assert job["TrainingJobStatus"] == "Failed"
    assert job["FailureReason"] == (
        'AlgorithmError: ExecuteUserScriptError:\nExitCode 1\nErrorMessage "ValueError: no rows"\n'
        'Command "/miniconda3/bin/python train.py", exit code: 1'
    )
    assert lines(LOGS, "broken")[1] == '  File "/opt/ml/code/train.py", line 1, in <module>'
    assert keys("out/") == []


def test_a_job_without_a_script_says_what_is_missing(sagemaker: Any) -> None:
    job = trained(training("nothing", role(), HyperParameters={}))
    assert "Set the hyperparameter sagemaker_program" in job["FailureReason"]


def test_metrics_are_read_from_the_log_and_sent_to_cloudwatch(cloud: Cloud, sagemaker: Any) -> None:
    source("for auc in (0.7, 0.9): print(f'epoch done; auc={auc}; loss=n/a')")
    request = training("metrics", role())
    request["AlgorithmSpecification"]["MetricDefinitions"] = [
        {"Name": "auc", "Regex": "auc=([0-9.]+)"},
        {"Name": "loss", "Regex": "loss=(.+)"},
    ]
    job = trained(request)
    assert [(one["MetricName"], round(one["Value"], 4)) for one in job["FinalMetricDataList"]] == [("auc", 0.9)]
    cloud.clock.advance(minutes=1)
    points = client("cloudwatch").get_metric_statistics(
        Namespace=LOGS,
        MetricName="auc",
        Dimensions=[{"Name": "TrainingJobName", "Value": "metrics"}],
        StartTime=cloud.clock.start,
        EndTime=cloud.clock.now(),
        Period=60,
        Statistics=["SampleCount", "Maximum"],
    )["Datapoints"]
    assert [(point["SampleCount"], point["Maximum"]) for point in points] == [(2.0, 0.9)]


def test_a_stopped_job_may_save_its_model(sagemaker: Any) -> None:
    source(WAITS_FOR_TERM)
    sagemaker.create_training_job(**training("stopped", role()))
    running(sagemaker, "stopped")
    sagemaker.stop_training_job(TrainingJobName="stopped")
    job = ended("stopped")
    assert (job["TrainingJobStatus"], job["SecondaryStatus"]) == ("Stopped", "Stopped")
    assert "Stopping" in [one["Status"] for one in job["SecondaryStatusTransitions"]]
    assert members(get("out/stopped/output/model.tar.gz")) == {"half.txt": "half a model"}


def test_a_job_that_has_ended_cannot_be_stopped(sagemaker: Any) -> None:
    source("")
    trained(training("over", role()))
    assert error_of(sagemaker.stop_training_job, TrainingJobName="over") == (
        "ValidationException",
        "The request was rejected because the training job is in status Completed.",
    )


def test_the_clock_ends_a_job_after_its_longest_runtime(cloud: Cloud, sagemaker: Any) -> None:
    source(WAITS_FOR_TERM)
    sagemaker.create_training_job(**training("long", role(), StoppingCondition={"MaxRuntimeInSeconds": 3600}))
    running(sagemaker, "long")
    cloud.clock.advance(minutes=61)
    job = ended("long")
    assert (job["TrainingJobStatus"], job["SecondaryStatus"]) == ("Stopped", "MaxRuntimeExceeded")
    assert job["TrainingTimeInSeconds"] >= 3600


def test_real_seconds_end_a_job_too(sagemaker: Any) -> None:
    source(WAITS_FOR_TERM)
    job = trained(training("short", role(), StoppingCondition={"MaxRuntimeInSeconds": 1}))
    assert job["SecondaryStatus"] == "MaxRuntimeExceeded"


def test_a_job_runs_with_its_own_roles_keys(sagemaker: Any) -> None:
    source("import boto3; print(boto3.client('sts').get_caller_identity()['Arn'])")
    trained(training("who", role("Trainer")))
    assert lines(LOGS, "who") == ["arn:aws:sts::123456789012:assumed-role/Trainer/SageMaker"]


def test_a_role_without_get_object_fails_the_job(sagemaker: Any) -> None:
    put("data/a.csv", "1")
    source("")
    may_list = role("Lister", {"Effect": "Allow", "Action": "s3:ListBucket", "Resource": f"arn:aws:s3:::{BUCKET}"})
    job = trained(training("denied", may_list, InputDataConfig=[channel("train", f"s3://{BUCKET}/data/")]))
    assert job["FailureReason"].startswith("ClientError: Data download failed:AccessDenied (403): ")
    assert "assumed-role/Lister/SageMaker is not authorized to perform: s3:GetObject" in job["FailureReason"]


def test_a_role_that_may_not_write_logs_loses_only_the_logs(sagemaker: Any) -> None:
    source("print('unheard')")
    silent = role("Silent", {"Effect": "Allow", "Action": "s3:*", "Resource": "*"})
    assert trained(training("silent", silent))["TrainingJobStatus"] == "Completed"
    assert client("logs").describe_log_groups()["logGroups"] == []


def test_an_isolated_job_does_not_reach_aws(sagemaker: Any) -> None:
    source("""
        import boto3, botocore.config
        sts = boto3.client("sts", aws_access_key_id="a", aws_secret_access_key="b",
                           config=botocore.config.Config(retries={"total_max_attempts": 1}))
        try:
            sts.get_caller_identity()
        except Exception as error:
            print(type(error).__name__)
    """)
    trained(training("isolated", role(), EnableNetworkIsolation=True))
    assert lines(LOGS, "isolated") == ["EndpointConnectionError"]


def test_jobs_are_listed_by_name_status_and_page(cloud: Cloud, sagemaker: Any) -> None:
    arn = role()
    source("")
    for name in ("churn-1", "churn-2", "fraud-1"):
        trained(training(name, arn))
        cloud.clock.advance(minutes=1)
    found = sagemaker.list_training_jobs(NameContains="CHURN", StatusEquals="Completed", SortOrder="Ascending")
    assert [one["TrainingJobName"] for one in found["TrainingJobSummaries"]] == ["churn-1", "churn-2"]
    pages = sagemaker.get_paginator("list_training_jobs").paginate(PaginationConfig={"PageSize": 2})
    assert [[one["TrainingJobName"] for one in page["TrainingJobSummaries"]] for page in pages] == [
        ["fraud-1", "churn-2"],
        ["churn-1"],
    ]


def test_a_reset_ends_running_jobs(cloud: Cloud, sagemaker: Any) -> None:
    source(WAITS_FOR_TERM)
    sagemaker.create_training_job(**training("left", role()))
    running(sagemaker, "left")
    cloud.reset()
    assert [thread.name for thread in threading.enumerate() if "training-job" in thread.name] == []


def test_a_jobs_tags_are_kept(sagemaker: Any) -> None:
    source("")
    job = trained(training("tagged", role(), Tags=[{"Key": "team", "Value": "churn"}]))
    sagemaker.add_tags(ResourceArn=job["TrainingJobArn"], Tags=[{"Key": "stage", "Value": "test"}])
    sagemaker.delete_tags(ResourceArn=job["TrainingJobArn"], TagKeys=["team"])
    assert sagemaker.list_tags(ResourceArn=job["TrainingJobArn"])["Tags"] == [{"Key": "stage", "Value": "test"}]
    assert error_of(sagemaker.list_tags, ResourceArn=account.CODE)[0] == "ValidationException"
