"""The command ``mlacourse``: one subcommand for each part of the house."""

import argparse
import sys
from collections.abc import Sequence
from importlib import import_module

# Imported only when asked for: the site's libraries are not installed where a learner runs a chapter.
_COMMANDS = {
    "sync": ("mlacourse.notebook.sync", "write and run the notebooks beside their Markdown sources"),
    "site": ("mlacourse.site.command", "build or serve the site"),
    "bank": ("mlacourse.bank.command", "check the questions and cards, write their JSON schema"),
}


def main(argv: Sequence[str] | None = None) -> int:
    """Run one subcommand and return its exit code."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    parser = argparse.ArgumentParser(prog="mlacourse", description=__doc__)
    subparsers = parser.add_subparsers(dest="command", required=True)
    for name, (module_name, summary) in _COMMANDS.items():
        subparser = subparsers.add_parser(name, help=summary, description=summary)
        if arguments[:1] == [name]:
            module = import_module(module_name)
            module.configure(subparser)
            subparser.set_defaults(run=module.run)
    args = parser.parse_args(arguments)
    try:
        return int(args.run(args))
    except KeyboardInterrupt:
        print("Stopped.", file=sys.stderr)
        return 130


if __name__ == "__main__":
    raise SystemExit(main())
