"""From an operation to actions, resources and condition keys; the reference behind it."""

from __future__ import annotations

from typing import Any

import pytest
from cloud.iam.extract import extracted, written

from mlacourse.cloud import fidelity
from mlacourse.cloud.call import ANONYMOUS
from mlacourse.cloud.iam.actions import PREFIXES, actions
from mlacourse.cloud.iam.context_keys import service_keys
from mlacourse.cloud.iam.passed_roles import passed_roles
from mlacourse.cloud.iam.reference import FILE
from mlacourse.cloud.iam.resource_arns import resource_arns

HERE = "us-east-1:111122223333"


def needed(service: str, operation: str, params: dict[str, Any]) -> dict[str, list[str]]:
    return {
        action: resource_arns(action, params, region="us-east-1", account="111122223333")
        for action in actions(service, operation, params)
    }


@pytest.mark.parametrize(
    ("service", "operation", "params", "expected"),
    [
        ("s3", "HeadObject", {"Bucket": "b", "Key": "k"}, {"s3:GetObject": ["arn:aws:s3:::b/k"]}),
        ("s3", "ListObjectsV2", {"Bucket": "b"}, {"s3:ListBucket": ["arn:aws:s3:::b"]}),
        ("s3", "ListBuckets", {}, {"s3:ListAllMyBuckets": ["*"]}),
        (
            "s3",
            "PutObject",
            {"Bucket": "b", "Key": "k", "Tagging": "a=b"},
            {"s3:PutObject": ["arn:aws:s3:::b/k"], "s3:PutObjectTagging": ["arn:aws:s3:::b/k"]},
        ),
        (
            "sagemaker",
            "CreateEndpoint",
            {"EndpointName": "e", "EndpointConfigName": "c"},
            {
                "sagemaker:CreateEndpoint": [
                    f"arn:aws:sagemaker:{HERE}:endpoint/e",
                    f"arn:aws:sagemaker:{HERE}:endpoint-config/c",
                ]
            },
        ),
        (
            "sagemaker-runtime",
            "InvokeEndpoint",
            {"EndpointName": "e"},
            {"sagemaker:InvokeEndpoint": [f"arn:aws:sagemaker:{HERE}:endpoint/e"]},
        ),
        (
            "sagemaker",
            "CreateModelPackage",
            {"ModelPackageGroupName": "g"},
            {"sagemaker:CreateModelPackage": [f"arn:aws:sagemaker:{HERE}:model-package/g/*"]},
        ),
        (
            "sagemaker",
            "DescribeModelPackageGroup",
            {"ModelPackageGroupName": "g"},
            {"sagemaker:DescribeModelPackageGroup": [f"arn:aws:sagemaker:{HERE}:model-package-group/g"]},
        ),
        (
            "sagemaker",
            "AddTags",
            {"ResourceArn": f"arn:aws:sagemaker:{HERE}:model/m"},
            {"sagemaker:AddTags": [f"arn:aws:sagemaker:{HERE}:model/m"]},
        ),
        (
            "dynamodb",
            "BatchGetItem",
            {"RequestItems": {"one": {}, "two": {}}},
            {"dynamodb:BatchGetItem": [f"arn:aws:dynamodb:{HERE}:table/one", f"arn:aws:dynamodb:{HERE}:table/two"]},
        ),
        (
            "dynamodb",
            "TransactWriteItems",
            {"TransactItems": [{"Put": {"TableName": "t", "Item": {}}}]},
            {"dynamodb:PutItem": [f"arn:aws:dynamodb:{HERE}:table/t"]},
        ),
        (
            "dynamodb",
            "Query",
            {"TableName": "t", "IndexName": "i"},
            {"dynamodb:Query": [f"arn:aws:dynamodb:{HERE}:table/t/index/i"]},
        ),
        (
            "logs",
            "CreateLogGroup",
            {"logGroupName": "/aws/x"},
            {"logs:CreateLogGroup": [f"arn:aws:logs:{HERE}:log-group:/aws/x:log-stream:"]},
        ),
        (
            "sqs",
            "SendMessageBatch",
            {"QueueUrl": "http://127.0.0.1/111122223333/jobs"},
            {"sqs:SendMessage": [f"arn:aws:sqs:{HERE}:jobs"]},
        ),
        ("sns", "CreateTopic", {"Name": "alarms"}, {"sns:CreateTopic": [f"arn:aws:sns:{HERE}:alarms"]}),
        (
            "iam",
            "CreateRole",
            {"RoleName": "R", "Path": "/lab/"},
            {"iam:CreateRole": ["arn:aws:iam::111122223333:role/lab/R"]},
        ),
        (
            "glue",
            "GetTable",
            {"DatabaseName": "d", "Name": "t"},
            {
                "glue:GetTable": [
                    f"arn:aws:glue:{HERE}:database/d",
                    f"arn:aws:glue:{HERE}:catalog",
                    f"arn:aws:glue:{HERE}:table/d/t",
                ]
            },
        ),
        (
            "athena",
            "StartQueryExecution",
            {},
            {"athena:StartQueryExecution": [f"arn:aws:athena:{HERE}:workgroup/primary"]},
        ),
        ("events", "PutRule", {"Name": "r"}, {"events:PutRule": [f"arn:aws:events:{HERE}:rule/r"]}),
        ("ssm", "GetParameter", {"Name": "/db/host"}, {"ssm:GetParameter": [f"arn:aws:ssm:{HERE}:parameter/db/host"]}),
        (
            "kinesis",
            "TagResource",
            {"ResourceARN": f"arn:aws:kinesis:{HERE}:stream/s"},
            {"kinesis:TagResource": [f"arn:aws:kinesis:{HERE}:stream/s"]},
        ),
        (
            "lambda",
            "Invoke",
            {"FunctionName": f"arn:aws:lambda:{HERE}:function:f"},
            {"lambda:InvokeFunction": [f"arn:aws:lambda:{HERE}:function:f"]},
        ),
        (
            "stepfunctions",
            "StartExecution",
            {"stateMachineArn": f"arn:aws:states:{HERE}:stateMachine:m"},
            {"states:StartExecution": [f"arn:aws:states:{HERE}:stateMachine:m"]},
        ),
        (
            "cloudformation",
            "CreateStack",
            {"StackName": "s"},
            {"cloudformation:CreateStack": [f"arn:aws:cloudformation:{HERE}:stack/s/*"]},
        ),
        ("ec2", "CreateSubnet", {"VpcId": "vpc-1"}, {"ec2:CreateSubnet": [f"arn:aws:ec2:{HERE}:vpc/vpc-1"]}),
        ("apigateway", "CreateRestApi", {"name": "a"}, {"apigateway:POST": ["*"]}),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_an_operation_needs(
    service: str, operation: str, params: dict[str, Any], expected: dict[str, list[str]]
) -> None:
    assert needed(service, operation, params) == expected


def test_every_service_of_the_offline_cloud_has_actions() -> None:
    assert sorted(set(fidelity.services()) - set(PREFIXES)) == []


def test_the_reference_is_what_its_source_makes_of_it() -> None:
    assert FILE.read_text(encoding="utf-8") == written(extracted()), "Run python tests/cloud/iam/extract.py"


# --- condition keys -------------------------------------------------------------------------------------------


class FakeRequest:
    """The part of a request that service keys look at."""

    def __init__(self) -> None:
        self.headers = {"x-amz-acl": "private", "x-amz-tagging": "class=public", "Host": "localhost"}
        self.presigned = False


class FakeCall:
    """The part of a call that service keys look at."""

    def __init__(self, service: str, operation: str, params: dict[str, Any]) -> None:
        self.service, self.operation, self.params = service, operation, params
        self.request, self.principal, self.account = FakeRequest(), ANONYMOUS, "111122223333"


JOB = {
    "EnableNetworkIsolation": True,
    "EnableInterContainerTrafficEncryption": True,
    "OutputDataConfig": {"S3OutputPath": "s3://b/o", "KmsKeyId": "key-out"},
    "ResourceConfig": {"InstanceType": "ml.m5.large", "VolumeKmsKeyId": "key-volume", "VolumeSizeInGB": 1},
    "StoppingCondition": {"MaxRuntimeInSeconds": 600},
    "VpcConfig": {"Subnets": ["subnet-1"], "SecurityGroupIds": ["sg-1", "sg-2"]},
    "Tags": [{"Key": "team", "Value": "fraud"}],
}


def test_sagemakers_keys_are_found_wherever_the_request_has_them() -> None:
    keys = service_keys("sagemaker", FakeCall("sagemaker", "CreateTrainingJob", JOB))  # type: ignore[arg-type]
    assert keys == {
        "sagemaker:InstanceTypes": ["ml.m5.large"],
        "sagemaker:InterContainerTrafficEncryption": True,
        "sagemaker:MaxRuntimeInSeconds": 600,
        "sagemaker:NetworkIsolation": True,
        "sagemaker:OutputKmsKey": "key-out",
        "sagemaker:OutputKmsKeyArn": "key-out",
        "sagemaker:VolumeKmsKey": "key-volume",
        "sagemaker:VolumeKmsKeyArn": "key-volume",
        "sagemaker:VpcSecurityGroupIds": ["sg-1", "sg-2"],
        "sagemaker:VpcSubnets": ["subnet-1"],
        "aws:RequestTag/team": "fraud",
        "aws:TagKeys": ["team"],
    }


def test_several_instance_types_are_several_values() -> None:
    params = {"ProductionVariants": [{"InstanceType": "ml.t2.medium"}, {"InstanceType": "ml.m5.large"}]}
    keys = service_keys("sagemaker", FakeCall("sagemaker", "CreateEndpointConfig", params))  # type: ignore[arg-type]
    assert keys == {"sagemaker:InstanceTypes": ["ml.t2.medium", "ml.m5.large"]}


def test_s3s_keys_are_headers_query_and_tags() -> None:
    keys = service_keys("s3", FakeCall("s3", "ListObjectsV2", {"Bucket": "b", "Prefix": "a/", "MaxKeys": 5}))  # type: ignore[arg-type]
    assert keys["s3:prefix"] == "a/"
    assert keys["s3:max-keys"] == 5
    assert keys["s3:x-amz-acl"] == "private"
    assert keys["s3:RequestObjectTag/class"] == "public"


def test_roles_are_passed_where_a_call_hands_them_over() -> None:
    role = "arn:aws:iam::111122223333:role/R"
    nested = {"ModelName": "m", "PrimaryContainer": {"Image": "i"}, "ExecutionRoleArn": role}
    assert passed_roles(FakeCall("sagemaker", "CreateModel", nested)) == [role]  # type: ignore[arg-type]
    assert passed_roles(FakeCall("glue", "CreateJob", {"Role": "R"})) == [role]  # type: ignore[arg-type]
    assert passed_roles(FakeCall("sagemaker", "DescribeModel", nested)) == []  # type: ignore[arg-type]
    assert passed_roles(FakeCall("sts", "AssumeRole", {"RoleArn": role})) == []  # type: ignore[arg-type]
