"""The command ``mlacourse site``: build, serve, or pack the site."""

import argparse
import sys
import zipfile
from pathlib import Path

from mlacourse import resources
from mlacourse.site.build import BuildError, build, front_end, loaded
from mlacourse.site.watch import serve

OFFLINE_FOLDER = "ml-engineer-course"


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of ``mlacourse site``."""
    actions = parser.add_subparsers(dest="action", required=True)
    actions.add_parser("build", help="write the site into _build/html")
    serving = actions.add_parser("serve", help="build, serve on localhost and follow edits")
    serving.add_argument("--port", type=int, default=8000, help="another is taken if it is not free (%(default)s)")
    actions.add_parser("offline", help="write _build/offline.zip, a site that opens from a folder")


def run(args: argparse.Namespace) -> int:
    """Run ``mlacourse site`` and return its exit code."""
    root = resources.root()
    try:
        if args.action == "serve":
            return serve(root, args.port)
        whole = _build(root)
        if whole and args.action == "offline":
            print(pack(root / "_build" / "html", root / "_build" / "offline.zip"))
        return 0 if whole else 1
    except BuildError as error:
        print(error, file=sys.stderr)
        return 1


def _build(root: Path) -> bool:
    front_end(root)
    with loaded(root) as app:
        return build(app)


def pack(site: Path, archive: Path) -> Path:
    """Write the built site into ``archive``: unpack it anywhere and open ``index.html``."""
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as file:
        for path in sorted(site.rglob("*")):
            if path.is_file() and not path.name.startswith("."):
                file.write(path, Path(OFFLINE_FOLDER) / path.relative_to(site))
    return archive
