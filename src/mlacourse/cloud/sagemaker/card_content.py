"""What a model card may contain: the sections and members of SageMaker's model card JSON schema."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

_RISKS = ("High", "Medium", "Low", "Unknown")
_METRICS = ("number", "string", "boolean", "linear_graph", "bar_chart", "matrix")
_ENVIRONMENT = {"container_image": list}

# Sections with the members that they may have and the types of those; a mapping stands for an object of its own.
SECTIONS: dict[str, Any] = {
    "model_overview": {
        **dict.fromkeys(("model_description", "model_owner", "model_creator", "problem_type", "algorithm_type"), str),
        **{"model_id": str, "model_name": str, "model_version": (int, float), "model_artifact": list},
        "inference_environment": _ENVIRONMENT,
    },
    "model_package_details": {
        **dict.fromkeys(("model_package_arn", "model_package_description", "model_package_group_name"), str),
        **dict.fromkeys(("model_package_status", "model_approval_status", "approval_description"), str),
        **{"model_package_version": (int, float), "created_by": dict, "domain": str, "task": str},
        **{"source_algorithms": list, "inference_specification": dict},
    },
    "intended_uses": dict.fromkeys(
        (
            *("purpose_of_model", "intended_uses", "factors_affecting_model_efficiency", "risk_rating"),
            "explanations_for_risk_rating",
        ),
        str,
    ),
    "business_details": dict.fromkeys(("business_problem", "business_stakeholders", "line_of_business"), str),
    "training_details": {
        "objective_function": dict,
        "training_observations": str,
        "training_job_details": {
            **{"training_arn": str, "training_datasets": list, "training_environment": _ENVIRONMENT},
            **dict.fromkeys(("training_metrics", "user_provided_training_metrics", "hyper_parameters"), list),
            "user_provided_hyper_parameters": list,
        },
    },
    "evaluation_details": list,
    "additional_information": {
        **{"ethical_considerations": str, "caveats_and_recommendations": str, "custom_details": dict},
    },
}
_EVALUATION = {
    **{"name": str, "evaluation_observation": str, "evaluation_job_arn": str, "datasets": list, "metadata": dict},
    "metric_groups": list,
}
_GROUP = {"name": str, "metric_data": list}


def complaint(content: str) -> str | None:
    """Return what is wrong with a card's content, or None.

    >>> complaint('{"intended_uses": {"risk_rating": "Low"}}')
    >>> complaint('{"intended_uses": {"risk_rating": "tiny"}}')
    "intended_uses.risk_rating is 'tiny': High, Medium, Low or Unknown are allowed."
    """
    try:
        card = json.loads(content)
    except ValueError as error:
        return f"it is not JSON ({error})."
    return next(_problems(card), None)


def without_details(card: Mapping[str, Any]) -> dict[str, Any]:
    """Return what of a card may be told without its content: names, risk and group."""
    told = {
        "model_overview": ("model_id", "model_name"),
        "intended_uses": ("risk_rating",),
        "model_package_details": ("model_package_group_name",),
    }
    kept = {
        section: {name: card[section][name] for name in names if name in card[section]}
        for section, names in told.items()
        if section in card
    }
    return {section: members for section, members in kept.items() if members}


def _problems(card: Any) -> Iterator[str]:
    yield from _object("", card, SECTIONS)
    if not isinstance(card, dict):
        return
    uses = card.get("intended_uses", {})
    if "risk_rating" in uses and uses["risk_rating"] not in _RISKS:
        yield f"intended_uses.risk_rating is {uses['risk_rating']!r}: High, Medium, Low or Unknown are allowed."
    for number, evaluation in enumerate(card.get("evaluation_details", [])):
        place = f"evaluation_details[{number}]"
        yield from _object(place, evaluation, _EVALUATION, required=("name",))
        for index, group in enumerate(evaluation.get("metric_groups", [])):
            yield from _group(f"{place}.metric_groups[{index}]", group)


def _group(place: str, group: Any) -> Iterator[str]:
    yield from _object(place, group, _GROUP, required=("name", "metric_data"))
    for index, metric in enumerate(group["metric_data"]):
        if not isinstance(metric, dict):
            yield f"{place}.metric_data[{index}] must be an object."
        elif missing := {"name", "type", "value"} - set(metric):
            yield f"{place}.metric_data[{index}] has no {' and no '.join(sorted(missing))}."
        elif metric["type"] not in _METRICS:
            yield f"{place}.metric_data[{index}].type is {metric['type']!r}: {', '.join(_METRICS)} are allowed."


def _object(place: str, value: Any, members: Mapping[str, Any], *, required: tuple[str, ...] = ()) -> Iterator[str]:
    """Say what does not fit where an object with these members belongs."""
    if not isinstance(value, dict):
        yield f"{place or 'the content'} must be an object."
        return
    for name in required:
        if name not in value:
            yield f"{place} has no {name}."
    for name, one in value.items():
        path = f"{place}.{name}".removeprefix(".")
        if name not in members:
            yield f"{path} is not in the model card JSON schema; {', '.join(members)} are."
        elif isinstance(members[name], Mapping):
            yield from _object(path, one, members[name])
        elif not isinstance(one, members[name]) or isinstance(one, bool):
            yield f"{path} has the wrong type, {type(one).__name__}."
