"""What is taken from inside moto and botocore, checked by name: a new release says here first what it changed."""

from __future__ import annotations

import ast
import datetime
import inspect
import random
import sys
import time
import tomllib
import uuid
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest

from mlacourse.cloud import fidelity, moto_parts
from mlacourse.cloud.session import Cloud

ROOT = Path(__file__).parents[2]
CLOUD = ROOT / "src" / "mlacourse" / "cloud"
EXTRA = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["optional-dependencies"]["cloud"]


def module(name: str) -> Any:
    return __import__(name, fromlist=["*"])


@pytest.mark.parametrize("package", ["moto", "boto3", "botocore"])
def test_a_release_whose_inside_is_used_is_pinned_and_installed(package: str) -> None:
    (pin,) = [one for one in EXTRA if one.split("[")[0].split("==")[0] == package]
    assert pin.split("==")[1] == version(package)


@pytest.mark.parametrize(
    ("where", "name", "parameters"),
    [
        ("moto.core.routing", "get_service_router", ["service_name"]),
        ("moto.core.utils", "get_service_model", ["service_name"]),
        ("moto.core.request", "determine_request_protocol", ["service_model", "content_type"]),
        ("moto.core.serialize", "get_serializer_class", ["service_name", "protocol"]),
        ("moto.core.serialize", "SerializationContext", ["request_id"]),
        ("moto.core.model_instances", "reset_model_data", []),
        ("moto.backends", "get_backend", ["name"]),
        ("botocore.auth", "get_current_datetime", ["remove_tzinfo"]),
    ],
)
def test_a_function_that_is_called_has_its_parameters(where: str, name: str, parameters: list[str]) -> None:
    assert list(inspect.signature(getattr(module(where), name)).parameters) == parameters


@pytest.mark.parametrize(
    ("where", "names"),
    [
        ("moto.core.parse", ["PROTOCOL_PARSERS", "RequestParserError"]),
        ("moto.core.base_backend", ["BackendDict"]),
        ("moto.backend_index", ["backend_url_patterns"]),
        ("moto.moto_api._internal", ["mock_random"]),
        ("moto.s3.models", ["FakeBucket.get_permission", "utcnow"]),
        ("moto.events.models", ["Rule.send_to_targets", "EventsBackend.put_events"]),
        ("moto.core.exceptions", ["ServiceException"]),
        ("moto.events.utils", ["EventTemplateParser.DEFAULT_EVENT_INPUT_TEMPLATE"]),
        ("botocore.auth", ["time", "S3SigV4Auth", "S3SigV4QueryAuth", "HmacV1QueryAuth.canonical_custom_headers"]),
        ("botocore.handlers", ["BUILTIN_HANDLERS"]),
        ("botocore.httpsession", ["URLLib3Session.send"]),
    ],
)
def test_a_name_that_is_replaced_or_read_is_there(where: str, names: list[str]) -> None:
    for name in names:
        found = module(where)
        for part in name.split("."):
            found = getattr(found, part)


def test_only_one_module_knows_moto() -> None:
    knowing = set()
    for path in CLOUD.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            if any(name.split(".")[0] == "moto" for name in names):
                knowing.add(path.relative_to(CLOUD).parts[0])
    assert {name.removesuffix(".py") for name in knowing} == {"moto_parts"}


def test_no_module_of_moto_keeps_the_wall_clock_or_unseeded_chance(cloud: Cloud) -> None:
    # Answered by the course alone; moto does not know it.
    services_of_moto = [service for service in fidelity.services() if service != "sagemaker-featurestore-runtime"]
    for service in services_of_moto:
        moto_parts.backend(service)
    own = {id(datetime): "datetime", id(datetime.datetime): "datetime.datetime", id(time): "time", id(random): "random"}
    own |= {id(time.time): "time.time", id(uuid.uuid4): "uuid.uuid4"}
    services = tuple(f"moto.{name.replace('-', '')}." for name in services_of_moto)
    kept = [
        f"{name}.{attribute} is {own[id(value)]}"
        for name, one in list(sys.modules.items())
        if name.startswith(services)
        for attribute, value in vars(one).items()
        if id(value) in own
    ]
    assert kept == []
