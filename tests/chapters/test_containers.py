"""The containers chapter's build model, route chooser, contract tests and exercises, taken from its cells."""

from __future__ import annotations

import io
import json
import tarfile
from types import SimpleNamespace
from typing import Any

import pytest
from chapter_source import ChapterSource

SOURCE = ChapterSource("03_deployment", "02_containers")
IMPORTS = SOURCE.cell_with("import contextlib")


def cells_tagged(*tags: str) -> SimpleNamespace:
    """Run the imports and the cells with these tags, and return what they define."""
    names: dict[str, Any] = {}
    exec(IMPORTS, names)
    return SOURCE.defined(*tags, **names)


def text_of(name: str) -> str:
    """The value of a text constant of the chapter."""
    names: dict[str, Any] = {}
    exec(SOURCE.cell_with(f"{name} = '''"), names)
    value: str = names[name]
    return value


chapter = cells_tagged("layers", "routes", "contract-tests")
SERVE = text_of("SERVE")


def rebuilt(name: str, change: str) -> list[bool]:
    return [row["again"] for row in chapter.after_change(chapter.dockerfiles[name], change)]


@pytest.mark.parametrize(
    ("name", "change", "again"),
    [
        ("code first", "a line of serve.py", [0, 1, 1, 1]),
        ("code first", "libraries", [0, 1, 1, 1]),
        ("libraries first", "a line of serve.py", [0, 0, 0, 0, 1]),
        ("libraries first", "libraries", [0, 0, 1, 1, 1]),
        ("two stages", "a line of serve.py", [0, 0, 0, 0, 0, 0, 1]),
        ("two stages", "libraries", [0, 0, 1, 1, 0, 1, 1]),
        ("two stages", "system packages", [0, 1, 1, 1, 0, 1, 1]),
        ("two stages", "base image", [1, 1, 1, 1, 1, 1, 1]),
    ],
)
def test_a_change_rebuilds_its_step_and_everything_below_in_its_stage(name: str, change: str, again: list[int]) -> None:
    assert rebuilt(name, change) == [bool(one) for one in again]


def test_a_change_that_nothing_reads_rebuilds_nothing() -> None:
    for dockerfile in chapter.dockerfiles.values():
        assert not any(chapter.runs_again(dockerfile, "the weather"))


def test_the_last_stage_leaves_the_compiler_behind() -> None:
    kept = [row["text"] for row in chapter.after_change(chapter.dockerfiles["two stages"], "libraries") if row["kept"]]
    assert not any("apt-get" in text for text in kept)


def test_each_need_at_each_place_has_one_first_choice_or_a_reason_why_not() -> None:
    for what in chapter.WHAT:
        for where in chapter.WHERE:
            verdicts = {route: chapter.judge(route, what, where) for route in chapter.ROUTES}
            assert all(
                reason and state in (chapter.FITS, chapter.WORK, chapter.NO) for state, reason in verdicts.values()
            )
            first = [route for route, (state, _) in verdicts.items() if state == chapter.FITS]
            outside = where not in (chapter.TRAINING, chapter.ENDPOINT)
            # AWS's algorithm images train in SageMaker AI only; sharing a GPU is no question of training or of Lambda.
            nowhere = (what == chapter.BUILT_IN and outside) or (
                what == chapter.SEVERAL and where in (chapter.TRAINING, chapter.EVENT)
            )
            assert len(first) == (0 if nowhere else 1), (what, where, first)


def test_the_least_work_comes_first_inside_sagemaker() -> None:
    order = [*chapter.WHAT[:5]]
    first = [
        next(route for route in chapter.ROUTES if chapter.judge(route, what, chapter.ENDPOINT)[0] == chapter.FITS)
        for what in order
    ]
    assert first == ["built-in algorithm", "script mode", "script + requirements", "extended image", "own image"]


def archive(name: str = "model.json") -> bytes:
    buffer, text = io.BytesIO(), json.dumps({"weights": [0.1, 0.0, 0.0], "bias": -2.0}).encode()
    with tarfile.open(fileobj=buffer, mode="w:gz") as content:
        member = tarfile.TarInfo(name)
        member.size = len(text)
        content.addfile(member, io.BytesIO(text))
    return buffer.getvalue()


def test_the_chapters_server_passes_every_test_of_the_contract() -> None:
    report = chapter.contract_tests(SERVE, archive())
    assert len(report) == 5
    assert set(report.values()) == {"ok"}


@pytest.mark.parametrize(
    ("old", "new", "test", "told"),
    [
        ('"/ping"', '"/health"', "/ping is 200 within 2 s", "status 404"),
        ('"SAGEMAKER_BIND_TO_PORT", "8080"', '"PORT", "0"', "listens on the port", "nobody there"),
        ('"/invocations"', '"/predict"', "/invocations answers CSV", "status 404"),
        ("415,", "400,", "unknown type is 415", "status 400"),
        ('"listening", flush=True', '1 / 0, "x"', "starts", "exit code 1: ZeroDivisionError"),
    ],
)
def test_a_broken_server_fails_the_test_that_it_breaks(old: str, new: str, test: str, told: str) -> None:
    assert old in SERVE
    assert chapter.contract_tests(SERVE.replace(old, new), archive())[test] == told


def test_an_archive_with_a_wrapping_folder_keeps_the_server_from_starting() -> None:
    assert chapter.contract_tests(SERVE, archive("export/model.json")) == {"starts": "exit code 1: FileNotFoundError"}


EXERCISES = ["containers-push", "containers-train", "containers-lifecycle"]


@pytest.mark.parametrize("grade_id", EXERCISES)
def test_the_solution_of_an_exercise_passes_its_check(grade_id: str) -> None:
    names: dict[str, Any] = {}
    exec(IMPORTS, names)
    assert SOURCE.passes(grade_id, names)


WRONG = {
    "counts a repeated layer twice": (
        "containers-push",
        "def megabytes_to_push(image, registry):\n    return sum(mb for name, mb in image if name not in registry)",
    ),
    "pushes all of it": (
        "containers-push",
        "def megabytes_to_push(image, registry):\n    return sum(dict(image).values())",
    ),
    "takes text for a number": (
        "containers-train",
        "def train(base):\n"
        "    epochs = json.loads((Path(base) / 'input/config/hyperparameters.json').read_text())['epochs']\n"
        "    (Path(base) / 'model/model.json').write_text(json.dumps({'files': 2, 'epochs': epochs}))\n"
        "    return 0",
    ),
    "says nothing of its failure": (
        "containers-train",
        "def train(base):\n"
        "    base = Path(base)\n"
        "    try:\n"
        "        epochs = int(json.loads((base / 'input/config/hyperparameters.json').read_text())['epochs'])\n"
        "    except (KeyError, ValueError):\n"
        "        return 1\n"
        "    files = list((base / 'input/data/train').iterdir())\n"
        "    (base / 'model/model.json').write_text(json.dumps({'files': len(files), 'epochs': epochs}))\n"
        "    return 0",
    ),
    "expires tagged images": (
        "containers-lifecycle",
        "def expired(images, keep):\n"
        "    ordered = [name for _, name in sorted((day, name) for name, day, _ in images)]\n"
        "    return ordered[: max(0, len(ordered) - keep)]",
    ),
    "keeps the oldest": (
        "containers-lifecycle",
        "def expired(images, keep):\n"
        "    return [name for _, name in sorted((day, name) for name, day, tags in images if not tags)][keep:]",
    ),
    "keeps none as all": (
        "containers-lifecycle",
        "def expired(images, keep):\n"
        "    return [name for _, name in sorted((day, name) for name, day, tags in images if not tags)][:-keep]",
    ),
}


@pytest.mark.parametrize(("grade_id", "answer"), WRONG.values(), ids=WRONG)
def test_a_typical_wrong_answer_fails_its_check(grade_id: str, answer: str) -> None:
    names: dict[str, Any] = {}
    exec(IMPORTS, names)
    exec(answer, names)
    with pytest.raises((AssertionError, TypeError, KeyError)):
        exec(SOURCE.check(grade_id), names)
