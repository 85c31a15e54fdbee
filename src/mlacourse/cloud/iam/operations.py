"""Importing this registers the handlers of IAM, and offers AWS's managed policies to every account."""

from mlacourse.cloud import moto_parts
from mlacourse.cloud.iam import boundaries, bucket_operations, kms, policy_operations, roles, simulate

__all__ = ["boundaries", "bucket_operations", "kms", "policy_operations", "roles", "simulate"]

moto_parts.offer_aws_managed_policies()
