"""Model cards: versions, states, and the sections that a card may have."""

from __future__ import annotations

import json
from typing import Any

import pytest
from cloud.aws import error_of
from cloud.sagemaker.account import client

from mlacourse.cloud.sagemaker.card_content import complaint

CARD: dict[str, Any] = {
    "model_overview": {"model_name": "delays", "model_version": 1, "model_owner": "ops"},
    "intended_uses": {"purpose_of_model": "warn the gate", "risk_rating": "Low"},
    "training_details": {"training_job_details": {"training_metrics": [{"name": "auc", "value": 0.7}]}},
    "evaluation_details": [
        {
            "name": "hold-out",
            "metric_groups": [{"name": "ranking", "metric_data": [{"name": "auc", "type": "number", "value": 0.7}]}],
        }
    ],
    "additional_information": {"custom_details": {"run": "deep"}},
}


def create(content: Any = CARD, status: str = "Draft") -> None:
    client("sagemaker").create_model_card(ModelCardName="delays", Content=json.dumps(content), ModelCardStatus=status)


def test_another_content_is_another_version_and_another_status_is_not(sagemaker: Any) -> None:
    create()
    sagemaker.update_model_card(ModelCardName="delays", ModelCardStatus="PendingReview")
    assert sagemaker.describe_model_card(ModelCardName="delays")["ModelCardVersion"] == 1
    changed = {**CARD, "intended_uses": {"risk_rating": "Medium"}}
    sagemaker.update_model_card(ModelCardName="delays", Content=json.dumps(changed))
    latest = sagemaker.describe_model_card(ModelCardName="delays")
    assert (latest["ModelCardVersion"], json.loads(latest["Content"])) == (2, changed)
    first = sagemaker.describe_model_card(ModelCardName="delays", ModelCardVersion=1)
    assert json.loads(first["Content"]) == CARD
    found = sagemaker.list_model_card_versions(ModelCardName="delays")["ModelCardVersionSummaryList"]
    assert [one["ModelCardVersion"] for one in found] == [1, 2]


def test_content_and_status_are_not_changed_in_one_call(sagemaker: Any) -> None:
    create()
    both = {"ModelCardName": "delays", "Content": json.dumps(CARD), "ModelCardStatus": "Approved"}
    assert "in a single call" in error_of(sagemaker.update_model_card, **both)[1]


def test_an_archived_card_keeps_its_content(sagemaker: Any) -> None:
    create(status="Archived")
    assert "Archived" in error_of(sagemaker.update_model_card, ModelCardName="delays", Content=json.dumps(CARD))[1]


def test_metadata_alone_leaves_out_what_the_card_says(sagemaker: Any) -> None:
    create()
    told = sagemaker.describe_model_card(ModelCardName="delays", IncludedData="MetadataOnly")
    kept = {"model_overview": {"model_name": "delays"}, "intended_uses": {"risk_rating": "Low"}}
    assert json.loads(told["Content"]) == kept


def test_cards_are_listed_by_status_tagged_and_deleted(sagemaker: Any) -> None:
    create()
    assert [one["ModelCardName"] for one in sagemaker.list_model_cards(ModelCardStatus="Draft")["ModelCardSummaries"]]
    assert sagemaker.list_model_cards(ModelCardStatus="Approved")["ModelCardSummaries"] == []
    arn = sagemaker.describe_model_card(ModelCardName="delays")["ModelCardArn"]
    sagemaker.add_tags(ResourceArn=arn, Tags=[{"Key": "team", "Value": "ops"}])
    assert error_of(sagemaker.create_model_card, ModelCardName="delays", Content="{}", ModelCardStatus="Draft")[0] == (
        "ConflictException"
    )
    sagemaker.delete_model_card(ModelCardName="delays")
    assert error_of(sagemaker.describe_model_card, ModelCardName="delays")[0] == "ResourceNotFound"


def test_a_version_that_a_card_never_had_is_not_found(sagemaker: Any) -> None:
    create()
    code, _ = error_of(sagemaker.describe_model_card, ModelCardName="delays", ModelCardVersion=2)
    assert code == "ResourceNotFound"


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        ("no JSON", "it is not JSON"),
        ("[]", "the content must be an object"),
        ('{"overview": {}}', "overview is not in the model card JSON schema"),
        ('{"model_overview": {"owner": "x"}}', "model_overview.owner is not in"),
        ('{"model_overview": {"model_version": "one"}}', "model_overview.model_version has the wrong type"),
        ('{"intended_uses": {"risk_rating": "tiny"}}', "High, Medium, Low or Unknown"),
        ('{"evaluation_details": [{}]}', "evaluation_details[0] has no name"),
        (
            '{"evaluation_details": [{"name": "a", "metric_groups": [{"name": "b", "metric_data": [{"name": "c"}]}]}]}',
            "has no type and no value",
        ),
        (
            '{"evaluation_details": [{"name": "a", "metric_groups": [{"name": "b", "metric_data": [5]}]}]}',
            "metric_data[0] must be an object",
        ),
    ],
)
def test_content_outside_the_schema_is_refused_with_its_place(sagemaker: Any, content: str, problem: str) -> None:
    found = complaint(content)
    assert found is not None
    assert problem in found
    request = {"ModelCardName": "delays", "Content": content, "ModelCardStatus": "Draft"}
    assert problem in error_of(sagemaker.create_model_card, **request)[1]
