"""The feature chapter's encoders, claims and demo against independent libraries, and its checks against slips."""

from __future__ import annotations

import functools
import re
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from chapter_source import ChapterSource
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn import preprocessing
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.feature_extraction import FeatureHasher
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import d2_log_loss_score, log_loss, roc_auc_score
from sklearn.model_selection import KFold, cross_val_predict
from sklearn.pipeline import make_pipeline

from mlacourse import datasets

SOURCE = ChapterSource("01_data", "04_feature_engineering")


def shared_names() -> dict[str, Any]:
    names: dict[str, Any] = {name: getattr(preprocessing, name) for name in preprocessing.__all__}
    return names | {
        "np": np,
        "pd": pd,
        "log_loss": log_loss,
        "make_pipeline": make_pipeline,
        "BaseEstimator": BaseEstimator,
        "TransformerMixin": TransformerMixin,
        "FeatureHasher": FeatureHasher,
        "TfidfVectorizer": TfidfVectorizer,
    }


@functools.cache
def chapter() -> SimpleNamespace:
    """What the cells tagged ``features`` define; they need libraries and no data."""
    names = shared_names()
    return SOURCE.defined("features", **names)


@functools.cache
def flights() -> pd.DataFrame:
    """The flights as the chapter's second cell prepares them."""
    names: dict[str, Any] = {"np": np, "pd": pd, "datasets": datasets}
    exec(SOURCE.cell_with("def recent_delay"), names)
    table: pd.DataFrame = names["flights"]
    return table


LETTERS = st.lists(st.tuples(st.sampled_from("abcde"), st.booleans()), min_size=2, max_size=40)


@settings(deadline=None)  # a busy machine is no fault of the encoder
@given(LETTERS)
def test_a_levels_code_is_what_scikit_learn_computes_without_smoothing(rows: list[tuple[str, bool]]) -> None:
    table = pd.DataFrame({"level": [level for level, _ in rows]})
    answer = np.array([float(yes) for _, yes in rows])
    if len(set(answer)) < 2:
        return
    seen = pd.DataFrame({"level": [*"abcde", "never seen"]})
    expected = preprocessing.TargetEncoder(smooth=0.0).fit(table, answer).transform(seen)
    assert chapter().LevelMean().fit(table, answer).transform(seen) == pytest.approx(expected)


@settings(deadline=None)  # a busy machine is no fault of the encoder
@given(st.lists(st.floats(-1e3, 1e3), min_size=5, max_size=60, unique=True))
def test_equal_groups_are_pandas_quintiles(values: list[float]) -> None:
    column = np.array(values)[:, None]
    codes = chapter().EqualGroups().fit(column).transform(column)
    edges = np.quantile(column, [0.2, 0.4, 0.6, 0.8])
    if np.isin(column, edges).any():  # pandas closes its intervals on the other side
        return
    assert codes.argmax(axis=1).tolist() == pd.qcut(column[:, 0], 5, labels=False).tolist()


def test_saved_log_loss_is_scikit_learns_d2_when_the_shares_agree() -> None:
    rng = np.random.default_rng(0)
    truth, risk = rng.integers(0, 2, 500), rng.uniform(0.01, 0.99, 500)
    assert chapter().saved(truth, risk, truth.mean()) == pytest.approx(d2_log_loss_score(truth, risk))


@pytest.mark.parametrize("levels", [2, 3, 15, 16, 1650])
def test_binary_codes_are_distinct_and_as_short_as_they_can_be(levels: int) -> None:
    past = pd.Series([f"level {k}" for k in range(levels)])
    codes, unseen = chapter().encoded("binary", past, pd.Series(["another"]), None)
    assert codes.shape[1] == int(levels).bit_length()
    assert len({tuple(code) for code in codes}) == levels
    assert not unseen.any()


def test_recent_delay_is_the_mean_of_flights_that_had_left_half_an_hour_before() -> None:
    table = flights()
    left = table["scheduled_departure"] + pd.to_timedelta(table["departure_delay"], unit="min")
    for row in table.sample(40, random_state=0).itertuples():
        known = row.scheduled_departure - pd.Timedelta(minutes=30)
        window = (table["origin"] == row.origin) & (left < known) & (left >= known - pd.Timedelta(minutes=60))
        delays = table.loc[window, "departure_delay"].clip(lower=0)
        assert row.recent_delay == pytest.approx(delays.mean() if len(delays) else 0)


@pytest.mark.parametrize("shape", ["as it is", "log(1 + x)", "ranks on a normal curve"])
def test_the_demo_writes_what_a_logistic_regression_saves(shape: str) -> None:
    landed = flights()[flights()["departure_delay"] > 0].dropna(subset=["arrival_delay"])
    answer = landed["arrival_delay"].ge(30).to_numpy()
    early = landed["day"].le(20).to_numpy()
    column = chapter().SHAPES[shape].fit(landed.loc[early, ["departure_delay"]].to_numpy())
    z = column.transform(landed[["departure_delay"]].to_numpy())
    risk = LogisticRegression(C=1e6, max_iter=1000).fit(z[early], answer[early]).predict_proba(z[~early])[:, 1]
    share = answer[early].mean()
    constant = log_loss(answer[~early], np.full(len(risk), share))
    expected = 1 - log_loss(answer[~early], np.clip(risk, 1e-4, 1 - 1e-4)) / constant
    written = SOURCE.shown(column="own delay at departure", shape=shape)
    saved = next(text for text in written if text.startswith("logistic: "))
    assert float(re.findall(r"[\d.]+", saved)[0]) == pytest.approx(100 * expected, abs=0.11)
    skew = next(text for text in written if text.startswith("Skewness"))
    assert float(skew.split()[-1].replace("\N{MINUS SIGN}", "-")) == pytest.approx(
        pd.Series(z[early, 0]).skew(), abs=0.06
    )


def leak_table() -> pd.DataFrame:
    """Promise and truth as the stored output shows them."""
    tables = ["".join(data["text/html"]) for data in SOURCE.outputs if "text/html" in data]
    (html,) = [table for table in tables if "promised" in table]
    numbers = [float(cell) for cell in re.findall(r"<td>(-?[\d.]+)</td>", html)]
    return pd.DataFrame(np.reshape(numbers, (8, 3)), columns=["promised", "later", "gap"])


def test_the_stored_leak_is_what_an_independent_encoder_yields() -> None:
    """Group means of the answer, by pandas alone, scored by a logistic regression on hour and code."""
    train, later = (flights()[flights()["day"].le(20) == early] for early in (True, False))
    mean = train.groupby("tail_number")["late"].mean()
    past, future = (
        np.c_[rows["tail_number"].map(mean).fillna(train["late"].mean()), rows["hour"]] for rows in (train, later)
    )
    model = LogisticRegression()
    folds = KFold(5, shuffle=True, random_state=0)
    risk = cross_val_predict(model, past, train["late"], cv=folds, method="predict_proba")[:, 1]
    parts = [roc_auc_score(train["late"].iloc[held], risk[held]) for _, held in folds.split(past)]
    kept = roc_auc_score(later["late"], model.fit(past, train["late"]).predict_proba(future)[:, 1])
    stored = leak_table().iloc[1]
    assert stored["promised"] == pytest.approx(np.mean(parts), abs=0.002)
    assert stored["later"] == pytest.approx(kept, abs=0.002)
    assert stored["gap"] > 0.15


def passes(grade_id: str, answer: str | None = None) -> bool:
    """Whether an answer, or the chapter's own, passes the exercise's checks."""
    table = flights()
    train = table[table["day"] <= 20]
    works = datasets.load("tate_artworks")
    works = works[~works["title"].str.lower().isin(["untitled", "[no title]"])].reset_index(drop=True)
    names = shared_names() | {"train": train, "later": table[table["day"] > 20], "works": works}
    names["rare"] = train["number"].map(train["number"].value_counts()) < 5
    return SOURCE.passes(grade_id, names, answer)


EXERCISES = ["features-signed-log", "features-fold-rare", "features-cross-fitted", "features-tf-idf"]


@pytest.mark.parametrize("grade_id", EXERCISES)
def test_the_chapters_own_solution_passes(grade_id: str) -> None:
    assert passes(grade_id)


SLIPS = {
    "features-signed-log": {
        "forgets the sign": """
def signed_log(values):
    return np.log1p(np.abs(np.asarray(values, dtype=float)))
""",
        "fills holes": """
def signed_log(values):
    values = np.nan_to_num(np.asarray(values, dtype=float))
    return np.sign(values) * np.log1p(np.abs(values))
""",
    },
    "features-fold-rare": {
        "counts later rows too": """
def fold_rare(past, future, least, other="other"):
    count = pd.concat([past, future]).value_counts()
    kept = count.index[count >= least]
    return past.where(past.isin(kept), other), future.where(future.isin(kept), other)
""",
        "keeps unknown levels": """
def fold_rare(past, future, least, other="other"):
    count = past.value_counts()
    rare = count.index[count < least]
    return past.mask(past.isin(rare), other), future.mask(future.isin(rare), other)
""",
    },
    "features-cross-fitted": {
        "uses the row's own fold": """
def cross_fitted(level, answer, fold, m):
    rows = pd.DataFrame({"level": level, "answer": answer})
    known = rows.groupby("level")["answer"].agg(["sum", "size"])
    code = (known["sum"] + m * rows["answer"].mean()) / (known["size"] + m)
    return rows["level"].map(code).to_numpy()
""",
        "shrinks towards the mean of all folds": """
def cross_fitted(level, answer, fold, m):
    rows = pd.DataFrame({"level": level, "answer": answer, "fold": fold})
    overall = rows["answer"].mean()
    codes = pd.Series(overall, rows.index, dtype=float)
    for held in rows["fold"].unique():
        mine, others = rows["fold"] == held, rows[rows["fold"] != held]
        known = others.groupby("level")["answer"].agg(["sum", "size"])
        code = (known["sum"] + m * overall) / (known["size"] + m)
        codes[mine] = rows.loc[mine, "level"].map(code).fillna(overall)
    return codes.to_numpy()
""",
    },
    "features-tf-idf": {
        "leaves rows unscaled": """
def tf_idf(texts):
    counts = pd.DataFrame([pd.Series(text.lower().split()).value_counts() for text in texts])
    counts = counts.fillna(0).sort_index(axis=1).reset_index(drop=True)
    return counts * (np.log((1 + len(counts)) / (1 + (counts > 0).sum())) + 1)
""",
        "counts words in place of texts": """
def tf_idf(texts):
    counts = pd.DataFrame([pd.Series(text.lower().split()).value_counts() for text in texts])
    counts = counts.fillna(0).sort_index(axis=1).reset_index(drop=True)
    weighted = counts * (np.log((1 + len(counts)) / (1 + counts.sum())) + 1)
    return weighted.div(np.sqrt((weighted**2).sum(axis=1)), axis=0)
""",
    },
}


@pytest.mark.parametrize(("grade_id", "slip"), [(e, s) for e, slips in SLIPS.items() for s in slips])
def test_a_typical_slip_fails(grade_id: str, slip: str) -> None:
    assert not passes(grade_id, SLIPS[grade_id][slip])
