"""``mlacourse bank``: check the questions, write the schema."""

import argparse
import json
from typing import Any

from mlacourse import resources
from mlacourse.bank import exam, export
from mlacourse.bank.errors import BankError

SCHEMA_FILES = {
    ("web", "schema", "quiz.schema.json"): export.schema,
    ("web", "schema", "exam.schema.json"): exam.schema,
}


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of ``mlacourse bank``."""
    actions = parser.add_subparsers(dest="action", required=True)
    actions.add_parser("lint", help="check every question, card and link, and how guessable the bank is")
    actions.add_parser("schema", help="write the JSON schemas that the front end's types come from")


def run(args: argparse.Namespace) -> int:
    """Run one action; 1 if there is a finding."""
    if args.action == "schema":
        for file, schema in SCHEMA_FILES.items():
            resources.root().joinpath(*file).write_text(schema_text(schema()), encoding="utf-8")
        return 0
    from mlacourse.bank.lint import lint

    try:
        report = lint()
    except BankError as error:
        print(error)
        return 1
    print(report)
    return 1 if report.findings else 0


def schema_text(schema: dict[str, Any]) -> str:
    """Return the content of a schema's file."""
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"
