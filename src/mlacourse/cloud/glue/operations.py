"""The operations of AWS Glue Data Quality: rulesets, evaluation runs and their results."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from mlacourse.cloud import fidelity
from mlacourse.cloud.call import AwsError, Call
from mlacourse.cloud.glue import dqdl, tables
from mlacourse.cloud.glue.evaluation import Outcome, evaluate
from mlacourse.cloud.handlers import handles

if TYPE_CHECKING:
    from mlacourse.cloud.session import Cloud

SERVICE = "glue.amazonaws.com"


@dataclass
class State:
    """Rulesets by name, and runs and results by their ids."""

    cloud: Cloud
    rulesets: dict[str, dict[str, Any]] = field(default_factory=dict)
    runs: dict[str, dict[str, Any]] = field(default_factory=dict)
    results: dict[str, dict[str, Any]] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def ruleset(self, name: str) -> dict[str, Any]:
        """Return a ruleset. Raises ``AwsError`` where there is none."""
        if name not in self.rulesets:
            raise _unknown(f"Ruleset {name}")
        return self.rulesets[name]


def _unknown(what: str) -> AwsError:
    return AwsError("EntityNotFoundException", f"{what} not found.")


def _refuse(call: Call, given: dict[str, Any], *names: str) -> None:
    for name in names:
        if name in given:
            raise fidelity.not_built(call, f"with {name}", "Leave it out.")


@handles("glue", "CreateDataQualityRuleset")
def create_ruleset(cloud: Cloud, call: Call) -> dict[str, Any]:
    """Keep a ruleset whose DQDL can be read."""
    asked = call.params
    _refuse(call, asked, "Tags", "ClientToken", "DataQualitySecurityConfiguration")
    _parsed(call, asked["Ruleset"])
    state = cloud.part(State)
    with state.lock:
        if asked["Name"] in state.rulesets:
            raise AwsError("AlreadyExistsException", f"Ruleset {asked['Name']} already exists.")
        state.rulesets[asked["Name"]] = {**asked, "CreatedOn": call.time, "LastModifiedOn": call.time}
    return {"Name": asked["Name"]}


@handles("glue", "UpdateDataQualityRuleset")
def update_ruleset(cloud: Cloud, call: Call) -> dict[str, Any]:
    """Replace the rules or the description of a ruleset; results of earlier runs stay as they are."""
    asked = call.params
    if "Ruleset" in asked:
        _parsed(call, asked["Ruleset"])
    found = cloud.part(State).ruleset(asked["Name"])
    found.update(asked, LastModifiedOn=call.time)
    return {name: found[name] for name in ("Name", "Description", "Ruleset") if name in found}


@handles("glue", "GetDataQualityRuleset")
def get_ruleset(cloud: Cloud, call: Call) -> dict[str, Any]:
    """Return a ruleset as it was given."""
    return dict(cloud.part(State).ruleset(call.params["Name"]))


@handles("glue", "DeleteDataQualityRuleset")
def delete_ruleset(cloud: Cloud, call: Call) -> dict[str, Any]:
    """Forget a ruleset; results stay."""
    state = cloud.part(State)
    with state.lock:
        state.ruleset(call.params["Name"])
        del state.rulesets[call.params["Name"]]
    return {}


@handles("glue", "StartDataQualityRulesetEvaluationRun")
def start_run(cloud: Cloud, call: Call) -> dict[str, Any]:
    """Evaluate rulesets over a table, with the permissions of the role; one result for each ruleset."""
    asked = call.params
    options = asked.get("AdditionalRunOptions", {})
    _refuse(call, asked, "ClientToken")
    unbuilt = set(options) - {"CompositeRuleEvaluationMethod"}
    _refuse(call, options, *sorted(unbuilt))
    state = cloud.part(State)
    rulesets = {name: _parsed(call, state.ruleset(name)["Ruleset"]) for name in asked["RulesetNames"]}
    run: dict[str, Any] = {
        "RunId": f"dqrun-{call.random.getrandbits(160):040x}",
        **{name: asked[name] for name in _REPEATED if name in asked},
        "Status": "SUCCEEDED",
        "StartedOn": call.time,
        "LastModifiedOn": call.time,
        "CompletedOn": call.time,
        "ExecutionTime": 0,
    }
    try:
        table, others = _data(cloud, call)
    except tables.UnreadableError as error:
        raise fidelity.not_built(call, str(error), "") from error
    except ClientError as error:
        failure = error.response["Error"]
        run |= {"Status": "FAILED", "ErrorString": f"{failure['Code']}: {failure.get('Message', '')}"}
    else:
        run["ResultIds"] = []
        for name, rules in rulesets.items():
            method = options.get("CompositeRuleEvaluationMethod", "COLUMN")
            outcomes = [evaluate(rule, table, others, method) for rule in rules]
            result = _result(call, run, name, rules, outcomes)
            state.results[result["ResultId"]] = result
            run["ResultIds"].append(result["ResultId"])
    state.runs[run["RunId"]] = run
    return {"RunId": run["RunId"]}


_REPEATED = (
    *("DataSource", "Role", "NumberOfWorkers", "Timeout", "AdditionalRunOptions", "RulesetNames"),
    "AdditionalDataSources",
)


@handles("glue", "GetDataQualityRulesetEvaluationRun")
def get_run(cloud: Cloud, call: Call) -> dict[str, Any]:
    """Return a run with its state and the ids of its results."""
    runs = cloud.part(State).runs
    if call.params["RunId"] not in runs:
        raise _unknown(f"Run {call.params['RunId']}")
    return dict(runs[call.params["RunId"]])


@handles("glue", "GetDataQualityResult")
def get_result(cloud: Cloud, call: Call) -> dict[str, Any]:
    """Return the score of a ruleset and the result of each rule."""
    results = cloud.part(State).results
    if call.params["ResultId"] not in results:
        raise _unknown(f"Result {call.params['ResultId']}")
    return dict(results[call.params["ResultId"]])


def _parsed(call: Call, text: str) -> tuple[dqdl.Rule | dqdl.Composite, ...]:
    try:
        return dqdl.parse(text)
    except dqdl.NotBuiltError as error:
        raise fidelity.not_built(call, f"with {error}", "The page 'Offline AWS' lists the rule types.") from error
    except dqdl.MalformedError as error:
        raise AwsError("InvalidInputException", f"Ruleset is not valid DQDL: {error}.") from error


def _data(cloud: Cloud, call: Call) -> tuple[tables.Table, dict[str, tables.Table]]:
    """Read the table and the additional ones in the name of the role."""
    role = call.params["Role"]
    arn = role if role.startswith("arn:") else f"arn:aws:iam::{call.account}:role/{role}"
    keys = cloud.role_keys(arn, "GlueDataQuality", SERVICE)
    glue, s3 = cloud.client("glue", keys), cloud.client("s3", keys)

    def table_of(source: dict[str, Any]) -> tables.Table:
        if "GlueTable" not in source:
            raise tables.UnreadableError("over another source than a GlueTable. Name a GlueTable")
        place = source["GlueTable"]
        return tables.read(glue, s3, place["DatabaseName"], place["TableName"])

    others = {alias: table_of(source) for alias, source in call.params.get("AdditionalDataSources", {}).items()}
    return table_of(call.params["DataSource"]), others


def _result(
    call: Call,
    run: dict[str, Any],
    name: str,
    rules: tuple[dqdl.Rule | dqdl.Composite, ...],
    outcomes: list[Outcome],
) -> dict[str, Any]:
    passed = sum(outcome.passed for outcome in outcomes)
    return {
        "ResultId": f"dqresult-{call.random.getrandbits(160):040x}",
        "Score": passed / len(outcomes),
        "DataSource": run["DataSource"],
        "RulesetName": name,
        "RulesetEvaluationRunId": run["RunId"],
        "StartedOn": call.time,
        "CompletedOn": call.time,
        "RuleResults": [
            {
                "Name": f"Rule_{number}",
                "Description": rule.text,
                "Result": "PASS" if outcome.passed else "FAIL",
                "EvaluatedMetrics": outcome.metrics,
                **({"EvaluationMessage": outcome.message} if outcome.message else {}),
            }
            for number, (rule, outcome) in enumerate(zip(rules, outcomes, strict=True), 1)
        ],
        "AggregatedMetrics": {
            "TotalRulesProcessed": float(len(outcomes)),
            "TotalRulesPassed": float(passed),
            "TotalRulesFailed": float(len(outcomes) - passed),
        },
    }
