"""The first cell of a chapter, run as Colab does: with a module ``google.colab``, pip and a published wheel."""

from __future__ import annotations

import base64
import hashlib
import os
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pytest

from mlacourse.notebook.sync.derived import COLAB_ID
from mlacourse.notebook.sync.pair import load
from mlacourse.notebook.sync.repository import Repository


def wheel(folder: Path, name: str, version: str, requires: str = "") -> Path:
    """Build a wheel with one empty module."""
    info = f"{name}-{version}.dist-info"
    metadata = f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n"
    files = {
        f"{name}/__init__.py": "",
        f"{info}/METADATA": metadata + (f"Requires-Dist: {requires}\n" if requires else ""),
        f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    digests = {path: base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()) for path, text in files.items()}
    record = "".join(f"{path},sha256={digest.decode().rstrip('=')},\n" for path, digest in digests.items())
    folder.mkdir(exist_ok=True)
    file = folder / f"{name}-{version}-py3-none-any.whl"
    with zipfile.ZipFile(file, "w") as archive:
        for path, text in {**files, f"{info}/RECORD": f"{record}{info}/RECORD,,\n"}.items():
            archive.writestr(path, text)
    return file


@pytest.fixture(scope="module")
def colab(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Python of an environment in which an old library is preinstalled."""
    home = tmp_path_factory.mktemp("colab")
    subprocess.run([sys.executable, "-m", "venv", home / "venv"], check=True)
    python = home / "venv" / "bin" / "python"
    pip(python, "install", wheel(home, "library", "1.0"))
    return python


def pip(python: Path, *arguments: str | Path) -> str:
    command = [python, "-m", "pip", "--disable-pip-version-check", *map(str, arguments)]
    environment = {**os.environ, "PIP_NO_INDEX": "1"}
    return subprocess.run(command, check=True, capture_output=True, text=True, env=environment).stdout


def colab_cell(clone, site: Path | str = "https://example.org/site", **front: object) -> str:
    address = site.as_uri() if isinstance(site, Path) else site
    (clone.root / "book/_config.yml").write_text(
        f"repository: {{url: 'https://example.org/course'}}\nhtml: {{baseurl: '{address}'}}\n"
    )
    cell = load(clone.write("Nothing.\n", **front), Repository(clone.root)).derived[0]
    assert cell.id == COLAB_ID
    return str(cell.source)


def run(python: Path, code: str, on_colab: bool = True) -> subprocess.CompletedProcess[str]:
    prelude = "import sys, types; sys.modules['google.colab'] = types.ModuleType('google.colab')\n" if on_colab else ""
    environment = {**os.environ, "PIP_NO_INDEX": "1", "PIP_FIND_LINKS": ""}
    return subprocess.run(
        [python, "-I", "-c", prelude + code], capture_output=True, text=True, env=environment, check=False
    )


def test_on_colab_it_installs_once_and_replaces_nothing(clone, colab, tmp_path):
    wheel(tmp_path / "wheel", "mlacourse", "1.2.3", requires="library>=1.0")
    code = colab_cell(clone, tmp_path)
    before = set(pip(colab, "list", "--format=freeze").splitlines())

    first = run(colab, f"{code}\nimport mlacourse")
    assert first.returncode == 0, first.stderr
    assert first.stdout == "Installing the course …\nReady.\n"
    assert set(pip(colab, "list", "--format=freeze").splitlines()) - before == {"mlacourse==1.2.3"}
    assert before < set(pip(colab, "list", "--format=freeze").splitlines())

    start = time.monotonic()
    again = run(colab, code)
    assert (again.returncode, again.stdout) == (0, "")
    assert time.monotonic() - start < 5


def test_a_newer_course_replaces_an_older_one(clone, colab, tmp_path):
    pip(colab, "install", "--force-reinstall", wheel(tmp_path, "mlacourse", "1.0.0"))
    wheel(tmp_path / "wheel", "mlacourse", "1.2.3")
    assert run(colab, colab_cell(clone, tmp_path)).returncode == 0
    assert "mlacourse==1.2.3" in pip(colab, "list", "--format=freeze")


def test_what_would_replace_a_package_of_colab_is_refused_with_the_way_out(clone, colab, tmp_path):
    pip(colab, "uninstall", "--yes", "mlacourse")
    wheel(tmp_path / "wheel", "mlacourse", "1.2.3", requires="library>=2")
    before = pip(colab, "list", "--format=freeze")
    done = run(colab, colab_cell(clone, tmp_path))
    assert done.returncode == 1
    assert "cannot be installed beside the packages of this Colab. Run the chapter on Binder" in done.stderr
    assert "https://example.org/course/issues" in done.stderr
    assert "library>=2" in done.stderr, done.stderr
    assert pip(colab, "list", "--format=freeze") == before


def test_elsewhere_it_does_nothing(clone, tmp_path):
    done = run(Path(sys.executable), colab_cell(clone, tmp_path), on_colab=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_it_takes_the_published_wheel_of_this_version(clone):
    assert '"https://example.org/site/wheel/mlacourse-1.2.3-py3-none-any.whl"' in colab_cell(clone)


def test_it_asks_for_the_extras_that_the_chapter_names(clone):
    wheel = "https://example.org/site/wheel/mlacourse-1.2.3-py3-none-any.whl"
    assert f'"mlacourse[cloud] @ {wheel}"' in colab_cell(clone, extras=["cloud"])
