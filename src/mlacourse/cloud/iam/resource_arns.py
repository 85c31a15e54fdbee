"""Which resources an action touches: the ARNs that policies name, from the parameters of the call."""

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import product
from typing import Any

from mlacourse.cloud.iam.patterns import matches
from mlacourse.cloud.iam.reference import reference

_VARIABLE = re.compile(r"\$\{([^}]+)\}")

# Parameters that name a variable of an ARN where they are not called like it; a dot leads into a structure, and what
# follows a slash is put behind the value.
_ALIASES: dict[str, tuple[str, ...]] = {
    "athena:WorkGroupName": ("WorkGroup", "Name"),
    "cloudtrail:TrailName": ("Name", "TrailName"),
    "cloudwatch:AlarmName": ("AlarmName", "AlarmNames"),
    "dynamodb:TableName": ("TableName", "RequestItems", "TransactItems"),
    "ec2:SecurityGroupId": ("GroupId",),
    "events:RuleName": ("Name", "Rule"),
    "events:EventBusName": ("EventBusName",),
    "glue:CrawlerName": ("Name", "CrawlerName"),
    "glue:DatabaseName": ("DatabaseName", "Name", "DatabaseInput.Name"),
    "glue:JobName": ("JobName", "Name"),
    "glue:TableName": ("TableName", "Name", "TableInput.Name"),
    "glue:RegistryName": ("RegistryId.RegistryName", "SchemaId.RegistryName", "RegistryName"),
    "glue:SchemaName": ("SchemaId.SchemaName", "SchemaName"),
    "kms:Alias": ("AliasName",),
    "kms:KeyId": ("KeyId", "TargetKeyId"),
    "s3:BucketName": ("Bucket",),
    "s3:ObjectName": ("Key", "Delete.Objects"),
    "sagemaker:AutoMLJobJobName": ("AutoMLJobName",),
    "sagemaker:ModelPackageName": ("ModelPackageName", "ModelPackageGroupName/*"),
    "secretsmanager:SecretId": ("SecretId", "Name"),
    "sns:TopicName": ("Name",),
    "sqs:QueueName": ("QueueName", "QueueUrl"),
    "ssm:ParameterNameWithoutLeadingSlash": ("Name", "Names", "Path"),
    "states:StateMachineName": ("name",),
}
_DEFAULTS = {"athena:WorkGroupName": "primary", "events:EventBusName": "default"}
# Resource types that name the same thing in another way, and never appear in a request of a lab.
_NEVER = {"accesspoint", "accesspointobject", "catalog", "event-busv2", "objectlambdaaccesspoint"}


def resource_types(action: str) -> list[str]:
    """Return the types of resource of an action; those that a request may leave out have a question mark."""
    prefix, name = action.split(":", 1)
    found: list[str] = reference().get(prefix, {}).get("actions", {}).get(name.replace("ObjectVersion", "Object"), [])
    return [kind for kind in found if kind.removeprefix("?") not in _NEVER]


def resource_arns(action: str, params: Mapping[str, Any], *, region: str, account: str) -> list[str]:
    """Return the ARNs that an action needs permission for; ``*`` where it has no resource.

    >>> resource_arns("s3:GetObject", {"Bucket": "data", "Key": "a.csv"}, region="us-east-1", account="111122223333")
    ['arn:aws:s3:::data/a.csv']
    """
    prefix = action.split(":", 1)[0]
    kinds = resource_types(action)
    templates = {kind: reference()[prefix]["arns"][kind.removeprefix("?")].split(", ")[0] for kind in kinds}
    given = _given(list(templates.values()), params)
    known: list[str] = []
    guessed: list[str] = []
    for kind, template in templates.items():
        if named := given.get(template):
            known += named
            continue
        values = [_values(prefix, name, params, alone=len(_names(template)) == 1) for name in _names(template)]
        if not kind.startswith("?") or (values and all(values)):
            (known if any(values) or not values else guessed).extend(_filled(template, values))
    if any("/index/" in arn for arn in known):  # a query on an index needs the index alone
        known = [arn for arn in known if "/index/" in arn]
    # Some actions fit several types of resource, such as tagging: what the call does not name is another type.
    arns = [_of_log_group(_placed(arn, region, account)) for arn in known or guessed]
    return list(dict.fromkeys(arns)) or ["*"]


def _names(template: str) -> list[str]:
    return [name for name in _VARIABLE.findall(template) if name not in {"Partition", "Region", "Account"}]


def _given(templates: list[str], params: Mapping[str, Any]) -> dict[str, list[str]]:
    """Return the parameters that are an ARN already, under the template that fits each best."""
    found: dict[str, list[str]] = {}
    for arn in dict.fromkeys(arns_in(params.values())):
        fitting = [template for template in templates if matches(_VARIABLE.sub("*", template), arn)]
        if fitting:
            found.setdefault(max(fitting, key=lambda template: len(_VARIABLE.sub("", template))), []).append(arn)
    return found


def _filled(template: str, values: list[list[str]]) -> Iterator[str]:
    """Put values into the template; what AWS makes up itself, such as an id, stays a wildcard."""
    for chosen in product(*(value or ["*"] for value in values)):
        arn = template
        for name, value in zip(_names(template), chosen, strict=True):
            arn = arn.replace(f"${{{name}}}", value)
        yield arn


def _placed(arn: str, region: str, account: str) -> str:
    return arn.replace("${Partition}", "aws").replace("${Region}", region).replace("${Account}", account)


def _of_log_group(arn: str) -> str:
    """CloudWatch Logs checks a log group under the ARN of its streams, so that policies end in ``:*``."""
    group = re.fullmatch(r"(arn:aws:logs:[^:]*:[^:]*:log-group:[^:]+)(:\*)?", arn)
    return f"{group[1]}:log-stream:" if group else arn


def _values(prefix: str, variable: str, params: Mapping[str, Any], *, alone: bool) -> list[str]:
    key = f"{prefix}:{variable}"
    plain = variable.removesuffix("WithPath")
    for name in _ALIASES.get(key, (plain, f"{plain}s", *(["Name"] if plain.endswith("Name") else []))):
        field, slash, rest = name.partition("/")
        if value := _at(params, field):
            path = params.get("Path", "/") if variable.endswith("WithPath") else "/"
            return [path[1:] + _bare(prefix, one) + slash + rest for one in _listed(value)]
    return [_DEFAULTS[key]] if alone and key in _DEFAULTS else []


def _at(params: Mapping[str, Any], path: str) -> Any:
    """Return the parameter at a dotted path, whatever its case: Lambda writes FunctionName, ECR repositoryName."""
    head, _, rest = path.partition(".")
    value = next((value for name, value in params.items() if name.lower() == head.lower()), None)
    if not rest:
        return value
    return _at(value, rest) if isinstance(value, Mapping) else None


def _listed(value: Any) -> list[str]:
    """Return the names in a parameter: itself, a list, or the tables or keys of a batch or transaction."""
    if isinstance(value, str):
        return [value]
    if isinstance(value, Mapping):
        return list(value)
    items = [item for item in value if isinstance(item, Mapping)]
    keys = [item["Key"] for item in items if isinstance(item.get("Key"), str)]
    tables = [part["TableName"] for item in items for part in item.values() if isinstance(part, Mapping)]
    return list(dict.fromkeys(keys or tables or value))


def _bare(prefix: str, value: str) -> str:
    """Return the name in a queue's URL, in a parameter's path or behind ``alias/``."""
    if prefix == "sqs":
        return value.rsplit("/", 1)[-1]
    return value.removeprefix("/") if prefix == "ssm" else value.removeprefix("alias/") if prefix == "kms" else value


def arns_in(values: Iterable[Any]) -> Iterator[str]:
    """Return every ARN among nested values."""
    for value in values:
        if isinstance(value, str) and value.startswith("arn:"):
            yield value
        elif isinstance(value, Mapping):
            yield from arns_in(value.values())
        elif isinstance(value, list):
            yield from arns_in(value)
