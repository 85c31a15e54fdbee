"""AWS Glue: rulesets in DQDL, evaluated over catalog tables whose files lie in S3."""

from mlacourse.cloud.glue import operations

__all__ = ["operations"]
