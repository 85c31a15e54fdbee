"""Requests and answers, held against botocore's service models."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from botocore.validate import ParamValidator

from mlacourse.cloud import moto_parts
from mlacourse.cloud.call import AwsError, Call

# The services whose front door checks the model's constraints, and the code that they answer with. The others
# (S3, EC2, SNS, SQS, ECR) check parameters one by one, in words of their own.
CODES = {
    "cloudformation": "ValidationError",
    "cloudwatch": "ValidationError",
    "dynamodb": "ValidationException",
    "events": "ValidationException",
    "glue": "ValidationException",
    "iam": "ValidationError",
    "kinesis": "ValidationException",
    "kms": "ValidationException",
    "lambda": "ValidationException",
    "logs": "InvalidParameterException",
    "sagemaker": "ValidationException",
    "sagemaker-featurestore-runtime": "ValidationError",
    "sagemaker-runtime": "ValidationError",
    "secretsmanager": "ValidationException",
    "ssm": "ValidationException",
    "stepfunctions": "ValidationException",
    "sts": "ValidationError",
}

_answers = ParamValidator()
# What Kinesis answers although its own model forbids it: no record failed, no metric of a shard is on.
_BEYOND_THE_MODEL = re.compile(r"Invalid \w+ for parameter (FailedRecordCount|\S*\.ShardLevelMetrics), value: 0, .*")


def check_input(call: Call) -> None:
    """Refuse parameters that AWS's front door refuses, with its code and its message."""
    code = CODES.get(call.service)
    shape = moto_parts.service_model(call.service).operation_model(call.operation).input_shape
    if code is None or shape is None:
        return
    found = list(_violations(call.params, shape, ""))
    if found:
        errors = "error" if len(found) == 1 else "errors"
        raise AwsError(code, f"{len(found)} validation {errors} detected: {'; '.join(found)}")


def check_output(call: Call, answer: dict[str, Any]) -> None:
    """Fail loudly when a handler of ours answers with what the real operation does not return."""
    shape = moto_parts.service_model(call.service).operation_model(call.operation).output_shape
    if shape is None:
        wrong = f"nothing is returned, but here {sorted(answer)}" if answer else ""
    else:
        report = _answers.validate(answer, shape).generate_report().splitlines()
        wrong = "\n".join(line for line in report if not _BEYOND_THE_MODEL.fullmatch(line))
    if wrong:
        raise TypeError(f"The handler of {call.name} answers with what the real operation does not: {wrong}")


def _violations(value: Any, shape: Any, path: str) -> Iterator[str]:
    if shape.type_name == "structure":
        yield from _structure(value, shape, path)
    elif shape.type_name == "list":
        yield from _length(value, shape, path)
        for number, item in enumerate(value, 1):
            yield from _violations(item, shape.member, f"{path}.{number}.member")
    elif shape.type_name == "map":
        yield from _length(value, shape, path)
        for item in value.values():
            for found in _violations(item, shape.value, path):
                yield _broken(value, shape, path, f"Map value must satisfy constraint: [{found.split(': ', 1)[1]}]")
    elif shape.type_name == "string":
        yield from _text(value, shape, path)
    elif shape.type_name in ("integer", "long", "float", "double"):
        yield from _number(value, shape, path)


def _structure(value: Any, shape: Any, path: str) -> Iterator[str]:
    if not isinstance(value, dict) or getattr(shape, "is_document_type", False):
        return
    for name in shape.required_members:
        if value.get(name) is None:
            yield f"Value null at '{_below(path, name)}' failed to satisfy constraint: Member must not be null"
    for name, item in value.items():
        if name in shape.members and item is not None:
            yield from _violations(item, shape.members[name], _below(path, name))


def _text(value: Any, shape: Any, path: str) -> Iterator[str]:
    if not isinstance(value, str):
        return
    yield from _length(value, shape, path)
    pattern = _compiled(shape.metadata.get("pattern", ""))
    if pattern is not None and not pattern.fullmatch(value):
        yield _failed(value, shape, path, f"satisfy regular expression pattern: {shape.metadata['pattern']}")
    values = shape.metadata.get("enum")
    if values and value not in values:
        yield _failed(value, shape, path, f"satisfy enum value set: [{', '.join(values)}]")


def _length(value: Any, shape: Any, path: str) -> Iterator[str]:
    low, high = shape.metadata.get("min"), shape.metadata.get("max")
    if low is not None and len(value) < low:
        yield _failed(value, shape, path, f"have length greater than or equal to {low}")
    if high is not None and len(value) > high:
        yield _failed(value, shape, path, f"have length less than or equal to {high}")


def _number(value: Any, shape: Any, path: str) -> Iterator[str]:
    low, high = shape.metadata.get("min"), shape.metadata.get("max")
    if low is not None and value < low:
        yield _failed(value, shape, path, f"have value greater than or equal to {low}")
    if high is not None and value > high:
        yield _failed(value, shape, path, f"have value less than or equal to {high}")


def _failed(value: Any, shape: Any, path: str, must: str) -> str:
    return _broken(value, shape, path, f"Member must {must}")


def _broken(value: Any, shape: Any, path: str, constraint: str) -> str:
    return f"{_value(value, shape)}at '{path}' failed to satisfy constraint: {constraint}"


def _value(value: Any, shape: Any) -> str:
    if shape.metadata.get("sensitive"):
        return "Value "
    shown = "[" + ", ".join(map(str, value)) + "]" if isinstance(value, list) else value
    return f"Value '{shown}' "


def _below(path: str, name: str) -> str:
    """Return a member's path as messages write it, the first letter small."""
    return f"{path}.{name[0].lower()}{name[1:]}" if path else f"{name[0].lower()}{name[1:]}"


@lru_cache(maxsize=4096)
def _compiled(pattern: str) -> re.Pattern[str] | None:
    """Return a model's pattern, None where Python's dialect cannot read it."""
    try:
        return re.compile(pattern) if pattern else None
    except re.error:
        return None
