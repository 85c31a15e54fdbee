"""Where chapters, addresses and budgets of a repository are."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from mlacourse.address import AddressError, Addresses, addresses
from mlacourse.bank.blueprint import Exam, read_blueprints
from mlacourse.notebook.sync.errors import SyncError


@dataclass(frozen=True)
class Repository:
    """A clone of the course."""

    root: Path

    def name(self, path: Path) -> str:
        """Return ``path`` as a person writes it: relative to the root, with slashes."""
        return path.resolve().relative_to(self.root).as_posix()

    def sources(self, paths: Iterable[Path] = ()) -> list[Path]:
        """Return the Markdown sources of all chapters, or of the files and folders given."""
        return [path for path in self._chapters(paths) if path.is_file()]

    def orphans(self, paths: Iterable[Path] = ()) -> list[Path]:
        """Return the notebooks without a source beside them."""
        return [path.with_suffix(".ipynb") for path in self._chapters(paths) if not path.is_file()]

    def _chapters(self, paths: Iterable[Path]) -> list[Path]:
        """Return where the source of each chapter asked for is, or would be if only its notebook is there."""
        found: set[Path] = set()
        for path in [path.resolve() for path in paths] or [self.root / "chapters"]:
            if not path.is_relative_to(self.root):
                raise SyncError(f"{path} is not below {self.root}. Name a chapter of this repository.")
            if not path.exists():
                raise SyncError(f"{self.name(path)}: is not in {self.root}. Check the name, or run this in a clone.")
            if path.is_dir():
                files = [file for file in path.rglob("*") if _is_chapter(file.relative_to(self.root))]
            elif _is_chapter(path.relative_to(self.root)):
                files = [path]
            else:
                raise SyncError(f"{self.name(path)}: is no chapter. Chapters are NN_name.md or NN_name.ipynb.")
            found |= {file.with_suffix(".md") for file in files}
        return sorted(found)

    @cached_property
    def addresses(self) -> Addresses:
        """Addresses of the repository and the site."""
        try:
            return addresses(self.root)
        except AddressError as error:
            raise SyncError(str(error)) from None

    @cached_property
    def exams(self) -> dict[str, Exam]:
        """The exams by id, from ``quizzes/blueprints.yml``."""
        return read_blueprints(self.root / "quizzes" / "blueprints.yml").exams

    @cached_property
    def version(self) -> str:
        """Version of the package, from ``pyproject.toml``."""
        text = (self.root / "pyproject.toml").read_text(encoding="utf-8")
        return str(tomllib.loads(text)["project"]["version"])

    @property
    def wheel(self) -> str:
        """Address of the wheel that is published beside the site."""
        return f"{self.addresses.site}/wheel/mlacourse-{self.version}-py3-none-any.whl"

    @cached_property
    def volatile_text(self) -> tuple[tuple[re.Pattern[str], str], ...]:
        """What differs from run to run, and what stands for it: nbval's sanitize file.

        One file for both, so that what is stored is what is compared.
        """
        file = self.root / "tests" / "nbval_sanitize.cfg"
        text = file.read_text(encoding="utf-8") if file.is_file() else ""
        pairs = re.findall(r"^regex: (.*)$\n^replace: (.*)$", text, flags=re.MULTILINE)
        return tuple((re.compile(pattern), replacement) for pattern, replacement in pairs)


def _is_chapter(path: Path) -> bool:
    hidden = any(part.startswith(".") for part in path.parts)
    return not hidden and bool(re.fullmatch(r"\d\d_\w+\.(md|ipynb)", path.name))
