"""Statistics of metrics against numpy, and metric math."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlacourse.cloud.cloudwatch.expressions import ExpressionError, evaluate
from mlacourse.cloud.cloudwatch.metrics import Metric, Metrics, Sample, statistic

NOON = datetime(2027, 1, 11, 12, tzinfo=UTC)
counted = st.lists(st.tuples(st.integers(-1000, 1000), st.integers(1, 5)), min_size=1, max_size=20)


@given(counted, st.sampled_from(["p0", "p50", "p90", "p99.9", "p100"]))
def test_a_percentile_is_that_of_numpy(pairs, name):
    values = np.repeat([value for value, _ in pairs], [count for _, count in pairs])
    samples = [Sample(NOON, tuple((float(value), float(count)) for value, count in pairs))]
    assert statistic(samples, name) == pytest.approx(float(np.percentile(values, float(name[1:]))), abs=1e-9)


@given(counted)
def test_simple_statistics_weigh_each_value_by_its_count(pairs):
    values = np.repeat([value for value, _ in pairs], [count for _, count in pairs])
    samples = [Sample(NOON, ((float(value), float(count)),)) for value, count in pairs]
    expected = {"SampleCount": values.size, "Sum": values.sum(), "Average": values.mean()}
    expected |= {"Minimum": values.min(), "Maximum": values.max()}
    assert {name: statistic(samples, name) for name in expected} == pytest.approx(expected)


def test_a_percentile_of_a_summary_is_known_only_if_all_values_are_equal():
    assert statistic([Sample(NOON, (), spread=(1.0, 5.0, 9.0, 3.0))], "p50") is None
    assert statistic([Sample(NOON, (), spread=(2.0, 2.0, 6.0, 3.0))], "p50") == 2.0


def test_a_sample_belongs_to_the_period_in_which_it_was_taken():
    metrics = Metrics(None)
    metric = Metric.of("Shop", "Latency", [{"Name": "B", "Value": "2"}, {"Name": "A", "Value": "1"}])
    for minute in (0, 4, 5, 14):
        metrics.put(metric, Sample(NOON + timedelta(minutes=minute), ((float(minute), 1.0),)))
    found = metrics.series(metric, "Sum", 300, NOON, NOON + timedelta(minutes=14))
    assert found == {NOON: 4.0, NOON + timedelta(minutes=5): 5.0}


def at(**minutes):
    return {NOON + timedelta(minutes=int(name[1:])): value for name, value in minutes.items()}


def test_an_error_rate_has_no_point_where_nothing_was_invoked():
    known = {"errors": at(m0=1.0, m1=0.0, m2=2.0), "calls": at(m0=4.0, m1=0.0, m3=8.0)}
    assert evaluate("100 * errors / calls", known) == at(m0=25.0)


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("FILL(a, 0) + b", {"m0": 11.0, "m1": 20.0}),
        ("SUM([a, b])", {"m0": 11.0, "m1": 20.0}),
        ("MAX(METRICS())", {"m0": 10.0, "m1": 20.0}),
        ("IF(b > 15, 1, 0)", {"m0": 0.0, "m1": 1.0}),
        ("-a ^ 2", {"m0": -1.0}),
    ],
)
def test_expressions_compute_point_by_point(expression, expected):
    assert evaluate(expression, {"a": at(m0=1.0), "b": at(m0=10.0, m1=20.0)}) == at(**expected)


@pytest.mark.parametrize(
    "expression", ["c + 1", "1 + 1", "SEARCH('x', 'Sum', 60)", "a.real", "__import__('os')", "a +"]
)
def test_an_expression_that_cannot_be_computed_is_refused(expression):
    with pytest.raises(ExpressionError, match="Error in expression"):
        evaluate(expression, {"a": at(m0=1.0)})
