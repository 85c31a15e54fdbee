"""Metrics: what was measured when, and the statistics of each period."""

from __future__ import annotations

import re
from bisect import bisect_left, insort
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mlacourse.cloud.session import Cloud

Series = dict[datetime, float]
_PERCENTILE = re.compile(r"p(\d{1,2}(?:\.\d{1,10})?|100)")
SIMPLE_STATISTICS = ("SampleCount", "Average", "Sum", "Minimum", "Maximum")


@dataclass(frozen=True)
class Metric:
    """A metric's identity: every set of dimensions is a metric of its own."""

    namespace: str
    name: str
    dimensions: tuple[tuple[str, str], ...] = ()

    @classmethod
    def of(cls, namespace: str, name: str, dimensions: Iterable[Mapping[str, str]] = ()) -> Metric:
        """Return the metric that these members of a request name, whatever the order of the dimensions."""
        return cls(namespace, name, tuple(sorted((item["Name"], item["Value"]) for item in dimensions)))


@dataclass(frozen=True, order=True)
class Sample:
    """Values measured at one instant, each with how often it occurred; or only their summary (``spread``)."""

    time: datetime
    values: tuple[tuple[float, float], ...]
    unit: str = "None"
    # minimum, maximum, sum and count of a statistic set, whose single values nobody knows
    spread: tuple[float, float, float, float] | None = None


def is_statistic(name: str) -> bool:
    """Whether this statistic is computed: the five simple ones and percentiles from p0 to p100."""
    return name in SIMPLE_STATISTICS or _PERCENTILE.fullmatch(name) is not None


def statistic(samples: Sequence[Sample], name: str) -> float | None:
    """Return a statistic over all values of the samples, or None if there is nothing to compute it from.

    Percentiles interpolate linearly between the two nearest ranks. AWS publishes no formula; like there, a percentile
    of statistic sets exists only if all their values are equal.

    >>> now = datetime(2027, 1, 11, tzinfo=UTC)
    >>> statistic([Sample(now, ((1.0, 3), (9.0, 1)))], "Average")
    3.0
    >>> statistic([Sample(now, ((1.0, 1), (3.0, 1)))], "p50")
    2.0
    """
    if not samples:
        return None
    pairs = [pair for sample in samples for pair in sample.values]
    spreads = [sample.spread for sample in samples if sample.spread is not None]
    count = sum(times for _, times in pairs) + sum(spread[3] for spread in spreads)
    total = sum(value * times for value, times in pairs) + sum(spread[2] for spread in spreads)
    low = min([value for value, _ in pairs] + [spread[0] for spread in spreads])
    high = max([value for value, _ in pairs] + [spread[1] for spread in spreads])
    match name:
        case "SampleCount":
            return count
        case "Sum":
            return total
        case "Average":
            return total / count
        case "Minimum":
            return low
        case "Maximum":
            return high
    if spreads:
        return low if low == high else None
    return _percentile(sorted(pairs), count, float(name[1:]) / 100)


def _percentile(pairs: Sequence[tuple[float, float]], count: float, share: float) -> float:
    rank = share * (count - 1)
    lower, upper = _at_rank(pairs, int(rank)), _at_rank(pairs, int(rank) + 1)
    return lower + (upper - lower) * (rank - int(rank))


def _at_rank(pairs: Sequence[tuple[float, float]], rank: int) -> float:
    seen = 0.0
    for value, times in pairs:
        seen += times
        if seen > rank:
            return value
    return pairs[-1][0]


def period_start(moment: datetime, period: int) -> datetime:
    """Return the start of the period (in seconds) that an instant belongs to.

    >>> period_start(datetime(2027, 1, 11, 9, 7, 31, tzinfo=UTC), 300).time().isoformat()
    '09:05:00'
    """
    return datetime.fromtimestamp(moment.timestamp() // period * period, UTC)


class Metrics:
    """Everything measured in one cloud."""

    def __init__(self, cloud: Cloud) -> None:
        self._samples: defaultdict[Metric, list[Sample]] = defaultdict(list)

    def put(self, metric: Metric, sample: Sample) -> None:
        """Add a sample; it may be older than others."""
        insort(self._samples[metric], sample)

    def names(self) -> Iterator[Metric]:
        """Every metric that has a sample, in a fixed order."""
        return iter(sorted(self._samples, key=lambda metric: (metric.namespace, metric.name, metric.dimensions)))

    def series(
        self, metric: Metric, name: str, period: int, start: datetime, end: datetime, unit: str | None = None
    ) -> Series:
        """Return a statistic for each period (in seconds) that begins in ``start <= t < end`` and has samples.

        ``start`` is rounded down to a whole period.
        """
        samples = self._samples.get(metric, [])
        first = period_start(start, period)
        found: Series = {}
        at = bisect_left(samples, Sample(first, ()))
        while at < len(samples) and samples[at].time < end:
            begin = period_start(samples[at].time, period)
            stop = bisect_left(samples, Sample(begin + timedelta(seconds=period), ()), lo=at)
            inside = [sample for sample in samples[at:stop] if unit is None or sample.unit == unit]
            value = statistic(inside, name)
            if value is not None:
                found[begin] = value
            at = stop
        return found
