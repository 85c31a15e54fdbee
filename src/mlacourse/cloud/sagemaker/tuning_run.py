"""One tuning job: it starts training jobs one after another, learns from them, and stops when its limits say so.

Trial ``n`` begins when the trials before it are over, except the ``MaxParallelTrainingJobs - 1`` youngest. It knows the
results of exactly those. So as many run at once as the request allows, and the result does not depend on their speed.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal

from mlacourse.cloud.call import AwsError
from mlacourse.cloud.sagemaker.tuning_stopping import Never, Rule

if TYPE_CHECKING:
    from optuna.trial import Trial

    from mlacourse.cloud.sagemaker.training_run import TrainingRun
    from mlacourse.cloud.sagemaker.tuning_search import Search
    from mlacourse.cloud.session import Cloud

Status = Literal["InProgress", "Completed", "Failed", "Stopping", "Stopped"]
# As AWS words it, read in what users report (2026-11-30).
NO_SUCCESS = (
    "No training job succeeded after {} attempts. For additional details, please take a look at the training job "
    "failures by listing training jobs for the hyperparameter tuning job."
)
ATTEMPTS = 5
# A trial improves on the best so far if it is better by more than this share of it.
_IMPROVEMENT = 0.01

# Makes the training job of a trial from its number and its hyperparameters; starts a training job that was made.
Prepare = Callable[[int, Mapping[str, str]], "TrainingRun"]
Begin = Callable[["TrainingRun"], None]


@dataclass(frozen=True)
class Objective:
    """What the trials are judged by."""

    name: str
    maximize: bool

    def better(self, value: float, than: float) -> bool:
        """Say whether one value is better than another."""
        return value > than if self.maximize else value < than


@dataclass(frozen=True)
class Limits:
    """When to stop: after so many trials, at a value, or after so many trials that improved nothing."""

    trials: int
    parallel: int
    target: float | None = None
    not_improving: int | None = None


@dataclass
class Tried:
    """One trial: its training job, its hyperparameters and the values of its objective."""

    run: TrainingRun
    tuned: Mapping[str, str]
    asked: Trial
    curve: list[float] = field(default_factory=list)

    @property
    def over(self) -> bool:
        """Whether its training job has ended."""
        return self.run.job.ended is not None

    @property
    def value(self) -> float | None:
        """The objective, once it counts: the last value of a job that was not a failure."""
        failed = self.run.job.status == "Failed" or not self.over
        return None if failed or not self.curve else self.curve[-1]


class TuningRun:
    """What ``DescribeHyperParameterTuningJob`` tells, and the thread that makes it so."""

    def __init__(
        self,
        request: dict[str, Any],
        arn: str,
        cloud: Cloud,
        objective: Objective,
        limits: Limits,
        search: Search,
        rule: Rule | None = None,
    ) -> None:
        self.request, self.arn, self.objective, self.limits = request, arn, objective, limits
        self.name: str = request["HyperParameterTuningJobName"]
        self._cloud, self._clock = cloud, cloud.clock
        self.created = self.modified = self._clock.now()
        self.ended: datetime | None = None
        self.status: Status = "InProgress"
        self.reason: str | None = None
        self.trials: list[Tried] = []
        self.not_improving = 0
        self.parents: Sequence[TuningRun] = ()
        self._search, self._rule = search, rule or Never()
        self._best_so_far: float | None = None
        self._told = 0
        self._lock = threading.RLock()
        self._halted = False
        self._thread: threading.Thread | None = None

    def start(self, prepare: Prepare, begin: Begin) -> None:
        """Begin in the background."""
        self._thread = threading.Thread(target=self._live, args=(prepare, begin), name=self.arn, daemon=True)
        self._thread.start()

    @property
    def best(self) -> Tried | None:
        """The trial with the best objective; of equal ones the first."""
        return best_of(self.trials, self.objective)

    @property
    def overall_best(self) -> tuple[TuningRun, Tried] | None:
        """The best trial of this tuning job and of its parents, with the tuning job that it belongs to."""
        found = [(tuning, tuning.best) for tuning in (*self.parents, self)]
        known = [(tuning, tried) for tuning, tried in found if tried is not None]
        best = best_of([tried for _, tried in known], self.objective)
        return next(((tuning, tried) for tuning, tried in known if tried is best), None)

    def statuses(self) -> Counter[str]:
        """Return how many training jobs are in which status."""
        return Counter("InProgress" if not tried.over else tried.run.job.status for tried in self.trials)

    def stop(self) -> None:
        """Start no more training jobs, and stop those that run."""
        with self._lock:
            if self.status == "InProgress":
                self.status, self.modified = "Stopping", self._clock.now()
            self._halt()
        for tried in list(self.trials):
            tried.run.job.end("Stopped")

    def kill(self) -> None:
        """End at once, with the account that it was in."""
        with self._lock:
            self._halt()
        for tried in list(self.trials):
            tried.run.job.kill()
        if self._thread is not None:
            self._thread.join()

    def wait(self) -> None:
        """Wait for the end of the tuning job."""
        if self._thread is not None:
            self._thread.join()

    def _halt(self) -> None:
        self._halted = True

    def _live(self, prepare: Prepare, begin: Begin) -> None:
        try:
            for number in range(self.limits.trials):
                self._learn_until(number - self.limits.parallel + 1)
                with self._lock:
                    if self._halted or self._done():
                        break
                    self._begin(number, prepare, begin)
            self._learn_until(len(self.trials))
            self._finish()
        except AwsError as refusal:
            self._fail(f"ClientError: {refusal.message}")
        except Exception as defect:  # ours, and said as such
            self._cloud.defects.append(defect)
            self._fail(f"InternalServerError: the offline cloud failed, not AWS: {defect!r}")

    def _begin(self, number: int, prepare: Prepare, begin: Begin) -> None:
        asked, tuned = self._search.ask()
        run = prepare(number, tuned)
        tried = Tried(run, tuned, asked)
        earlier = [other.curve for other in self.trials[: self._told]]

        def enough(name: str, value: float) -> bool:
            if name != self.objective.name:
                return False
            tried.curve.append(value)
            return self._rule.ends(number, tried.curve, earlier, maximize=self.objective.maximize)

        run.metrics.enough = enough
        self.trials.append(tried)
        self.modified = self._clock.now()
        begin(run)

    def _learn_until(self, count: int) -> None:
        """Wait for the first ``count`` trials, in their order, and tell the search what they found."""
        while self._told < min(count, len(self.trials)):
            tried = self.trials[self._told]
            tried.run.job.wait()
            value = tried.value
            self._search.tell(tried.asked, value)
            if value is not None:
                self._compare(value)
            self._told += 1

    def _compare(self, value: float) -> None:
        best = self._best_so_far
        if best is None:
            self._best_so_far = value
            return
        margin = _IMPROVEMENT * abs(best)
        improved = self.objective.better(value, best + margin if self.objective.maximize else best - margin)
        self.not_improving = 0 if improved else self.not_improving + 1
        if self.objective.better(value, best):
            self._best_so_far = value

    def _done(self) -> bool:
        known = self.trials[: self._told]
        if len(known) >= ATTEMPTS and self._best_so_far is None:
            self.reason = NO_SUCCESS.format(ATTEMPTS)
            return True
        best, target, most = self._best_so_far, self.limits.target, self.limits.not_improving
        reached = best is not None and target is not None and not self.objective.better(target, best)
        return reached or (most is not None and self.not_improving >= most)

    def _finish(self) -> None:
        if self.status == "Stopping":
            self._end("Stopped")
        elif self._best_so_far is None:
            self.reason = self.reason or NO_SUCCESS.format(len(self.trials))
            self._end("Failed")
        else:
            self._end("Completed")

    def _fail(self, reason: str) -> None:
        self.stop()
        for tried in self.trials:
            tried.run.job.wait()
        self.reason = reason
        self._end("Failed")

    def _end(self, status: Status) -> None:
        with self._lock:
            self.ended = self.modified = self._clock.now()
            self.status = status


def best_of(trials: Sequence[Tried], objective: Objective) -> Tried | None:
    """Return the trial with the best objective among those that have one."""
    best: Tried | None = None
    for tried in trials:
        if tried.value is not None and (
            best is None or best.value is None or objective.better(tried.value, best.value)
        ):
            best = tried
    return best
