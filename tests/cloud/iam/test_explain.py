"""cloud.explain, the simulator, and the decision step by step."""

from __future__ import annotations

from html.parser import HTMLParser

import boto3
import pytest
from botocore.exceptions import ClientError
from cloud.iam.people import ACCOUNT, allow, as_role, deny, document, new_policy, new_role

from mlacourse.cloud.call import Principal
from mlacourse.cloud.iam.context import Context
from mlacourse.cloud.iam.evaluate import AccessRequest, Policies, PolicyType
from mlacourse.cloud.iam.explain import explain
from mlacourse.cloud.iam.policy import parse
from mlacourse.cloud.iam.steps import steps
from mlacourse.cloud.session import Cloud

LAB = f"arn:aws:iam::{ACCOUNT}:role/Lab"
OBJECT = "arn:aws:s3:::data/a.csv"


class Tags(HTMLParser):
    """Collects the tags of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append(tag)


@pytest.fixture
def account(cloud: Cloud) -> Cloud:
    boto3.client("s3").create_bucket(Bucket="data")
    boto3.client("s3").put_object(Bucket="data", Key="a.csv", Body=b"")
    return cloud


def test_an_explanation_names_the_statement_that_allowed(account: Cloud) -> None:
    new_role("Lab", allow("s3:GetObject", Sid="ReadData"))
    found = explain(account, action="s3:GetObject", resource=OBJECT, principal=LAB)
    assert found.allowed
    assert "Permissions: ReadData" in repr(found)
    assert found.verdict == "Allowed by the identity-based policy: Permissions: ReadData."


def test_an_explanation_names_the_statement_that_denied(account: Cloud) -> None:
    new_role("Lab", allow("s3:*"))
    policy = document(deny("s3:GetObject", on="arn:aws:s3:::data/*", Principal="*", Sid="Closed"))
    boto3.client("s3").put_bucket_policy(Bucket="data", Policy=policy)
    found = explain(account, action="s3:GetObject", resource=OBJECT, principal=LAB)
    assert not found.allowed
    assert ("resource-based policy", "denies", ["bucket policy of data: Closed"]) in found.rows
    assert ("identity-based policy", "allows", ["Permissions: statement 1"]) in found.rows


def test_an_explanation_says_which_condition_did_not_hold(account: Cloud) -> None:
    new_role("Lab", allow("s3:GetObject", Condition={"StringEquals": {"aws:SourceVpce": "vpce-1"}}))
    found = explain(account, action="s3:GetObject", resource=OBJECT, principal=LAB)
    assert "its condition StringEquals aws:SourceVpce: vpce-1 does not hold" in found.rows[0][2][0]
    given = explain(
        account, action="s3:GetObject", resource=OBJECT, principal=LAB, context={"aws:SourceVpce": "vpce-1"}
    )
    assert given.allowed


def test_an_error_that_boto3_raised_is_explained(account: Cloud) -> None:
    new_role("Lab", allow("s3:GetObject", on="arn:aws:s3:::other/*"))
    with pytest.raises(ClientError) as caught:
        as_role("Lab", "s3").get_object(Bucket="data", Key="a.csv")
    found = explain(account, caught.value)
    assert found.decision.request.action == "s3:GetObject"
    assert "its Resource does not cover arn:aws:s3:::data/a.csv" in " ".join(repr(found).split())


def test_an_error_that_no_policy_caused_says_so(account: Cloud) -> None:
    with pytest.raises(ClientError) as caught:
        boto3.client("s3").get_object(Bucket="data", Key="missing")
    with pytest.raises(ValueError, match="No policy caused NoSuchKey"):
        explain(account, caught.value)


def test_the_html_is_a_table_with_a_caption_and_row_headers(account: Cloud) -> None:
    page = explain(account, action="s3:GetObject", resource="arn:aws:s3:::data/<b>")._repr_html_()
    tags = Tags()
    tags.feed(page)
    assert {"table", "caption", "th", "td", "strong"} <= set(tags.seen)
    assert "b" not in tags.seen
    assert 'scope="row"' in page


@pytest.mark.parametrize(
    ("params", "mend"), [({"action": "GetObject"}, "name an action"), ({"action": "s3:x", "principal": "ana"}, "ARN")]
)
def test_a_wrong_question_says_how_to_ask(account: Cloud, params: dict[str, str], mend: str) -> None:
    with pytest.raises(ValueError, match=mend):
        explain(account, **params)


# --- simulator ------------------------------------------------------------------------------------------------


def simulated(**params: object) -> dict[str, object]:
    answer = boto3.client("iam").simulate_principal_policy(PolicySourceArn=LAB, **params)
    result: dict[str, object] = answer["EvaluationResults"][0]
    return result


def test_the_simulator_decides_as_the_real_call_would(account: Cloud) -> None:
    new_role("Lab", allow("s3:GetObject"), deny("s3:DeleteObject"))
    for action, decision in (
        ("s3:GetObject", "allowed"),
        ("s3:DeleteObject", "explicitDeny"),
        ("s3:PutObject", "implicitDeny"),
    ):
        assert simulated(ActionNames=[action], ResourceArns=[OBJECT])["EvalDecision"] == decision


def test_the_simulator_names_statements_boundary_and_missing_keys(account: Cloud) -> None:
    boundary = new_policy("Boundary", allow("sagemaker:*"))
    condition = {"StringEquals": {"aws:SourceVpce": "vpce-1"}}
    new_role("Lab", allow("s3:GetObject", Condition=condition), PermissionsBoundary=boundary)
    given = [{"ContextKeyName": "aws:SourceVpce", "ContextKeyValues": ["vpce-1"], "ContextKeyType": "string"}]
    assert simulated(ActionNames=["s3:GetObject"])["MissingContextValues"] == ["aws:sourcevpce"]
    result = simulated(ActionNames=["s3:GetObject"], ContextEntries=given)
    assert result["EvalDecision"] == "implicitDeny"
    assert result["PermissionsBoundaryDecisionDetail"] == {"AllowedByPermissionsBoundary": False}
    assert [one["SourcePolicyId"] for one in result["MatchedStatements"]] == ["Permissions"]  # type: ignore[attr-defined]


def test_a_custom_policy_is_simulated_without_anybody_having_it(account: Cloud) -> None:
    answer = boto3.client("iam").simulate_custom_policy(
        PolicyInputList=[document(allow("s3:*"))], ActionNames=["s3:GetObject", "iam:CreateUser"]
    )
    assert [one["EvalDecision"] for one in answer["EvaluationResults"]] == ["allowed", "implicitDeny"]


# --- steps ----------------------------------------------------------------------------------------------------

ANA = Principal(f"arn:aws:iam::{ACCOUNT}:user/ana", "user", ACCOUNT)
REQUEST = AccessRequest(ANA, "s3:GetObject", OBJECT, Context())


def test_the_steps_end_at_the_deny() -> None:
    policy = parse(document(allow("s3:*"), deny("s3:GetObject")), name="mixed")
    told = steps(REQUEST, Policies(identity=(policy,)))
    assert [(step.number, step.outcome) for step in told] == [(1, "deny")]
    assert told[0].statements[0].name == "mixed: statement 2"


def test_the_steps_of_an_allowed_request_end_with_the_allow() -> None:
    policy = parse(document(allow("s3:*")), name="all")
    told = steps(REQUEST, Policies(identity=(policy,), boundary=policy, scps=((policy,),)))
    assert [step.outcome for step in told] == [
        "continue",
        "continue",
        "skip",
        "skip",
        "continue",
        "continue",
        "skip",
        "allow",
    ]


def test_a_resource_policy_that_names_the_user_ends_the_way_early() -> None:
    policy = parse(document(allow("s3:*", Principal={"AWS": ANA.arn})), name="bucket")
    told = steps(REQUEST, Policies(resource=(policy,)))
    assert (told[-1].policy_type, told[-1].outcome) == (PolicyType.RESOURCE, "allow")
