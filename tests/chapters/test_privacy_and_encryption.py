"""The privacy chapter: its counts recomputed, its charts, its lab's promise about data keys, its checks and slips."""

from __future__ import annotations

import base64
import collections
import functools
import io
import json
import re
import tempfile
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from chapter_source import ChapterSource, Names, complaint
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sklearn.linear_model import Ridge
from sklearn.metrics import roc_auc_score
from sklearn.preprocessing import OneHotEncoder

from mlacourse import cloud

SOURCE = ChapterSource("01_data", "10_privacy_and_encryption")
WHOM, WHICH_WAY = range(2)


@functools.cache
def names() -> Names:
    """The table, the functions and the attack: the chapter's first cells, without its charts."""
    found: Names = {}
    exec(SOURCE.cell_with("import alt"), found)
    for cell in SOURCE.tagged("privacy"):
        exec(cell, found)
    exec(SOURCE.cell_with("def linked(").partition("before, after =")[0], found)
    return found


def chapter() -> SimpleNamespace:
    return SimpleNamespace(**names())


# --- the attack ---------------------------------------------------------------------------------------------------


def test_class_sizes_count_equal_rows() -> None:
    columns = chapter().generalised(chapter().release, 5, "three levels", "two values each")
    rows = list(columns.itertuples(index=False, name=None))
    counts = collections.Counter(rows)
    assert chapter().class_sizes(columns).tolist() == [counts[row] for row in rows]


@pytest.mark.parametrize(
    ("coarser", "finer"),
    [
        ((5, "nine levels", "as asked"), (1, "nine levels", "as asked")),
        ((20, "nine levels", "as asked"), (10, "nine levels", "as asked")),
        ((1, "three levels", "as asked"), (1, "nine levels", "as asked")),
        ((1, "nine levels", "two values each"), (1, "nine levels", "as asked")),
        ((1, "nine levels", "removed"), (1, "nine levels", "two values each")),
    ],
)
def test_a_coarser_table_only_joins_classes(coarser: tuple[Any, ...], finer: tuple[Any, ...]) -> None:
    wide, narrow = (chapter().generalised(chapter().release, *how) for how in (coarser, finer))
    together = pd.DataFrame({"wide": wide.apply(tuple, axis=1), "narrow": narrow.apply(tuple, axis=1)})
    assert (together.groupby("narrow")["wide"].nunique() == 1).all()
    assert (chapter().class_sizes(wide) >= chapter().class_sizes(narrow)).all()


def test_the_models_auc_is_ridge_regressions() -> None:
    old, new = (table.head(2000) for table in (chapter().release, chapter().later))
    train, test = (chapter().generalised(table, 10, "three levels", "two values each") for table in (old, new))
    encoder = OneHotEncoder(sparse_output=False).fit(pd.concat([train, test]))
    target = old["employed"] - old["employed"].mean()
    ridge = Ridge(alpha=1, fit_intercept=False).fit(encoder.transform(train), target)
    expected = roc_auc_score(new["employed"], ridge.predict(encoder.transform(test)))
    one_hot = chapter().one_hot(train, test)
    assert chapter().model_auc(one_hot[0], old["employed"], one_hot[1], new["employed"]) == pytest.approx(expected)


def matches(k: int, how: dict[str, Any]) -> list[tuple[int, int]]:
    """The attack by counting: pairs of a row and the truth about the name that it was given."""
    table, club = (chapter().generalised(one, **how) for one in (chapter().release, chapter().club))
    rows, people = (list(one.itertuples(index=False, name=None)) for one in (table, club))
    in_table, in_list = collections.Counter(rows), collections.Counter(people)
    where = {row: place for place, row in enumerate(rows)}
    truth = chapter().club["truth"]
    return [
        (where[person], truth[place])
        for place, person in enumerate(people)
        if in_list[person] == 1 and in_table[person] == 1 >= k
    ]


def test_the_join_finds_whom_counting_finds() -> None:
    found = chapter().linked({})
    assert sorted(zip(found["row"], found["truth"], strict=True)) == sorted(matches(1, {}))
    assert len(found) == 882
    assert (found["row"] == found["truth"]).sum() == 693


def test_no_class_below_five_leaves_no_match() -> None:
    assert len(chapter().linked(chapter().COARSER, k=5)) == 0
    assert matches(5, chapter().COARSER) == []


def test_nobody_real_is_named() -> None:
    invented = {f"{first} {last}" for first in chapter().FIRST for last in chapter().LAST}
    assert set(chapter().club["name"]) <= invented
    assert "name" not in chapter().people


# --- the charts ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("banded", "schools", "rest", "limit"),
    [("exact", "nine levels", "as asked", 1), ("5 years", "three levels", "two values each", 5)],
)
def test_the_first_chart_writes_what_counting_gives(banded: str, schools: str, rest: str, limit: int) -> None:
    width = {"exact": 1, "5 years": 5}[banded]
    columns, new = (
        chapter().generalised(table, width, schools, rest) for table in (chapter().release, chapter().later)
    )
    rows = list(columns.itertuples(index=False, name=None))
    counts = collections.Counter(rows)
    sizes = np.array([counts[row] for row in rows])
    kept = sizes >= limit
    chance = np.where(kept, 1 / sizes, 0)[chapter().in_both.index]
    train, test = chapter().one_hot(columns, new)
    auc = chapter().model_auc(train[kept], chapter().release["employed"][kept], test, chapter().later["employed"])
    shown = SOURCE.shown(WHOM, banded=banded, schools=schools, rest=rest, limit=limit)
    for expected in (
        str(sizes[kept].min()),
        f"{100 * (chance == 1).mean():.1f} %",
        f"{100 * chance.mean():.1f} %",
        f"{100 * kept.mean():.1f} %",
        f"{auc:.3f}",
    ):
        assert expected in shown


@pytest.mark.parametrize(
    "values",
    [
        {},
        {"gigabytes": 1000, "file_mb": 0.1, "epochs": 3, "compute": 8, "s3_mb": 1200, "disk_mb": 300},
        {"gigabytes": 20, "file_mb": 1, "epochs": 1, "compute": 1},
    ],
)
def test_the_second_chart_writes_what_the_formula_gives(values: dict[str, float]) -> None:
    given = {"gigabytes": 200, "file_mb": 100, "epochs": 10, "compute": 4, "s3_mb": 500, "disk_mb": 1000} | values
    shown = SOURCE.shown(WHICH_WAY, **values)
    for way in chapter().WAYS:
        start, total = chapter().minutes(way, **given)
        assert f"{way}: wait {start:.1f}, end {total:.1f} min" in shown


def test_file_mode_waits_for_one_pass_and_a_stream_for_one_in_each_epoch() -> None:
    # 60 GB at 1,000 MB/s is a minute; two minutes of computing hide it.
    minutes = chapter().minutes
    assert minutes("File", 60, 100, 5, 2, 1000, 500) == pytest.approx((1, 11))
    assert minutes("Pipe", 60, 100, 5, 2, 1000, 500) == pytest.approx((0, 10))
    assert minutes("EFS", 60, 100, 5, 1, 1000, 500) == pytest.approx((0, 10))
    assert minutes("FSx for Lustre", 60, 100, 5, 1, 1000, 500) == pytest.approx((0, 9))
    assert minutes("Pipe", 60, 0.1, 5, 2, 1000, 500) == pytest.approx((0, 50))  # 600,000 objects: ten minutes a pass


# --- the lab ------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def lab_cells() -> Iterator[Names]:
    """What a learner runs after a restart: the demo's cells and the lab's two first cells."""
    found: Names = {"display": lambda _: None}
    exec(SOURCE.cell_with("import alt"), found)
    exec(SOURCE.cell_with("def one_hot("), found)
    exec(SOURCE.cell_with("cloud.start()\n"), found)
    exec(SOURCE.cell_with("@cloud.step("), found)
    exec(SOURCE.cell_with("def at_rest(").partition("data_key =")[0].replace("(folder /", "# (folder /"), found)
    yield found
    cloud.stop()


@pytest.fixture(scope="module")
def before_the_exercises(lab_cells: Names) -> Names:
    cloud.checkpoint("6")
    lab_cells["a_bucket_for_the_contractor"]()
    table = lab_cells["generalised"](lab_cells["release"], **lab_cells["COARSER"])
    size = lab_cells["class_sizes"](table)
    lab_cells |= {"table": table, "kept": size >= 5, "size": size}
    exec(SOURCE.cell_with("known = shown[").partition("print(")[0], lab_cells)
    return lab_cells


def test_every_section_begins_with_its_checkpoint() -> None:
    begun = [line for cell in SOURCE.cells for line in cell.source.splitlines() if line.startswith("cloud.checkpoint(")]
    assert begun == [f'cloud.checkpoint("{number}")' for number in range(1, 7)]


def test_each_step_is_reached_once_it_is_built_and_stays_reached(lab_cells: Names) -> None:
    steps = list(cloud._the_lab()._steps.values())
    cloud.checkpoint("1")
    for number, step in enumerate(steps):
        assert not step.reached(), step.title
        step.build()
        assert all(one.reached() for one in steps[: number + 1]), step.title


def test_a_plaintext_data_key_is_never_stored(
    lab_cells: Names, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cloud.start()
    lab_cells["a_bucket_and_three_roles"]()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    keys: list[bytes] = []
    events = lab_cells["kms"].meta.events
    events.register("after-call.kms", lambda parsed, **_: keys.append(parsed.get("Plaintext", b"")))
    lab_cells["a_sealed_table"]()
    sealed, encrypted = lab_cells["get_sealed"](lab_cells["s3"], "sealed/members.bin")
    lab_cells["unseal"](lab_cells["kms"], sealed, encrypted, lab_cells["RAW"])
    keys = [key for key in keys if key]
    assert len(keys) == 2
    assert len(keys[0]) == 32
    stored = [
        *lab_cells["at_rest"](),
        *((path.name, path.read_bytes()) for path in tmp_path.rglob("*") if path.is_file()),
    ]
    assert len(stored) >= 3
    assert [where for where, what in stored for key in keys if lab_cells["holds"](what, key)] == []


def test_the_scan_would_see_a_key_that_was_stored(lab_cells: Names) -> None:
    key = bytes(range(32))
    for form in (key, b"..." + key.hex().encode(), json.dumps({"key": base64.b64encode(key).decode()}).encode()):
        assert lab_cells["holds"](form, key)


def test_a_sealed_file_is_gcm_with_the_context_as_authenticated_data(lab_cells: Names) -> None:
    cloud.start()
    lab_cells["a_bucket_and_three_roles"]()
    kms, context = lab_cells["kms"], {"table": "members", "release": "raw"}
    sealed, encrypted = lab_cells["seal"](kms, b"text", context)
    key = kms.decrypt(CiphertextBlob=encrypted, EncryptionContext=context)["Plaintext"]
    assert AESGCM(key).decrypt(sealed[:12], sealed[12:], b'{"release": "raw", "table": "members"}') == b"text"
    again, _ = lab_cells["seal"](kms, b"text", context)
    assert again[:12] != sealed[:12]


def test_the_release_names_nobody_and_has_no_small_class(lab_cells: Names) -> None:
    table = pd.read_csv(io.StringIO(lab_cells["safe_release"]().to_csv(index=False)))
    assert set(table) == {*lab_cells["QUASI"], "employed"}
    assert table.groupby(lab_cells["QUASI"]).size().min() >= 5


SLIPS: dict[str, list[str]] = {
    "privacy-released": [
        # Each column alone.
        """
def released(table, quasi, k, sensitive=None, l=1):
    good = table[quasi[0]].map(table[quasi[0]].value_counts()) >= k
    for name in quasi:
        good &= table[name].map(table[name].value_counts()) >= k
    return table[good]
""",
        SOURCE.solution("privacy-released").replace(">= k", "> k"),
        SOURCE.solution("privacy-released").replace(">= l", ">= 1"),
        # A helping column stays in the learner's table.
        SOURCE.solution("privacy-released").replace("classes = ", "table['n'] = 1\n    classes = "),
    ],
    "privacy-lustre": [
        SOURCE.solution("privacy-lustre").replace('"VpcConfig": {"Subnets": subnets, "SecurityGroupIds": groups},', ""),
        SOURCE.solution("privacy-lustre").replace('"ro"', '"rw"'),
        SOURCE.solution("privacy-lustre").replace('"FSxLustre"', '"EFS"'),
        SOURCE.solution("privacy-lustre").replace(' if one["ChannelName"] == "train" else one', ""),
        # Beside the bucket, not in its place.
        SOURCE.solution("privacy-lustre").replace(
            '{"FileSystemDataSource"', '{**one["DataSource"], "FileSystemDataSource"'
        ),
        SOURCE.solution("privacy-lustre").replace('"DirectoryPath": path,', ""),
    ],
    "privacy-door": [
        "",
        SOURCE.solution("privacy-door").replace(
            '[bucket_arn(HANDOVER), bucket_arn(HANDOVER, "/*")]', 'bucket_arn(HANDOVER, "/*")'
        ),
        SOURCE.solution("privacy-door").replace(', "Null": {name: "false"}', ""),
        SOURCE.solution("privacy-door").replace(
            "for name, value in wanted.items()", "for name, value in [*wanted.items()][:1]"
        ),
        SOURCE.solution("privacy-door").replace(
            '"Bool": {"aws:SecureTransport": "false"}', '"Null": {"aws:SecureTransport": "true"}'
        ),
    ],
    "privacy-contractor": [
        'RELEASE = {"table": "members", "release": "k5"}',
        # Any context will do.
        re.sub(r'"Condition": .*\n', "", SOURCE.solution("privacy-contractor")),
        # The whole bucket.
        SOURCE.solution("privacy-contractor").replace("/release/*", "/*"),
        # The release with what it was to leave out.
        SOURCE.solution("privacy-contractor").replace("safe_release()", "safe_release().assign(name='x')"),
        # Not coarse enough.
        SOURCE.solution("privacy-contractor").replace("safe_release()", "release[[*QUASI, 'employed']]"),
    ],
}


@pytest.mark.parametrize("grade_id", list(SLIPS))
def test_a_check_refuses_the_usual_slips_and_takes_the_solution(before_the_exercises: Names, grade_id: str) -> None:
    if grade_id == "privacy-contractor":
        exec(SOURCE.solution("privacy-door"), before_the_exercises)
        exec(SOURCE.check("privacy-door"), before_the_exercises)
    for answer in SLIPS[grade_id]:
        exec(answer, before_the_exercises)
        # The contractor's own call may end in a refusal by AWS.
        refused = complaint(SOURCE.check(grade_id), before_the_exercises, refusals=(Exception,))
        assert refused is not None, answer
    exec(SOURCE.solution(grade_id), before_the_exercises)
    assert complaint(SOURCE.check(grade_id), before_the_exercises) is None


def test_the_last_check_ticks_the_lab() -> None:
    assert SOURCE.check("privacy-contractor").splitlines()[-1] == 'lab.passed("envelope-encryption")'
