"""The extraction writes only what the datasheets promise; from the packages themselves in the network test."""

import importlib.util
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

from mlacourse import resources
from mlacourse.datasets import describe

SCRIPT = resources.root() / "datasets" / "extract.py"


@pytest.fixture
def extract(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The script as a module that writes into an empty folder."""
    spec = importlib.util.spec_from_file_location("extract", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    monkeypatch.setattr(module, "HERE", tmp_path)
    return module


def made(extract: ModuleType, name: str) -> bytes:
    rows = extract._content(SCRIPT.parent / describe(name).file)
    assert isinstance(rows, bytes)
    return rows


def test_what_the_datasheet_promises_is_written(extract: ModuleType, tmp_path: Path) -> None:
    rows = made(extract, "flight_delays")
    assert extract.settle(describe("flight_delays"), rows, check=False) is None
    assert extract._content(tmp_path / "flight_delays.csv.gz") == rows


def test_writing_twice_gives_the_same_bytes(extract: ModuleType, tmp_path: Path) -> None:
    rows, file = made(extract, "flight_delays"), tmp_path / "flight_delays.csv.gz"
    extract.settle(describe("flight_delays"), rows, check=False)
    first = file.read_bytes()
    file.unlink()
    extract.settle(describe("flight_delays"), rows, check=False)
    assert file.read_bytes() == first


def test_a_damaged_file_is_written_anew(extract: ModuleType, tmp_path: Path) -> None:
    (tmp_path / "flight_delays.csv.gz").write_bytes(b"\x1f\x8b broken")
    rows = made(extract, "flight_delays")
    assert extract.settle(describe("flight_delays"), rows, check=False) is None
    assert extract._content(tmp_path / "flight_delays.csv.gz") == rows


def test_other_rows_than_promised_are_not_written(extract: ModuleType, tmp_path: Path) -> None:
    complaint = extract.settle(describe("breast_cancer"), b"other\n1\n", check=False)
    assert "datasets/breast_cancer.yml: sha256 is" in complaint
    assert "write this value into the datasheet" in complaint
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("content", "state"), [(None, "is missing"), (b"other", "differs from its source")])
def test_a_check_tells_what_is_wrong_and_writes_nothing(
    extract: ModuleType, tmp_path: Path, content: bytes | None, state: str
) -> None:
    file = tmp_path / "breast_cancer.csv"
    if content is not None:
        file.write_bytes(content)
    complaint = extract.settle(describe("breast_cancer"), made(extract, "breast_cancer"), check=True)
    assert state in complaint
    assert "python datasets/extract.py breast_cancer" in complaint
    assert (file.read_bytes() if file.exists() else None) == content


def test_an_unknown_name_stops_before_anything_is_installed() -> None:
    result = subprocess.run([sys.executable, SCRIPT, "flight_delay"], capture_output=True, text=True, check=False)
    assert result.returncode == 1
    assert result.stdout == ""
    assert "Did you mean 'flight_delays'?" in result.stderr


@pytest.mark.network
def test_the_committed_files_come_from_the_pinned_packages() -> None:
    result = subprocess.run([sys.executable, SCRIPT, "--check"], capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr
