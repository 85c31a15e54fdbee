"""The door that every request comes through: read it, know who asks, allow or refuse, answer, write it down."""

from __future__ import annotations

import json
import re
import traceback
from dataclasses import dataclass
from random import Random
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

from botocore.exceptions import UnknownServiceError
from werkzeug.datastructures import Headers

from mlacourse.cloud import fidelity, moto_parts, protocol, validation
from mlacourse.cloud.call import ANONYMOUS, NETWORK_HEADER, REGION, AwsError, Call, Request
from mlacourse.cloud.handlers import handler_of
from mlacourse.cloud.iam.authorize import authorize
from mlacourse.cloud.keys import Signature, signature_of

if TYPE_CHECKING:
    from mlacourse.cloud.session import Cloud

_REQUEST_ID_HEADERS = ("x-amzn-requestid", "x-amz-request-id")
_REQUEST_ID_ELEMENT = re.compile(rb"<(RequestId|requestId|RequestID)>[^<]*<")


@dataclass(frozen=True)
class Asked:
    """The operation that a request names, before anybody asked who sent it."""

    service: str
    operation: str
    routed: moto_parts.Routed | None


class Front:
    """Answers for all of AWS, whatever happens on the way."""

    def __init__(self, cloud: Cloud) -> None:
        self._cloud = cloud

    def __call__(self, method: str, target: str, headers: list[tuple[str, str]], body: bytes) -> moto_parts.Answer:
        """Answer one HTTP request."""
        try:
            request = _request(method, target, headers, body)
            signature = signature_of(request.headers, request.query)
            asked = _asked(request, signature)
        except (ValueError, OSError) as error:
            unreadable = AwsError("InvalidRequest", f"The request cannot be read: {error}")
            return protocol.error_answer("s3", unreadable, "none")
        random = self._cloud.random(asked.service, asked.operation)
        request_id = uuid_of(random)
        try:
            status, answer_headers, content = self._answer(request, signature, asked, request_id, random)
        except AwsError as error:
            status, answer_headers, content = protocol.error_answer(asked.service, error, request_id)
        except Exception as error:  # a defect of the course, said as such rather than as AWS's
            self._cloud.defects.append(error)
            fault = AwsError("OfflineCloudFault", f"{asked.service}:{asked.operation} {_fault(error)}", 501)
            status, answer_headers, content = protocol.error_answer(asked.service, fault, request_id)
        named = {name: value for name, value in answer_headers.items() if name.lower() not in _REQUEST_ID_HEADERS}
        if "xml" in answer_headers.get("Content-Type", answer_headers.get("content-type", "")):
            content = _REQUEST_ID_ELEMENT.sub(rb"<\1>" + request_id.encode() + b"<", content)
        return status, named | dict.fromkeys(_REQUEST_ID_HEADERS, request_id), content

    def _answer(
        self, request: Request, signature: Signature | None, asked: Asked, request_id: str, random: Random
    ) -> moto_parts.Answer:
        service, operation = asked.service, asked.operation
        why = fidelity.refusal(service, operation)
        if why or asked.routed is None:
            raise AwsError(fidelity.REFUSED, why or f"{service}:{operation} is not an operation of AWS.", 501)
        principal, secret = self._cloud.keys.principal(signature, service)
        if signature is not None:
            self._cloud.keys.check(signature, service, secret, request)
        call = Call(
            service=service,
            operation=operation,
            params=protocol.params_of(asked.routed, service),
            principal=principal,
            region=signature.region if signature else REGION,
            account=self._cloud.account if principal is ANONYMOUS else principal.account,
            time=self._cloud.clock.now(),
            request=request,
            id=request_id,
            random=random,
        )
        try:
            answer, result = self._allowed(call)
        except AwsError as error:
            if error.code != fidelity.REFUSED:
                self._cloud.trail.record(call, None, error)
            raise
        self._cloud.trail.record(call, result, None)
        return answer

    def _allowed(self, call: Call) -> tuple[moto_parts.Answer, dict[str, Any]]:
        authorize(self._cloud, call)
        validation.check_input(call)
        if call.service == "s3":
            protocol.check_digest(call.request)
        handler = handler_of(call.service, call.operation)
        try:
            if handler is None:
                answer = self._cloud.forward_raw(call)
                return answer, protocol.parsed_answer(call.service, call.operation, answer)
            result = handler(self._cloud, call)
        except NotImplementedError as error:
            raise AwsError(
                fidelity.REFUSED, f"{call.name} is not built in the offline cloud ({error}).", 501
            ) from error
        validation.check_output(call, result)
        return moto_parts.serialize(call.service, call.operation, result, call.id), result


def uuid_of(random: Random) -> str:
    """Return an identifier in the form of a UUID from a source of chance."""
    digits = f"{random.getrandbits(128):032x}"
    return "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))


def _request(method: str, target: str, headers: list[tuple[str, str]], body: bytes) -> Request:
    fields = Headers(headers)
    network: dict[str, Any] = json.loads(fields.pop(NETWORK_HEADER, "{}"))
    host = fields.get("Host", "")
    query = parse_qs(urlsplit(target).query, keep_blank_values=True)
    return Request(
        method=method,
        url=f"http://{host}{target}",
        host=host,
        path=protocol.path_style(host, target.split("?", 1)[0]),
        query=query,
        headers=fields,  # type: ignore[arg-type]  # reads as a mapping, whatever the case of a name
        body=body,
        presigned="X-Amz-Signature" in query or "Signature" in query,
        **network,
    )


def _asked(request: Request, signature: Signature | None) -> Asked:
    services = protocol.services_of(request, signature.signing_name if signature else None)
    region = signature.region if signature else REGION
    for service in services:
        try:
            routed = protocol.route(service, region, request)
        except UnknownServiceError:
            continue
        if routed is not None:
            return Asked(service, str(routed.operation.name), routed)
    return Asked(services[0], protocol.operation_name(request), None)


def _fault(error: Exception) -> str:
    where = traceback.extract_tb(error.__traceback__)[-1]
    what = f"{type(error).__name__}: {str(error)[:500]} ({where.filename}:{where.lineno})"
    return f"failed in the offline cloud, not in AWS. {what}"
