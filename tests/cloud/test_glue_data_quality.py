"""Glue Data Quality with plain boto3: the examples of AWS's DQDL pages, tables in S3, permissions, refusals."""

from __future__ import annotations

from typing import Any

import boto3
import pytest
from cloud.aws import error_of
from cloud.iam.people import ACCOUNT, allow, new_role, trust

from mlacourse.cloud.glue import dqdl
from mlacourse.cloud.session import Cloud

ROLE = f"arn:aws:iam::{ACCOUNT}:role/Quality"
SERDE = "org.apache.hadoop.hive.serde2.OpenCSVSerde"


@pytest.fixture
def glue(cloud: Cloud) -> Any:
    """Glue with a bucket, a database, and a role that may read both."""
    boto3.client("s3").create_bucket(Bucket="lake")
    client = boto3.client("glue")
    client.create_database(DatabaseInput={"Name": "lake"})
    new_role(
        "Quality",
        allow("s3:GetObject", "s3:ListBucket", on=["arn:aws:s3:::lake", "arn:aws:s3:::lake/*"]),
        allow("glue:GetTable"),
        trusts=trust(Service="glue.amazonaws.com"),
    )
    return client


def put_table(text: str, name: str = "orders", serde: str = SERDE, header: str = "1", **types: str) -> None:
    """Write a CSV file into the lake and describe it; a column is of type string unless said otherwise."""
    boto3.client("s3").put_object(Bucket="lake", Key=f"{name}/part.csv", Body=text.encode())
    columns = [{"Name": column, "Type": types.get(column, "string")} for column in text.split("\n")[0].split(",")]
    boto3.client("glue").create_table(
        DatabaseName="lake",
        TableInput={
            "Name": name,
            "Parameters": {"classification": "csv", "skip.header.line.count": header},
            "StorageDescriptor": {
                "Columns": columns,
                "Location": f"s3://lake/{name}/",
                "SerdeInfo": {"SerializationLibrary": serde, "Parameters": {"separatorChar": ","}},
            },
        },
    )


def table_of(name: str) -> dict[str, Any]:
    return {"GlueTable": {"DatabaseName": "lake", "TableName": name}}


def run_of(glue: Any, rules: str, others: tuple[str, ...] = (), **options: Any) -> dict[str, Any]:
    """Evaluate a ruleset over the table of orders and return the finished run."""
    glue.create_data_quality_ruleset(Name="checks", Ruleset=f"Rules = [ {rules} ]")
    started = glue.start_data_quality_ruleset_evaluation_run(
        DataSource=table_of("orders"),
        AdditionalDataSources={name: table_of(name) for name in others},
        Role=ROLE,
        RulesetNames=["checks"],
        AdditionalRunOptions=options,
    )
    run: dict[str, Any] = glue.get_data_quality_ruleset_evaluation_run(RunId=started["RunId"])
    return run


def result_of(glue: Any, rules: str, others: tuple[str, ...] = (), **options: Any) -> dict[str, Any]:
    run = run_of(glue, rules, others, **options)
    assert run["Status"] == "SUCCEEDED", run.get("ErrorString")
    result: dict[str, Any] = glue.get_data_quality_result(ResultId=run["ResultIds"][0])
    return result


def verdicts(glue: Any, rules: str, others: tuple[str, ...] = (), **options: Any) -> list[str]:
    return [rule["Result"] for rule in result_of(glue, rules, others, **options)["RuleResults"]]


# --- one example of each rule's page ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rule", "good", "bad", "types"),
    [
        ('IsComplete "age"', "age,x\n1,\n2,", "age,x\n1,\n,", {"age": "int"}),
        ('Completeness "age" > 0.95', "age\n" + "7\n" * 20, "age,x\n" + "7,\n" * 19 + ",\n", {"age": "int"}),
        ('IsUnique "email"', "email\na\nb", "email\na\na", {}),
        ('IsUnique "vendorid" "pickup"', "vendorid,pickup\n1,1\n1,2", "vendorid,pickup\n1,1\n1,1", {}),
        ('IsPrimaryKey "id"', "id,x\n1,\n2,", "id,x\n1,\n,", {"id": "int"}),
        ('ColumnExists "Middle_Name"', "Middle_Name\nA", "Name\nA", {}),
        ("RowCount > 1", "a\n1\n2", "a\n1", {}),
        ("RowCount between 1 and 3", "a\n1\n2", "a\n1\n2\n3", {}),
        ('ColumnValues "Country" in [ "US", "CA", "UK" ]', "Country\nUS\nUK", "Country\nUS\nFR", {}),
        (
            'ColumnValues "Customer_ID" between 1 and 2000',
            "Customer_ID\n2",
            "Customer_ID\n2000",
            {"Customer_ID": "int"},
        ),
        ('ColumnValues "First_Name" matches "[a-zA-Z]*"', "First_Name\nAda", "First_Name\nAda1", {}),
        ('ColumnValues "Age" not in [21, 22, 23]', "Age,x\n20,\n,", "Age\n21", {"Age": "int"}),
        ('ColumnValues "Age" != 21', "Age,x\n20,\n,", "Age\n21", {"Age": "int"}),
        ('(IsComplete "id") and (IsUnique "id")', "id\n1\n2", "id\n1\n1", {"id": "int"}),
    ],
)
def test_a_documented_rule_passes_and_fails(glue: Any, rule: str, good: str, bad: str, types: dict[str, str]) -> None:
    put_table(good, **types)
    assert verdicts(glue, rule) == ["PASS"]
    glue.delete_table(DatabaseName="lake", Name="orders")
    glue.delete_data_quality_ruleset(Name="checks")
    put_table(bad, **types)
    assert verdicts(glue, rule) == ["FAIL"]


def test_referential_integrity_is_the_share_of_rows_with_a_partner(glue: Any) -> None:
    put_table("zipcode\n1\n1\n2\n9")
    put_table("zipcode\n1\n2\n3", name="reference")
    result = result_of(
        glue,
        'ReferentialIntegrity "zipcode" "reference.zipcode" >= 0.9, '
        'ReferentialIntegrity "zipcode" "reference.{zipcode}" = 0.75',
        ("reference",),
    )
    assert [rule["Result"] for rule in result["RuleResults"]] == ["FAIL", "PASS"]
    assert result["RuleResults"][0]["EvaluatedMetrics"] == {"Column.reference.ReferentialIntegrity": 0.75}


def test_a_reference_that_the_run_was_not_given_fails_the_rule(glue: Any) -> None:
    put_table("zipcode\n1")
    rule = result_of(glue, 'ReferentialIntegrity "zipcode" "reference.zipcode" = 1.0')["RuleResults"][0]
    assert rule["Result"] == "FAIL"
    assert "reference" in rule["EvaluationMessage"]


# --- what surprises ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("age", "verdict"), [("1", "FAIL"), ("2", "PASS"), ("9", "PASS"), ("10", "FAIL")])
def test_between_leaves_both_its_ends_out(glue: Any, age: str, verdict: str) -> None:
    put_table(f"age\n{age}", age="int")
    assert verdicts(glue, 'ColumnValues "age" between 1 and 10') == [verdict]


def test_null_fails_a_range_and_says_so(glue: Any) -> None:
    put_table("age,x\n5,\n,", age="int")
    rule = result_of(glue, 'ColumnValues "age" between 1 and 10')["RuleResults"][0]
    assert (rule["Result"], rule["EvaluationMessage"]) == (
        "FAIL",
        "Value: NULL does not meet the constraint requirement!",
    )


def test_null_is_allowed_by_a_composite_rule_only_when_rows_are_joined(glue: Any) -> None:
    put_table("age,x\n5,\n,", age="int")
    rule = '(ColumnValues "age" > 1) or (ColumnValues "age" = NULL)'
    assert verdicts(glue, rule) == ["FAIL"]
    glue.delete_data_quality_ruleset(Name="checks")
    assert verdicts(glue, rule, CompositeRuleEvaluationMethod="ROW") == ["PASS"]


def test_a_blank_is_null_in_a_column_of_numbers_and_an_empty_text_in_one_of_strings(glue: Any) -> None:
    put_table("age,name\n,\n5,Ada", age="int")
    assert verdicts(glue, 'IsComplete "age", IsComplete "name", ColumnValues "name" != EMPTY') == [
        "FAIL",
        "PASS",
        "FAIL",
    ]


def test_what_is_no_number_in_a_column_of_numbers_is_null(glue: Any) -> None:
    put_table("age\nold\n5", age="int")
    metrics = result_of(glue, 'Completeness "age" >= 0.5')["RuleResults"][0]["EvaluatedMetrics"]
    assert metrics == {"Column.age.Completeness": 0.5}


@pytest.mark.parametrize(
    ("allowed", "verdict"), [("NULL", "FAIL"), ("EMPTY", "FAIL"), ("EMPTY, WHITESPACES_ONLY", "PASS")]
)
def test_a_list_allows_blanks_by_name(glue: Any, allowed: str, verdict: str) -> None:
    put_table("country,x\nUS,\n,\n  ,")
    assert verdicts(glue, f'ColumnValues "country" in [ "US", {allowed} ]') == [verdict]


def test_a_threshold_lets_a_share_of_rows_fail(glue: Any) -> None:
    put_table("country\nUS\nUS\nUS\nFR")
    rules = 'ColumnValues "country" in ["US"] with threshold > 0.5, ColumnValues "country" in ["US"]'
    assert verdicts(glue, rules) == ["PASS", "FAIL"]


def test_the_one_sided_comparison_reports_the_extreme_value(glue: Any) -> None:
    put_table("delay\n-5\n900", delay="double")
    rules = result_of(glue, 'ColumnValues "delay" <= 600, ColumnValues "delay" >= -60')["RuleResults"]
    assert rules[0]["EvaluatedMetrics"] == {"Column.delay.Maximum": 900.0}
    assert rules[0]["EvaluationMessage"] == "Value: 900.0 does not meet the constraint requirement!"
    assert rules[1]["EvaluatedMetrics"] == {"Column.delay.Minimum": -5.0}


def test_brackets_nest(glue: Any) -> None:
    put_table("id\n1\n1", id="int")
    assert verdicts(glue, '(RowCount > 9) or ((IsComplete "id") and (RowCount = 2))') == ["PASS"]


def test_a_moment_is_compared_as_a_moment(glue: Any) -> None:
    put_table("at\n2013-07-02 05:00:00", at="timestamp")
    assert verdicts(glue, 'ColumnValues "at" > "2013-07-01", ColumnValues "at" > "2013-07-03"') == ["PASS", "FAIL"]


def test_a_rule_on_a_column_that_is_not_there_fails_by_name(glue: Any) -> None:
    put_table("a\n1")
    rule = result_of(glue, 'IsComplete "b"')["RuleResults"][0]
    assert (rule["Result"], rule["EvaluationMessage"]) == ("FAIL", "Input data does not include column b!")


# --- rulesets, runs, results --------------------------------------------------------------------------------------


def test_the_score_is_the_share_of_rules_that_passed(glue: Any) -> None:
    put_table("a\n1\n2")
    result = result_of(glue, 'RowCount = 2, IsComplete "a", RowCount > 100, IsUnique "a"')
    assert result["Score"] == 0.75
    assert result["AggregatedMetrics"]["TotalRulesFailed"] == 1
    assert [rule["Name"] for rule in result["RuleResults"]] == ["Rule_1", "Rule_2", "Rule_3", "Rule_4"]
    assert result["RuleResults"][2]["Description"] == "RowCount > 100"


def test_the_same_ruleset_sees_the_files_as_they_are_now(glue: Any) -> None:
    put_table("a\n1")
    assert verdicts(glue, "RowCount = 1") == ["PASS"]
    boto3.client("s3").put_object(Bucket="lake", Key="orders/more.csv", Body=b"a\n2\n3")
    glue.update_data_quality_ruleset(Name="checks", Ruleset="Rules = [ RowCount = 3 ]")
    started = glue.start_data_quality_ruleset_evaluation_run(
        DataSource=table_of("orders"), Role=ROLE, RulesetNames=["checks"]
    )
    run = glue.get_data_quality_ruleset_evaluation_run(RunId=started["RunId"])
    assert glue.get_data_quality_result(ResultId=run["ResultIds"][0])["Score"] == 1.0


def test_a_ruleset_comes_back_as_it_was_given(glue: Any) -> None:
    text = 'Rules = [\n  # the key\n  IsUnique "id" ]'
    glue.create_data_quality_ruleset(
        Name="keys", Ruleset=text, Description="d", TargetTable={"DatabaseName": "lake", "TableName": "orders"}
    )
    found = glue.get_data_quality_ruleset(Name="keys")
    assert (found["Ruleset"], found["TargetTable"]["TableName"]) == (text, "orders")


@pytest.mark.parametrize("operation", ["run", "result"])
def test_an_unknown_id_is_not_found(glue: Any, operation: str) -> None:
    call, name = {
        "run": (glue.get_data_quality_ruleset_evaluation_run, "RunId"),
        "result": (glue.get_data_quality_result, "ResultId"),
    }[operation]
    assert error_of(call, **{name: "dq-unknown"})[0] == "EntityNotFoundException"


def test_a_name_is_given_once(glue: Any) -> None:
    glue.create_data_quality_ruleset(Name="checks", Ruleset="Rules = [ RowCount > 0 ]")
    code, _ = error_of(glue.create_data_quality_ruleset, Name="checks", Ruleset="Rules = [ RowCount > 0 ]")
    assert code == "AlreadyExistsException"
    assert error_of(glue.get_data_quality_ruleset, Name="other")[0] == "EntityNotFoundException"


# --- permissions --------------------------------------------------------------------------------------------------


def test_a_role_that_may_not_read_the_files_fails_the_run(glue: Any) -> None:
    put_table("a\n1")
    boto3.client("iam").put_role_policy(
        RoleName="Quality",
        PolicyName="Permissions",
        PolicyDocument='{"Version": "2012-10-17", "Statement": '
        '[{"Effect": "Allow", "Action": "glue:GetTable", "Resource": "*"}]}',
    )
    run = run_of(glue, "RowCount > 0")
    assert run["Status"] == "FAILED"
    assert run["ErrorString"].startswith("AccessDenied")
    assert "ResultIds" not in run


def test_a_role_that_does_not_trust_glue_is_refused(glue: Any) -> None:
    new_role("Stranger", allow("s3:*"))
    put_table("a\n1")
    glue.create_data_quality_ruleset(Name="checks", Ruleset="Rules = [ RowCount > 0 ]")
    code, _ = error_of(
        glue.start_data_quality_ruleset_evaluation_run,
        DataSource=table_of("orders"),
        Role=f"arn:aws:iam::{ACCOUNT}:role/Stranger",
        RulesetNames=["checks"],
    )
    assert code == "InvalidInputException"


def test_a_table_that_is_not_in_the_catalog_fails_the_run(glue: Any) -> None:
    run = run_of(glue, "RowCount > 0")
    assert run["Status"] == "FAILED"
    assert run["ErrorString"].startswith("EntityNotFoundException")


# --- refusals -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        'rules = [ IsComplete "a" ]',
        'Rules = [ iscomplete "a" ]',
        "Rules = [ ]",
        'Rules = [ IsComplete "a" IsUnique "a" ]',
        "Rules = [ IsComplete ]",
        'Rules = [ Completeness "a" ]',
        'Rules = [ Completeness "a" > high ]',
        'Rules = [ ColumnValues "a" in ["x" ]',
        'Rules = [ IsComplete "a ]',
        "Rules = [ RowCount > 1 ] RowCount > 2",
        "Rules = [ (RowCount > 1) and (RowCount > 2) or (RowCount > 3) ]",
    ],
)
def test_what_is_no_dqdl_is_not_read(text: str) -> None:
    with pytest.raises(dqdl.MalformedError):
        dqdl.parse(text)


def test_a_ruleset_is_read_when_it_is_given(glue: Any) -> None:
    code, message = error_of(glue.create_data_quality_ruleset, Name="checks", Ruleset='Rules = [ IsFull "a" ]')
    assert (code, message) == ("InvalidInputException", "Ruleset is not valid DQDL: 'IsFull' is no rule type.")
    code, message = error_of(glue.create_data_quality_ruleset, Name="checks", Ruleset='Rules = [ Mean "a" > 1 ]')
    assert (code, "the rule type Mean" in message) == ("NotBuiltOffline", True)


@pytest.mark.parametrize(
    ("rule", "named"),
    [
        ('DataFreshness "Order_Date" <= 24 hours', "DataFreshness"),
        ('CustomSql "select count(*) from primary" > 0', "CustomSql"),
        ('IsComplete "a" where "b < 10"', "where"),
        ("RowCount > avg(last(10))", "earlier runs"),
        ('ColumnValues "Load_Date" > (now() - 3 days)', "dates"),
        ('ColumnValues "age" between 1 and 9 with threshold > 0.9', "threshold"),
        ('IsComplete "a" labels=["team"="x"]', "labels"),
    ],
)
def test_dqdl_that_is_not_built_is_refused_by_name(rule: str, named: str) -> None:
    with pytest.raises(dqdl.NotBuiltError, match=named):
        dqdl.parse(f"Rules = [ {rule} ]")


def test_another_format_and_other_options_are_refused_by_name(glue: Any) -> None:
    put_table("a\n1", serde="org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe")
    glue.create_data_quality_ruleset(Name="checks", Ruleset="Rules = [ RowCount > 0 ]")
    asked: dict[str, Any] = {"DataSource": table_of("orders"), "Role": ROLE, "RulesetNames": ["checks"]}
    code, message = error_of(glue.start_data_quality_ruleset_evaluation_run, **asked)
    assert (code, "OpenCSVSerde" in message) == ("NotBuiltOffline", True)
    asked["AdditionalRunOptions"] = {"ResultsS3Prefix": "s3://lake/results"}
    code, message = error_of(glue.start_data_quality_ruleset_evaluation_run, **asked)
    assert (code, "ResultsS3Prefix" in message) == ("NotBuiltOffline", True)


def test_text_in_quotes_keeps_brackets_commas_and_hashes() -> None:
    (rule,) = dqdl.parse('Rules = [ ColumnValues "a" in ["x, [y]", "#1", "say \\"so\\""] ] # the end')
    assert isinstance(rule, dqdl.Rule)
    assert rule.condition is not None
    assert rule.condition.operands == ("x, [y]", "#1", 'say "so"')
