"""The data sets are what their datasheets say, and a person who meets a fault is told how to mend it."""

import gzip
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import yaml

from mlacourse import datasets, resources
from mlacourse.datasets import NAMES, DatasetError, describe, load

FOLDER = resources.root() / "datasets"
DTYPES = {
    "integer": "int64",
    "float": "float64",
    "boolean": "bool",
    "category": "category",
    "datetime": "datetime64[ns]",
    "text": "object",
}
MAXIMUM_BYTES = 1_500_000


@pytest.fixture
def copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of data sets that a test may damage."""
    shutil.copytree(FOLDER, tmp_path / "datasets")
    monkeypatch.setattr(resources, "root", lambda: tmp_path)
    return tmp_path / "datasets"


def change(sheet: Path, **fields: object) -> None:
    content = yaml.safe_load(sheet.read_text(encoding="utf-8"))
    sheet.write_text(yaml.safe_dump({**content, **fields}), encoding="utf-8")


def test_every_data_file_has_a_datasheet_and_the_other_way_round() -> None:
    files = {path.name for path in FOLDER.iterdir() if path.name.endswith((".csv", ".csv.gz"))}
    assert files == {describe(name).file for name in NAMES}


@pytest.mark.parametrize("name", NAMES)
def test_the_rows_match_the_datasheet(name: str) -> None:
    sheet, frame = describe(name), load(name)
    assert list(frame.columns) == [column.name for column in sheet.columns]
    assert len(frame) == sheet.rows
    assert {column.name: DTYPES[column.type] for column in sheet.columns} == frame.dtypes.astype(str).to_dict()
    assert {name for name, holes in frame.isna().any().items() if holes} == {
        c.name for c in sheet.columns if c.optional
    }


@pytest.mark.parametrize("name", NAMES)
def test_every_level_of_a_category_occurs_and_has_the_order_of_the_datasheet(name: str) -> None:
    frame = load(name)
    for column in describe(name).columns:
        if column.type == "category":
            levels = frame[column.name].cat.categories
            assert set(frame[column.name].unique()) == set(levels)
            assert frame[column.name].cat.ordered == column.ordered
            assert list(levels) == (list(column.values) if column.values else sorted(levels))


@pytest.mark.parametrize("name", [name for name in NAMES if describe(name).target])
def test_the_share_of_positives_is_the_one_of_the_datasheet(name: str) -> None:
    sheet, target = describe(name), load(name)[describe(name).target]
    if sheet.task == "regression":
        assert target.nunique() > 100
    elif sheet.task == "multiclass classification":
        assert target.nunique() > 2
    else:
        assert set(target.unique()) == {0, 1}
        assert target.mean() == pytest.approx(sheet.positive_rate, abs=5e-5)


@pytest.mark.parametrize("name", NAMES)
def test_a_data_file_is_small_enough_for_the_repository(name: str) -> None:
    assert (FOLDER / describe(name).file).stat().st_size < MAXIMUM_BYTES


@pytest.mark.parametrize("name", NAMES)
def test_the_version_in_the_datasheet_is_the_one_that_the_extraction_installs(name: str) -> None:
    source = describe(name).source
    pins = (FOLDER / "extract-requirements.txt").read_text(encoding="utf-8").splitlines()
    assert f"{source.package}=={source.version}" in pins


def test_loading_twice_gives_two_frames() -> None:
    frame = load("breast_cancer")
    frame.loc[0, "malignant"] = 7
    assert load("breast_cancer").loc[0, "malignant"] == 1


def test_malignant_is_the_class_to_find() -> None:
    frame = load("breast_cancer")
    assert frame["malignant"].sum() == 212
    assert frame.groupby("malignant")["mean_radius"].mean().idxmax() == 1


def test_the_figures_in_the_crash_datasheet_hold() -> None:
    frame = load("crash_fatality")
    assert np.average(frame["died"], weights=frame["survey_weight"]) == pytest.approx(0.0054, abs=5e-5)
    assert (frame["survey_weight"] == 0).sum() == 212
    without_airbag = (frame["airbag"] == "none").groupby(frame["year"]).mean()
    assert without_airbag[[1997, 2002]].round(1).tolist() == [0.6, 0.3]
    assert np.diff(frame.groupby("year")["vehicle_model_year"].mean()[[1997, 2002]]) == pytest.approx(5, abs=0.2)
    assert (frame.groupby("vehicle")["crash"].nunique() == 1).all()


def test_the_figures_in_the_flight_datasheet_hold() -> None:
    frame = load("flight_delays")
    delay, departure = frame["arrival_delay"], frame["scheduled_departure"]
    assert departure.is_monotonic_increasing
    assert delay.max() == 1127
    assert (delay == 0).mean() == pytest.approx(0.018, abs=5e-4)
    assert (delay < 0).mean() == pytest.approx(0.58, abs=5e-3)
    assert delay.groupby(departure.dt.month).median()[[9, 12]].tolist() == [-13, 3]


def test_the_figures_in_the_census_datasheet_hold() -> None:
    frame = load("census_employment")
    assert frame["year"].value_counts().to_dict() == dict.fromkeys((2015, 2016, 2017, 2018), 15_000)
    ancestry = pd.crosstab(frame["ancestry"], frame["year"], normalize="columns").mul(100).round(1)
    assert ancestry.loc["not_reported", [2015, 2018]].tolist() == [13.5, 16.4]
    assert ancestry.loc["single", 2015] - ancestry.loc["single", 2016] == pytest.approx(4.3, abs=0.05)
    assert frame["race"].value_counts()[["pacific_islander", "american_indian_or_alaska_native"]].tolist() == [25, 112]
    assert frame.loc[frame["household_role"] == "institution", "employed"].sum() == 0
    assert (frame["household_role"] == "institution").mean() == pytest.approx(0.026, abs=5e-4)
    for column in frame.columns.drop(["year"]):
        values = pd.cut(frame[column], [0, 20, 30, 40, 50, 60, 70, 120]) if column == "age" else frame[column]
        shares = pd.crosstab(values, frame["year"], normalize="columns")
        for year in (2016, 2017, 2018):
            psi = ((shares[year] - shares[2015]) * np.log(shares[year] / shares[2015])).sum()
            assert 0 <= psi < 0.02, (column, year)


def test_a_misspelt_name_is_answered_with_the_nearest_one() -> None:
    with pytest.raises(DatasetError, match=r"no data set 'flight_delay'\. Did you mean 'flight_delays'\?"):
        load("flight_delay")


def test_a_strange_name_is_answered_with_all_names() -> None:
    with pytest.raises(DatasetError, match=re.escape(", ".join(NAMES))):
        describe("zzz")


def test_a_changed_file_is_refused_with_the_expected_checksum_and_the_mend(copy: Path) -> None:
    file = copy / "crash_fatality.csv.gz"
    file.write_bytes(gzip.compress(gzip.decompress(file.read_bytes()).replace(b"1997", b"1998", 1)))
    with pytest.raises(DatasetError) as caught:
        load("crash_fatality")
    message = str(caught.value)
    assert "datasets/crash_fatality.csv.gz" in message
    assert f"expected {describe('crash_fatality').sha256}" in message
    assert "python datasets/extract.py crash_fatality" in message


def test_a_file_compressed_anew_is_still_the_same_data_set(copy: Path) -> None:
    file = copy / "flight_delays.csv.gz"
    file.write_bytes(gzip.compress(gzip.decompress(file.read_bytes()), compresslevel=1))
    assert len(load("flight_delays")) == 20_000


def test_a_missing_file_is_named_with_the_mend(copy: Path) -> None:
    (copy / "breast_cancer.csv").unlink()
    with pytest.raises(DatasetError, match=r"datasets/breast_cancer\.csv is missing.*extract\.py breast_cancer"):
        load("breast_cancer")


@pytest.mark.parametrize("damage", [lambda content: content[:1000], lambda content: content[:1000] + b"x" * 1000])
def test_a_damaged_file_is_named_with_the_mend(copy: Path, damage: Callable[[bytes], bytes]) -> None:
    file = copy / "flight_delays.csv.gz"
    file.write_bytes(damage(file.read_bytes()))
    with pytest.raises(DatasetError, match=r"datasets/flight_delays\.csv\.gz cannot be read.*extract\.py"):
        load("flight_delays")


@pytest.mark.parametrize(
    ("fields", "complaint"),
    [
        ({"rows": "many"}, "rows: "),
        ({"licence": None}, "licence: "),
        ({"colour": "blue"}, "colour: "),
        ({"target": "cured"}, "target 'cured' is not among the columns"),
        ({"positive_rate": None}, "positive_rate belongs to a binary classification"),
        ({"target": None}, "every task has a target but a reference table's"),
        ({"columns": [{"name": "a", "type": "float", "meaning": "A"}] * 2}, "column 'a' is described twice"),
        (
            {"columns": [{"name": "a", "type": "float", "meaning": "A", "values": {"x": "X"}}] * 2},
            "column 'a' has values but is no category",
        ),
        (
            {"columns": [{"name": "a", "type": "category", "meaning": "A", "ordered": True}] * 2},
            "column 'a' is ordered; list its values",
        ),
        (
            {"columns": [{"name": "a", "type": "integer", "meaning": "A", "optional": True}] * 2},
            "column 'a' is optional; numpy has no missing integer",
        ),
    ],
)
def test_a_fault_in_a_datasheet_names_the_file_and_the_field(
    copy: Path, fields: dict[str, object], complaint: str
) -> None:
    change(copy / "breast_cancer.yml", **fields)
    with pytest.raises(DatasetError) as caught:
        describe("breast_cancer")
    assert str(caught.value).startswith("datasets/breast_cancer.yml: ")
    assert complaint in str(caught.value)


def test_broken_yaml_is_reported_with_its_line(copy: Path) -> None:
    (copy / "breast_cancer.yml").write_text("title: [", encoding="utf-8")
    with pytest.raises(DatasetError, match=r"datasets/breast_cancer\.yml: is not valid YAML.*line"):
        describe("breast_cancer")


def test_an_empty_datasheet_is_reported(copy: Path) -> None:
    (copy / "breast_cancer.yml").write_text("", encoding="utf-8")
    with pytest.raises(DatasetError, match=r"datasets/breast_cancer\.yml: the datasheet: "):
        describe("breast_cancer")


def test_features_are_all_columns_but_the_target() -> None:
    assert datasets.describe("flight_delays").features == list(load("flight_delays").columns.drop("arrival_delay"))
