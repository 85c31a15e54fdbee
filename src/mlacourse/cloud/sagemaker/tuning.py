"""Tuning jobs: the API. A tuning job starts training jobs, and each of them is a real one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from mlacourse.cloud.call import AwsError, Call
from mlacourse.cloud.handlers import handles
from mlacourse.cloud.sagemaker import training
from mlacourse.cloud.sagemaker.state import State, invalid, page
from mlacourse.cloud.sagemaker.tuning_ranges import read
from mlacourse.cloud.sagemaker.tuning_request import TuningRequest, check_parent
from mlacourse.cloud.sagemaker.tuning_run import Tried, TuningRun
from mlacourse.cloud.sagemaker.tuning_search import Search

if TYPE_CHECKING:
    from mlacourse.cloud.session import Cloud

# What List… answers at most where the request does not say.
SIZE = 10


@handles("sagemaker", "CreateHyperParameterTuningJob")
def create_tuning_job(cloud: Cloud, call: Call) -> dict[str, Any]:
    """Check the request, its first training job included, then start the search."""
    state, asked = cloud.part(State), TuningRequest(call)
    if asked.name.lower() in (name.lower() for name in state.tuning_jobs):
        raise AwsError(
            "ResourceInUse",
            "Hyperparameter tuning job names must be unique within an AWS account and region, and a tuning job with "
            f"this name already exists ({asked.arn})",
        )
    parents = _parents(state, asked, call)

    # What AWS would refuse of its training jobs, it refuses of the tuning job.
    training.check(cloud, call, asked.training_job(0, {}))
    maximize = asked.objective.maximize
    search = Search(asked.strategy, asked.ranges, asked.limits.trials, asked.seed, maximize=maximize)
    for parent in parents:
        for tried in parent.trials:
            if tried.value is not None:
                search.learn(tried.run.job.request["HyperParameters"], tried.value)
    run = TuningRun(call.params, asked.arn, cloud, asked.objective, asked.limits, search, asked.rule)
    run.parents = parents
    state.tuning_jobs[asked.name] = run
    state.tag(run.arn, asked.tags)
    run.start(
        lambda number, tuned: training.prepare(cloud, call, asked.training_job(number, tuned), run.arn),
        lambda job: training.start(cloud, job),
    )
    return {"HyperParameterTuningJobArn": run.arn}


@handles("sagemaker", "DescribeHyperParameterTuningJob")
def describe_tuning_job(cloud: Cloud, call: Call) -> dict[str, Any]:
    """Tell how the search stands now."""
    run = _run(cloud, call.params["HyperParameterTuningJobName"])
    repeated = ("HyperParameterTuningJobConfig", "TrainingJobDefinition", "WarmStartConfig")
    best, overall = run.best, run.overall_best
    same = run.request.get("WarmStartConfig", {}).get("WarmStartType") == "IdenticalDataAndAlgorithm"
    described = {
        **_summary(run),
        **{name: run.request[name] for name in repeated if name in run.request},
        "TuningJobCompletionDetails": {"NumberOfTrainingJobsObjectiveNotImproving": run.not_improving},
        "BestTrainingJob": best and _trial(run, best),
        "OverallBestTrainingJob": _trial(*overall) if same and overall else None,
        "FailureReason": run.reason,
    }
    return {name: value for name, value in described.items() if value is not None}


@handles("sagemaker", "ListHyperParameterTuningJobs")
def list_tuning_jobs(cloud: Cloud, call: Call) -> dict[str, Any]:
    """Tell every tuning job in short."""
    summaries = [
        {
            **_summary(run),
            "Strategy": run.request["HyperParameterTuningJobConfig"]["Strategy"],
            "ResourceLimits": run.request["HyperParameterTuningJobConfig"]["ResourceLimits"],
        }
        for run in list(cloud.part(State).tuning_jobs.values())
    ]
    found, more = page(
        call,
        summaries,
        name="HyperParameterTuningJobName",
        status="HyperParameterTuningJobStatus",
        newest_first=False,
        sort_by="Name",
        size=SIZE,
    )
    return {"HyperParameterTuningJobSummaries": found, **more}


@handles("sagemaker", "ListTrainingJobsForHyperParameterTuningJob")
def list_training_jobs(cloud: Cloud, call: Call) -> dict[str, Any]:
    """Tell the training jobs of one tuning job; by their objective, only those that have one."""
    run = _run(cloud, call.params["HyperParameterTuningJobName"])
    trials = list(run.trials)
    if by_objective := call.params.get("SortBy") == "FinalObjectiveMetricValue":
        trials = sorted((one for one in trials if one.value is not None), key=lambda one: one.value or 0.0)
    summaries = [_trial(run, tried) | {"Place": place} for place, tried in enumerate(trials)]
    found, more = page(
        call,
        summaries,
        name="TrainingJobName",
        status="TrainingJobStatus",
        # The place in the order of the objective stands for a time.
        creation="Place" if by_objective else "CreationTime",
        newest_first=False,
        sort_by="Name",
        size=SIZE,
    )
    for summary in found:
        del summary["Place"]
    return {"TrainingJobSummaries": found, **more}


@handles("sagemaker", "StopHyperParameterTuningJob")
def stop_tuning_job(cloud: Cloud, call: Call) -> dict[str, Any]:
    """Start no more training jobs, and stop those that run."""
    run = _run(cloud, call.params["HyperParameterTuningJobName"])
    if run.status not in ("InProgress", "Stopping"):
        raise invalid(f"The request was rejected because the hyperparameter tuning job is in status {run.status}.")
    run.stop()
    return {}


def _run(cloud: Cloud, name: str) -> TuningRun:
    run = cloud.part(State).tuning_jobs.get(name)
    if run is None:
        raise AwsError("ResourceNotFound", "Requested resource not found.")
    return run


def _parents(state: State, asked: TuningRequest, call: Call) -> Sequence[TuningRun]:
    given = call.params.get("WarmStartConfig")
    if given is None:
        return ()
    if asked.strategy not in ("Bayesian", "Random"):
        raise invalid("A warm start uses either Bayesian or random search.")
    same, parents = given["WarmStartType"] == "IdenticalDataAndAlgorithm", []
    for one in given["ParentHyperParameterTuningJobs"]:
        name = one.get("HyperParameterTuningJobName", "")
        parent = state.tuning_jobs.get(name)
        if parent is None:
            raise invalid(f"The parent tuning job {name} does not exist.")
        if parent.ended is None:
            raise invalid(f"The parent tuning job {name} is in status {parent.status}. It must have ended.")
        ranges = read(parent.request["HyperParameterTuningJobConfig"]["ParameterRanges"])
        check_parent(asked, parent.request, ranges, same)
        parents.append(parent)
    return parents


def _summary(run: TuningRun) -> dict[str, Any]:
    statuses = run.statuses()
    ended = sum(tried.over for tried in run.trials)
    judged = sum(tried.value is not None for tried in run.trials)
    summary = {
        "HyperParameterTuningJobName": run.name,
        "HyperParameterTuningJobArn": run.arn,
        "HyperParameterTuningJobStatus": run.status,
        "CreationTime": run.created,
        "LastModifiedTime": run.modified,
        "HyperParameterTuningEndTime": run.ended,
        "TrainingJobStatusCounters": {
            "Completed": statuses["Completed"],
            "InProgress": statuses["InProgress"],
            "RetryableError": 0,
            "NonRetryableError": statuses["Failed"],
            "Stopped": statuses["Stopped"],
        },
        "ObjectiveStatusCounters": {
            "Succeeded": judged,
            "Pending": len(run.trials) - ended,
            "Failed": ended - judged,
        },
    }
    return {name: value for name, value in summary.items() if value is not None}


def _trial(run: TuningRun, tried: Tried) -> dict[str, Any]:
    job, value = tried.run.job, tried.value
    objective = {
        "Type": "Maximize" if run.objective.maximize else "Minimize",
        "MetricName": run.objective.name,
        "Value": value,
    }
    summary = {
        "TrainingJobName": tried.run.name,
        "TrainingJobArn": job.arn,
        "TuningJobName": run.name,
        "CreationTime": job.created,
        "TrainingStartTime": job.started,
        "TrainingEndTime": job.ended,
        "TrainingJobStatus": job.status,
        "TunedHyperParameters": dict(tried.tuned),
        "FailureReason": job.reason,
        "FinalHyperParameterTuningJobObjectiveMetric": objective if value is not None else None,
        "ObjectiveStatus": "Pending" if not tried.over else "Failed" if value is None else "Succeeded",
    }
    return {name: given for name, given in summary.items() if given is not None}
