"""From HTTP to an operation and back, with moto's router, parsers, serialisers and dispatch."""

from __future__ import annotations

import datetime as real_datetime
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import urlsplit

import moto.backends
import moto.core.utils
from botocore.exceptions import ClientError
from botocore.utils import parse_timestamp
from moto.backend_index import backend_url_patterns
from moto.core.base_backend import BackendDict
from moto.core.model import OperationModel, ServiceModel
from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.core.parse import PROTOCOL_PARSERS, RequestParserError
from moto.core.request import Request as MotoRequest
from moto.core.request import determine_request_protocol
from moto.core.routing import get_service_router
from moto.core.serialize import SerializationContext, get_serializer_class
from werkzeug.exceptions import HTTPException, NotFound

from mlacourse.cloud.moto_parts.clock import seed
from mlacourse.cloud.moto_parts.state import mend, one_at_a_time

Answer = tuple[int, dict[str, str], bytes]


def service_model(service: str) -> ServiceModel:
    """Botocore's model of a service, in the subclass that moto's parsers want."""
    return moto.core.utils.get_service_model(service)


@dataclass(frozen=True)
class Routed:
    """A request with the operation that it names and the labels of its path."""

    operation: OperationModel
    labels: Mapping[str, Any]
    request: MotoRequest


def route(service: str, method: str, url: str, headers: Mapping[str, str], body: bytes) -> Routed | None:
    """Return which operation of a service a request names, or None."""
    request = MotoRequest.from_primitives(method, url, headers, body)
    try:
        operation, labels = get_service_router(service).match(request)
    except (NotFound, NotImplementedError):
        return None
    return Routed(operation, labels, request)


def parse(routed: Routed) -> dict[str, Any]:
    """Return a request's parameters as boto3 takes them, timestamps with a zone.

    Raises ``ValueError`` when the body is not what the protocol says.
    """
    operation, request = routed.operation, routed.request
    protocol = determine_request_protocol(operation.service_model, request.content_type)
    if protocol == "json" and request.data:
        json.loads(request.data)  # moto's parser takes anything
    parser = PROTOCOL_PARSERS[protocol](operation, timestamp_parser=_aware_timestamp)
    try:
        parsed: dict[str, Any] = parser.parse(
            {
                "method": request.method,
                "values": request.values,
                "headers": request.headers,
                "body": request.data,
                "url_path": request.path,
                "url_params": dict(routed.labels),
            }
        )
    except (RequestParserError, AttributeError, KeyError, TypeError) as error:
        raise ValueError(str(error)) from error
    return {name: value for name, value in parsed.items() if not _absent(value, operation.input_shape.members[name])}


def _absent(value: Any, shape: Any) -> bool:
    """Whether moto's parser put something where the request had nothing."""
    if shape.serialization.get("location") in ("headers", "querystring"):
        return value in (None, [], {})
    return value is None


def serialize(service: str, operation: str, result: Mapping[str, Any], request_id: str) -> Answer:
    """Return an answer in the service's own protocol."""
    model = service_model(service).operation_model(operation)
    protocol = str(model.service_model.resolved_protocol)
    answer = get_serializer_class(service, protocol)(model, SerializationContext(request_id)).serialize(result)
    headers = dict(answer["headers"])
    for name, shape in model.output_shape.members.items() if model.output_shape else ():
        # moto writes the protocol's content type over the answer's own.
        if shape.serialization.get("name") == "Content-Type" and name in result:
            headers["Content-Type"] = result[name]
    return answer["status_code"], headers, as_bytes(answer["body"])


def dispatch(method: str, url: str, headers: Mapping[str, str], body: bytes, chance: str) -> Answer:
    """Let moto answer a request that is addressed to AWS itself, with identifiers that depend on ``chance`` alone.

    Raises ``NotImplementedError`` where moto has nothing at that address, or says so itself.
    """
    request = MotoRequest.from_primitives(method, url, headers, body)
    address = urlsplit(url)
    clean_url = f"{address.scheme}://{address.netloc}{address.path}"
    for pattern, answer in _routes(f"{address.scheme}://{address.netloc}"):
        if pattern.match(clean_url):
            with one_at_a_time:
                seed(chance)
                try:
                    status, answer_headers, answer_body = answer(request, request.raw_url, request.headers)
                except HTTPException as error:
                    status, answer_headers, answer_body = error.code, dict(error.get_headers()), error.get_body()
                except ClientError as error:
                    status, answer_headers, answer_body = 400, {}, error.response["Error"]["Message"]
            return status, {str(k): str(v) for k, v in dict(answer_headers).items()}, as_bytes(answer_body)
    raise NotImplementedError(f"moto answers nothing at {clean_url}")


@cache
def _routes(host: str) -> tuple[tuple[re.Pattern[str], Callable[..., Any]], ...]:
    for service, pattern in backend_url_patterns:
        if pattern.match(host + "/"):
            backends: Any = moto.backends.get_backend(service)  # type: ignore[call-overload]
            if isinstance(backends, BackendDict):
                regions = backends[DEFAULT_ACCOUNT_ID]
                backend = regions["us-east-1" if "us-east-1" in regions else "aws"]
            else:
                backend = backends["global"]
            mend(service)
            return tuple((re.compile(url), answer) for url, answer in backend.urls.items())
    return ()


def implements(service: str, operation: str) -> bool:
    """Return whether moto has a method for an operation."""
    method = moto.core.utils.camelcase_to_underscores(operation)
    host = f"https://{service_model(service).endpoint_prefix}.us-east-1.amazonaws.com"
    classes = {getattr(answer, "__self__", None) for _, answer in _routes(host)}
    return any(hasattr(one, method) for one in classes)


def as_bytes(body: Any) -> bytes:
    """Return a body as moto hands it over, as bytes."""
    if isinstance(body, str):
        return body.encode()
    return bytes(body) if body is not None else b""


def _aware_timestamp(value: Any) -> real_datetime.datetime:
    moment: real_datetime.datetime = parse_timestamp(value)
    return moment.astimezone(real_datetime.UTC)
