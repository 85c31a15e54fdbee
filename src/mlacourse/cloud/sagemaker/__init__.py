"""SageMaker: jobs that run the learner's code, endpoints that answer from the learner's model."""

# With this, `cloud.images` is there as soon as the cloud runs.
from mlacourse.cloud import images
from mlacourse.cloud.sagemaker import (
    endpoint_configs,
    endpoints,
    feature_store,
    invocations,
    model_cards,
    model_package_groups,
    model_packages,
    models,
    processing,
    tags,
    training,
    tuning,
)
from mlacourse.cloud.sagemaker.spot import interrupt

__all__ = [
    "endpoint_configs",
    "endpoints",
    "feature_store",
    "images",
    "interrupt",
    "invocations",
    "model_cards",
    "model_package_groups",
    "model_packages",
    "models",
    "processing",
    "tags",
    "training",
    "tuning",
]
