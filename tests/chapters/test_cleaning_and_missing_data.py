"""The cleaning chapter's functions, claims and demo against independent libraries, and its checks against slips."""

from __future__ import annotations

import functools
import re
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from chapter_source import ChapterSource
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from sklearn.experimental import enable_iterative_imputer  # noqa: F401
from sklearn.impute import IterativeImputer, KNNImputer, SimpleImputer
from sklearn.metrics import roc_auc_score
from sklearn.preprocessing import StandardScaler

from mlacourse import datasets

SOURCE = ChapterSource("01_data", "03_cleaning_and_missing_data")


@functools.cache
def chapter() -> SimpleNamespace:
    """What the cells tagged ``cleaning`` define; they need libraries and no data."""
    names: dict[str, Any] = {
        "np": np,
        "pd": pd,
        "roc_auc_score": roc_auc_score,
        "SimpleImputer": SimpleImputer,
        "KNNImputer": KNNImputer,
        "IterativeImputer": IterativeImputer,
        "StandardScaler": StandardScaler,
    }
    return SOURCE.defined("cleaning", **names)


@functools.cache
def weather() -> pd.DataFrame:
    return datasets.load("nyc_weather")


@functools.cache
def air() -> pd.DataFrame:
    seen = ["dew_point", "temperature", "wind_speed", "visibility"]
    hours = weather()
    return hours.loc[hours["origin"] == "JFK", seen].iloc[::6].dropna().reset_index(drop=True)


def hidden(mechanism: str, share: float) -> pd.Series:
    return chapter().hidden_first(air(), mechanism, np.random.default_rng(8)) <= share


@given(st.lists(st.integers(-50, 50), min_size=4, max_size=60))
def test_iqr_flags_are_what_lies_beyond_scipys_quartiles(values: list[int]) -> None:
    column = pd.Series(values, dtype=float)
    low, high = np.quantile(column, 0.25), np.quantile(column, 0.75)
    reach = 1.5 * stats.iqr(column)
    expected = (column < low - reach) | (column > high + reach)
    assert chapter().iqr_flags(column).tolist() == expected.tolist()


@given(st.lists(st.integers(-50, 50), min_size=3, max_size=60))
def test_robust_z_uses_scipys_median_absolute_deviation(values: list[int]) -> None:
    column = pd.Series(values, dtype=float)
    spread = stats.median_abs_deviation(column)
    score = chapter().robust_z(column)
    if spread == 0:
        assert score.isna().all()
    else:
        assert score.to_numpy() == pytest.approx(0.6745 * (column - column.median()).to_numpy() / spread)


def test_robust_z_is_the_z_score_on_normal_data() -> None:
    draw = pd.Series(np.random.default_rng(1).normal(3, 2, 200_000))
    assert chapter().robust_z(draw).std() == pytest.approx(1, abs=0.01)


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 9)), min_size=2, max_size=40))
def test_hole_auc_is_the_mann_whitney_statistic(rows: list[tuple[bool, int]]) -> None:
    if len({hole for hole, _ in rows}) < 2:
        return
    table = pd.DataFrame({"a": [np.nan if hole else 1.0 for hole, _ in rows], "b": [float(b) for _, b in rows]})
    gone, there = table.loc[table["a"].isna(), "b"], table.loc[table["a"].notna(), "b"]
    u = stats.mannwhitneyu(gone, there).statistic
    assert chapter().hole_auc(table, "a", "b") == pytest.approx(u / (len(gone) * len(there)))


@pytest.mark.parametrize("share", [0.1, 0.4, 0.8])
def test_every_mechanism_hides_exactly_the_share_that_the_slider_says(share: float) -> None:
    for mechanism in chapter().DIAL:
        assert hidden(mechanism, share).mean() == pytest.approx(share, abs=1 / len(air()))


def test_mechanisms_depend_on_what_their_names_say() -> None:
    chance, cold, dry = chapter().DIAL
    temperature, dew_point = air()["temperature"], air()["dew_point"]
    assert abs(roc_auc_score(hidden(chance, 0.4), temperature) - 0.5) < 0.05
    # Given the temperature, MAR knows nothing more of the dew point; MNAR does.
    leftover = dew_point - np.polyval(np.polyfit(temperature, dew_point, 3), temperature)
    assert abs(partial_correlation(hidden(cold, 0.4), leftover)) < 0.06
    assert partial_correlation(hidden(dry, 0.4), leftover) < -0.15


def partial_correlation(gone: pd.Series, leftover: pd.Series) -> float:
    return float(np.corrcoef(gone.astype(float), leftover)[0, 1])


def test_fillings_never_touch_what_was_measured() -> None:
    gone = hidden("MAR: cold air", 0.3)
    for name in chapter().IMPUTERS:
        column = chapter().filled(air(), gone, name)
        assert column[~gone].to_numpy() == pytest.approx(air()["dew_point"][~gone].to_numpy())
        assert column.notna().all()


@pytest.mark.parametrize(
    ("mechanism", "imputer", "share"),
    [("MCAR: chance", "mean", 40), ("MNAR: dry air", "median", 70), ("MAR: cold air", "drop the rows", 20)],
)
def test_the_demo_writes_what_pandas_computes(mechanism: str, imputer: str, share: int) -> None:
    known = air()["dew_point"].mask(hidden(mechanism, share / 100))
    column = known if imputer == "drop the rows" else known.fillna(getattr(known, imputer)())
    written = SOURCE.shown(mechanism=mechanism, imputer=imputer, share=share)
    numbers = [float(text) for text in written if re.fullmatch(r"-?\d+\.\d+", text)]
    truth = air()["dew_point"]
    for expected, digits in (
        (truth.mean(), 1),
        (column.mean(), 1),
        (column.std(), 1),
        (column.corr(air()["temperature"]), 2),
    ):
        # Half a unit of the last digit, and the rounding of the chart's data.
        assert min(abs(number - expected) for number in numbers) < 0.56 * 10**-digits


def test_the_three_holes_are_as_the_prose_says() -> None:
    hours = weather()
    wet = hours["precipitation"] > 0
    assert hours["pressure"].isna()[wet].mean() > 0.5 > 0.1 > hours["pressure"].isna()[~wet].mean()
    assert hours["wind_gust"].min() == 16.11
    assert hours["wind_gust"].isna().mean() == pytest.approx(0.8, abs=0.01)
    assert ((hours["wind_direction"] == 0) == (hours["wind_speed"] == 0)).all()


def test_lost_tail_numbers_belong_to_cancelled_flights_only() -> None:
    flights = datasets.load("nyc_flights_july")
    no_tail = flights["tail_number"].isna()
    assert no_tail.sum() == 281
    assert flights.loc[no_tail, "departure_delay"].isna().all()


def passes(grade_id: str, answer: str | None = None) -> bool:
    """Whether an answer, or the chapter's own, passes the exercise's checks."""
    hours = weather()
    parts = [
        hours.loc[hours["origin"] == airport, ["local_hour", "temperature"]].rename(columns={"temperature": airport})
        for airport in ("EWR", "JFK")
    ]
    names: dict[str, Any] = {"np": np, "pd": pd, "weather": hours, "parts": parts, "SimpleImputer": SimpleImputer}
    names |= {"flights": datasets.load("nyc_flights_july"), "planes": datasets.load("nyc_planes")}
    return SOURCE.passes(grade_id, names, answer)


EXERCISES = ["cleaning-robust-flags", "cleaning-checked-join", "cleaning-fill-by-group", "cleaning-depends-on-batch"]


@pytest.mark.parametrize("grade_id", EXERCISES)
def test_the_chapters_own_solution_passes(grade_id: str) -> None:
    assert passes(grade_id)


SLIPS = {
    "cleaning-robust-flags": {
        "mean and standard deviation": """
def robust_flags(values, limit=3.5):
    values = np.asarray(values, dtype=float)
    return list(np.abs(values - np.nanmean(values)) > limit * np.nanstd(values))
""",
        "only the upper side": """
def robust_flags(values, limit=3.5):
    values = np.asarray(values, dtype=float)
    away = values - np.nanmedian(values)
    mad = np.nanmedian(np.abs(away))
    return [bool(f) for f in 0.6745 * away > limit * mad] if mad else [False] * len(values)
""",
    },
    "cleaning-checked-join": {
        "counts holes as strangers": """
def checked_join(left, right, on):
    if right[on].duplicated().any():
        raise ValueError(str(right.loc[right[on].duplicated(), on].iloc[0]))
    joined = left.merge(right, on=on, how="left")
    return joined, joined[joined.columns[-1]].isna().mean()
""",
        "joins whatever comes": """
def checked_join(left, right, on):
    joined = left.merge(right, on=on, how="left", indicator="partner")
    return joined.drop(columns="partner"), (joined["partner"] == "left_only").mean()
""",
    },
    "cleaning-fill-by-group": {
        "learns from later rows": """
def fill_by_group(train, later, group, column):
    both = pd.concat([train, later])
    filler = later[group].map(both.groupby(group)[column].median()).fillna(both[column].median())
    return later.assign(**{f"{column}_missing": later[column].isna(), column: later[column].fillna(filler)})
""",
        "forgets unknown groups": """
def fill_by_group(train, later, group, column):
    filler = later[group].map(train.groupby(group)[column].median())
    return later.assign(**{f"{column}_missing": later[column].isna(), column: later[column].fillna(filler)})
""",
    },
    "cleaning-depends-on-batch": {
        "calls two holes different": """
def depends_on_batch(clean, table):
    together = clean(table)
    return any(not (clean(table.iloc[[i]]).iloc[0] == together.iloc[i]).all() for i in range(len(table)))
""",
        "looks at the first row only": """
def depends_on_batch(clean, table):
    alone, among = clean(table.iloc[[0]]).iloc[0], clean(table).iloc[0]
    return not ((alone == among) | (alone.isna() & among.isna())).all()
""",
    },
}


@pytest.mark.parametrize(("grade_id", "slip"), [(e, s) for e, slips in SLIPS.items() for s in slips])
def test_a_typical_slip_fails(grade_id: str, slip: str) -> None:
    assert not passes(grade_id, SLIPS[grade_id][slip])
