"""The formats chapter: its records against Google's protobuf, its pruning against the rows, its lab against slips."""

from __future__ import annotations

import ast
import builtins
import functools
import io
import re
import symtable
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import jupytext
import numpy as np
import pyarrow.parquet as pq
import pytest
from chapter_source import ChapterSource, Names, complaint
from google.protobuf import descriptor_pb2, descriptor_pool, message_factory
from hypothesis import given, settings
from hypothesis import strategies as st

from mlacourse import cloud, datasets

SOURCE = ChapterSource("01_data", "01_formats_and_storage")
UNHURRIED = settings(deadline=None)
FLOATS = st.lists(st.floats(width=32, allow_nan=False), min_size=1, max_size=8)


def functions(cell: str) -> str:
    """The definitions of a cell, without what it computes."""
    return "\n\n".join(ast.unparse(node) for node in ast.parse(cell).body if isinstance(node, ast.FunctionDef))


@functools.cache
def chapter() -> Names:
    """What the cells tagged ``formats`` define, and small tables made with it."""
    names = vars(SOURCE.defined("formats"))
    names["flights"] = names["grown"](datasets.load("nyc_flights_july"), 40_000)
    names["TWO"] = ["carrier", "arrival_delay"]
    return names


# --- RecordIO-protobuf --------------------------------------------------------------------------------------------


@functools.cache
def record_class() -> Any:
    """SageMaker's Record, built with Google's protobuf from the schema in the developer guide."""
    field = descriptor_pb2.FieldDescriptorProto
    file = descriptor_pb2.FileDescriptorProto(name="record.proto", package="aialgs.data", syntax="proto2")

    def message(parent: Any, name: str, *members: tuple[str, int, int, bool, str]) -> Any:
        built = parent.add(name=name)
        for title, number, kind, repeated, type_name in members:
            label = field.LABEL_REPEATED if repeated else field.LABEL_OPTIONAL
            member = built.field.add(name=title, number=number, type=kind, label=label)
            if type_name:
                member.type_name = type_name
            elif repeated:
                member.options.packed = True
        return built

    message(
        file.message_type,
        "Float32Tensor",
        ("values", 1, field.TYPE_FLOAT, True, ""),
        ("keys", 2, field.TYPE_UINT64, True, ""),
        ("shape", 3, field.TYPE_UINT64, True, ""),
    )
    message(
        file.message_type,
        "Value",
        ("float32_tensor", 2, field.TYPE_MESSAGE, False, ".aialgs.data.Float32Tensor"),
    )
    record = message(
        file.message_type,
        "Record",
        ("features", 1, field.TYPE_MESSAGE, True, ".aialgs.data.Record.FeaturesEntry"),
        ("label", 2, field.TYPE_MESSAGE, True, ".aialgs.data.Record.LabelEntry"),
        ("uid", 3, field.TYPE_STRING, False, ""),
    )
    for name in ("FeaturesEntry", "LabelEntry"):
        entry = message(
            record.nested_type,
            name,
            ("key", 1, field.TYPE_STRING, False, ""),
            ("value", 2, field.TYPE_MESSAGE, False, ".aialgs.data.Value"),
        )
        entry.options.map_entry = True
    pool = descriptor_pool.DescriptorPool()
    pool.Add(file)
    return message_factory.GetMessageClass(pool.FindMessageTypeByName("aialgs.data.Record"))


@UNHURRIED
@given(FLOATS, st.floats(width=32, allow_nan=False))
def test_googles_protobuf_reads_what_the_chapter_writes(features: list[float], label: float) -> None:
    (body,) = chapter()["frames"](chapter()["record"](features, label))
    parsed = record_class()()
    parsed.ParseFromString(body)
    assert list(parsed.features["values"].float32_tensor.values) == features
    assert list(parsed.label["values"].float32_tensor.values) == [label]


@UNHURRIED
@given(FLOATS, st.floats(width=32, allow_nan=False), st.text(max_size=300))
def test_the_chapter_reads_what_googles_protobuf_writes(features: list[float], label: float, uid: str) -> None:
    written = record_class()(uid=uid)
    written.features["values"].float32_tensor.values.extend(features)
    written.label["values"].float32_tensor.values.append(label)
    read, read_label = chapter()["read_record"](written.SerializeToString())
    assert read.tolist() == features
    assert read_label.tolist() == [label]


def test_a_frame_is_as_the_sdk_writes_it() -> None:
    # sagemaker-python-sdk, amazon/common.py: magic and length as little-endian integers, data, padding to four bytes.
    frame = chapter()["record"]([1.0], 0.0)
    assert frame[:4] == bytes.fromhex("0a23d7ce")
    assert int.from_bytes(frame[4:8], "little") <= len(frame) - 8 < int.from_bytes(frame[4:8], "little") + 4
    assert len(frame) % 4 == 0


@UNHURRIED
@given(st.integers(0, 2**60))
def test_a_varint_comes_back(number: int) -> None:
    encoded = chapter()["varint"](number)
    assert chapter()["read_varint"](encoded, 0) == (number, len(encoded))


@pytest.mark.parametrize(
    ("damage", "said"),
    [(lambda data: b"\0" + data[1:], "byte 0: no RecordIO frame"), (lambda data: data[:-4], "ends inside this frame")],
)
def test_a_damaged_file_says_where(damage: Any, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        list(chapter()["frames"](damage(chapter()["record"]([1.0, 2.0], 3.0))))


def test_many_records_written_at_once_are_the_records_written_one_by_one() -> None:
    names = chapter()
    rows = names["flights"].slice(0, 50)
    features, labels = names["numeric"](rows)
    one_by_one = b"".join(names["record"](*row) for row in zip(features, labels, strict=True))
    assert names["as_recordio"](rows) == one_by_one


# --- the table and its files --------------------------------------------------------------------------------------


def test_the_grown_table_is_real_flights_on_consecutive_days() -> None:
    july, names = datasets.load("nyc_flights_july"), chapter()
    grown = names["flights"].to_pandas()
    assert grown["scheduled_departure"].is_monotonic_increasing
    assert grown["scheduled_departure"].dt.normalize().nunique() == 31 + 31 * (40_000 - len(july)) // len(july) + 1
    real = set(zip(july["flight"], july["origin"], july["destination"].astype(str), strict=True))
    assert set(zip(grown["flight"], grown["origin"], grown["destination"], strict=True)) <= real


@UNHURRIED
@given(st.integers(0, 40), st.integers(0, 72))
def test_pruning_keeps_every_row_group_that_has_a_wanted_row(day: int, hours: int) -> None:
    names = chapter()
    low = datetime(2013, 7, 1) + timedelta(days=day)
    high = low + timedelta(hours=hours)
    metadata = pq.read_metadata(parquet())
    kept = names["groups_with"](metadata, "scheduled_departure", low, high)
    times = names["flights"]["scheduled_departure"].to_numpy()
    wanted = np.flatnonzero((times >= np.datetime64(low)) & (times < np.datetime64(high)))
    assert set(wanted // 1000) <= set(kept)
    assert len(kept) <= len(set(wanted // 1000)) + 2


@functools.cache
def parquet() -> io.BytesIO:
    return io.BytesIO(chapter()["as_parquet"](chapter()["flights"], rows=1000))


def test_column_bytes_are_what_the_footer_adds_up_to() -> None:
    metadata = pq.read_metadata(parquet())
    sizes = chapter()["column_bytes"](metadata, range(metadata.num_row_groups))
    groups = [metadata.row_group(number) for number in range(metadata.num_row_groups)]
    total = sum(group.column(n).total_compressed_size for group in groups for n in range(group.num_columns))
    assert sizes.sum() == total
    assert total + metadata.serialized_size + 12 == len(parquet().getvalue())  # two PAR1 and the footer's length


def test_a_counted_file_counts_what_a_reader_takes() -> None:
    file = chapter()["Counted"](parquet().getvalue())
    pq.read_table(file, columns=["carrier"], use_threads=False)
    metadata = pq.read_metadata(parquet())
    carrier = chapter()["column_bytes"](metadata, range(metadata.num_row_groups))["carrier"]
    assert carrier <= file.bytes <= carrier + 65_536


@pytest.mark.parametrize(
    ("change", "backward", "forward"),
    [
        ("adds gate with a default", True, True),
        ("adds gate without a default", False, True),
        ("drops flight", True, False),
        ("flight: int to long", True, False),
        ("flight: int to string", False, False),
        ("renames flight, with an alias", True, False),
    ],
)
def test_schemas_resolve_as_the_avro_specification_says(change: str, backward: bool, forward: bool) -> None:
    names = chapter()
    new = names["CHANGES"][change]
    old_row = {"carrier": "HA", "flight": 51}
    new_row = {**old_row, "gate": "B2", "number": 51, "flight": "51" if change.endswith("string") else 51}
    assert (not isinstance(names["evolve"](old_row, names["V1"], new), str)) == backward
    assert (not isinstance(names["evolve"](new_row, new, names["V1"]), str)) == forward


# --- the demo -----------------------------------------------------------------------------------------------------


def megabytes(shown: list[str]) -> list[float]:
    return [float(text.split()[0]) for text in shown if re.fullmatch(r"[\d.]+ of \d+ MB", text)]


def test_the_demo_opens_with_a_column_format_in_front() -> None:
    shown = SOURCE.shown()
    assert len(megabytes(shown)) == 7
    assert {"ORC, zstd: fewest bytes", "Parquet, zstd: fewest bytes"} <= set(shown)


def test_only_the_column_formats_answer_to_the_columns() -> None:
    few, all_ten = megabytes(SOURCE.shown(columns=1)), megabytes(SOURCE.shown(columns=10))
    assert sum(a != b for a, b in zip(few, all_ten, strict=True)) == 2


def test_one_day_is_cheap_only_when_rows_were_written_by_time() -> None:
    by_time, by_chance = megabytes(SOURCE.shown(days="one")), megabytes(SOURCE.shown(days="one", order="by chance"))
    assert min(by_chance) > 10 * min(by_time)


@pytest.mark.parametrize(
    ("need", "best", "ruled_out"),
    [
        ("Factorization Machines train on it", "RecordIO-protobuf", 6),
        ("workers share one file", "ORC, zstd", 2),
        ("fields change by rules", "Avro, deflate", 6),
        ("events are appended one by one", "CSV, gzip", 2),
    ],
)
def test_a_further_need_rules_formats_out(need: str, best: str, ruled_out: int) -> None:
    shown = SOURCE.shown(need=need)
    assert f"{best}: fewest bytes" in shown
    assert sum(": no, " in text for text in shown) == ruled_out


# --- the exercises and the lab ------------------------------------------------------------------------------------


def verdict(names: Names, grade_id: str, answer: str | None = None) -> str | None:
    """What a check says about an answer, or about the chapter's own; None if it passes."""
    exec(SOURCE.solution(grade_id) if answer is None else answer, names)
    return complaint(SOURCE.check(grade_id), names, refusals=(AssertionError, KeyError, TypeError))


SLIPS = {
    "formats-must-read": [
        "def must_read(groups, ranges):\n"
        "    return [n for n, g in enumerate(groups)"
        " if all(g.get(c) and g[c][0] <= h and l <= g[c][1] for c, (l, h) in ranges.items())]",
        "def must_read(groups, ranges):\n"
        "    return [n for n, g in enumerate(groups)"
        " if any(not g.get(c) or (g[c][0] <= h and l <= g[c][1]) for c, (l, h) in ranges.items())]",
        "def must_read(groups, ranges):\n"
        "    return [n for n, g in enumerate(groups)"
        " if all(not g.get(c) or (l <= g[c][0] and g[c][1] <= h) for c, (l, h) in ranges.items())]",
    ],
    "formats-breaks": [
        "def breaks(writer, reader):\n"
        "    return sorted(n for n, f in reader.items() if n not in writer and 'default' not in f)",
        "def breaks(writer, reader):\n"
        "    return sorted(n for n, f in reader.items()"
        " if (writer[n]['type'] != f['type'] if n in writer else 'default' not in f))",
        "def breaks(writer, reader):\n"
        "    w = ['int', 'long', 'float', 'double']\n"
        "    ok = lambda a, b: a == b or (a in w and b in w and w.index(a) < w.index(b))\n"
        "    return sorted(n for n, f in reader.items() if not f.get('default')"
        " and (n not in writer or not ok(writer[n]['type'], f['type'])))",
    ],
    "formats-billed": [
        "def billed(objects, size_kb, days, minimum_kb=0, minimum_days=0):\n    return objects * size_kb * days",
        "def billed(objects, size_kb, days, minimum_kb=0, minimum_days=0):\n"
        "    return max(objects * size_kb, minimum_kb) * max(days, minimum_days)",
    ],
}


@pytest.mark.parametrize("grade_id", SLIPS)
def test_a_check_takes_the_solution_and_refuses_the_usual_slips(grade_id: str) -> None:
    names = chapter()
    exec(functions(SOURCE.cell_with("def answer(outcome)")), names)
    assert verdict(names, grade_id) is None
    for answer in SLIPS[grade_id]:
        assert verdict(names, grade_id, answer) is not None, answer


@pytest.fixture(scope="module")
def lab_cells() -> Iterator[Names]:
    """The lab's two first cells, run on a smaller table, and the functions that the check uses."""
    names = dict(chapter()) | {"display": lambda _: None}
    names["sample"] = names["grown"](datasets.load("nyc_flights_july"), 60_000)
    rows = names["sample"].slice(0, 500).to_pylist()
    names["FILES"] = {
        "CSV": b"a\n",
        "JSON Lines": names["as_json_lines"](rows),
        "Avro, deflate": names["as_avro"](rows),
    }
    exec(SOURCE.cell_with("cloud.start()\n"), names)
    exec(SOURCE.cell_with("@cloud.step("), names)
    for beginning in ("def mean_delay(", "def on(day)"):
        exec(functions(SOURCE.cell_with(beginning)), names)
    yield names
    cloud.stop()


def test_every_section_begins_with_its_checkpoint() -> None:
    begun = [line for cell in SOURCE.cells for line in cell.source.splitlines() if line.startswith("cloud.checkpoint(")]
    assert begun == [f'cloud.checkpoint("{number}")' for number in range(1, 5)]


def below(*headings: str) -> list[str]:
    """The code cells between a heading that begins with one of these and the next heading."""
    found, wanted = [], False
    for cell in jupytext.read(SOURCE.path).cells:
        for line in cell.source.splitlines() if cell.cell_type == "markdown" else ():
            if re.match(r"#{2,} |\*\*\d\. ", line):
                wanted = line.lstrip("#* ").startswith(headings)
        if wanted and cell.cell_type == "code":
            found.append(str(cell.source))
    assert found, headings
    return found


def bound_and_used(cells: list[str]) -> tuple[set[str], set[str]]:
    """The global names that cells bind, and those that they use."""
    bound: set[str] = set()
    used: set[str] = set()

    def walk(table: symtable.SymbolTable) -> None:
        top = table.get_type() == "module"
        for name in table.get_symbols():
            if top and (name.is_assigned() or name.is_imported()):
                bound.add(name.get_name())
            if name.is_referenced() and (top or name.is_global()):
                used.add(name.get_name())
        for inner in table.get_children():
            walk(inner)

    walk(symtable.symtable("\n".join(cells), "cells", "exec"))
    return bound, used


@pytest.mark.parametrize("sections", [("1. Two",), ("2. One",), ("3. The",), ("1. Two", "2. One", "4. Curate")])
def test_after_a_restart_the_cells_that_the_lab_names_suffice(sections: tuple[str, ...]) -> None:
    bound, used = bound_and_used(below("Which format reads", "Rows together", "Lab:", *sections))
    assert used - bound - set(dir(builtins)) == set()


def test_each_step_is_reached_once_it_is_built_and_not_before(lab_cells: Names) -> None:
    steps = cloud._the_lab()._steps
    cloud.checkpoint("1")
    for step in steps.values():
        assert not step.reached(), step.title
        step.build()
        assert step.reached(), step.title


@pytest.fixture(scope="module")
def delivery(lab_cells: Names) -> Names:
    """The bucket as the last exercise finds it."""
    cloud.checkpoint("4")
    return lab_cells


def curated(right: str = "", wrong: str = "") -> str:
    """The solution of the last exercise, with one thing exchanged; the bucket stays."""
    answer = SOURCE.solution("formats-curate").replace('cloud.checkpoint("4")\n', "")
    assert right in answer
    return answer.replace(right, wrong)


CURATE_SLIPS = [
    # Not sorted: every row group holds every day.
    ('.sort_by("scheduled_departure")', "", "costs"),
    # One row group: nothing to skip.
    ("rows=10_000", "rows=100_000", "costs"),
    # The raw file cannot be read at once any more.
    ('StorageClass="GLACIER_IR"', 'StorageClass="GLACIER"', "lies in GLACIER"),
    # The content type is forgotten.
    ('ContentType="application/x-recordio-protobuf"', 'ContentType="binary/octet-stream"', "content type"),
]


def test_the_labs_check_refuses_an_untouched_bucket(delivery: Names) -> None:
    told = verdict(delivery, "formats-curate", "a_raw_delivery()")
    assert told is not None
    assert "curated/ holds 0 rows" in told


@pytest.mark.parametrize(("right", "wrong", "said"), CURATE_SLIPS)
def test_the_labs_check_says_what_is_wrong_in_the_bucket(delivery: Names, right: str, wrong: str, said: str) -> None:
    told = verdict(delivery, "formats-curate", curated(right, wrong))
    assert told is not None
    assert said in told


def test_the_labs_check_takes_the_solution(delivery: Names) -> None:
    assert verdict(delivery, "formats-curate", curated()) is None
    assert SOURCE.check("formats-curate").splitlines()[-1] == 'lab.passed("five-formats")'
