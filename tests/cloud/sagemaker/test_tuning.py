from __future__ import annotations

from typing import Any

import pytest
from cloud.aws import error_of
from cloud.sagemaker.account import (
    BUCKET,
    CODE,
    SCIKIT_LEARN,
    channel,
    client,
    put,
    role,
    source,
    until,
)

from mlacourse.cloud.sagemaker.state import State
from mlacourse.cloud.session import Cloud

# A parabola in place of a model: its best is at rate 0.1, and it falls in three epochs.
PARABOLA = """
    import argparse, math
    parser = argparse.ArgumentParser()
    parser.add_argument("--rate", type=float)
    parser.add_argument("--depth", type=int, default=3)
    given = parser.parse_args()
    miss = (math.log10(given.rate) + 1) ** 2 + (given.depth - 3) ** 2 / 10
    for epoch in range(1, 4):
        print(f"epoch={epoch} loss={miss + 1 / epoch:.6f}", flush=True)
"""
METRICS = [{"Name": "loss", "Regex": "loss=([-0-9.]+)"}]
RATE = {"Name": "rate", "MinValue": "0.001", "MaxValue": "1", "ScalingType": "Logarithmic"}


def config(trials: int | None = 4, parallel: int = 2, **changed: Any) -> dict[str, Any]:
    limits = {"MaxParallelTrainingJobs": parallel}
    return {
        "Strategy": "Random",
        "HyperParameterTuningJobObjective": {"Type": "Minimize", "MetricName": "loss"},
        "ResourceLimits": limits | ({} if trials is None else {"MaxNumberOfTrainingJobs": trials}),
        "ParameterRanges": {"ContinuousParameterRanges": [RATE]},
        "RandomSeed": 7,
        **changed,
    }


def tuning(name: str, role_arn: str, config: dict[str, Any], **definition: Any) -> dict[str, Any]:
    """A request for a tuning job; ``definition`` replaces members of its training jobs."""
    return {
        "HyperParameterTuningJobName": name,
        "HyperParameterTuningJobConfig": config,
        "TrainingJobDefinition": {
            "RoleArn": role_arn,
            "AlgorithmSpecification": {
                "TrainingImage": SCIKIT_LEARN,
                "TrainingInputMode": "File",
                "MetricDefinitions": METRICS,
            },
            "StaticHyperParameters": {"sagemaker_program": "train.py", "sagemaker_submit_directory": CODE},
            "OutputDataConfig": {"S3OutputPath": f"s3://{BUCKET}/out"},
            "ResourceConfig": {"InstanceType": "ml.m5.large", "InstanceCount": 1, "VolumeSizeInGB": 5},
            "StoppingCondition": {"MaxRuntimeInSeconds": 600},
            **definition,
        },
    }


def ended(cloud: Cloud, name: str) -> dict[str, Any]:
    """The description of a tuning job once it is over."""
    cloud.part(State).tuning_jobs[name].wait()
    described: dict[str, Any] = client("sagemaker").describe_hyper_parameter_tuning_job(
        HyperParameterTuningJobName=name
    )
    return described


def tuned(cloud: Cloud, request: dict[str, Any], **members: Any) -> dict[str, Any]:
    """Create a tuning job and return its description once it is over."""
    client("sagemaker").create_hyper_parameter_tuning_job(**request, **members)
    return ended(cloud, request["HyperParameterTuningJobName"])


def trials(name: str, **asked: Any) -> list[dict[str, Any]]:
    """The training jobs of a tuning job."""
    found: list[dict[str, Any]] = client("sagemaker").list_training_jobs_for_hyper_parameter_tuning_job(
        HyperParameterTuningJobName=name, **{"MaxResults": 100, **asked}
    )["TrainingJobSummaries"]
    return found


def value(trial: dict[str, Any]) -> float:
    found: float = trial["FinalHyperParameterTuningJobObjectiveMetric"]["Value"]
    return found


def warm(kind: str, *parents: str) -> dict[str, Any]:
    named = [{"HyperParameterTuningJobName": parent} for parent in parents]
    return {"WarmStartConfig": {"WarmStartType": kind, "ParentHyperParameterTuningJobs": named}}


def test_a_tuning_job_finds_the_trial_with_the_best_objective(cloud: Cloud, sagemaker: Any) -> None:
    source(PARABOLA)
    job = tuned(cloud, tuning("search", role(), config()))
    assert job["HyperParameterTuningJobStatus"] == "Completed"
    assert job["TrainingJobStatusCounters"] == {
        "Completed": 4,
        "InProgress": 0,
        "RetryableError": 0,
        "NonRetryableError": 0,
        "Stopped": 0,
    }
    assert job["ObjectiveStatusCounters"] == {"Succeeded": 4, "Pending": 0, "Failed": 0}
    best = min(trials("search"), key=value)
    assert job["BestTrainingJob"] == best
    assert 0.001 <= float(best["TunedHyperParameters"]["rate"]) <= 1
    assert "OverallBestTrainingJob" not in job


def test_each_trial_is_a_training_job_that_knows_its_tuning_job(cloud: Cloud, sagemaker: Any) -> None:
    source(PARABOLA)
    request = tuning("search", role(), config(trials=2))
    job = tuned(cloud, request, Tags=[{"Key": "team", "Value": "churn"}])
    names = [one["TrainingJobName"] for one in trials("search")]
    assert [name.rsplit("-", 1)[0] for name in names] == ["search-001", "search-002"]
    one = sagemaker.describe_training_job(TrainingJobName=names[0])
    assert one["TuningJobArn"] == job["HyperParameterTuningJobArn"]
    assert one["TuningJobArn"].endswith(":hyper-parameter-tuning-job/search")
    assert one["HyperParameters"]["_tuning_objective_metric"] == "loss"
    assert one["HyperParameters"]["rate"] == trials("search")[0]["TunedHyperParameters"]["rate"]
    assert sagemaker.list_tags(ResourceArn=one["TrainingJobArn"])["Tags"] == [{"Key": "team", "Value": "churn"}]
    assert len(sagemaker.list_training_jobs()["TrainingJobSummaries"]) == 2


@pytest.mark.parametrize("strategy", ["Random", "Bayesian"])
def test_the_same_seed_finds_the_same_whichever_trial_is_quicker(cloud: Cloud, sagemaker: Any, strategy: str) -> None:
    arn, found = role(), {}
    for name, wait in (("quick", ""), ("slow", "import time; time.sleep(given.rate)\n    ")):
        source(PARABOLA.replace("for epoch", f"{wait}for epoch"))
        tuned(cloud, tuning(name, arn, config(6, 3, Strategy=strategy)))
        found[name] = [(one["TunedHyperParameters"], value(one)) for one in trials(name)]
    assert found["quick"] == found["slow"]


def test_at_most_as_many_trials_run_at_once_as_the_request_allows(cloud: Cloud, sagemaker: Any) -> None:
    source(PARABOLA.replace("for epoch", "import time; time.sleep(0.3)\n    for epoch"))
    sagemaker.create_hyper_parameter_tuning_job(**tuning("narrow", role(), config(5, 2)))
    run, most = cloud.part(State).tuning_jobs["narrow"], 0
    while run.ended is None:
        most = max(most, run.statuses()["InProgress"])
    assert most == 2


def test_a_bayesian_search_looks_where_it_was_good(cloud: Cloud, sagemaker: Any) -> None:
    source(PARABOLA)
    tuned(cloud, tuning("learns", role(), config(18, 2, Strategy="Bayesian")))
    values = [value(one) for one in trials("learns")]
    assert sum(values[-6:]) < sum(values[:6])


def test_a_grid_tries_every_combination_once(cloud: Cloud, sagemaker: Any) -> None:
    source(PARABOLA)
    ranges = {
        "CategoricalParameterRanges": [
            {"Name": "rate", "Values": ["0.1", "0.5"]},
            {"Name": "depth", "Values": ["2", "3", "4"]},
        ]
    }
    job = tuned(cloud, tuning("grid", role(), config(None, Strategy="Grid", ParameterRanges=ranges)))
    tried = [tuple(one["TunedHyperParameters"].values()) for one in trials("grid")]
    assert len(tried) == len(set(tried)) == 6
    assert job["BestTrainingJob"]["TunedHyperParameters"] == {"rate": "0.1", "depth": "3"}


def test_the_median_rule_stops_a_trial_and_reads_it_no_further(cloud: Cloud, sagemaker: Any) -> None:
    # Every trial is worse than the one before it: its depth is its order.
    source(PARABOLA.replace("flush=True)", "flush=True)\n        import time; time.sleep(0.05)"))
    early = config(2, 1, TrainingJobEarlyStoppingType="Auto", RandomSeed=0)
    ranges = {"CategoricalParameterRanges": [{"Name": "rate", "Values": ["0.1", "1"]}]}
    job = tuned(cloud, tuning("early", role(), early | {"Strategy": "Grid", "ParameterRanges": ranges}))
    first, second = trials("early")
    assert first["TunedHyperParameters"] == {"rate": "0.1"}, "the seed gives this order"
    assert (second["TrainingJobStatus"], second["ObjectiveStatus"]) == ("Stopped", "Succeeded")
    assert value(second) == pytest.approx(2.0), "the value of the first epoch"
    assert job["TrainingJobStatusCounters"]["Stopped"] == 1
    assert job["BestTrainingJob"] == first


def test_hyperband_stops_at_its_rungs_and_at_the_greatest_resource(cloud: Cloud, sagemaker: Any) -> None:
    source(PARABOLA.replace("range(1, 4)", "range(1, 30)"))
    hyperband = {"StrategyConfig": {"HyperbandStrategyConfig": {"MinResource": 1, "MaxResource": 9}}}
    tuned(cloud, tuning("bands", role(), config(6, 1, Strategy="Hyperband", **hyperband)))
    lengths = [len(tried.curve) for tried in cloud.part(State).tuning_jobs["bands"].trials]
    assert lengths[0] == 9, "nobody was there before the first"
    assert set(lengths) <= {1, 3, 9}
    assert 1 in lengths
    assert all(one["TrainingJobStatus"] == "Stopped" for one in trials("bands"))


def test_a_failed_trial_is_counted_and_the_search_goes_on(cloud: Cloud, sagemaker: Any) -> None:
    source(PARABOLA.replace("for epoch", "assert given.rate < 0.1, 'diverged'\n    for epoch"))
    job = tuned(cloud, tuning("some-fail", role(), config(6)))
    assert job["HyperParameterTuningJobStatus"] == "Completed"
    failed = [one for one in trials("some-fail") if one["TrainingJobStatus"] == "Failed"]
    assert len(failed) == job["TrainingJobStatusCounters"]["NonRetryableError"] > 0
    assert job["ObjectiveStatusCounters"]["Failed"] == len(failed)
    assert all("AssertionError: diverged" in one["FailureReason"] for one in failed)
    assert all("FinalHyperParameterTuningJobObjectiveMetric" not in one for one in failed)


def test_a_tuning_job_without_a_success_in_five_fails(cloud: Cloud, sagemaker: Any) -> None:
    source("raise ValueError('no rows')")
    job = tuned(cloud, tuning("all-fail", role(), config(9, 1)))
    assert job["HyperParameterTuningJobStatus"] == "Failed"
    assert job["FailureReason"].startswith("No training job succeeded after 5 attempts.")
    assert len(trials("all-fail")) == 5
    assert "BestTrainingJob" not in job


def test_a_trial_that_never_prints_the_metric_has_no_objective(cloud: Cloud, sagemaker: Any) -> None:
    source(PARABOLA.replace("loss=", "error="))
    job = tuned(cloud, tuning("silent", role(), config(2)))
    assert job["HyperParameterTuningJobStatus"] == "Failed"
    assert job["TrainingJobStatusCounters"]["Completed"] == job["ObjectiveStatusCounters"]["Failed"] == 2


def test_a_target_ends_the_search(cloud: Cloud, sagemaker: Any) -> None:
    source(PARABOLA)
    criteria = {"TuningJobCompletionCriteria": {"TargetObjectiveMetricValue": 100.0}}
    assert tuned(cloud, tuning("reached", role(), config(6, 1, **criteria)))["HyperParameterTuningJobStatus"] == (
        "Completed"
    )
    assert len(trials("reached")) == 1


def test_trials_that_do_not_improve_end_the_search(cloud: Cloud, sagemaker: Any) -> None:
    source("print('loss=1.0')")
    criteria = {
        "TuningJobCompletionCriteria": {"BestObjectiveNotImproving": {"MaxNumberOfTrainingJobsNotImproving": 3}}
    }
    job = tuned(cloud, tuning("level", role(), config(9, 1, **criteria)))
    assert job["TuningJobCompletionDetails"] == {"NumberOfTrainingJobsObjectiveNotImproving": 3}
    assert len(trials("level")) == 4


def test_a_stopped_tuning_job_stops_its_training_jobs(cloud: Cloud, sagemaker: Any) -> None:
    source("import time; print('loss=1.0', flush=True); time.sleep(60)")
    sagemaker.create_hyper_parameter_tuning_job(**tuning("long", role(), config(6)))
    run = cloud.part(State).tuning_jobs["long"]
    until(lambda: len(run.trials) == 2 and all(tried.curve for tried in run.trials))
    sagemaker.stop_hyper_parameter_tuning_job(HyperParameterTuningJobName="long")
    job = ended(cloud, "long")
    assert job["HyperParameterTuningJobStatus"] == "Stopped"
    assert job["TrainingJobStatusCounters"]["Stopped"] == 2
    assert error_of(sagemaker.stop_hyper_parameter_tuning_job, HyperParameterTuningJobName="long")[0] == (
        "ValidationException"
    )


def test_a_reset_ends_a_tuning_job(cloud: Cloud, sagemaker: Any) -> None:
    source("import time; time.sleep(60)")
    sagemaker.create_hyper_parameter_tuning_job(**tuning("left", role(), config(6)))
    run = cloud.part(State).tuning_jobs["left"]
    until(lambda: len(run.trials) == 2)
    cloud.reset()
    assert len(run.trials) == 2
    assert run.ended is not None


def test_a_warm_start_knows_its_parent_and_names_the_best_of_both(cloud: Cloud, sagemaker: Any) -> None:
    source(PARABOLA)
    arn = role()
    parent = tuned(cloud, tuning("parent", arn, config(6, 2)))
    narrow = {"ParameterRanges": {"ContinuousParameterRanges": [RATE | {"MinValue": "0.5"}]}}
    child = tuned(
        cloud,
        tuning("child", arn, config(2, 1, **narrow)),
        **warm("IdenticalDataAndAlgorithm", "parent"),
    )
    assert child["OverallBestTrainingJob"] == parent["BestTrainingJob"]
    assert child["BestTrainingJob"] != parent["BestTrainingJob"]
    again = tuned(cloud, tuning("again", arn, config(3, 1, Strategy="Bayesian")), **warm("TransferLearning", "parent"))
    assert "OverallBestTrainingJob" not in again
    cold = tuned(cloud, tuning("cold", arn, config(3, 1, Strategy="Bayesian")))
    assert again["BestTrainingJob"]["TunedHyperParameters"] != cold["BestTrainingJob"]["TunedHyperParameters"]


def test_tuning_jobs_and_their_trials_are_listed(cloud: Cloud, sagemaker: Any) -> None:
    source(PARABOLA)
    arn = role()
    for name in ("b-search", "a-search", "other"):
        tuned(cloud, tuning(name, arn, config(3)))
    found = sagemaker.list_hyper_parameter_tuning_jobs(NameContains="search")["HyperParameterTuningJobSummaries"]
    assert [(one["HyperParameterTuningJobName"], one["Strategy"]) for one in found] == [
        ("a-search", "Random"),
        ("b-search", "Random"),
    ]
    worst_first = trials("other", SortBy="FinalObjectiveMetricValue", SortOrder="Descending")
    values = [value(one) for one in worst_first]
    assert values == sorted(values, reverse=True)
    first = sagemaker.list_training_jobs_for_hyper_parameter_tuning_job(
        HyperParameterTuningJobName="other", MaxResults=2
    )
    assert len(first["TrainingJobSummaries"]) == 2
    assert first["NextToken"] == "2"
    assert trials("other", StatusEquals="Failed") == []


def test_what_a_training_job_would_be_refused_for_is_refused_at_once(sagemaker: Any) -> None:
    source(PARABOLA)
    request = tuning("blind", role(), config(), InputDataConfig=[channel("train", f"s3://{BUCKET}/nothing/")])
    code, message = error_of(sagemaker.create_hyper_parameter_tuning_job, **request)
    assert code == "ValidationException"
    assert message.startswith("No S3 objects found under S3 URL")
    assert sagemaker.list_hyper_parameter_tuning_jobs()["HyperParameterTuningJobSummaries"] == []


def test_data_that_vanish_fail_the_tuning_job(cloud: Cloud, sagemaker: Any) -> None:
    put("data/a.csv", "1")
    source(PARABOLA.replace("import argparse", "import time; time.sleep(0.5)\n    import argparse"))
    request = tuning("vanish", role(), config(4, 1), InputDataConfig=[channel("train", f"s3://{BUCKET}/data/")])
    sagemaker.create_hyper_parameter_tuning_job(**request)
    run = cloud.part(State).tuning_jobs["vanish"]
    until(lambda: bool(run.trials) and run.trials[0].run.job.running)
    client("s3").delete_object(Bucket=BUCKET, Key="data/a.csv")
    job = ended(cloud, "vanish")
    assert job["HyperParameterTuningJobStatus"] == "Failed"
    assert job["FailureReason"].startswith("ClientError: No S3 objects found")


NUMBERS = {"ContinuousParameterRanges": [RATE], "IntegerParameterRanges": []}


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"ParameterRanges": {}}, "at least one range"),
        ({"ParameterRanges": {"ContinuousParameterRanges": [RATE, RATE]}}, "one range only"),
        ({"ParameterRanges": {"ContinuousParameterRanges": [RATE | {"MaxValue": "0.001"}]}}, "must be greater"),
        ({"ParameterRanges": {"ContinuousParameterRanges": [RATE | {"MinValue": "0"}]}}, "greater than 0"),
        ({"ParameterRanges": {"ContinuousParameterRanges": [RATE | {"MinValue": "low"}]}}, "continuous numbers"),
        (
            {"ParameterRanges": {"ContinuousParameterRanges": [RATE | {"ScalingType": "ReverseLogarithmic"}]}},
            "within 0<=x<1.0",
        ),
        (
            {
                "ParameterRanges": {
                    "IntegerParameterRanges": [
                        {"Name": "n", "MinValue": "1", "MaxValue": "9", "ScalingType": "ReverseLogarithmic"}
                    ]
                }
            },
            "not supported for integers",
        ),
        ({"ParameterRanges": {"CategoricalParameterRanges": [{"Name": "a", "Values": ["1", "1"]}]}}, "unique"),
        ({"Strategy": "Grid"}, "Only categorical parameters are supported"),
        ({"Strategy": "Hyperband"}, "Hyperband needs MaxResource"),
        (
            {
                "Strategy": "Hyperband",
                "TrainingJobEarlyStoppingType": "Auto",
                "StrategyConfig": {"HyperbandStrategyConfig": {"MaxResource": 9}},
            },
            "must be Off",
        ),
        ({"StrategyConfig": {"HyperbandStrategyConfig": {"MaxResource": 9}}}, "only valid when Strategy is Hyperband"),
        ({"HyperParameterTuningJobObjective": {"Type": "Minimize", "MetricName": "rmse"}}, "not among the Metric"),
        ({"ResourceLimits": {"MaxNumberOfTrainingJobs": 2, "MaxParallelTrainingJobs": 3}}, "must not be greater"),
    ],
)
def test_a_wrong_request_is_refused(sagemaker: Any, changed: dict[str, Any], message: str) -> None:
    source(PARABOLA)
    request = tuning("refused", role(), config() | changed)
    code, text = error_of(sagemaker.create_hyper_parameter_tuning_job, **request)
    assert code == "ValidationException"
    assert message in text


def test_a_grid_of_another_size_than_its_combinations_is_refused(sagemaker: Any) -> None:
    source(PARABOLA)
    ranges = {"CategoricalParameterRanges": [{"Name": "rate", "Values": ["0.1", "0.5"]}]}
    wrong = tuning("grid", role(), config(3, 1, Strategy="Grid", ParameterRanges=ranges))
    assert "number of distinct combinations, 2" in error_of(sagemaker.create_hyper_parameter_tuning_job, **wrong)[1]


def test_a_hyperparameter_is_static_or_searched(sagemaker: Any) -> None:
    source(PARABOLA)
    both = tuning("both", role(), config(), StaticHyperParameters={"rate": "1"})
    assert "is static and has a range" in error_of(sagemaker.create_hyper_parameter_tuning_job, **both)[1]


def test_what_is_not_built_is_refused_by_name(sagemaker: Any) -> None:
    source(PARABOLA)
    request = tuning("auto", role(), config())
    code, message = error_of(sagemaker.create_hyper_parameter_tuning_job, **request, Autotune={"Mode": "Enabled"})
    assert (code, "Autotune" in message) == ("NotBuiltOffline", True)


def test_a_name_is_used_once_and_an_unknown_one_is_not_found(cloud: Cloud, sagemaker: Any) -> None:
    source(PARABOLA)
    request = tuning("twice", role(), config(2))
    tuned(cloud, request)
    assert error_of(sagemaker.create_hyper_parameter_tuning_job, **request)[0] == "ResourceInUse"
    assert error_of(sagemaker.describe_hyper_parameter_tuning_job, HyperParameterTuningJobName="ghost") == (
        "ResourceNotFound",
        "Requested resource not found.",
    )


@pytest.mark.parametrize(
    ("changed", "kind", "message"),
    [
        (
            {"Strategy": "Hyperband", "StrategyConfig": {"HyperbandStrategyConfig": {"MaxResource": 9}}},
            "TransferLearning",
            "Bayesian or random",
        ),
        (
            {"HyperParameterTuningJobObjective": {"Type": "Maximize", "MetricName": "loss"}},
            "TransferLearning",
            "objective metric must be the same",
        ),
        (
            {"ParameterRanges": {"ContinuousParameterRanges": [RATE | {"Name": "speed"}]}},
            "TransferLearning",
            "static and tunable together",
        ),
        (
            {"ParameterRanges": {"CategoricalParameterRanges": [{"Name": "rate", "Values": ["1"]}]}},
            "TransferLearning",
            "type of hyperparameter rate",
        ),
    ],
)
def test_a_warm_start_that_does_not_fit_its_parent_is_refused(
    cloud: Cloud, sagemaker: Any, changed: dict[str, Any], kind: str, message: str
) -> None:
    source(PARABOLA)
    arn = role()
    tuned(cloud, tuning("parent", arn, config(2)))
    request = tuning("child", arn, config() | changed)
    found = error_of(sagemaker.create_hyper_parameter_tuning_job, **request, **warm(kind, "parent"))
    assert message in found[1]


def test_identical_data_and_algorithm_are_held_against_the_parents(cloud: Cloud, sagemaker: Any) -> None:
    put("data/a.csv", "1")
    source(PARABOLA)
    arn = role()
    tuned(cloud, tuning("parent", arn, config(2)))
    other = tuning("child", arn, config(2), InputDataConfig=[channel("train", f"s3://{BUCKET}/data/")])
    same = warm("IdenticalDataAndAlgorithm", "parent")
    assert "needs the input data" in error_of(sagemaker.create_hyper_parameter_tuning_job, **other, **same)[1]
    unknown = warm("TransferLearning", "ghost")
    assert "ghost does not exist" in error_of(sagemaker.create_hyper_parameter_tuning_job, **other, **unknown)[1]
    assert tuned(cloud, other, **warm("TransferLearning", "parent"))["HyperParameterTuningJobStatus"] == "Completed"
