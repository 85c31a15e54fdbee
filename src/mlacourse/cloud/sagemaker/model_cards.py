"""Model cards: what a model is for, how it was made and how it fared, in versions that are not changed."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from mlacourse.cloud.call import AwsError, Call
from mlacourse.cloud.handlers import handles
from mlacourse.cloud.sagemaker.card_content import complaint, without_details
from mlacourse.cloud.sagemaker.state import State, arn, by_whom, invalid, page, refuse_parameters

if TYPE_CHECKING:
    from mlacourse.cloud.session import Cloud

_SUMMARY = ("ModelCardName", "ModelCardArn", "ModelCardStatus", "CreationTime", "LastModifiedTime")
_NOT_BUILT = {"SecurityConfig": "Leave it out."}


@handles("sagemaker", "CreateModelCard")
def create_model_card(cloud: Cloud, call: Call) -> dict[str, Any]:
    """Keep the first version of a card."""
    state, request = cloud.part(State), call.params
    name, card_arn = request["ModelCardName"], arn(call, "model-card", request["ModelCardName"])
    refuse_parameters(call, _NOT_BUILT)
    if name in state.model_cards:
        raise AwsError("ConflictException", f"Model card {card_arn} already exists.")
    _check(request["Content"])
    state.model_cards[name] = [
        {
            "ModelCardArn": card_arn,
            "ModelCardName": name,
            "ModelCardVersion": 1,
            "Content": request["Content"],
            "ModelCardStatus": request["ModelCardStatus"],
            "CreationTime": call.time,
            "CreatedBy": by_whom(call),
        }
    ]
    state.tag(card_arn, request.get("Tags", []))
    return {"ModelCardArn": card_arn}


@handles("sagemaker", "DescribeModelCard")
def describe_model_card(cloud: Cloud, call: Call) -> dict[str, Any]:
    """Tell one version of a card, the latest by default."""
    versions = _versions(cloud, call)
    number = call.params.get("ModelCardVersion", len(versions))
    if not 1 <= number <= len(versions):
        raise AwsError("ResourceNotFound", f"Model card {versions[0]['ModelCardArn']} has no version {number}.")
    card: dict[str, Any] = versions[number - 1]
    if call.params.get("IncludedData") == "MetadataOnly":
        return {**card, "Content": json.dumps(without_details(json.loads(card["Content"])))}
    return card


@handles("sagemaker", "UpdateModelCard")
def update_model_card(cloud: Cloud, call: Call) -> dict[str, Any]:
    """Change the status of the latest version, or add a version with another content."""
    request, versions = call.params, _versions(cloud, call)
    latest = versions[-1]
    if "Content" in request and "ModelCardStatus" in request:
        raise invalid("You cannot update both model card content and model card status in a single call.")
    if latest["ModelCardStatus"] == "Archived" and "Content" in request:
        raise invalid(f"Model card {latest['ModelCardArn']} is Archived: its content cannot be updated.")
    changed = {"LastModifiedTime": call.time, "LastModifiedBy": by_whom(call)}
    if "Content" in request:
        _check(request["Content"])
        number = latest["ModelCardVersion"] + 1
        versions.append({**latest, **changed, "Content": request["Content"], "ModelCardVersion": number})
    elif "ModelCardStatus" in request:
        versions[-1] = {**latest, **changed, "ModelCardStatus": request["ModelCardStatus"]}
    return {"ModelCardArn": latest["ModelCardArn"]}


@handles("sagemaker", "ListModelCards")
def list_model_cards(cloud: Cloud, call: Call) -> dict[str, Any]:
    """Tell the latest version of every card in short."""
    wanted = call.params.get("ModelCardStatus")
    latest = [versions[-1] for versions in list(cloud.part(State).model_cards.values())]
    cards = [
        {member: card[member] for member in _SUMMARY if member in card}
        for card in latest
        if wanted in (None, card["ModelCardStatus"])
    ]
    found, more = page(call, cards, name="ModelCardName")
    return {"ModelCardSummaries": found, **more}


@handles("sagemaker", "ListModelCardVersions")
def list_model_card_versions(cloud: Cloud, call: Call) -> dict[str, Any]:
    """Tell every version of one card in short."""
    wanted = call.params.get("ModelCardStatus")
    versions = [
        {member: card[member] for member in (*_SUMMARY, "ModelCardVersion") if member in card}
        for card in _versions(cloud, call)
        if wanted in (None, card["ModelCardStatus"])
    ]
    found, more = page(call, versions, name="ModelCardName", newest_first=False)
    return {"ModelCardVersionSummaryList": found, **more}


@handles("sagemaker", "DeleteModelCard")
def delete_model_card(cloud: Cloud, call: Call) -> dict[str, Any]:
    """Forget a card with all of its versions."""
    state, latest = cloud.part(State), _versions(cloud, call)[-1]
    del state.model_cards[latest["ModelCardName"]]
    state.tags.pop(latest["ModelCardArn"], None)
    return {}


def _versions(cloud: Cloud, call: Call) -> list[dict[str, Any]]:
    name = call.params["ModelCardName"].rsplit("/", 1)[-1]
    wanted = arn(call, "model-card", name)
    for versions in cloud.part(State).model_cards.values():
        if versions[0]["ModelCardArn"] == wanted:
            return versions
    raise AwsError("ResourceNotFound", f"Model card {wanted} does not exist.")


def _check(content: str) -> None:
    if problem := complaint(content):
        raise invalid(f"Invalid model card content: {problem}")
