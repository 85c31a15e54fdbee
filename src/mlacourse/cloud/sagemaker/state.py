"""What SageMaker holds in one offline account, and the parts of an API that every resource shares."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from mlacourse.cloud.call import AwsError, Call

if TYPE_CHECKING:
    from mlacourse.cloud.sagemaker.endpoint import Endpoint
    from mlacourse.cloud.sagemaker.feature_store.groups import FeatureGroup
    from mlacourse.cloud.sagemaker.processing_run import ProcessingRun
    from mlacourse.cloud.sagemaker.training_run import TrainingRun
    from mlacourse.cloud.sagemaker.tuning_run import TuningRun
    from mlacourse.cloud.session import Cloud

PAGE = 100


class State:
    """Every resource by its name, tags by ARN; made with ``cloud.part(State)``, emptied when the cloud is."""

    def __init__(self, cloud: Cloud) -> None:
        self.cloud = cloud
        self.training_jobs: dict[str, TrainingRun] = {}
        self.processing_jobs: dict[str, ProcessingRun] = {}
        self.tuning_jobs: dict[str, TuningRun] = {}
        self.models: dict[str, dict[str, Any]] = {}
        # What each model serves; for one made from a model package that is the package's container.
        self.containers: dict[str, dict[str, Any]] = {}
        self.endpoint_configs: dict[str, dict[str, Any]] = {}
        self.endpoints: dict[str, Endpoint] = {}
        self.feature_groups: dict[str, FeatureGroup] = {}
        self.model_package_groups: dict[str, dict[str, Any]] = {}
        # Versions by ARN; how many a group ever had; which version a client token made.
        self.model_packages: dict[str, dict[str, Any]] = {}
        self.model_package_counts: dict[str, int] = {}
        self.model_package_tokens: dict[str, str] = {}
        # Every version of a card, the oldest first.
        self.model_cards: dict[str, list[dict[str, Any]]] = {}
        self.tags: dict[str, dict[str, str]] = {}

    def tag(self, arn: str, tags: Iterable[Mapping[str, str]]) -> None:
        """Attach tags to a resource."""
        given = {tag["Key"]: tag["Value"] for tag in tags}
        if given:
            self.tags.setdefault(arn, {}).update(given)

    def arns(self) -> set[str]:
        """Return the ARNs of all resources."""
        jobs = [run.job for run in self._runs()]
        return {
            *(job.arn for job in jobs),
            *(tuning.arn for tuning in self.tuning_jobs.values()),
            *(endpoint.arn for endpoint in self.endpoints.values()),
            *(group.arn for group in self.feature_groups.values()),
            *(model["ModelArn"] for model in self.models.values()),
            *(config["EndpointConfigArn"] for config in self.endpoint_configs.values()),
            *(group["ModelPackageGroupArn"] for group in self.model_package_groups.values()),
            *(versions[0]["ModelCardArn"] for versions in self.model_cards.values()),
        }

    def close(self) -> None:
        """End every process that runs for this account."""
        for tuning in self.tuning_jobs.values():
            tuning.kill()
        for endpoint in self.endpoints.values():
            endpoint.kill()
        for run in self._runs():
            run.job.kill()

    def _runs(self) -> Sequence[TrainingRun | ProcessingRun]:
        return [*self.training_jobs.values(), *self.processing_jobs.values()]


def arn(call: Call, kind: str, name: str) -> str:
    """Return the ARN of a resource; SageMaker writes names in small letters there."""
    return f"arn:aws:sagemaker:{call.region}:{call.account}:{kind}/{name.lower()}"


def by_whom(call: Call) -> dict[str, Any]:
    """Return who asks, as SageMaker keeps it beside what somebody made or changed."""
    return {"IamIdentity": {"Arn": call.principal.arn, "PrincipalId": call.principal.user_id}}


def invalid(message: str) -> AwsError:
    """Return the refusal that most of SageMaker's checks end in."""
    return AwsError("ValidationException", message)


def not_built(what: str, instead: str) -> AwsError:
    """Return the refusal of a parameter that the offline cloud does not act on."""
    return AwsError("NotBuiltOffline", f"{what} is not built in the offline cloud. {instead}", 501)


def refuse_parameters(call: Call, instead: Mapping[str, str], request: Mapping[str, Any] | None = None) -> None:
    """Refuse a request that uses one of these parameters, named by a dotted path, and say what to use.

    ``request`` is a part of the call's parameters that stands for the whole.
    """
    for path, advice in instead.items():
        value: Any = call.params if request is None else request
        for step in path.split("."):
            value = value.get(step) if isinstance(value, Mapping) else None
        if value:
            raise not_built(f"{call.name} with {path}", advice)


def page(
    call: Call,
    items: Iterable[dict[str, Any]],
    *,
    name: str,
    status: str | None = None,
    creation: str = "CreationTime",
    newest_first: bool = True,
    sort_by: str = "CreationTime",
    size: int = PAGE,
) -> tuple[list[dict[str, Any]], dict[str, str]]:
    """Filter, sort and cut a list as the ``List…`` operations do; the second part is ``NextToken``, if there is more.

    ``name`` and ``status`` are the members that ``NameContains`` and ``StatusEquals`` look at.
    """
    params = call.params
    found = [item for item in items if _matches(item, params, name, status, creation)]
    keys = {"Name": name, "CreationTime": creation, "Status": status or name}
    found.sort(key=lambda item: item[keys.get(params.get("SortBy", sort_by), creation)])
    if params.get("SortOrder", "Descending" if newest_first else "Ascending") == "Descending":
        found.reverse()
    start = int(params.get("NextToken", 0))
    end = start + params.get("MaxResults", size)
    return found[start:end], {"NextToken": str(end)} if end < len(found) else {}


def _matches(item: Mapping[str, Any], params: Mapping[str, Any], name: str, status: str | None, creation: str) -> bool:
    bounds: Sequence[tuple[str, str]] = ((creation, "CreationTime"), ("LastModifiedTime", "LastModifiedTime"))
    for member, parameter in bounds:
        moment: datetime | None = item.get(member)
        if moment is None:
            continue
        if (after := params.get(f"{parameter}After")) and moment < after:
            return False
        if (before := params.get(f"{parameter}Before")) and moment > before:
            return False
    if status is not None and params.get("StatusEquals", item[status]) != item[status]:
        return False
    return params.get("NameContains", "").lower() in item[name].lower()
