"""CloudWatch: metrics with percentiles and metric math, and alarms that evaluate and act."""

from mlacourse.cloud.cloudwatch import operations

__all__ = ["operations"]
