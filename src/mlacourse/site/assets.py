"""Scripts and styles that the front end's build made, with a version in their address."""

import hashlib
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.errors import ExtensionError

NAMES = (
    "page.css",
    "shell.js",
    "quiz.css",
    "quiz.js",
    "exam.css",
    "exam.js",
    "mistakes.css",
    "mistakes.js",
    "cards.css",
    "cards.js",
    "chapter_cards.js",
    "plan.css",
    "plan.js",
    "progress.css",
    "progress.js",
    "today.css",
    "today.js",
    "today_list.js",
    "transfer.css",
    "transfer.js",
    "charts.js",
    "vega.js",
)


def folder(srcdir: str | Path) -> Path:
    """Return where the built files are."""
    return Path(srcdir) / "web" / "dist"


def versions(dist: Path) -> dict[str, str]:
    """Return a short hash of each built file by name.

    Raises ``ExtensionError`` if one is missing.
    """
    missing = [name for name in NAMES if not (dist / name).is_file()]
    if missing:
        raise ExtensionError(
            f"{dist}: {', '.join(missing)} missing. Build the front end first: deno task build (or make web)."
        )
    return {name: hashlib.sha256((dist / name).read_bytes()).hexdigest()[:10] for name in NAMES}


def register(app: Sphinx) -> None:
    """Note the versions as configuration, so that a new front end rewrites every page."""
    app.add_config_value("mlacourse_asset_versions", {}, "html", [dict])
    app.connect("config-inited", _note_versions)


def _note_versions(app: Sphinx, config: Config) -> None:
    config.mlacourse_asset_versions = versions(folder(app.srcdir))
