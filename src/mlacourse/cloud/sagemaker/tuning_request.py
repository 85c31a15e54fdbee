"""What a request for a tuning job asks for: checked as AWS checks it, and turned into requests for training jobs."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from random import Random
from typing import Any

from mlacourse.cloud.call import Call
from mlacourse.cloud.sagemaker.state import arn, invalid, not_built, refuse_parameters
from mlacourse.cloud.sagemaker.tuning_ranges import Range, read
from mlacourse.cloud.sagemaker.tuning_run import Limits, Objective
from mlacourse.cloud.sagemaker.tuning_stopping import Hyperband, Median, Never, Rule

OBJECTIVE = "_tuning_objective_metric"
_NOT_BUILT = {
    "Autotune": "Give ranges and limits yourself.",
    "TrainingJobDefinitions": "Use TrainingJobDefinition: one algorithm.",
    "HyperParameterTuningJobConfig.ResourceLimits.MaxRuntimeInSeconds": "Use MaxNumberOfTrainingJobs.",
    "HyperParameterTuningJobConfig.TuningJobCompletionCriteria.ConvergenceDetected": (
        "Use TargetObjectiveMetricValue or BestObjectiveNotImproving."
    ),
    "HyperParameterTuningJobConfig.ParameterRanges.AutoParameters": "Give ranges.",
    "TrainingJobDefinition.TuningObjective": "Use HyperParameterTuningJobObjective.",
    "TrainingJobDefinition.HyperParameterRanges": "Use ParameterRanges of HyperParameterTuningJobConfig.",
    "TrainingJobDefinition.HyperParameterTuningResourceConfig": "Use ResourceConfig.",
}
# Where Hyperband looks for the greatest resource when the request does not say it.
_EPOCHS = ("epochs", "numepochs", "n-epochs", "n_epochs", "num_epochs")
# What a training job has from the definition as it is.
_SAME = (
    "RoleArn",
    "InputDataConfig",
    "VpcConfig",
    "OutputDataConfig",
    "ResourceConfig",
    "StoppingCondition",
    "EnableNetworkIsolation",
    "EnableInterContainerTrafficEncryption",
    "EnableManagedSpotTraining",
    "CheckpointConfig",
    "RetryStrategy",
    "Environment",
)


class TuningRequest:
    """A request that has passed what can be checked without the account's resources."""

    def __init__(self, call: Call) -> None:
        refuse_parameters(call, _NOT_BUILT)
        request = call.params
        self.name: str = request["HyperParameterTuningJobName"]
        self.arn = arn(call, "hyper-parameter-tuning-job", self.name)
        self.config: dict[str, Any] = request["HyperParameterTuningJobConfig"]
        self.strategy: str = self.config["Strategy"]
        self.tags: Sequence[Mapping[str, str]] = request.get("Tags", [])
        if "TrainingJobDefinition" not in request:
            raise invalid("TrainingJobDefinition is required.")
        self.definition: dict[str, Any] = request["TrainingJobDefinition"]
        self.static: dict[str, str] = self.definition.get("StaticHyperParameters", {})
        self.ranges = read(self.config.get("ParameterRanges", {}))
        self.objective = self._objective()
        self._check_names()
        self.rule = self._rule()
        self.limits = self._limits()
        self.seed = int(self.config.get("RandomSeed", call.random.getrandbits(31)))
        self._random = Random(call.random.getrandbits(64))

    def training_job(self, number: int, tuned: Mapping[str, str]) -> dict[str, Any]:
        """Return the request for the training job of a trial; ask once for each, in order."""
        definition = self.definition
        algorithm = definition["AlgorithmSpecification"]
        request = {name: definition[name] for name in _SAME if name in definition}
        return {
            **request,
            "TrainingJobName": f"{self.name}-{number + 1:03d}-{self._random.getrandbits(32):08x}",
            "AlgorithmSpecification": dict(algorithm),
            "HyperParameters": {OBJECTIVE: self.objective.name, **self.static, **tuned},
            "Tags": list(self.tags),
        }

    def _objective(self) -> Objective:
        given = self.config.get("HyperParameterTuningJobObjective")
        if given is None:
            raise invalid("HyperParameterTuningJobObjective is required.")
        metrics = self.definition["AlgorithmSpecification"].get("MetricDefinitions", [])
        if given["MetricName"] not in {one["Name"] for one in metrics}:
            raise invalid(
                f"The objective metric {given['MetricName']} is not among the MetricDefinitions of the training job."
            )
        return Objective(given["MetricName"], given["Type"] == "Maximize")

    def _check_names(self) -> None:
        both = sorted({one.name for one in self.ranges} & set(self.static))
        if both:
            raise invalid(f"Hyperparameter {both[0]} is static and has a range. Choose one of them.")
        if self.strategy == "Grid" and any(one.kind != "Categorical" for one in self.ranges):
            raise invalid("Only categorical parameters are supported when using the grid search strategy.")

    def _rule(self) -> Rule:
        early = self.config.get("TrainingJobEarlyStoppingType", "Off") == "Auto"
        if self.strategy != "Hyperband":
            if self.config.get("StrategyConfig"):
                raise invalid("StrategyConfig is only valid when Strategy is Hyperband.")
            return Median() if early else Never()
        if early:
            raise invalid("TrainingJobEarlyStoppingType must be Off when Strategy is Hyperband.")
        given = self.config.get("StrategyConfig", {}).get("HyperbandStrategyConfig", {})
        most = given.get("MaxResource") or next(
            (int(self.static[name]) for name in _EPOCHS if self.static.get(name, "").isdigit()), None
        )
        if most is None:
            raise invalid(f"Hyperband needs MaxResource, or one of the static hyperparameters {', '.join(_EPOCHS)}.")
        least = given.get("MinResource", 1)
        if least > most:
            raise invalid("MinResource must not be greater than MaxResource.")
        return Hyperband(least, most)

    def _limits(self) -> Limits:
        given = self.config["ResourceLimits"]
        trials = given.get("MaxNumberOfTrainingJobs")
        if self.strategy == "Grid":
            combinations = math.prod(len(one.values) for one in self.ranges)
            if trials not in (None, combinations):
                raise invalid(
                    f"MaxNumberOfTrainingJobs must equal the number of distinct combinations, {combinations}, for Grid."
                )
            trials = combinations
        if trials is None:
            raise not_built("A tuning job without MaxNumberOfTrainingJobs", "Say how many training jobs it may start.")
        if given["MaxParallelTrainingJobs"] > trials:
            raise invalid("MaxParallelTrainingJobs must not be greater than MaxNumberOfTrainingJobs.")
        criteria = self.config.get("TuningJobCompletionCriteria", {})
        return Limits(
            trials,
            given["MaxParallelTrainingJobs"],
            criteria.get("TargetObjectiveMetricValue"),
            criteria.get("BestObjectiveNotImproving", {}).get("MaxNumberOfTrainingJobsNotImproving"),
        )


def check_parent(request: TuningRequest, parent: Mapping[str, Any], parent_ranges: Sequence[Range], same: bool) -> None:
    """Refuse a parent of a warm start that asked for something else; ``same`` for identical data and algorithm."""
    name = parent["HyperParameterTuningJobName"]
    config, definition = parent["HyperParameterTuningJobConfig"], parent["TrainingJobDefinition"]
    if config["HyperParameterTuningJobObjective"] != request.config["HyperParameterTuningJobObjective"]:
        raise invalid(f"The objective metric must be the same as that of the parent tuning job {name}.")
    static = definition.get("StaticHyperParameters", {})
    names = {one.name for one in parent_ranges} | set(static)
    if names != {one.name for one in request.ranges} | set(request.static):
        raise invalid(
            f"The hyperparameters, static and tunable together, must be those of the parent tuning job {name}."
        )
    kinds = {one.name: one.kind for one in parent_ranges}
    changed = [one.name for one in request.ranges if kinds.get(one.name, one.kind) != one.kind]
    if changed:
        raise invalid(f"The type of hyperparameter {changed[0]} must be that of the parent tuning job {name}.")
    if same:
        image = "AlgorithmSpecification"
        if definition[image]["TrainingImage"] != request.definition[image]["TrainingImage"] or definition.get(
            "InputDataConfig"
        ) != request.definition.get("InputDataConfig"):
            raise invalid(
                f"IdenticalDataAndAlgorithm needs the input data and the training image of the tuning job {name}."
            )
