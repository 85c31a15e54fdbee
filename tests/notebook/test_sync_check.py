"""What `mlacourse sync --check` finds, and what the sync does about edited notebooks."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.usefixtures("no_kernel")

NOTEBOOK = "chapters/02_modeling/01_small.ipynb"
SOURCE = "chapters/02_modeling/01_small.md"


def test_a_pair_in_line_passes_wherever_the_clone_is(synced):
    outcome = synced.sync("--check")
    assert (outcome.code, outcome.err) == (0, "")


def test_the_check_writes_nothing(synced):
    synced.edit(SOURCE, "Numbers come first.", "Numbers come second.")
    before = {path: path.read_bytes() for path in synced.root.rglob("*") if path.is_file()}
    assert synced.sync("--check").code == 1
    assert {path: path.read_bytes() for path in synced.root.rglob("*") if path.is_file()} == before


@pytest.mark.parametrize(
    ("file", "old", "new", "finding"),
    [
        (SOURCE, "Numbers come first.", "Words come first.", "its text is not that of its source"),
        (SOURCE, "minutes: 5", "minutes: 6", "its first two cells are not what"),
        (SOURCE, "2 * sum", "3 * sum", "changed since it ran"),
        (SOURCE, "tags: [hide-input]", "tags: [allow-stderr]", "changed since it ran"),
        ("datasets/numbers.csv", "3", "4", "changed since it ran"),
        ("src/mlacourse/greeting.py", "sum", "total", "changed since it ran"),
        ("requirements.txt", "5.5.0", "5.6.0", "changed since it ran"),
        (NOTEBOOK, "It adds numbers.", "It multiplies.", "its first two cells are not what"),
        (NOTEBOOK, "example.org/course", "example.org/other", "its first two cells are not what"),
        (NOTEBOOK, '"execution_count": 2', '"execution_count": 5', "ran out of order or not at all (1, 5)"),
        (NOTEBOOK, "Then the exercise.", "Now the exercise.", "was edited, its source was not"),
        (NOTEBOOK, "double = 2 *", "double = 3 *", "was edited, its source was not"),
        (NOTEBOOK, "hide-input", "hide-cell", "was edited, its source was not"),
        (NOTEBOOK, '"nbformat": 4', '<<<<<<< ours\n "nbformat": 4', "is damaged"),
        (NOTEBOOK, "\n}\n", "\n}\n\n", "is written in another form"),
    ],
)
def test_a_difference_is_found_with_its_mend(synced, file, old, new, finding):
    synced.edit(file, old, new)
    outcome = synced.sync("--check")
    assert outcome.code == 1
    assert len(outcome.err.splitlines()) == 1, outcome.err
    assert outcome.err.startswith(f"{NOTEBOOK}: ")
    assert finding in outcome.err
    assert "mlacourse sync" in outcome.err


def test_another_reason_for_the_same_pin_changes_nothing(synced):
    synced.edit("requirements.txt", "altair==5.5.0\n", "altair==5.5.0\n    # via mlacourse (pyproject.toml)\n")
    assert synced.sync("--check").code == 0


def test_a_missing_notebook_is_found(synced):
    synced.path(suffix=".ipynb").unlink()
    assert synced.sync("--check").err == f"{NOTEBOOK}: is missing. Run `mlacourse sync`.\n"


def test_a_notebook_without_source_is_found(synced):
    synced.path().unlink()
    for arguments in (["--check"], []):
        outcome = synced.sync(*arguments)
        assert outcome.code == 1
        assert f"{NOTEBOOK}: has no source beside it" in outcome.err


def test_each_chapter_with_a_fault_has_its_line(synced):
    synced.write("Nothing.\n", "01_data/01_no_skill", skills={"mla-c01": ["9.9.K9"]})
    synced.write("Nothing.\n", "01_data/02_no_promise", promise="")
    synced.write("Nothing.\n", "01_data/03_no_such", prerequisites=["01_data/99_none"])
    (synced.root / "chapters/01_data/04_bare.md").write_text("# No front matter\n")
    synced.write("```{code-cell} ipython3\n---\ntags: [\n---\n1\n```\n", "01_data/05_yaml")
    findings = synced.sync("--check").err
    assert synced.sync().err == findings
    assert "01_no_skill.md: front matter: mlacourse.skills.mla-c01: '9.9.K9' is not in" in findings
    assert "02_no_promise.md:1: mlacourse.promise" in findings
    assert "03_no_such.md: front matter: mlacourse.prerequisites: '01_data/99_none' is no chapter" in findings
    assert "04_bare.md:1: has no front matter" in findings
    assert "05_yaml.md: Code cell 0 at line" in findings


def test_files_that_are_no_chapters_are_passed_by(synced):
    (synced.root / "chapters/02_modeling/README.md").write_text("# Modeling\n")
    checkpoints = synced.root / "chapters/02_modeling/.ipynb_checkpoints"
    checkpoints.mkdir()
    (checkpoints / "01_small-checkpoint.ipynb").write_text("{}")
    assert synced.sync("--check").code == 0


@pytest.mark.parametrize(
    ("asked", "finding"),
    [
        ("chapters/02_modeling/07_none.md", "chapters/02_modeling/07_none.md: is not in"),
        ("requirements.txt", "requirements.txt: is no chapter"),
        ("..", "is not below"),
    ],
)
def test_a_path_that_is_no_chapter_is_refused(synced, asked, finding):
    outcome = synced.sync("--check", synced.root / asked)
    assert outcome.code == 1
    assert finding in outcome.err


def test_without_addresses_the_mend_is_told(synced):
    (synced.root / "book/_config.yml").write_text("title: A course\n")
    assert synced.sync("--check").err == (
        "book/_config.yml: repository.url is missing. Write the address, with https://.\n"
    )


def test_only_running_in_a_viewer_is_no_edit(synced):
    notebook = synced.notebook()
    notebook.cells[3].metadata["execution"] = {"iopub.execute_input": "2026-11-23T08:00:00Z"}
    notebook.cells[3].metadata["collapsed"] = False
    synced.save(notebook)
    assert "is written in another form" in synced.sync("--check").err
    assert synced.sync().code == 0
    assert synced.sync("--check").code == 0


def test_the_sync_keeps_its_hands_off_an_edited_notebook(synced):
    synced.edit(NOTEBOOK, "Then the exercise.", "Now the exercise.")
    before = synced.path(suffix=".ipynb").read_bytes()
    outcome = synced.sync()
    assert outcome.code == 1
    assert "(first difference: the cell that starts 'Now the exercise.')" in outcome.err
    assert synced.path(suffix=".ipynb").read_bytes() == before


def test_edits_of_both_sides_are_left_to_a_person(synced):
    synced.edit(NOTEBOOK, "Then the exercise.", "Now the exercise.")
    synced.edit(SOURCE, "Numbers come first.", "Words come first.")
    before = synced.path().read_text()
    for arguments in (["--check"], [], ["--from-notebook", synced.path()]):
        outcome = synced.sync(*arguments)
        assert outcome.code == 1
        assert "it and its source were edited" in outcome.err
    assert synced.path().read_text() == before


def test_a_notebooks_edits_go_back_into_its_source_and_nothing_else_does(synced):
    before = synced.path().read_text()
    notebook = synced.notebook()
    notebook.cells[1].source = "# Another title"
    notebook.cells[4].source = "Now the exercise."
    notebook.cells[5].metadata["editable"] = True
    for cell in notebook.cells[3:]:
        cell.metadata["execution"] = {"iopub.execute_input": "2026-11-23T08:00:00Z"}
    synced.save(notebook)
    outcome = synced.sync("--from-notebook", synced.path(suffix=".ipynb"))
    assert outcome.code == 0, outcome.err
    after = synced.path().read_text()
    assert after.partition("---\n\n")[0] == before.partition("---\n\n")[0]
    assert "Now the exercise." in after
    assert "Another title" not in after
    assert "google.colab" not in after
    assert "execution" not in after
    solution = synced.notebook().cells[-1]
    assert solution.metadata.nbgrader.grade_id == "double"
    assert synced.sync("--check").code == 0


def test_a_source_survives_the_way_through_its_notebook(synced):
    before = synced.notebook()
    synced.edit(NOTEBOOK, "Then the exercise.", "Now the exercise.")
    synced.sync("--from-notebook", synced.path())
    synced.edit(SOURCE, "Now the exercise.", "Then the exercise.")
    assert synced.sync().code == 0
    assert synced.notebook() == before
