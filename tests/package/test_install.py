"""The package as others install it: Binder, the oldest and the newest libraries, Colab."""

import json
import os
import shutil
import subprocess
import sys
import sysconfig
import time
from pathlib import Path

import nbformat
import pytest

from mlacourse import chapters, resources

pytestmark = pytest.mark.network

ROOT = resources.root()
HERE = Path(__file__).parent
UV = shutil.which("uv", path=sysconfig.get_path("scripts")) or "uv"
NOTEBOOKS = [source.with_suffix(".ipynb") for source in chapters.sources()]

EXECUTE = """
import sys, nbformat, nbclient
notebook = nbformat.read(sys.argv[1], 4)
nbclient.NotebookClient(notebook, timeout=120, kernel_name="python3").execute(cwd=sys.argv[2])
nbformat.write(notebook, sys.argv[3])
"""


def run(*command: str | Path, **environment: str) -> str:
    clean = {k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "VIRTUAL_ENV", "CONDA"))}
    done = subprocess.run(
        [str(part) for part in command], capture_output=True, text=True, env={**clean, **environment}, check=False
    )
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-4000:]
    return done.stdout


def environment(folder: Path, *install: str | Path) -> Path:
    """Make a bare virtual environment, install into it, and return its Python."""
    run(UV, "venv", "--quiet", "--seed", "--python", sys.executable, folder)
    executable = folder / "bin" / "python"
    run(UV, "pip", "install", "--quiet", "--python", executable, *install)
    return executable


def execute(python: Path, notebook: Path, out: Path) -> nbformat.NotebookNode:
    run(python, "-m", "ipykernel", "install", "--prefix", python.parents[1], "--name", "python3")
    script = out.parent / "execute.py"
    script.write_text(EXECUTE)
    # Away from the repository, so that nothing but the installed package can be found.
    run(python, script, notebook, out.parent, out, JUPYTER_PREFER_ENV_PATH="1")
    return nbformat.read(out, 4)


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    run(UV, "build", "--quiet", "--wheel", "--out-dir", folder, ROOT)
    return next(folder.glob("*.whl"))


@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda path: path.stem)
def test_what_binder_installs_runs_a_chapter(notebook: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    home = tmp_path_factory.getbasetemp() / "binder"
    python = home / "bin" / "python"
    if not python.exists():
        python = environment(home, "-r", ROOT / "requirements.txt", "-e", ROOT)
    execute(python, notebook, tmp_path_factory.mktemp("out") / notebook.name)


@pytest.mark.parametrize("resolution", ["lowest-direct", "highest"])
def test_the_wheel_runs_a_chapter_at_both_ends_of_its_bounds(resolution: str, wheel: Path, tmp_path: Path) -> None:
    install = (f"{wheel}[chapters,notebooks]", "nbclient>=0.10", "--resolution", resolution)
    python = environment(tmp_path / "venv", *install)
    for notebook in NOTEBOOKS:
        execute(python, notebook, tmp_path / notebook.name)


@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda path: path.stem)
def test_the_first_cell_on_colab_replaces_nothing_and_the_chapter_runs(
    notebook: Path, wheel: Path, tmp_path: Path
) -> None:
    python = environment(tmp_path / "venv", "-r", HERE / "colab-requirements.txt", "nbclient")
    site_packages = next((tmp_path / "venv" / "lib").glob("python3*/site-packages"))
    (site_packages / "google" / "colab").mkdir(parents=True)
    (site_packages / "google" / "colab" / "__init__.py").write_text(
        "class _Output:\n    def enable_custom_widget_manager(self): pass\noutput = _Output()\n"
    )
    (site_packages / "sitecustomize.py").write_text("import google.colab\n")
    before = frozen(python)
    content = nbformat.read(notebook, 4)
    published = next(line for line in content.cells[0].source.splitlines() if "wheel/mlacourse-" in line)
    address = published.split('"')[1]
    content.cells[0].source = content.cells[0].source.replace(address, wheel.as_uri())
    content.cells = [cell for cell in content.cells if cell.cell_type == "code"]
    on_colab = tmp_path / notebook.name
    nbformat.write(content, on_colab)

    first = execute(python, on_colab, tmp_path / "first.ipynb")

    after = frozen(python)
    assert {name: after.get(name) for name in before} == before
    assert "mlacourse" in after
    quiz = first.cells[-1]["outputs"]
    assert any("application/vnd.jupyter.widget-view+json" in output.get("data", {}) for output in quiz), quiz
    content.cells = content.cells[:1]
    nbformat.write(content, on_colab)
    start = time.monotonic()
    execute(python, on_colab, tmp_path / "again.ipynb")
    assert time.monotonic() - start < 8, "after a restart the first cell must find the course installed"


def frozen(python: Path) -> dict[str, str]:
    listed = json.loads(run(UV, "pip", "list", "--format", "json", "--python", python))
    return {package["name"]: package["version"] for package in listed}
