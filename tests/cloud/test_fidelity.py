from __future__ import annotations

from pathlib import Path

import botocore.session
import pytest

from mlacourse.cloud import fidelity, moto_parts
from mlacourse.cloud.handlers import handler_of
from mlacourse.cloud.session import Cloud

WORKING = [
    (service, operation)
    for service in fidelity.services()
    for row in fidelity.rows(service)
    if row.level != "missing"
    for operation in row.operations
]


@pytest.mark.parametrize("service", fidelity.services())
def test_a_table_names_real_operations_once(service: str) -> None:
    real = botocore.session.get_session().get_service_model(service).operation_names
    named = [operation for row in fidelity.rows(service) for operation in row.operations]
    assert sorted(set(named) - set(real)) == []
    assert sorted({operation for operation in named if named.count(operation) > 1}) == []
    assert service in fidelity.TITLES


@pytest.mark.parametrize("service", fidelity.services())
def test_a_table_says_something_about_every_row(service: str) -> None:
    for row in fidelity.rows(service):
        said = {"behaves": row.faithful, "simplified": row.faithful and row.simplified, "missing": row.instead}
        assert said[row.level], row


def test_what_is_listed_has_somebody_who_answers(running: Cloud) -> None:
    # moto's S3 finds its methods by the request; its calls are all made in test_s3.py.
    listed = {(service, operation) for service, operation in WORKING if service != "s3"}
    answered = {
        (service, operation)
        for service, operation in listed
        if handler_of(service, operation) or moto_parts.implements(service, operation)
    }
    assert sorted(listed - answered) == []


def test_a_handler_without_a_row_would_never_run(running: Cloud) -> None:
    from mlacourse.cloud import handlers

    assert sorted(set(handlers._handlers) - set(WORKING)) == []


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("- {operations: [A], level: works}", "level 'works'"),
        ("- {operations: [A], level: simplified, faithful: x}", "say under 'simplified'"),
        ("- {operations: [A], level: behaves, faithfull: x}", "faithfull"),
        ("- {level: behaves, faithful: x}", "operations"),
    ],
)
def test_a_row_that_cannot_be_read_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, complaint: str
) -> None:
    (tmp_path / "broken.yml").write_text("- {operations: [Fine], level: behaves, faithful: x}\n" + text)
    monkeypatch.setattr(fidelity, "FOLDER", tmp_path)
    with pytest.raises(ValueError, match=r"broken\.yml, row 2: ") as caught:
        fidelity.rows("broken")
    assert complaint in str(caught.value)
