from __future__ import annotations

import base64
import json
import re
from typing import Any

import jsonschema
import pytest
from cloud.sagemaker.account import BUCKET, EVERYTHING, config, get, in_service, invoked, keys, model, role, variant

from mlacourse.cloud.session import Cloud

# The documented form of one line (developer guide, "Capture data from real-time endpoint").
SIDE = {
    "type": "object",
    "properties": {
        "observedContentType": {"type": "string"},
        "mode": {"enum": ["INPUT", "OUTPUT"]},
        "data": {"type": "string"},
        "encoding": {"enum": ["CSV", "JSON", "BASE64"]},
    },
    "required": ["observedContentType", "mode", "data", "encoding"],
    "additionalProperties": False,
}
LINE = {
    "type": "object",
    "properties": {
        "captureData": {
            "type": "object",
            "properties": {"endpointInput": SIDE, "endpointOutput": SIDE},
            "additionalProperties": False,
        },
        "eventMetadata": {
            "type": "object",
            "properties": {
                "eventId": {"pattern": "^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$"},
                "inferenceId": {"type": "string"},
                "customAttributes": {"type": "array", "items": {"type": "string"}},
                "inferenceTime": {"pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$"},
            },
            "required": ["eventId", "inferenceTime"],
            "additionalProperties": False,
        },
        "eventVersion": {"const": "0"},
    },
    "required": ["captureData", "eventMetadata", "eventVersion"],
    "additionalProperties": False,
}
TEXT = {"CsvContentTypes": ["text/csv"], "JsonContentTypes": ["application/json"]}


def endpoint(
    *variants: dict[str, Any], percentage: int = 100, modes: tuple[str, ...] = ("Input", "Output"), **more: Any
) -> None:
    capture = {
        "EnableCapture": True,
        "InitialSamplingPercentage": percentage,
        "DestinationS3Uri": f"s3://{BUCKET}/capture",
        "CaptureOptions": [{"CaptureMode": mode} for mode in modes],
        **more,
    }
    config("c", *variants, DataCaptureConfig=capture)
    in_service("e", "c")


def captured(cloud: Cloud) -> list[dict[str, Any]]:
    """Every captured line, after the minute that it takes."""
    cloud.clock.advance(minutes=1)
    found = [json.loads(line) for key in keys("capture/") for line in get(key).decode().splitlines()]
    for line in found:
        jsonschema.validate(line, LINE)
    return found


@pytest.fixture(autouse=True)
def served(sagemaker: Any) -> None:
    model("m", role())


def test_request_and_answer_are_written_as_documented(cloud: Cloud) -> None:
    endpoint(variant("a", "m"), CaptureContentTypeHeader=TEXT)
    invoked("e", "1,2", InferenceId="id-1", CustomAttributes="trace=1")
    [line] = captured(cloud)
    assert line["captureData"] == {
        "endpointInput": {"observedContentType": "text/csv", "mode": "INPUT", "data": "1,2", "encoding": "CSV"},
        "endpointOutput": {"observedContentType": "text/csv", "mode": "OUTPUT", "data": "m:1,2", "encoding": "CSV"},
    }
    assert line["eventMetadata"]["inferenceId"] == "id-1"
    assert line["eventMetadata"]["customAttributes"] == ["trace=1"]
    assert line["eventMetadata"]["inferenceTime"] == "2027-01-11T09:00:00Z"


def test_files_lie_by_endpoint_variant_and_hour(cloud: Cloud) -> None:
    endpoint(variant("a", "m"), variant("b", "m"))
    for name in ("a", "b", "b"):
        invoked("e", TargetVariant=name)
    cloud.clock.advance(hours=2)
    invoked("e", TargetVariant="a")
    assert len(captured(cloud)) == 4
    folders = [key.rsplit("/", 1) for key in keys("capture/")]
    assert [folder for folder, _ in folders] == [
        "capture/e/a/2027/01/11/09",
        "capture/e/a/2027/01/11/11",
        "capture/e/b/2027/01/11/09",
    ]
    assert all(re.fullmatch(r"\d\d-\d\d-\d{3}-[0-9a-f-]{36}\.jsonl", name) for _, name in folders)


def test_without_a_list_of_content_types_the_data_is_in_base64(cloud: Cloud) -> None:
    endpoint(variant("a", "m"))
    invoked("e", "1,2")
    side = captured(cloud)[0]["captureData"]["endpointInput"]
    assert side["encoding"] == "BASE64"
    assert base64.b64decode(side["data"]) == b"1,2"


def test_one_side_can_be_captured_alone(cloud: Cloud) -> None:
    endpoint(variant("a", "m"), modes=("Output",))
    invoked("e")
    assert list(captured(cloud)[0]["captureData"]) == ["endpointOutput"]


def test_a_sample_is_captured(cloud: Cloud) -> None:
    endpoint(variant("a", "m"), percentage=30)
    for _ in range(100):
        invoked("e")
    # What the seed 0 of the cloud makes of 30.
    assert len(captured(cloud)) == 31


def test_nothing_is_stored_before_the_clock_moves_on(cloud: Cloud) -> None:
    endpoint(variant("a", "m"))
    invoked("e")
    assert keys("capture/") == []


def test_what_waits_is_stored_when_the_endpoint_goes(cloud: Cloud, sagemaker: Any) -> None:
    endpoint(variant("a", "m"))
    invoked("e")
    sagemaker.delete_endpoint(EndpointName="e")
    assert len(keys("capture/")) == 1


def test_capture_needs_the_models_role_to_write(cloud: Cloud) -> None:
    model("mute", role("NoPut", EVERYTHING, {"Effect": "Deny", "Action": "s3:PutObject", "Resource": "*"}))
    endpoint(variant("a", "mute"))
    assert invoked("e")[0] == "mute:1"
    assert captured(cloud) == []


def test_the_description_tells_the_capture(sagemaker: Any) -> None:
    endpoint(variant("a", "m"), percentage=25)
    described = sagemaker.describe_endpoint(EndpointName="e")["DataCaptureConfig"]
    assert (described["CaptureStatus"], described["CurrentSamplingPercentage"]) == ("Started", 25)


def test_a_shadow_is_captured_beside_production_under_its_own_name(cloud: Cloud) -> None:
    model("n", "arn:aws:iam::123456789012:role/Worker")
    capture = {
        "EnableCapture": True,
        "InitialSamplingPercentage": 100,
        "DestinationS3Uri": f"s3://{BUCKET}/capture",
        "CaptureOptions": [{"CaptureMode": "Input"}, {"CaptureMode": "Output"}],
        "CaptureContentTypeHeader": TEXT,
    }
    config("c", variant("a", "m"), ShadowProductionVariants=[variant("s", "n")], DataCaptureConfig=capture)
    in_service("e", "c")
    for number in range(3):
        invoked("e", str(number), InferenceId=f"id-{number}")
    captured(cloud)
    said = {}
    for key in keys("capture/"):
        for line in map(json.loads, get(key).decode().splitlines()):
            name = line["eventMetadata"]["inferenceId"]
            said[key.split("/")[2], name] = line["captureData"]["endpointOutput"]["data"]
    assert said == {(v, f"id-{n}"): f"{m}:{n}" for v, m in (("a", "m"), ("s", "n")) for n in range(3)}


def test_an_endpoint_is_captured_after_days_too(cloud: Cloud) -> None:
    endpoint(variant("a", "m"), CaptureContentTypeHeader=TEXT)
    invoked("e", "first")
    cloud.clock.advance(days=2)
    invoked("e", "second")
    said = [line["captureData"]["endpointInput"]["data"] for line in captured(cloud)]
    assert said == ["first", "second"]
