"""Where the course is published: read from ``book/_config.yml``, so that a fork changes one file."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from mlacourse import resources

CONFIG = "book/_config.yml"


class AddressError(ValueError):
    """``book/_config.yml`` does not say where the course is published."""


@dataclass(frozen=True)
class Addresses:
    """The repository's and the site's address, without a slash at the end."""

    repository: str
    site: str

    def page(self, source: str) -> str:
        """Return the published address of a source file, with or without ``#section``.

        >>> Addresses("https://a", "https://b").page("chapters/01_data/01_x.ipynb#cost")
        'https://b/chapters/01_data/01_x.html#cost'
        """
        file, mark, section = source.partition("#")
        return f"{self.site}/{file.rsplit('.', 1)[0]}.html{mark}{section}"


def addresses(root: Path | None = None) -> Addresses:
    """Return the addresses in the repository at ``root``, by default this course's own.

    Raises ``AddressError`` if the file or one of its two fields is missing.
    """
    file = (root or resources.root()) / CONFIG
    if not file.is_file():
        raise AddressError(f"{CONFIG}: is missing. Notebooks and the site take their addresses from it.")
    config: Any = yaml.safe_load(file.read_text(encoding="utf-8")) or {}
    values: list[str] = []
    for section, key in (("repository", "url"), ("html", "baseurl")):
        value = (config.get(section) or {}).get(key)
        if not value:
            raise AddressError(f"{CONFIG}: {section}.{key} is missing. Write the address, with https://.")
        values.append(str(value).rstrip("/"))
    return Addresses(*values)
