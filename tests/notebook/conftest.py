"""A small repository with one chapter, to synchronise, break and mend."""

from __future__ import annotations

import argparse
import contextlib
import io
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
import pytest
import yaml

from mlacourse import resources
from mlacourse.notebook.sync import configure, run

FRONT = {
    "jupytext": {"text_representation": {"extension": ".md", "format_name": "myst"}},
    "kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"},
}
HEADER = {
    "title": "A small chapter",
    "promise": "It adds numbers.",
    "minutes": 5,
    "prerequisites": ["counting"],
    "skills": {"mla-c01": ["2.3.K1"]},
    "objectives": ["add"],
}
# Reads a data set, a module of the package, a quiz and the site's address.
BODY = """\
## Adding

Numbers come first.

```{code-cell} ipython3
from pathlib import Path

from mlacourse.greeting import WORD

numbers = [int(line) for line in Path("../../datasets/numbers.csv").read_text().split()]
quiz = Path("../../quizzes/02_modeling/01_small.yml").read_text()
address = Path("../../book/_config.yml").read_text()
print(WORD, sum(numbers))
```

Then the exercise.

```{code-cell} ipython3
---
nbgrader: {grade: false, grade_id: double, locked: false, schema_version: 3, solution: true, task: false}
tags: [hide-input]
---
### BEGIN SOLUTION
double = 2 * sum(numbers)
### END SOLUTION
double
```
"""


@dataclass(frozen=True)
class Outcome:
    """What a command returned and said."""

    code: int
    out: str
    err: str


@dataclass(frozen=True)
class Clone:
    """A repository in a temporary folder."""

    root: Path

    def path(self, name: str = "02_modeling/01_small", suffix: str = ".md") -> Path:
        return self.root / "chapters" / f"{name}{suffix}"

    def write(self, body: str, name: str = "02_modeling/01_small", **header: Any) -> Path:
        front = yaml.safe_dump({**FRONT, "mlacourse": {**HEADER, **header}}, sort_keys=False)
        path = self.path(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"---\n{front}---\n\n{body}", encoding="utf-8")
        return path

    def edit(self, name: str, old: str, new: str) -> None:
        file = self.root / name
        text = file.read_text(encoding="utf-8")
        assert old in text
        file.write_text(text.replace(old, new), encoding="utf-8")

    def sync(self, *arguments: str | Path) -> Outcome:
        parser = argparse.ArgumentParser()
        configure(parser)
        args = parser.parse_args([*map(str, arguments), "--root", str(self.root)])
        with contextlib.redirect_stdout(io.StringIO()) as out, contextlib.redirect_stderr(io.StringIO()) as err:
            code = run(args)
        return Outcome(code, out.getvalue(), err.getvalue())

    def notebook(self, name: str = "02_modeling/01_small") -> Any:
        return nbformat.read(self.path(name, ".ipynb"), 4)

    def save(self, notebook: Any, name: str = "02_modeling/01_small") -> None:
        """Save a notebook as JupyterLab does."""
        nbformat.write(notebook, self.path(name, ".ipynb"))

    def text(self, count: int, name: str = "02_modeling/01_small") -> str:
        """What the code cell with this count printed or returned."""
        cell = next(cell for cell in self.notebook(name).cells if cell.get("execution_count") == count)
        return "".join(output.get("text") or output.data["text/plain"] for output in cell.outputs)


def bare_clone(root: Path) -> Clone:
    files = {
        "requirements.txt": "altair==5.5.0\n",
        "pyproject.toml": '[project]\nname = "mlacourse"\nversion = "1.2.3"\n',
        "book/_config.yml": "repository: {url: 'https://example.org/course'}\nhtml: {baseurl: 'https://example.org/'}\n",
        "src/mlacourse/__init__.py": "",
        "src/mlacourse/greeting.py": 'WORD = "sum"\n',
        "datasets/numbers.csv": "1\n2\n3\n",
        "quizzes/02_modeling/01_small.yml": "chapter: 02_modeling/01_small\n",
        "quizzes/blueprints.yml": resources.path("quizzes", "blueprints.yml").read_text(encoding="utf-8"),
        "tests/nbval_sanitize.cfg": resources.path("tests", "nbval_sanitize.cfg").read_text(encoding="utf-8"),
    }
    for name, text in files.items():
        file = root / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    return Clone(root)


@pytest.fixture
def clone(tmp_path: Path) -> Clone:
    """A repository without a chapter."""
    return bare_clone(tmp_path / "clone")


@pytest.fixture(scope="session")
def synced_once(tmp_path_factory: pytest.TempPathFactory) -> Clone:
    clone = bare_clone(tmp_path_factory.mktemp("synced"))
    clone.write(BODY)
    outcome = clone.sync()
    assert outcome.code == 0, outcome.err
    return clone


@pytest.fixture
def synced(synced_once: Clone, tmp_path: Path) -> Clone:
    """A repository whose only chapter was synchronised, elsewhere."""
    return Clone(Path(shutil.copytree(synced_once.root, tmp_path / "clone")))


@pytest.fixture
def no_kernel(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let nothing run."""

    def refuse(*_: object) -> None:
        raise AssertionError("a kernel was started")

    monkeypatch.setattr("mlacourse.notebook.sync.synchronise.execute", refuse)


@pytest.fixture
def code_cell() -> Callable[[str], str]:
    """Write a code cell as MyST."""
    return lambda code: f"```{{code-cell}} ipython3\n{code}\n```\n"
