"""The folder that stands for a container's file system: ``/opt/ml`` and ``/opt/program`` below a temporary root.

``/opt/ml`` itself cannot be made on a learner's machine. Programs find it through the variables of SageMaker's own
toolkits (``SM_MODEL_DIR`` and its kind, ``SAGEMAKER_BASE_DIR``), and every ``/opt/ml/…`` that a request passes in a
hyperparameter, an argument or a variable is rewritten to the folder that stands for it. What a program prints is
rewritten back, so that logs read as on AWS.
"""

from __future__ import annotations

import json
import re
import shutil
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from mlacourse.cloud.sagemaker.child import bare_environment

ML = "/opt/ml"
CODE = "/opt/ml/code"
PROGRAM = "/opt/program"
# Where AWS's scikit-learn image keeps Python.
IMAGE_PYTHON = "/miniconda3"
_PYTHONS = ("python", "python3")


class Container:
    """The root folder of one container, removed by ``remove()``."""

    def __init__(self) -> None:
        self.root = Path(tempfile.mkdtemp(prefix="mlacourse-container-")).resolve()
        # Neither part of a longer name nor what has been replaced already.
        self._ml_inside = re.compile(rf"(?<!{re.escape(str(self.root))}){ML}(?![\w-])")
        self.ml.mkdir(parents=True)
        self.home.mkdir()

    @property
    def ml(self) -> Path:
        """What stands for ``/opt/ml``."""
        return self.root / "opt" / "ml"

    @property
    def program(self) -> Path:
        """What stands for ``/opt/program``, where an image keeps its own programs."""
        return self.root / "opt" / "program"

    @property
    def home(self) -> Path:
        """The home folder of the user in the container."""
        return self.root / "root"

    def path(self, inside: str) -> Path:
        """Return the folder that stands for an absolute path in the container."""
        return self.root / inside.lstrip("/")

    def outside(self, text: str) -> str:
        """Return a value of a request with ``/opt/ml`` replaced by what stands for it."""
        return self._ml_inside.sub(lambda _: str(self.ml), text)

    def inside(self, text: str) -> str:
        """Return a line of output as the container would have written it, this Python being the image's."""
        return text.replace(str(self.root), "").replace(sys.prefix, IMAGE_PYTHON).replace(sys.base_prefix, IMAGE_PYTHON)

    def environment(self, variables: Mapping[str, str]) -> dict[str, str]:
        """Return the variables of a program in here: the bare ones, then the given ones."""
        given = {name: self.outside(value) for name, value in variables.items()}
        return {**bare_environment(self.home), "SAGEMAKER_BASE_DIR": str(self.ml), **given}

    def command(self, words: Sequence[str]) -> list[str]:
        """Return a command of a request as it runs here: with this Python, and the image's programs before others."""
        first, *rest = (self.outside(word) for word in words)
        if first in _PYTHONS:
            first = sys.executable
        elif "/" not in first and (self.program / first).is_file():
            first = str(self.program / first)
        return [first, *rest]

    def write(self, name: str, content: Any) -> None:
        """Write a JSON file below ``/opt/ml``."""
        file = self.ml / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps(content), encoding="utf-8")

    def read(self, name: str, limit: int) -> str:
        """Return the first characters of a text file below ``/opt/ml``, or nothing."""
        file = self.ml / name
        return file.read_text(encoding="utf-8", errors="replace")[:limit] if file.is_file() else ""

    def empty(self) -> None:
        """Start over with a fresh file system, as on another instance."""
        for folder in (self.ml, self.program, self.home):
            shutil.rmtree(folder, ignore_errors=True)
        self.ml.mkdir(parents=True)
        self.home.mkdir()

    def remove(self) -> None:
        """Delete the folder."""
        shutil.rmtree(self.root, ignore_errors=True)
