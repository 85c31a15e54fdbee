"""Where the course is published: read from ``book/_config.yml``, so that a fork changes one file."""

from functools import cache
from typing import Any

import yaml

from mlacourse import resources


@cache
def _config() -> dict[str, Any]:
    text = resources.path("book", "_config.yml").read_text(encoding="utf-8")
    config: dict[str, Any] = yaml.safe_load(text)
    return config


def site() -> str:
    """Return the site's address, ending in a slash."""
    return str(_config()["html"]["baseurl"]).rstrip("/") + "/"


def repository() -> str:
    """Return the repository's address, without a slash at the end."""
    return str(_config()["repository"]["url"]).rstrip("/")


def branch() -> str:
    """Return the branch that launch links open."""
    return str(_config()["repository"]["branch"])


def page(source: str) -> str:
    """Return the published address of a source file, with or without ``#section``.

    >>> page("chapters/02_modeling/06_metrics_and_thresholds.ipynb#cost").endswith("thresholds.html#cost")
    True
    """
    file, mark, section = source.partition("#")
    return site() + file.rsplit(".", 1)[0] + ".html" + mark + section
