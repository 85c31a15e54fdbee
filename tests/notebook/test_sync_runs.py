"""What `mlacourse sync` runs, and what the notebook then holds."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from mlacourse.notebook.sync import limits
from mlacourse.notebook.sync.pair import load
from mlacourse.notebook.sync.repository import Repository

CodeCell = Callable[[str], str]


def test_a_notebook_has_two_derived_cells_and_the_executed_body(synced):
    cells = synced.notebook().cells
    assert [cell.id for cell in cells[:2]] == ["mlacourse-colab", "mlacourse-header"]
    assert cells[0].metadata.tags == ["remove-cell"]
    assert cells[1].source.startswith("# A small chapter\n\nIt adds numbers.\n")
    assert [cell.execution_count for cell in cells if cell.cell_type == "code"] == [None, 1, 2]
    assert (synced.text(1), synced.text(2)) == ("sum 6\n", "12")


def test_the_header_links_prerequisite_chapters_and_spells_out_skills(synced, no_kernel):
    synced.write("Nothing here.\n", "03_deployment/02_next", prerequisites=["02_modeling/01_small", "patience"])
    synced.write("Nothing here.\n", "02_modeling/02_other", prerequisites=["02_modeling/01_small"])
    far = synced.root / "chapters/03_deployment/02_next.md"
    header = load(far, Repository(synced.root)).derived[1].source
    assert "[A small chapter](../02_modeling/01_small.ipynb); patience |" in header
    assert "| MLA-C01 | 2.3.K1 | Evaluation techniques" in header
    near = load(synced.path("02_modeling/02_other"), Repository(synced.root)).derived[1].source
    assert "[A small chapter](01_small.ipynb) |" in near


def test_nbgrader_metadata_reaches_the_notebook(synced):
    solution = synced.notebook().cells[-1]
    assert solution.metadata.nbgrader.grade_id == "double"
    assert solution.metadata.tags == ["hide-input"]


def test_the_record_names_what_was_read_but_no_quiz_and_no_address(synced):
    recorded = synced.notebook().metadata.mlacourse_sync
    assert recorded.inputs == ["datasets/numbers.csv", "src/mlacourse/__init__.py", "src/mlacourse/greeting.py"]


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("chapters/02_modeling/01_small.md", "Numbers come first.", "Numbers come first, words second."),
        ("chapters/02_modeling/01_small.md", "minutes: 5", "minutes: 6"),
        ("chapters/02_modeling/01_small.md", "tags: [hide-input]", "tags: [hide-output]"),
        ("book/_config.yml", "example.org/course", "example.org/fork"),
        ("quizzes/02_modeling/01_small.yml", "chapter:", "# mended\nchapter:"),
        ("quizzes/blueprints.yml", "Evaluation techniques", "Techniques of evaluation"),
    ],
    ids=["prose", "header", "viewer's tag", "address", "quiz", "blueprint"],
)
def test_what_changes_no_output_runs_nothing(synced, no_kernel, file, old, new):
    synced.edit(file, old, new)
    outcome = synced.sync()
    assert outcome.code == 0, outcome.err
    assert "cells in" not in outcome.out
    assert synced.text(1) == "sum 6\n"
    assert synced.sync("--check").code == 0


@pytest.mark.parametrize(
    ("file", "old", "new", "printed"),
    [
        ("datasets/numbers.csv", "3", "4", "sum 7\n"),
        ("src/mlacourse/greeting.py", "sum", "total", "total 6\n"),
    ],
    ids=["data set", "module"],
)
def test_what_a_chapter_read_makes_it_run_again(synced, file, old, new, printed):
    synced.edit(file, old, new)
    assert "ran 2 cells" in synced.sync().out
    assert synced.text(1) == printed


def test_an_inserted_cell_renames_no_other(synced, no_kernel):
    before = [cell.id for cell in synced.notebook().cells]
    synced.edit("chapters/02_modeling/01_small.md", "Then the exercise.", "Wait.\n\n+++\n\nThen the exercise.")
    synced.sync()
    after = [cell.id for cell in synced.notebook().cells]
    assert [identifier for identifier in after if identifier in before] == before


def test_forcing_twice_writes_the_same_bytes(clone, code_cell: CodeCell):
    volatile = """\
import tempfile, time
import ipywidgets

print(object(), tempfile.mkdtemp(), {"b", "a", "c"})
print(f"took {time.perf_counter() % 1:.3f} s")
display(ipywidgets.IntSlider())
chart = {"data": {"values": [{"x": 1}]}, "mark": "point", "encoding": {"x": {"field": "x"}}}
display({"application/vnd.vegalite.v5+json": chart, "text/plain": "a chart"}, raw=True)"""
    notebook = clone.write(code_cell(volatile)).with_suffix(".ipynb")
    assert clone.sync().code == 0
    first = notebook.read_bytes()
    assert clone.sync("--force").code == 0
    assert notebook.read_bytes() == first
    assert b"widget-view" not in first
    assert b"image/png" in first
    assert b"took \xe2\x80\xa6 s" in first


def test_a_failing_cell_names_chapter_cell_and_line_and_leaves_the_notebook(synced):
    before = synced.path(suffix=".ipynb").read_bytes()
    synced.edit("chapters/02_modeling/01_small.md", "double = 2 * sum(numbers)", "double = 2 * sum(number)")
    lines = synced.path().read_text().splitlines()
    outcome = synced.sync()
    assert outcome.code == 1
    begin, failed = lines.index("### BEGIN SOLUTION") + 1, lines.index("double = 2 * sum(number)") + 1
    assert outcome.err == (
        f"chapters/02_modeling/01_small.md: cell 2 (line {begin}) failed at line {failed}: double = 2 * sum(number)\n"
        "  NameError: name 'number' is not defined\n"
    )
    assert synced.path(suffix=".ipynb").read_bytes() == before


def test_a_syntax_error_names_its_line(clone, code_cell: CodeCell):
    source = clone.write(code_cell("1") + "\n" + code_cell("total = 1\ntotal = = 2"))
    line = source.read_text().splitlines().index("total = = 2") + 1
    assert f"cell 2 (line {line - 1}) failed at line {line}: total = = 2\n  SyntaxError: " in clone.sync().err


def test_a_kernel_that_dies_is_told_with_its_cell(clone, code_cell: CodeCell):
    clone.write(code_cell("1") + "\n" + code_cell("import os\nos._exit(1)"))
    assert "01_small.md: the kernel died in cell 2 (line" in clone.sync().err


def test_code_edited_in_a_notebook_goes_into_its_source_and_runs(synced):
    synced.edit("chapters/02_modeling/01_small.ipynb", "double = 2 * sum(numbers)", "double = 3 * sum(numbers)")
    outcome = synced.sync("--from-notebook", synced.path(suffix=".ipynb"))
    assert "took over the edits of its notebook" in outcome.out
    assert "double = 3 * sum(numbers)" in synced.path().read_text()
    assert synced.text(2) == "18"


def test_chapters_run_at_once_and_one_that_fails_stops_no_other(clone, code_cell: CodeCell):
    meet = """\
import time
from pathlib import Path

Path("../../{mine}").touch()
deadline = time.monotonic() + 60
while not Path("../../{other}").exists():
    assert time.monotonic() < deadline, "ran alone"
    time.sleep(0.02)"""
    clone.write(code_cell(meet.format(mine="a", other="b")), "01_data/01_a")
    clone.write(code_cell(meet.format(mine="b", other="a") + "\n1 / 0"), "01_data/02_b")
    outcome = clone.sync("--jobs", "2")
    assert "01_a.ipynb: ran 1 cells" in outcome.out
    assert "02_b.md: cell 1" in outcome.err
    assert "ran alone" not in outcome.err
    assert not clone.path("01_data/02_b", ".ipynb").exists()


def test_a_cell_over_the_timeout_is_named(clone, code_cell: CodeCell):
    clone.write(code_cell("import time\ntime.sleep(60)"))
    outcome = clone.sync("--timeout", "1")
    assert "01_small.md: cell 1 (line" in outcome.err
    assert "ran longer than 1 s" in outcome.err


@pytest.mark.parametrize(
    ("cell", "code"),
    [("import time\nend = time.process_time() + 3\nwhile time.process_time() < end: pass", 1), ("time.sleep(3)", 0)],
)
def test_a_chapter_may_wait_but_not_work_beyond_its_budget(clone, code_cell: CodeCell, monkeypatch, cell, code):
    clone.write(code_cell("import time\n" + cell))
    monkeypatch.setattr(limits, "budget", lambda name: limits.Budget(2, 1_000_000_000))
    outcome = clone.sync()
    assert outcome.code == code
    assert ("of one processor, 2 s are allowed. cell 1 (line" in outcome.err) == bool(code)


def test_a_warning_is_a_fault_unless_the_cell_allows_stderr(clone, code_cell: CodeCell):
    warning = "import warnings\nwarnings.warn('a default will change', FutureWarning)"
    clone.write(code_cell("1") + "\n" + code_cell(warning))
    outcome = clone.sync()
    assert outcome.code == 1
    assert "cell 2 (line" in outcome.err
    assert "prints a warning: " in outcome.err
    assert "FutureWarning: a default will change" in outcome.err
    clone.write(code_cell("1") + "\n" + code_cell(f":tags: [allow-stderr]\n\n{warning}"))
    assert clone.sync().code == 0
    assert clone.text(2).startswith("/tmp/…:2: FutureWarning: a default will change")


def test_an_expected_exception_is_stored_without_the_machines_paths(clone, code_cell: CodeCell):
    clone.write(code_cell(":tags: [raises-exception]\n\nimport json\njson.loads('{')"))
    assert clone.sync().code == 0
    (error,) = clone.notebook().cells[2].outputs
    assert error.traceback == [f"JSONDecodeError: {error.evalue}"]


def test_a_too_large_notebook_names_its_heaviest_cell(clone, code_cell: CodeCell):
    clone.write(code_cell("print('small')") + "\n" + code_cell(f"print('x' * {limits.MAX_BYTES})"))
    outcome = clone.sync()
    assert "01_small.md: its notebook has 40" in outcome.err
    assert "cell 2 (line" in outcome.err
    assert not clone.path(suffix=".ipynb").exists()


HEARS = """
import signal, sys
from mlacourse.cli import main
signal.signal(signal.SIGINT, signal.default_int_handler)
sys.exit(main())
"""


def test_an_interruption_ends_the_kernel_and_leaves_the_notebook(synced, tmp_path):
    started = tmp_path / "started"
    synced.edit(
        "chapters/02_modeling/01_small.md",
        "double = 2 * sum(numbers)",
        f"import os, time\nPath({str(started)!r}).write_text(str(os.getpid()))\ntime.sleep(60)",
    )
    before = {path.name: path.read_bytes() for path in synced.path().parent.iterdir()}
    # Its own process group, so that the signal reaches the command alone; a shell that runs tests in the background
    # has its children ignore this signal, which a learner's terminal does not.
    command = [sys.executable, "-c", HEARS, "sync", "--root", str(synced.root)]
    with subprocess.Popen(command, start_new_session=True, stdout=-1, stderr=-1, text=True) as process:
        _wait_for(started)
        process.send_signal(signal.SIGINT)
        _, error = process.communicate(timeout=60)
    assert process.returncode == 130, error
    assert {path.name: path.read_bytes() for path in synced.path().parent.iterdir()} == before
    with pytest.raises(ProcessLookupError):
        os.kill(int(started.read_text()), 0)


def _wait_for(file: Path) -> None:
    deadline = time.monotonic() + 60
    while not (file.exists() and file.read_text()):
        assert time.monotonic() < deadline, f"{file} was not written"
        time.sleep(0.02)
