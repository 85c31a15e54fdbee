from __future__ import annotations

import io
import urllib.error
import urllib.request
from typing import Any

import boto3
import pytest
from botocore.config import Config
from cloud.aws import error_of
from cloud.processes import child

from mlacourse.cloud.session import Cloud

PART = b"x" * (5 * 1024 * 1024)


@pytest.fixture
def s3(cloud: Cloud) -> Any:
    client = boto3.client("s3")
    client.create_bucket(Bucket="data")
    return client


def fetched(url: str, method: str = "GET", body: bytes | None = None) -> tuple[int, bytes]:
    try:
        with urllib.request.urlopen(urllib.request.Request(url, data=body, method=method)) as answer:
            return answer.status, answer.read()
    except urllib.error.HTTPError as error:
        return error.code, error.read()


def bodies(s3: Any, **params: Any) -> bytes:
    body: bytes = s3.get_object(Bucket="data", **params)["Body"].read()
    return body


# --- multipart ------------------------------------------------------------------------------------------------


def upload(s3: Any, parts: list[bytes]) -> tuple[str, list[dict[str, Any]]]:
    started = s3.create_multipart_upload(Bucket="data", Key="big")["UploadId"]
    sent = [
        s3.upload_part(Bucket="data", Key="big", UploadId=started, PartNumber=number, Body=part)["ETag"]
        for number, part in enumerate(parts, 1)
    ]
    return started, [{"PartNumber": number, "ETag": tag} for number, tag in enumerate(sent, 1)]


def test_a_multipart_upload_joins_its_parts(s3: Any) -> None:
    started, parts = upload(s3, [PART, b"end"])
    listed = s3.list_parts(Bucket="data", Key="big", UploadId=started)["Parts"]
    assert [part["Size"] for part in listed] == [len(PART), 3]
    s3.complete_multipart_upload(Bucket="data", Key="big", UploadId=started, MultipartUpload={"Parts": parts})
    assert bodies(s3, Key="big") == PART + b"end"


def test_a_small_part_that_is_not_the_last_is_refused(s3: Any) -> None:
    started, parts = upload(s3, [b"small", b"end"])
    answer = error_of(
        s3.complete_multipart_upload, Bucket="data", Key="big", UploadId=started, MultipartUpload={"Parts": parts}
    )
    assert answer[0] == "EntityTooSmall"


def test_an_aborted_upload_leaves_nothing(s3: Any) -> None:
    started, _ = upload(s3, [b"x"])
    assert [one["UploadId"] for one in s3.list_multipart_uploads(Bucket="data")["Uploads"]] == [started]
    s3.abort_multipart_upload(Bucket="data", Key="big", UploadId=started)
    assert "Uploads" not in s3.list_multipart_uploads(Bucket="data")


def test_boto3s_transfers_use_multipart_on_their_own(s3: Any) -> None:
    s3.upload_fileobj(
        io.BytesIO(PART * 2), "data", "big", Config=boto3.s3.transfer.TransferConfig(multipart_threshold=len(PART))
    )
    target = io.BytesIO()
    s3.download_fileobj("data", "big", target)
    assert target.getvalue() == PART * 2


def test_a_part_copied_from_another_object(s3: Any) -> None:
    s3.put_object(Bucket="data", Key="source", Body=PART)
    started = s3.create_multipart_upload(Bucket="data", Key="big")["UploadId"]
    source = {"Bucket": "data", "Key": "source"}
    copied = s3.upload_part_copy(Bucket="data", Key="big", UploadId=started, PartNumber=1, CopySource=source)
    parts = [{"PartNumber": 1, "ETag": copied["CopyPartResult"]["ETag"]}]
    s3.complete_multipart_upload(Bucket="data", Key="big", UploadId=started, MultipartUpload={"Parts": parts})
    assert bodies(s3, Key="big") == PART


# --- ways in --------------------------------------------------------------------------------------------------


def test_path_style_and_virtual_hosts_reach_the_same_object(s3: Any, cloud: Cloud) -> None:
    s3.put_object(Bucket="data", Key="a/b", Body=b"1")
    path = boto3.client("s3", config=Config(s3={"addressing_style": "path"}))
    virtual = boto3.client(
        "s3",
        endpoint_url=cloud.endpoint.replace("127.0.0.1", "localhost"),
        config=Config(s3={"addressing_style": "virtual"}),
    )
    assert path.get_object(Bucket="data", Key="a/b")["Body"].read() == b"1"
    assert virtual.get_object(Bucket="data", Key="a/b")["Body"].read() == b"1"


@pytest.mark.parametrize("version", ["s3", "s3v4"])
def test_a_presigned_url_opens_one_object_until_it_expires(s3: Any, cloud: Cloud, version: str) -> None:
    signer = boto3.client("s3", config=Config(signature_version=version))
    for key in ("mine", "other"):
        s3.put_object(Bucket="data", Key=key, Body=key.encode())
    url = signer.generate_presigned_url("get_object", Params={"Bucket": "data", "Key": "mine"}, ExpiresIn=600)
    assert fetched(url) == (200, b"mine")
    status, body = fetched(url.replace("/mine?", "/other?"))
    assert (status, b"<Code>SignatureDoesNotMatch</Code>" in body) == (403, True)
    cloud.clock.advance(seconds=599)
    assert fetched(url)[0] == 200
    cloud.clock.advance(seconds=1)
    status, body = fetched(url)
    assert (status, b"<Message>Request has expired</Message>" in body) == (403, True)


def test_a_presigned_put_writes(s3: Any) -> None:
    signer = boto3.client("s3", config=Config(signature_version="s3v4"))
    url = signer.generate_presigned_url("put_object", Params={"Bucket": "data", "Key": "up"})
    assert fetched(url, "PUT", b"written")[0] == 200
    assert bodies(s3, Key="up") == b"written"


def test_a_url_that_a_child_process_signed_by_the_wall_clock_is_valid_here(s3: Any, cloud: Cloud) -> None:
    s3.put_object(Bucket="data", Key="k", Body=b"1")
    cloud.clock.advance(days=2)
    url = child(
        "import boto3; from botocore.config import Config\n"
        "client = boto3.client('s3', config=Config(signature_version='s3v4'))\n"
        "print(client.generate_presigned_url('get_object', Params={'Bucket': 'data', 'Key': 'k'}, ExpiresIn=600))"
    )
    assert fetched(url) == (200, b"1")
