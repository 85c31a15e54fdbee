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
        ("mistakes.js", 20 * KB),
        ("mistakes.css", 4 * KB),
        ("plan.js", 25 * KB),
        ("plan.css", 3 * KB),
        ("progress.js", 30 * KB),
        ("progress.css", 4 * KB),
        ("today.js", 1 * KB),
        ("today.css", 1 * KB),
        ("today_list.js", 30 * KB),
        ("cards.js", 35 * KB),
        ("cards.css", 4 * KB),
        ("chapter_cards.js", 4 * KB),
        ("transfer.js", 16 * KB),
        ("transfer.css", 2 * KB),
    ],
)
def test_a_bundle_keeps_its_budget(bundles: subprocess.CompletedProcess[str], name: str, budget: int) -> None:
    assert len(gzip.compress((DIST / name).read_bytes())) <= budget


def test_what_is_committed_is_what_the_build_makes(bundles: subprocess.CompletedProcess[str]) -> None:
    assert bundles.returncode == 0, bundles.stderr


def test_the_lock_file_names_no_registry() -> None:
    assert "http" not in (ROOT / "deno.lock").read_text()
