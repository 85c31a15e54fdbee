"""``mlacourse bank``: check the questions, write the schema."""

import argparse
import json
from typing import Any

from mlacourse import resources
from mlacourse.bank import cards, course, exam, export, progress
from mlacourse.bank.errors import BankError
from mlacourse.plan.rules import browser_rules

SCHEMA_FILES = {
    ("web", "schema", "quiz.schema.json"): export.schema,
    ("web", "schema", "exam.schema.json"): exam.schema,
    ("web", "schema", "course.schema.json"): course.schema,
    ("web", "schema", "cards.schema.json"): cards.schema,
    ("web", "schema", "progress.schema.json"): progress.schema,
    ("web", "src", "plan", "rules.json"): browser_rules,
}


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of ``mlacourse bank``."""
    actions = parser.add_subparsers(dest="action", required=True)
    actions.add_parser("lint", help="check every question, card and link, and how guessable the bank is")
    actions.add_parser("schema", help="write what the front end takes from here: JSON schemas, the plan's numbers")


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
