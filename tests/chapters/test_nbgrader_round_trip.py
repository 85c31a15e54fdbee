"""One chapter through nbgrader: assigned, answered, graded, and fed back."""

import json
import os
import re
import shutil
import sys
from pathlib import Path

import pytest
from nbgrader.api import Gradebook
from nbgrader.apps import NbGraderAPI
from traitlets.config import Config

from mlacourse import resources

CHAPTER = resources.path("chapters", "02_modeling", "06_metrics_and_thresholds.ipynb")
MARKERS = re.compile(r"[ \t]*### (BEGIN|END) SOLUTION\n?")


def exercises(notebook):
    return {
        cell["metadata"]["nbgrader"]["grade_id"]: cell
        for cell in notebook["cells"]
        if cell["metadata"].get("nbgrader", {}).get("solution")
    }


def read(path):
    return json.loads(path.read_text(encoding="utf-8"))


@pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SAWarning")
def test_an_assignment_loses_its_solutions_and_a_wrong_answer_loses_its_points(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    # nbgrader starts alembic by name, which is beside this Python whether or not the environment is activated.
    monkeypatch.setenv("PATH", str(Path(sys.executable).parent), prepend=os.pathsep)
    source = tmp_path / "source" / "metrics" / CHAPTER.name
    source.parent.mkdir(parents=True)
    shutil.copy(CHAPTER, source)
    config = Config()
    config.CourseDirectory.root = str(tmp_path)
    config.CourseDirectory.course_id = "mla"
    config.ExecutePreprocessor.timeout = 120
    nbgrader = NbGraderAPI(config=config)

    assert nbgrader.generate_assignment("metrics")["success"]
    release = read(tmp_path / "release" / "metrics" / CHAPTER.name)
    assert not any("return weighted_hits" in "".join(cell["source"]) for cell in release["cells"])
    assert "HIDDEN TESTS" not in json.dumps(release)

    answers = exercises(read(CHAPTER))
    for name, cell in exercises(release).items():
        cell["source"] = MARKERS.sub("", "".join(answers[name]["source"]))
    wrong = exercises(release)["f-from-counts"]
    wrong["source"] = wrong["source"].replace("beta**2 * fn", "beta * fn")
    submitted = tmp_path / "submitted" / "ada" / "metrics" / CHAPTER.name
    submitted.parent.mkdir(parents=True)
    submitted.write_text(json.dumps(release), encoding="utf-8")

    assert nbgrader.autograde("metrics", "ada")["success"]
    with Gradebook(f"sqlite:///{tmp_path / 'gradebook.db'}") as book:
        graded = book.find_submission("metrics", "ada")
        points = {grade.name: (grade.score, grade.max_score) for grade in graded.notebooks[0].grades}
    assert points.pop("f-from-counts-check") == (0, 2)
    assert points == {
        "payments-to-block-check": (4, 4),
        "recall-averages-check": (3, 3),
        "recall-gap-check": (3, 3),
    }

    assert nbgrader.generate_feedback("metrics", "ada")["success"]
    page = (tmp_path / "feedback" / "ada" / "metrics" / f"{CHAPTER.stem}.html").read_text(encoding="utf-8")
    assert "A miss counts beta squared times" in page
