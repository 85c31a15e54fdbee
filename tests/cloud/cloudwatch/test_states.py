"""Alarm states: AWS's published tables, row by row, and composite rules."""

import pytest

from mlacourse.cloud.cloudwatch.states import composite_state, state_of

POINTS = {"0": False, "X": True, "-": None}
TREATMENTS = ("missing", "ignore", "breaching", "notBreaching")
# https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html, read on 2026-11-23
THREE_OF_THREE = {
    "0 - X - X": ("OK", "OK", "OK", "OK"),
    "0 - - - -": ("OK", "OK", "OK", "OK"),
    "- - - - -": ("INSUFFICIENT_DATA", "retain", "ALARM", "OK"),
    "0 X X - X": ("ALARM", "ALARM", "ALARM", "ALARM"),
    "- - X - -": ("ALARM", "retain", "ALARM", "OK"),
}
TWO_OF_THREE = {
    "0 - X - X": ("ALARM", "ALARM", "ALARM", "ALARM"),
    "0 0 X 0 X": ("ALARM", "ALARM", "ALARM", "ALARM"),
    "0 - X - -": ("OK", "OK", "ALARM", "OK"),
    "- - - - 0": ("OK", "OK", "ALARM", "OK"),
    "- - - X -": ("ALARM", "retain", "ALARM", "OK"),
}
ROWS = [
    (row, needed, treatment, state)
    for needed, table in ((3, THREE_OF_THREE), (2, TWO_OF_THREE))
    for row, states in table.items()
    for treatment, state in zip(TREATMENTS, states, strict=True)
]


@pytest.mark.parametrize(("row", "needed", "treatment", "expected"), ROWS)
def test_missing_data_are_treated_as_the_published_tables_say(row, needed, treatment, expected):
    points = [POINTS[mark] for mark in row.split()]
    for current in ("OK", "ALARM", "INSUFFICIENT_DATA"):
        assert state_of(points, needed, 3, treatment, current) == (current if expected == "retain" else expected)


@pytest.mark.parametrize("row", ["- - - - X", "- - - X -"])
def test_one_early_breach_is_no_alarm_yet(row):
    assert state_of([POINTS[mark] for mark in row.split()], 3, 3, "missing", "OK") == "OK"


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ("ALARM(high)", "ALARM"),
        ('ALARM("high") AND ALARM("low")', "OK"),
        ("ALARM(high) OR ALARM(low)", "ALARM"),
        ("ALARM(high) AND NOT (OK(high) OR INSUFFICIENT_DATA(low))", "OK"),
        ("ALARM(arn:aws:cloudwatch:us-east-1:123456789012:alarm:high) AND TRUE", "ALARM"),
        ("FALSE", "OK"),
    ],
)
def test_a_composite_rule_is_read_as_logic(rule, expected):
    states = {"high": "ALARM", "low": "INSUFFICIENT_DATA"}
    assert composite_state(rule, lambda name: states[name]) == expected


@pytest.mark.parametrize("rule", ["ALARM(high", "high", "ALARM(high) XOR ALARM(low)", "__import__('os')"])
def test_a_rule_that_cannot_be_read_says_why(rule):
    with pytest.raises(ValueError, match="AlarmRule must not contain"):
        composite_state(rule, lambda name: "OK")
