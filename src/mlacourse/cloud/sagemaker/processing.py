"""Processing jobs: the API. A program runs once over inputs from S3 and leaves outputs there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mlacourse.cloud.call import AwsError, Call
from mlacourse.cloud.handlers import handles
from mlacourse.cloud.sagemaker import image, roles, toolkit
from mlacourse.cloud.sagemaker.artifacts import Location
from mlacourse.cloud.sagemaker.container import ML
from mlacourse.cloud.sagemaker.job import Job
from mlacourse.cloud.sagemaker.logs import LogStream
from mlacourse.cloud.sagemaker.processing_run import ProcessingRun
from mlacourse.cloud.sagemaker.state import State, arn, invalid, not_built, page

if TYPE_CHECKING:
    from mlacourse.cloud.session import Cloud

LOG_GROUP = "/aws/sagemaker/ProcessingJobs"
DAY = 86_400
_REPEATED = (
    "ProcessingJobName",
    "ProcessingInputs",
    "ProcessingOutputConfig",
    "ProcessingResources",
    "AppSpecification",
    "Environment",
    "NetworkConfig",
    "RoleArn",
    "ExperimentConfig",
)


@handles("sagemaker", "CreateProcessingJob")
def create_processing_job(cloud: Cloud, call: Call) -> dict[str, Any]:
    """Check the request as AWS does before it answers, then start the job."""
    state, request = cloud.part(State), call.params
    name = request["ProcessingJobName"]
    _check_built(request)
    if name in state.processing_jobs:
        raise AwsError(
            "ResourceInUse",
            "Processing job names must be unique within an AWS account and region, and a processing job with this name "
            f"already exists ({state.processing_jobs[name].job.arn})",
        )
    role = roles.assume(cloud, request["RoleArn"])
    processing_image = image.resolve(request["AppSpecification"]["ImageUri"], call.account, role)
    job = Job(
        request,
        arn(call, "processing-job", name),
        role,
        LogStream(role, LOG_GROUP, f"{name}/{toolkit.HOST}-{int(call.time.timestamp())}"),
        request.get("StoppingCondition", {}).get("MaxRuntimeInSeconds", DAY),
    )
    job.enter("Starting", "Starting the processing job")
    run = state.processing_jobs[name] = ProcessingRun(job, processing_image)
    state.tag(job.arn, request.get("Tags", []))
    job.start(run)
    return {"ProcessingJobArn": job.arn}


@handles("sagemaker", "DescribeProcessingJob")
def describe_processing_job(cloud: Cloud, call: Call) -> dict[str, Any]:
    """Tell how the job stands now."""
    run = _run(cloud, call)
    job, request = run.job, run.job.request
    with job.changed:
        described = {
            **{name: request[name] for name in _REPEATED if name in request},
            "ProcessingJobArn": job.arn,
            "ProcessingJobStatus": job.status,
            "StoppingCondition": {"MaxRuntimeInSeconds": int(job.max_runtime)},
            "CreationTime": job.created,
            "LastModifiedTime": job.modified,
            "ProcessingStartTime": job.started,
            "ProcessingEndTime": job.ended,
            "FailureReason": job.reason,
            "ExitMessage": run.message or None,
        }
    return {name: value for name, value in described.items() if value is not None}


@handles("sagemaker", "ListProcessingJobs")
def list_processing_jobs(cloud: Cloud, call: Call) -> dict[str, Any]:
    """Tell every job in short."""
    summaries = []
    for name, run in list(cloud.part(State).processing_jobs.items()):
        summary = {
            "ProcessingJobName": name,
            "ProcessingJobArn": run.job.arn,
            "CreationTime": run.job.created,
            "LastModifiedTime": run.job.modified,
            "ProcessingJobStatus": run.job.status,
            "ProcessingEndTime": run.job.ended,
            "FailureReason": run.job.reason,
            "ExitMessage": run.message or None,
        }
        summaries.append({member: value for member, value in summary.items() if value is not None})
    found, more = page(call, summaries, name="ProcessingJobName", status="ProcessingJobStatus")
    return {"ProcessingJobSummaries": found, **more}


@handles("sagemaker", "StopProcessingJob")
def stop_processing_job(cloud: Cloud, call: Call) -> dict[str, Any]:
    """Ask the program to end; it is ended a little later."""
    _run(cloud, call).job.stop("processing")
    return {}


def _run(cloud: Cloud, call: Call) -> ProcessingRun:
    run = cloud.part(State).processing_jobs.get(call.params["ProcessingJobName"])
    if run is None:
        raise AwsError("ResourceNotFound", "Requested resource not found.")
    return run


def _check_built(request: dict[str, Any]) -> None:
    if request["ProcessingResources"]["ClusterConfig"]["InstanceCount"] != 1:
        raise not_built("Processing on several instances", "Set InstanceCount to 1.")
    if not request["AppSpecification"].get("ContainerEntrypoint"):
        raise not_built(
            "Processing without a ContainerEntrypoint",
            "Name the program, for example ['python3', '/opt/ml/processing/input/code/prepare.py'].",
        )
    outputs = request.get("ProcessingOutputConfig", {}).get("Outputs", [])
    for given, kind in [(one, "S3Input") for one in request.get("ProcessingInputs", [])] + [
        (one, "S3Output") for one in outputs
    ]:
        described = given.get(kind)
        what = f"{kind.removeprefix('S3')} {given.get('InputName') or given.get('OutputName')!r}"
        if described is None:
            raise not_built(f"{what} without {kind}", "Use S3.")
        if described.get("S3InputMode") == "Pipe" or described.get("S3DataType", "S3Prefix") != "S3Prefix":
            raise not_built(f"{what} other than an S3Prefix in File mode", "Use that.")
        if described.get("S3UploadMode") == "Continuous":
            raise not_built(f"{what} with Continuous upload", "Use EndOfJob.")
        Location.parse(described["S3Uri"])
        if not described.get("LocalPath", "").startswith(f"{ML}/processing/"):
            raise invalid(f"{what}: LocalPath must begin with {ML}/processing/.")
