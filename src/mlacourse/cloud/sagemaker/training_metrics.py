"""Metrics that SageMaker reads from a training job's log, as its ``MetricDefinitions`` say."""

from __future__ import annotations

import contextlib
import re
import threading
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

if TYPE_CHECKING:
    from mlacourse.cloud.sagemaker.roles import Role

NAMESPACE = "/aws/sagemaker/TrainingJobs"
_MOST_VALUES = 500


class TrainingMetrics:
    """What the definitions find in the lines of one job, sent to CloudWatch in batches."""

    def __init__(self, job_name: str, definitions: Sequence[Mapping[str, str]]) -> None:
        self._patterns = {one["Name"]: re.compile(one["Regex"]) for one in definitions}
        self._dimensions = [{"Name": "TrainingJobName", "Value": job_name}]
        self._last: dict[str, dict[str, Any]] = {}
        self._unsent: list[dict[str, Any]] = []
        self._lock = threading.Lock()
        # Asked after each value; what follows a yes is not read any more, however much the program still writes.
        self.enough: Callable[[str, float], bool] = lambda name, value: False
        self.closed = False

    def read(self, line: str, now: datetime) -> None:
        """Look for every metric in a line of the log."""
        for name, pattern in self._patterns.items():
            value = None if self.closed else _number(pattern.search(line))
            if value is not None:
                with self._lock:
                    self._last[name] = {"MetricName": name, "Value": value, "Timestamp": now}
                    self._unsent.append({**self._last[name], "Dimensions": self._dimensions})
                self.closed = self.enough(name, value)

    def final(self) -> list[dict[str, Any]]:
        """Return the last value of each metric, in the order of the definitions."""
        with self._lock:
            return [dict(self._last[name]) for name in self._patterns if name in self._last]

    def send(self, role: Role) -> None:
        """Put what is new into CloudWatch; a role without permission puts nothing, and the job goes on."""
        with self._lock:
            values, self._unsent = self._unsent, []
        for start in range(0, len(values), _MOST_VALUES):
            with contextlib.suppress(ClientError):
                role.cloudwatch.put_metric_data(Namespace=NAMESPACE, MetricData=values[start : start + _MOST_VALUES])


def _number(match: re.Match[str] | None) -> float | None:
    """Return the first group as a number, or None where it is none.

    >>> _number(re.search("auc=([0-9.]+)", "epoch 3 auc=0.91"))
    0.91
    """
    if match is None or not match.groups():
        return None
    try:
        return float(match[1])
    except (TypeError, ValueError):
        return None
