"""Who a request comes from: its signature, checked, and the temporary keys that roles were given."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from random import Random
from urllib.parse import urlencode, urlsplit

from botocore.auth import HmacV1QueryAuth, S3SigV4Auth, S3SigV4QueryAuth, SigV4Auth, SigV4QueryAuth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials as BotoCredentials

from mlacourse.cloud import moto_parts
from mlacourse.cloud.call import ANONYMOUS, AwsError, Principal, Request
from mlacourse.cloud.timeline import Clock

ADMINISTRATOR = "administrator"
ACCESS_KEY = "AKIAMLACOURSEOFFLINE"
SECRET_KEY = "offline-keys-of-the-course-open-nothing"
ADMINISTRATOR_POLICY = '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}'

_CREDENTIAL = re.compile(r"Credential=([^/]+)/(\d{8})/([^/]+)/([^/]+)/aws4_request")
_KEY_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
_SECRET_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"


@dataclass(frozen=True)
class Signature:
    """What a request says about who signed it, for which service, when, and for how long."""

    access_key: str
    region: str
    signing_name: str
    date: datetime | None
    token: str | None
    signed_headers: tuple[str, ...] = ()
    signature: str = ""
    version: int = 4
    expires_in: timedelta | None = None
    expires_at: datetime | None = None

    @property
    def presigned(self) -> bool:
        """Whether the signature is in the URL."""
        return self.expires_in is not None or self.expires_at is not None


@dataclass(frozen=True)
class TemporaryKeys:
    """Keys that STS gave, and the principal that they stand for."""

    access_key: str
    secret_key: str
    token: str
    principal: Principal


def signature_of(headers: Mapping[str, str], query: Mapping[str, Sequence[str]]) -> Signature | None:
    """How a request is signed, or None for an anonymous one."""
    authorization = headers.get("Authorization", "")
    if match := _CREDENTIAL.search(authorization):
        fields = dict(part.strip().split("=", 1) for part in authorization.split(" ", 1)[1].split(","))
        return Signature(
            access_key=match[1],
            region=match[3],
            signing_name=match[4],
            date=_date(headers.get("X-Amz-Date")),
            token=headers.get("X-Amz-Security-Token"),
            signed_headers=tuple(fields.get("SignedHeaders", "").split(";")),
            signature=fields.get("Signature", ""),
        )
    one = {name: values[0] for name, values in query.items()}
    if match := _CREDENTIAL.search("Credential=" + one.get("X-Amz-Credential", "")):
        return Signature(
            access_key=match[1],
            region=match[3],
            signing_name=match[4],
            date=_date(one.get("X-Amz-Date")),
            token=one.get("X-Amz-Security-Token"),
            signed_headers=tuple(one.get("X-Amz-SignedHeaders", "").split(";")),
            signature=one.get("X-Amz-Signature", ""),
            expires_in=timedelta(seconds=int(one.get("X-Amz-Expires", "0"))),
        )
    if "AWSAccessKeyId" in one and "Signature" in one:
        return Signature(
            access_key=one["AWSAccessKeyId"],
            region="us-east-1",
            signing_name="s3",
            date=None,
            token=one.get("x-amz-security-token"),
            signature=one["Signature"],
            version=2,
            expires_at=datetime.fromtimestamp(int(one.get("Expires", "0")), UTC),
        )
    return None


def _date(text: str | None) -> datetime | None:
    try:
        return datetime.strptime(text or "", "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    except ValueError:
        return None


class Keys:
    """The temporary keys in circulation, beside the users' own keys that moto's IAM holds."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._temporary: dict[str, TemporaryKeys] = {}

    def issue(self, principal: Principal, duration: timedelta, random: Random) -> TemporaryKeys:
        """Give a principal keys that stop working after ``duration``."""
        access_key = "ASIA" + "".join(random.choices(_KEY_LETTERS, k=16))
        now = self._clock.now()
        keys = TemporaryKeys(
            access_key=access_key,
            secret_key="".join(random.choices(_SECRET_LETTERS, k=40)),
            token="IQoJb3JpZ2luX2VjE" + "".join(random.choices(_SECRET_LETTERS, k=207)),
            principal=replace(principal, access_key=access_key, issued=now, expires=now + duration),
        )
        self._temporary[access_key] = keys
        return keys

    def principal(self, signature: Signature | None, service: str) -> tuple[Principal, str]:
        """Who signed, and the secret that they signed with.

        Raises :class:`AwsError` for keys that nobody has, are switched off or have expired.
        """
        if signature is None:
            return ANONYMOUS, ""
        if temporary := self._temporary.get(signature.access_key):
            if signature.token != temporary.token:
                raise unknown_key(service)
            if temporary.principal.expires and temporary.principal.expires <= self._clock.now():
                raise expired_key(service)
            return temporary.principal, temporary.secret_key
        found = moto_parts.user_of_key(signature.access_key)
        if found is None:
            raise unknown_key(service)
        account, user, key = found
        if key.status != "Active":
            raise unknown_key(service)
        principal = Principal(
            arn=user.arn,
            kind="user",
            account=account,
            user_id=user.id,
            access_key=signature.access_key,
            tags=moto_parts.tags_of(account, user.arn),
        )
        return principal, key.secret_access_key

    def check(self, signature: Signature, service: str, secret: str, request: Request) -> None:
        """Refuse a request whose signature does not fit its content or whose URL has expired.

        The date of an ordinary signature is not compared with the clock; that of a presigned URL is.
        """
        token = signature.token if not (signature.version == 4 and signature.presigned) else None
        credentials = BotoCredentials(signature.access_key, secret, token)
        if signature.version == 2:
            expected = _signature_v2(credentials, request)
        else:
            expected = _signature_v4(signature, credentials, service, request)
        if expected != signature.signature:
            raise wrong_signature(service)
        expires = self._expiry(signature)
        if expires is not None and expires <= self._clock.now():
            raise AwsError("AccessDenied", "Request has expired", 403, Expires=f"{expires:%Y-%m-%dT%H:%M:%SZ}")

    def _expiry(self, signature: Signature) -> datetime | None:
        """When a presigned URL stops working; another process dates it by the wall clock."""
        clock = self._clock
        if signature.expires_in is not None and signature.date is not None:
            signed = signature.date if signature.date >= clock.start else clock.cloud_time(signature.date)
            return signed + signature.expires_in
        if signature.expires_at is not None and signature.expires_at < clock.start:
            return clock.now() + (signature.expires_at - datetime.now(UTC))
        return signature.expires_at


def _signature_v4(signature: Signature, credentials: BotoCredentials, service: str, request: Request) -> str:
    signed = {name: request.headers[name] for name in signature.signed_headers if name in request.headers}
    url = request.url
    if signature.presigned:
        query = {name: values for name, values in request.query.items() if name != "X-Amz-Signature"}
        url = urlsplit(url)._replace(query=urlencode(query, doseq=True)).geturl()
        signer = S3SigV4QueryAuth if service == "s3" else SigV4QueryAuth
    else:
        signer = S3SigV4Auth if service in ("s3", "s3control") else SigV4Auth
    again = AWSRequest(method=request.method, url=url, headers=signed, data=request.body)
    again.context["timestamp"] = signature.date.strftime("%Y%m%dT%H%M%SZ") if signature.date else ""
    auth = signer(credentials, signature.signing_name, signature.region)
    result: str = auth.signature(auth.string_to_sign(again, auth.canonical_request(again)), again)
    return result


def _signature_v2(credentials: BotoCredentials, request: Request) -> str:
    expires = request.query["Expires"][0]
    auth = HmacV1QueryAuth(credentials, expires=expires)
    interesting = {k: v for k, v in request.headers.items() if k.lower().startswith(("x-amz-", "content-"))}
    named = AWSRequest(headers=interesting).headers
    lines = [request.method, named.get("content-md5", ""), named.get("content-type", ""), expires]
    custom = auth.canonical_custom_headers(named)
    resource = auth.canonical_resource(urlsplit(request.url))
    signed: str = auth.sign_string("\n".join([*lines, *([custom] if custom else []), resource]))
    return signed


_QUERY_SERVICES = ("iam", "sts", "sns", "cloudformation", "autoscaling", "rds")


def unknown_key(service: str) -> AwsError:
    """Return what a service says to keys that nobody has."""
    if service == "s3":
        return AwsError("InvalidAccessKeyId", "The AWS Access Key Id you provided does not exist in our records.", 403)
    if service == "ec2":
        return AwsError("AuthFailure", "AWS was not able to validate the provided access credentials", 401)
    code = "InvalidClientTokenId" if service in _QUERY_SERVICES else "UnrecognizedClientException"
    return AwsError(code, "The security token included in the request is invalid.", 403)


def expired_key(service: str) -> AwsError:
    """Return what a service says to temporary keys after their time."""
    if service == "s3":
        return AwsError("ExpiredToken", "The provided token has expired.", 400)
    if service == "ec2":
        return AwsError("RequestExpired", "Request has expired.", 400)
    code = "ExpiredToken" if service in _QUERY_SERVICES else "ExpiredTokenException"
    return AwsError(code, "The security token included in the request is expired", 403)


def wrong_signature(service: str) -> AwsError:
    """Return what a service says when the signature is not the one that key and content make."""
    message = (
        "The request signature we calculated does not match the signature you provided. "
        "Check your AWS Secret Access Key and signing method. Consult the service documentation for details."
    )
    if service in ("s3", *_QUERY_SERVICES):
        return AwsError("SignatureDoesNotMatch", message, 403)
    if service == "ec2":
        return AwsError("AuthFailure", "AWS was not able to validate the provided access credentials", 401)
    return AwsError("InvalidSignatureException", message, 403)
