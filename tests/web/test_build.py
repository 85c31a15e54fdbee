"""What the build delivers: what is committed is fresh, and every bundle keeps its budget of bytes."""

import gzip
import subprocess

import pytest
from web.pages import DIST, ROOT

KB = 1024


@pytest.mark.parametrize(
    ("name", "budget"),
    [
        ("quiz.js", 15 * KB),
        ("charts.js", 4 * KB),
        ("vega.js", 192 * KB),
        ("quiz.css", 4 * KB),
        ("exam.js", 40 * KB),
        ("exam.css", 5 * KB),
    ],
)
def test_a_bundle_keeps_its_budget(bundles: subprocess.CompletedProcess[str], name: str, budget: int) -> None:
    assert len(gzip.compress((DIST / name).read_bytes())) <= budget


def test_what_is_committed_is_what_the_build_makes(bundles: subprocess.CompletedProcess[str]) -> None:
    assert bundles.returncode == 0, bundles.stderr


def test_the_lock_file_names_no_registry() -> None:
    assert "http" not in (ROOT / "deno.lock").read_text()
