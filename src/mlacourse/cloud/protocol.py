"""From HTTP to an operation with parameters, and from an answer back to HTTP, with botocore's service models."""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
import re
import zlib
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import parse_qs, urlsplit
from xml.sax.saxutils import escape

from botocore.awsrequest import AWSPreparedRequest, HeadersDict, create_request_object, prepare_request_dict
from botocore.parsers import create_parser
from botocore.serialize import create_serializer

from mlacourse.cloud import moto_parts
from mlacourse.cloud.call import AwsError, Request

# Signing names that more than one service shares, or that differ from boto3's name for the service.
SIGNING_NAMES = {
    "apigateway": ("apigateway",),
    "bedrock": ("bedrock", "bedrock-runtime", "bedrock-agent", "bedrock-agent-runtime"),
    "dynamodb": ("dynamodb", "dynamodbstreams"),
    "ecr": ("ecr",),
    "elasticloadbalancing": ("elbv2", "elb"),
    "es": ("opensearch", "es"),
    "monitoring": ("cloudwatch",),
    "s3": ("s3control", "s3"),
    "sagemaker": (
        "sagemaker",
        "sagemaker-runtime",
        "sagemaker-featurestore-runtime",
        "sagemaker-metrics",
        "sagemaker-a2i-runtime",
    ),
    "servicequotas": ("service-quotas",),
    "states": ("stepfunctions",),
    "tagging": ("resourcegroupstaggingapi",),
}

# Virtual-hosted S3: the bucket is the first part of the host.
_BUCKET_HOST = re.compile(
    r"^(?P<bucket>.+)\.(?:s3[.-][a-z0-9.-]*amazonaws\.com|s3\.amazonaws\.com|localhost)(?::\d+)?$"
)


def path_style(host: str, path: str) -> str:
    """Return the path with the bucket in it, wherever the client put the bucket.

    >>> path_style("churn.s3.us-east-1.amazonaws.com", "/data/a.csv")
    '/churn/data/a.csv'
    >>> path_style("127.0.0.1:5000", "/churn/data/a.csv")
    '/churn/data/a.csv'
    """
    match = _BUCKET_HOST.match(host)
    return f"/{match['bucket']}{path}" if match else path


def services_of(request: Request, signing_name: str | None) -> tuple[str, ...]:
    """Return the services that a request may be for, the likeliest first."""
    if signing_name is not None:
        return SIGNING_NAMES.get(signing_name, (signing_name,))
    # Only S3 and a few calls of STS come without a signature.
    return ("sts",) if b"Action=AssumeRoleWith" in request.body[:2000] else ("s3",)


def operation_name(request: Request) -> str:
    """Return what a request calls its operation, where the service's model does not know it."""
    if target := request.headers.get("X-Amz-Target"):
        return target.rsplit(".", 1)[-1]
    action = parse_qs(request.body[:2000].decode("latin-1")).get("Action")
    return action[0] if action else f"{request.method} {request.path}"


def params_of(routed: moto_parts.Routed, service: str) -> dict[str, Any]:
    """Return a request's parameters as boto3 takes them.

    Raises :class:`AwsError` for a body that the service cannot read.
    """
    try:
        return moto_parts.parse(routed)
    except ValueError as error:
        code = "MalformedXML" if service == "s3" else "SerializationException"
        raise AwsError(code, f"The request could not be read: {str(error)[:200]}") from error


def address(service: str, region: str) -> str:
    """Where AWS would answer for a service."""
    return f"https://{moto_parts.service_model(service).endpoint_prefix}.{region}.amazonaws.com"


def to_aws(service: str, region: str, request: Request) -> tuple[str, dict[str, str], bytes]:
    """Return a request's URL, headers and body as if it had been sent to AWS, the bucket in the path."""
    base = address(service, region)
    query = urlsplit(request.url).query
    headers = {name: value for name, value in request.headers.items() if name.lower() not in ("host", "content-length")}
    if service == "s3" and request.headers.get("Content-Type", "").startswith("application/x-www-form-urlencoded"):
        headers["Content-Type"] = "binary/octet-stream"  # moto would read an upload of urllib's as a form
    body = request.body
    if service != "s3" and headers.get("Content-Encoding") == "gzip":  # boto3 compresses large requests
        body = gzip.decompress(body)
        del headers["Content-Encoding"]
    return base + request.path + (f"?{query}" if query else ""), headers | {"Host": urlsplit(base).netloc}, body


def route(service: str, region: str, request: Request) -> moto_parts.Routed | None:
    """Return which operation of a service a request names, or None.

    Raises ``UnknownServiceError`` for a service that botocore does not know.
    """
    url, headers, body = to_aws(service, region, request)
    return moto_parts.route(service, request.method, url, headers, body)


def serialized_request(service: str, operation: str, region: str, params: Mapping[str, Any]) -> AWSPreparedRequest:
    """Return an unsigned request as boto3 would send it."""
    model = moto_parts.service_model(service)
    operation_model = model.operation_model(operation)
    request: dict[str, Any] = create_serializer(
        str(model.resolved_protocol), include_validation=False
    ).serialize_to_request(dict(params), operation_model)
    prepare_request_dict(request, endpoint_url=address(service, region), context={})
    return create_request_object(request).prepare()


def parsed_answer(service: str, operation: str, answer: moto_parts.Answer) -> dict[str, Any]:
    """Moto's answer as boto3 would return it, without ``ResponseMetadata``.

    Raises :class:`AwsError` for an error.
    """
    status, headers, body = answer
    model = moto_parts.service_model(service).operation_model(operation)
    protocol = str(model.service_model.resolved_protocol)
    parsed: dict[str, Any] = create_parser(protocol).parse(
        {
            "status_code": status,
            "headers": HeadersDict(headers),
            # botocore decodes bytes as text; a streamed body is the object itself.
            "body": bytearray(body) if model.has_streaming_output and status < 300 else body,
            "context": {"operation_name": operation},
        },
        model.output_shape,
    )
    parsed.pop("ResponseMetadata", None)
    if status >= 300 and "Error" in parsed:
        error = parsed["Error"]
        raise AwsError(error.get("Code", str(status)), error.get("Message", ""), status, answer=answer)
    return parsed


def error_answer(service: str, error: AwsError, request_id: str) -> moto_parts.Answer:
    """Return an error in the service's own protocol."""
    if error.answer is not None:
        return error.answer
    try:
        model = moto_parts.service_model(service)
    except Exception:  # a service that botocore does not know either
        protocol, namespace = "json", ""
    else:
        protocol, namespace = str(model.resolved_protocol), str(model.metadata.get("xmlNamespace", ""))
    code, message = escape(error.code), escape(error.message)
    if service in ("s3", "s3control"):
        extra = "".join(f"<{name}>{escape(str(value))}</{name}>" for name, value in error.members.items())
        xml = (
            f"<Error><Code>{code}</Code><Message>{message}</Message>{extra}<RequestId>{request_id}</RequestId></Error>"
        )
    elif protocol == "ec2":
        xml = (
            f"<Response><Errors><Error><Code>{code}</Code><Message>{message}</Message></Error></Errors>"
            f"<RequestID>{request_id}</RequestID></Response>"
        )
    elif protocol in ("query", "rest-xml"):
        fault = "Sender" if error.status < 500 else "Receiver"
        xml = (
            f'<ErrorResponse xmlns="{namespace}"><Error><Type>{fault}</Type><Code>{code}</Code>'
            f"<Message>{message}</Message></Error><RequestId>{request_id}</RequestId></ErrorResponse>"
        )
    else:
        body = {"__type": error.code, "message": error.message, "Message": error.message, **error.members}
        headers = {"Content-Type": "application/x-amz-json-1.1", "x-amzn-ErrorType": error.code}
        return error.status, headers, json.dumps(body, default=str).encode()
    return error.status, {"Content-Type": "text/xml"}, f'<?xml version="1.0" encoding="UTF-8"?>\n{xml}'.encode()


CHECKSUMS: dict[str, Callable[[bytes], bytes]] = {
    "Content-MD5": lambda body: hashlib.md5(body, usedforsecurity=False).digest(),
    "x-amz-checksum-crc32": lambda body: zlib.crc32(body).to_bytes(4, "big"),
    "x-amz-checksum-sha1": lambda body: hashlib.sha1(body, usedforsecurity=False).digest(),
    "x-amz-checksum-sha256": lambda body: hashlib.sha256(body).digest(),
}


def check_digest(request: Request) -> None:
    """Refuse an S3 upload whose content does not fit the checksum that came with it."""
    for header, digest in CHECKSUMS.items():
        given = request.headers.get(header)
        if given and request.method == "PUT" and base64.b64decode(given) != digest(request.body):
            name = header.removeprefix("x-amz-checksum-").upper()
            raise AwsError("BadDigest", f"The {name} you specified did not match the calculated checksum.")
