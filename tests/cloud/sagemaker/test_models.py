from __future__ import annotations

from typing import Any

import pytest
from cloud.aws import error_of
from cloud.sagemaker.account import (
    BUCKET,
    EVERYTHING,
    SCIKIT_LEARN,
    client,
    config,
    in_service,
    invoked,
    model,
    policy,
    role,
    variant,
)


def test_what_does_not_exist_is_named(sagemaker: Any) -> None:
    prefix = "arn:aws:sagemaker:us-east-1:123456789012"
    request = {"EndpointConfigName": "c", "ProductionVariants": [variant("a", "ghost")]}
    assert error_of(sagemaker.create_endpoint_config, **request) == (
        "ValidationException",
        f'Could not find model "{prefix}:model/ghost".',
    )
    assert error_of(sagemaker.create_endpoint, EndpointName="e", EndpointConfigName="ghost") == (
        "ValidationException",
        f'Could not find endpoint configuration "{prefix}:endpoint-config/ghost".',
    )
    assert error_of(sagemaker.delete_endpoint, EndpointName="ghost")[1] == (
        f'Could not find endpoint "{prefix}:endpoint/ghost".'
    )


def test_what_exists_is_not_made_again(sagemaker: Any) -> None:
    model("m", role())
    config("c", variant("a", "m"))
    in_service("e", "c")
    with pytest.raises(sagemaker.exceptions.ClientError, match="Cannot create already existing model"):
        model("m", role("Other"))
    with pytest.raises(sagemaker.exceptions.ClientError, match="Cannot create already existing endpoint configuration"):
        config("c", variant("a", "m"))
    code, message = error_of(sagemaker.create_endpoint, EndpointName="e", EndpointConfigName="c")
    assert code == "ValidationException"
    assert message.startswith("Cannot create already existing endpoint ")


def test_a_model_needs_data_that_its_role_may_read(sagemaker: Any) -> None:
    with pytest.raises(sagemaker.exceptions.ClientError, match="Could not access model data at"):
        model("m", role("NoRead", EVERYTHING, {"Effect": "Deny", "Action": "s3:GetObject", "Resource": "*"}))
    client("iam").put_role_policy(RoleName="NoRead", PolicyName="work", PolicyDocument=policy(EVERYTHING))
    container = {"Image": SCIKIT_LEARN, "ModelDataUrl": f"s3://{BUCKET}/ghost.tar.gz"}
    arn = "arn:aws:iam::123456789012:role/NoRead"
    code, message = error_of(sagemaker.create_model, ModelName="g", ExecutionRoleArn=arn, PrimaryContainer=container)
    assert (code, message) == ("ValidationException", f"Could not find model data at s3://{BUCKET}/ghost.tar.gz.")


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"ServerlessConfig": {"MemorySizeInMB": 2048, "MaxConcurrency": 5}}, "ServerlessConfig is not built"),
        ({"InstanceType": "ml.bogus.large"}, "failed to satisfy constraint: Member must satisfy enum value set"),
    ],
)
def test_a_variant_that_cannot_run_here_is_refused(sagemaker: Any, changed: dict[str, Any], message: str) -> None:
    model("m", role())
    request = {"EndpointConfigName": "c", "ProductionVariants": [{**variant("a", "m"), **changed}]}
    assert message in error_of(sagemaker.create_endpoint_config, **request)[1]


def test_a_shadow_stands_beside_one_variant(sagemaker: Any) -> None:
    model("m", role())
    with pytest.raises(sagemaker.exceptions.ClientError, match="you can only specify one variant"):
        config("c", variant("a", "m"), variant("b", "m"), ShadowProductionVariants=[variant("s", "m")])


def test_models_configurations_and_endpoints_are_listed_and_deleted(sagemaker: Any) -> None:
    model("m", role())
    config("c", variant("a", "m"))
    in_service("e", "c")
    assert [one["ModelName"] for one in sagemaker.list_models()["Models"]] == ["m"]
    assert [one["EndpointConfigName"] for one in sagemaker.list_endpoint_configs()["EndpointConfigs"]] == ["c"]
    assert [one["EndpointName"] for one in sagemaker.list_endpoints(StatusEquals="InService")["Endpoints"]] == ["e"]
    sagemaker.delete_model(ModelName="m")
    sagemaker.delete_endpoint_config(EndpointConfigName="c")
    assert invoked("e")[0] == "m:1"
    assert sagemaker.list_models()["Models"] == sagemaker.list_endpoint_configs()["EndpointConfigs"] == []


def test_an_endpoint_whose_role_is_gone_is_refused_and_leaves_nothing(sagemaker: Any) -> None:
    model("kept", role("Kept"))
    model("orphan", role("Gone"))
    config("c", variant("a", "kept"), variant("b", "orphan"))
    client("iam").delete_role_policy(RoleName="Gone", PolicyName="work")
    client("iam").delete_role(RoleName="Gone")
    code, message = error_of(sagemaker.create_endpoint, EndpointName="e", EndpointConfigName="c")
    assert (code, message[:21]) == ("ValidationException", "Could not assume role")
    assert sagemaker.list_endpoints()["Endpoints"] == []
