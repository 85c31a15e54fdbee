"""Feature Store: feature groups, the latest record of each identifier online, every record offline in S3."""

from mlacourse.cloud.sagemaker.feature_store import groups, records

__all__ = ["groups", "records"]
