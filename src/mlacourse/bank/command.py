"""``mlacourse bank``: check the questions, write the schema."""

import argparse
import json

from mlacourse import resources
from mlacourse.bank.errors import BankError
from mlacourse.bank.export import schema

SCHEMA_FILE = ("web", "schema", "quiz.schema.json")


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of ``mlacourse bank``."""
    actions = parser.add_subparsers(dest="action", required=True)
    actions.add_parser("lint", help="check every question, card and link, and how guessable the bank is")
    actions.add_parser("schema", help="write the JSON schema that the front end's types come from")


def run(args: argparse.Namespace) -> int:
    """Run one action; 1 if there is a finding."""
    if args.action == "schema":
        resources.root().joinpath(*SCHEMA_FILE).write_text(schema_text(), encoding="utf-8")
        return 0
    from mlacourse.bank.lint import lint

    try:
        report = lint()
    except BankError as error:
        print(error)
        return 1
    print(report)
    return 1 if report.findings else 0


def schema_text() -> str:
    """Return the schema file's content."""
    return json.dumps(schema(), indent=2, ensure_ascii=False) + "\n"
