"""Training jobs: the API. What AWS checks at once is checked at once; the job itself runs in the background."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from mlacourse.cloud.call import AwsError, Call
from mlacourse.cloud.handlers import handles
from mlacourse.cloud.sagemaker import artifacts, image, roles, toolkit
from mlacourse.cloud.sagemaker.artifacts import Location
from mlacourse.cloud.sagemaker.job import Job
from mlacourse.cloud.sagemaker.logs import LogStream
from mlacourse.cloud.sagemaker.state import State, arn, invalid, not_built, page, refuse_parameters
from mlacourse.cloud.sagemaker.training_run import TrainingRun

if TYPE_CHECKING:
    from mlacourse.cloud.session import Cloud

LOG_GROUP = "/aws/sagemaker/TrainingJobs"
DAY = 86_400
_NOT_BUILT = {
    "AlgorithmSpecification.AlgorithmName": "Use TrainingImage.",
    "DebugHookConfig": "Leave it out.",
    "DebugRuleConfigurations": "Leave it out.",
    "ModelPackageConfig": "Leave it out.",
    "MlflowConfig": "Leave it out.",
    "ProfilerRuleConfigurations": "Leave it out.",
    "ResourceConfig.InstanceGroups": "Use InstanceType and InstanceCount.",
    "ResourceConfig.KeepAlivePeriodInSeconds": "Leave it out: there is no instance to keep warm.",
    "RetryStrategy": "Leave it out: a job runs once.",
    "ServerlessJobConfig": "Use ResourceConfig.",
    "SessionChainingConfig": "Leave it out.",
    "TensorBoardOutputConfig": "Leave it out.",
}
_FILTERS_NOT_BUILT = {
    "TrainingPlanArnEquals": "There are no training plans: leave it out.",
    "WarmPoolStatusEquals": "There is no instance to keep warm: leave it out.",
}
# What a description repeats from the request.
_REPEATED = (
    "TrainingJobName",
    "HyperParameters",
    "AlgorithmSpecification",
    "RoleArn",
    "InputDataConfig",
    "OutputDataConfig",
    "ResourceConfig",
    "VpcConfig",
    "CheckpointConfig",
    "Environment",
    "ExperimentConfig",
)
_FLAGS = ("EnableNetworkIsolation", "EnableInterContainerTrafficEncryption", "EnableManagedSpotTraining")


@handles("sagemaker", "CreateTrainingJob")
def create_training_job(cloud: Cloud, call: Call) -> dict[str, Any]:
    """Check the request as AWS does before it answers, then start the job."""
    run = prepare(cloud, call, call.params)
    start(cloud, run)
    return {"TrainingJobArn": run.job.arn}


def prepare(cloud: Cloud, call: Call, request: dict[str, Any], tuning_job: str | None = None) -> TrainingRun:
    """Check a request and return its job, which is not known yet nor started.

    ``call`` is the one that asked for it, a tuning job's too, whose ARN is then ``tuning_job``. Raises
    :class:`AwsError` for what AWS refuses before it answers.
    """
    role, training_image = check(cloud, call, request)
    name = request["TrainingJobName"]
    stream = f"{name}/{toolkit.HOST}-{int(cloud.clock.now().timestamp())}"
    job = Job(
        request,
        arn(call, "training-job", name),
        role,
        LogStream(role, LOG_GROUP, stream),
        request.get("StoppingCondition", {}).get("MaxRuntimeInSeconds", DAY),
    )
    return TrainingRun(job, training_image, tuning_job)


def check(cloud: Cloud, call: Call, request: dict[str, Any]) -> tuple[roles.Role, image.Image]:
    """Refuse what AWS refuses before it answers; returns the role and the image of the job."""
    known = cloud.part(State).training_jobs
    refuse_parameters(call, _NOT_BUILT, request)
    _check_given(request)
    name = request["TrainingJobName"]
    _check_limits(request)
    _check_modes(request)
    if name in known:
        raise AwsError(
            "ResourceInUse",
            "Training job names must be unique within an AWS account and region, and a training job with this name "
            f"already exists ({known[name].job.arn})",
        )
    role = roles.assume(cloud, request["RoleArn"])
    training_image = image.resolve(request["AlgorithmSpecification"]["TrainingImage"], call.account, role)
    for channel in request.get("InputDataConfig", []):
        _check_channel(channel, role, call.region)
    return role, training_image


def start(cloud: Cloud, run: TrainingRun) -> None:
    """Begin a job that was prepared."""
    state, job = cloud.part(State), run.job
    job.enter("Starting", "Starting the training job")
    state.training_jobs[run.name] = run
    state.tag(job.arn, job.request.get("Tags", []))
    stopping = job.request.get("StoppingCondition", {})
    if "MaxWaitTimeInSeconds" in stopping:
        job.end_after(stopping["MaxWaitTimeInSeconds"], "MaxWaitTimeExceeded")
    job.start(run)


@handles("sagemaker", "DescribeTrainingJob")
def describe_training_job(cloud: Cloud, call: Call) -> dict[str, Any]:
    """Tell how the job stands now."""
    run = _run(cloud, call)
    job, request = run.job, run.job.request
    with job.changed:
        described = {
            **{name: request[name] for name in _REPEATED if name in request},
            **{name: request.get(name, False) for name in _FLAGS},
            "TrainingJobArn": job.arn,
            "TrainingJobStatus": job.status,
            "SecondaryStatus": job.secondary,
            "SecondaryStatusTransitions": [dict(transition) for transition in job.transitions],
            "StoppingCondition": {"MaxRuntimeInSeconds": DAY, **request.get("StoppingCondition", {})},
            "ModelArtifacts": {"S3ModelArtifacts": run.artifact("model.tar.gz").uri},
            "CreationTime": job.created,
            "LastModifiedTime": job.modified,
        }
        if job.reason is not None:
            described["FailureReason"] = job.reason
        if job.started is not None:
            described["TrainingStartTime"] = job.started
        if job.started is not None and job.ended is not None:
            described["TrainingEndTime"] = job.ended
        if seconds := job.whole_seconds:
            described["TrainingTimeInSeconds"] = seconds
            # What Spot is billed for depends on the market's price.
            if not request.get("EnableManagedSpotTraining"):
                described["BillableTimeInSeconds"] = seconds
        if run.tuning_job is not None:
            described["TuningJobArn"] = run.tuning_job
        if final := run.metrics.final():
            described["FinalMetricDataList"] = final
    return described


@handles("sagemaker", "ListTrainingJobs")
def list_training_jobs(cloud: Cloud, call: Call) -> dict[str, Any]:
    """Tell every job in short."""
    refuse_parameters(call, _FILTERS_NOT_BUILT)
    summaries = [
        {
            "TrainingJobName": name,
            "TrainingJobArn": run.job.arn,
            "CreationTime": run.job.created,
            "LastModifiedTime": run.job.modified,
            "TrainingJobStatus": run.job.status,
            "SecondaryStatus": run.job.secondary,
            **({"TrainingEndTime": run.job.ended} if run.job.ended else {}),
        }
        for name, run in list(cloud.part(State).training_jobs.items())
    ]
    found, more = page(call, summaries, name="TrainingJobName", status="TrainingJobStatus")
    return {"TrainingJobSummaries": found, **more}


@handles("sagemaker", "StopTrainingJob")
def stop_training_job(cloud: Cloud, call: Call) -> dict[str, Any]:
    """Ask the program to end; it is ended a little later."""
    _run(cloud, call).job.stop("training")
    return {}


def _run(cloud: Cloud, call: Call) -> TrainingRun:
    run = cloud.part(State).training_jobs.get(call.params["TrainingJobName"])
    if run is None:
        raise invalid("Requested resource not found.")
    return run


def _check_given(request: Mapping[str, Any]) -> None:
    """Refuse what the service model leaves open for jobs of other kinds, but a job on an instance needs."""
    for member, inner in (("AlgorithmSpecification", "TrainingImage"), ("ResourceConfig", "InstanceType")):
        if inner not in request.get(member, {}):
            raise invalid(f"{member}.{inner} is required.")
    for place in (request["OutputDataConfig"]["S3OutputPath"], request.get("CheckpointConfig", {}).get("S3Uri")):
        if place is not None:
            Location.parse(place)


def _check_limits(request: Mapping[str, Any]) -> None:
    stopping = request.get("StoppingCondition", {})
    longest, wait = stopping.get("MaxRuntimeInSeconds", DAY), stopping.get("MaxWaitTimeInSeconds")
    if request.get("EnableManagedSpotTraining"):
        if wait is None or wait < longest:
            raise invalid(
                "Invalid MaxWaitTimeInSeconds. It must be present and be greater than or equal to MaxRuntimeInSeconds"
            )
    elif wait is not None:
        raise invalid("MaxWaitTimeInSeconds is only valid when EnableManagedSpotTraining is set to true")


def _check_modes(request: Mapping[str, Any]) -> None:
    if request["ResourceConfig"].get("InstanceCount", 1) != 1:
        raise not_built("Training on several instances", "Set InstanceCount to 1.")
    modes = [request["AlgorithmSpecification"].get("TrainingInputMode")]
    modes += [channel.get("InputMode") for channel in request.get("InputDataConfig", [])]
    if "Pipe" in modes:
        raise not_built("Pipe mode", "Use File or FastFile.")


def _check_channel(channel: Mapping[str, Any], role: roles.Role, region: str) -> None:
    """Refuse a channel without data, or one whose bucket the role may not list."""
    source = channel["DataSource"].get("S3DataSource", {})
    if source.get("S3DataType") != "S3Prefix":
        raise not_built(f"The source of channel {channel['ChannelName']!r}", "Use an S3DataSource of type S3Prefix.")
    place = Location.parse(source["S3Uri"])
    try:
        empty = next(artifacts.objects(role.s3, place), None) is None
    except ClientError:
        empty = True
    if empty:
        raise invalid(
            f'No S3 objects found under S3 URL "{source["S3Uri"]}" given in input data source. Please ensure that the '
            f"bucket exists in the selected region ({region}), that objects exist under that S3 prefix, and that the "
            f'role "{role.arn}" has "s3:ListBucket" permissions on bucket "{place.bucket}".'
        )
