"""The selection chapter's functions against SciPy and scikit-learn, its demo, and its checks against slips."""

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
from scipy.stats import rankdata
from sklearn.decomposition import PCA
from sklearn.ensemble import RandomForestClassifier
from sklearn.feature_selection import SelectKBest, f_classif
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.metrics import mutual_info_score, roc_auc_score
from sklearn.model_selection import StratifiedKFold, cross_val_score, train_test_split
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from mlacourse import datasets

SOURCE = ChapterSource("01_data", "05_feature_selection")


@functools.cache
def chapter() -> SimpleNamespace:
    """What the cells tagged ``selection`` define; they need no data."""
    names: dict[str, Any] = {"np": np, "rankdata": rankdata}
    return SOURCE.defined("selection", **names)


pairs = st.lists(st.tuples(st.integers(0, 4), st.integers(0, 2)), min_size=2, max_size=80)


@given(pairs)
def test_mutual_information_agrees_with_scikit_learn(rows: list[tuple[int, int]]) -> None:
    x, y = zip(*rows, strict=True)
    assert chapter().mutual_information(x, y) == pytest.approx(mutual_info_score(x, y), abs=1e-9)


@given(pairs)
def test_chi_square_agrees_with_scipy(rows: list[tuple[int, int]]) -> None:
    x, y = zip(*rows, strict=True)
    theirs = stats.chi2_contingency(chapter().counts(x, y), correction=False).statistic
    assert chapter().chi_square(x, y) == pytest.approx(theirs, abs=1e-9)


def test_chi_square_repeats_a_published_example() -> None:
    """Counts 10, 10, 20 and 20, 20, 20: the page prints 2.7777777777777777.

    Source: https://docs.scipy.org/doc/scipy/reference/generated/scipy.stats.chi2_contingency.html
    """
    x = np.repeat([0, 1], [40, 60])
    y = np.repeat([0, 1, 2, 0, 1, 2], [10, 10, 20, 20, 20, 20])
    assert chapter().chi_square(x, y) == pytest.approx(2.7777777777777777)


@given(pairs)
def test_mutual_information_is_symmetric_and_never_negative(rows: list[tuple[int, int]]) -> None:
    x, y = zip(*rows, strict=True)
    assert chapter().mutual_information(x, y) == pytest.approx(chapter().mutual_information(y, x), abs=1e-12)
    assert chapter().mutual_information(x, y) >= -1e-12


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 9)), min_size=2, max_size=50))
def test_auc_agrees_with_scikit_learn(rows: list[tuple[bool, int]]) -> None:
    truth, score = zip(*rows, strict=True)
    if len(set(truth)) == 2:
        assert chapter().auc(truth, score) == pytest.approx(roc_auc_score(truth, score))


def table(seed: int, rows: int = 60, columns: int = 12) -> tuple[Any, Any]:
    rng = np.random.default_rng(seed)
    label = rng.integers(0, 2, rows)
    label[:2] = 0, 1
    return rng.normal(3, 2, size=(rows, columns)) + label[:, None] * np.linspace(0, 1, columns), label


@pytest.mark.parametrize("seed", range(4))
def test_relevance_is_the_absolute_correlation_and_orders_columns_as_the_f_test_does(seed: int) -> None:
    columns, label = table(seed)
    relevance = chapter().relevance(columns, label)
    assert relevance == pytest.approx([abs(np.corrcoef(column, label)[0, 1]) for column in columns.T])
    assert np.argsort(relevance).tolist() == np.argsort(f_classif(columns, label)[0]).tolist()


def test_a_constant_column_is_not_relevant() -> None:
    columns, label = table(1)
    columns[:, 3] = 7.5
    assert chapter().relevance(columns, label)[3] == 0


@pytest.mark.parametrize("seed", range(3))
def test_ridge_score_is_scikit_learns_ridge_on_standardised_columns(seed: int) -> None:
    columns, label = table(seed)
    train, test = slice(0, 40), slice(40, None)
    theirs = make_pipeline(StandardScaler(), Ridge(alpha=5.0)).fit(columns[train], label[train])
    ours = chapter().ridge_score(columns[train], label[train], columns[test])
    assert ours + label[train].mean() == pytest.approx(theirs.predict(columns[test]))


def sweep() -> pd.DataFrame:
    """The rows behind the demo."""
    (rows,) = SOURCE.specs()[0]["datasets"].values()
    return pd.DataFrame(rows).set_index(["people", "bought", "kept"])


def test_the_demo_has_a_point_for_every_state_of_its_controls() -> None:
    rows = sweep()
    assert rows.index.is_unique
    assert len(rows) == np.prod([len(rows.index.unique(level)) for level in rows.index.names])


@pytest.mark.parametrize(("people", "kept"), [(100, 20), (1000, 40)])
def test_the_demo_writes_its_scores(people: int, kept: int) -> None:
    written = SOURCE.shown(people=people, kept=kept)
    chosen = sweep().xs((people, kept), level=("people", "kept"))
    for column in ("before", "met"):
        for value in chosen[column]:
            # Half a unit of the last digit, and the rounding of the chart's data.
            assert any(abs(float(text) - value) <= 0.0056 for text in written if re.fullmatch(r"0\.\d\d", text))


def test_more_columns_on_offer_raise_the_promise_and_lower_the_truth() -> None:
    rows = sweep().xs((100, 20), level=("people", "kept")).sort_index()
    assert rows["before"].is_monotonic_increasing
    assert rows["met"].is_monotonic_decreasing


def test_one_slice_of_the_sweep_is_what_scikit_learn_finds() -> None:
    """100 people and 3,000 columns of chance: the leak without any function of the chapter."""
    census = datasets.load("census_employment")
    answers = pd.get_dummies(census.drop(columns=["employed", "year"])).astype(float).to_numpy()
    first_year = np.flatnonzero(census["year"] == 2015)
    promised = []
    for seed in range(4):
        rng = np.random.default_rng(100 + seed)
        rows = rng.choice(first_year, 100, replace=False)
        columns, label = np.hstack([answers[rows], rng.normal(size=(100, 3000))]), census["employed"].to_numpy()[rows]
        chosen = columns[:, np.argsort(-chapter().relevance(columns, label))[:20]]
        model = make_pipeline(StandardScaler(), LogisticRegression(C=0.2, solver="newton-cholesky"))
        folds = StratifiedKFold(5, shuffle=True, random_state=seed)
        promised.append(cross_val_score(model, chosen, label, cv=folds, scoring="roc_auc").mean())
    assert np.mean(promised) == pytest.approx(sweep().loc[(100, 3000, 20), "before"], abs=0.03)


@functools.cache
def surroundings() -> dict[str, Any]:
    """What earlier cells give to the exercises' checks."""
    cells = datasets.load("breast_cancer")
    nuclei, malignant = cells.drop(columns="malignant"), cells["malignant"].to_numpy()
    seen, unseen = train_test_split(np.arange(len(malignant)), test_size=0.4, stratify=malignant, random_state=0)
    words = ("radius", "perimeter", "area", "concav")
    explained = PCA().fit(StandardScaler().fit_transform(nuclei)).explained_variance_ratio_.cumsum()
    return {
        "np": np,
        "pd": pd,
        **vars(chapter()),
        "PCA": PCA,
        "StandardScaler": StandardScaler,
        "SelectKBest": SelectKBest,
        "f_classif": f_classif,
        "make_pipeline": make_pipeline,
        "cross_val_score": cross_val_score,
        "linear": LogisticRegression(solver="newton-cholesky"),
        "stratified": StratifiedKFold(5, shuffle=True, random_state=0),
        "nuclei": nuclei,
        "malignant": malignant,
        "unseen": unseen,
        "shape": [name for name in nuclei if any(word in name for word in words)],
        "trees": RandomForestClassifier(60, random_state=0).fit(nuclei.iloc[seen], malignant[seen]),
        "needed": int((explained < 0.95).sum()) + 1,
    }


def passes(grade_id: str, answer: str | None = None) -> bool:
    """Whether an answer, or the chapter's own, passes the exercise's checks."""
    names = dict(surroundings())
    return SOURCE.passes(grade_id, names, answer)


EXERCISES = ["selection-without-twins", "selection-honest-auc", "selection-group-fall", "selection-components-needed"]


@pytest.mark.parametrize("grade_id", EXERCISES)
def test_the_chapters_own_solution_passes(grade_id: str) -> None:
    assert passes(grade_id)


SLIPS = {
    "selection-without-twins": {
        "compares with every earlier column": """
def without_twins(table, order, limit=0.95):
    correlation = table[list(order)].corr().abs()
    return [
        name for place, name in enumerate(order)
        if not any(correlation.loc[name, other] > limit for other in order[:place])
    ]
""",
        "forgets the sign": """
def without_twins(table, order, limit=0.95):
    correlation = table[list(order)].corr()
    kept = []
    for name in order:
        if not any(correlation.loc[name, other] > limit for other in kept):
            kept.append(name)
    return kept
""",
    },
    "selection-honest-auc": {
        "selects before the folds": """
def honest_auc(columns, label, kept):
    best = SelectKBest(f_classif, k=kept).fit_transform(columns, label)
    model = make_pipeline(StandardScaler(), linear)
    return cross_val_score(model, best, label, cv=stratified, scoring="roc_auc").mean()
""",
        "selects nothing": """
def honest_auc(columns, label, kept):
    model = make_pipeline(StandardScaler(), linear)
    return cross_val_score(model, columns, label, cv=stratified, scoring="roc_auc").mean()
""",
    },
    "selection-group-fall": {
        "shuffles each column by itself": """
def group_fall(model, table, label, columns, rng):
    mixed = table.copy()
    for step, name in enumerate(columns):
        mixed[name] = np.roll(table[name].to_numpy()[rng.permutation(len(table))], step)
    return auc(label, model.predict_proba(table)[:, 1]) - auc(label, model.predict_proba(mixed)[:, 1])
""",
        "changes the table": """
def group_fall(model, table, label, columns, rng):
    before = auc(label, model.predict_proba(table)[:, 1])
    table[columns] = table[columns].to_numpy()[rng.permutation(len(table))]
    return before - auc(label, model.predict_proba(table)[:, 1])
""",
    },
    "selection-components-needed": {
        "forgets to standardise": """
def components_needed(table, share):
    explained = PCA().fit(table).explained_variance_ratio_.cumsum()
    return int((explained < share).sum()) + 1
""",
        "one too few": """
def components_needed(table, share):
    explained = PCA().fit(StandardScaler().fit_transform(table)).explained_variance_ratio_.cumsum()
    return int((explained < share).sum())
""",
    },
}


@pytest.mark.filterwarnings("ignore::pandas.errors.SettingWithCopyWarning")
@pytest.mark.parametrize(("grade_id", "slip"), [(e, s) for e, slips in SLIPS.items() for s in slips])
def test_a_typical_slip_fails(grade_id: str, slip: str) -> None:
    assert not passes(grade_id, SLIPS[grade_id][slip])
