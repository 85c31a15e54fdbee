import functools
import re
from types import SimpleNamespace

import numpy as np
import pytest
from chapter_source import ChapterSource
from hypothesis import given
from hypothesis import strategies as st
from sklearn.base import clone
from sklearn.datasets import load_breast_cancer
from sklearn.ensemble import RandomForestClassifier, VotingClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import KFold, cross_val_predict
from sklearn.naive_bayes import GaussianNB
from sklearn.tree import DecisionTreeClassifier

SOURCE = ChapterSource("02_modeling", "07_ensembles_and_stacking")
HOW_MANY_TREES, WHICH_PART, WHOM_TO_BELIEVE = range(3)


@functools.cache
def chapter():
    names = SOURCE.definitions()
    return SimpleNamespace(names=names, **{name: value for name, value in names.items() if callable(value)})


@pytest.fixture(autouse=True, scope="module")
def _imports_done():
    """Import before hypothesis times the first example."""
    chapter()


def rows(number):
    (data,) = SOURCE.specs()[number]["datasets"].values()
    return data


def shown_share(text):
    return float(text.rstrip("%")) / 100


def small_data():
    columns, label = load_breast_cancer(return_X_y=True)
    return columns[:200, :6], label[:200]


@pytest.mark.parametrize("way", ["hard", "soft"])
def test_votes_agree_with_scikit_learn(way):
    columns, label = small_data()
    members = [("bayes", GaussianNB()), ("tree", DecisionTreeClassifier(max_depth=2, random_state=0))]
    members.append(("logistic", LogisticRegression(solver="newton-cholesky")))
    weights = [2, 1, 2]
    library = VotingClassifier(members, voting=way, weights=weights).fit(columns, label)
    chances = np.column_stack([model.predict_proba(columns)[:, 1] for model in library.estimators_])
    assert np.array_equal(chapter().vote(chances, weights, hard=way == "hard"), library.predict(columns))


def test_out_of_fold_predictions_agree_with_scikit_learn():
    columns, label = small_data()
    folds = KFold(4, shuffle=True, random_state=1)
    fold = np.empty(len(label), dtype=int)
    for number, (_, held_out) in enumerate(folds.split(columns)):
        fold[held_out] = number
    expected = cross_val_predict(GaussianNB(), columns, label, cv=folds, method="predict_proba")[:, 1]
    assert np.allclose(chapter().out_of_fold(GaussianNB(), columns, label, fold), expected)


@given(st.floats(0.01, 0.99), st.floats(0.01, 2))
def test_trees_needed_are_enough_and_one_fewer_is_not(correlation, above):
    def variance(trees):
        return correlation + (1 - correlation) / trees

    needed = chapter().trees_needed(correlation, above)
    allowed = (1 + above) * correlation
    assert variance(needed) <= allowed * (1 + 1e-6)
    assert needed == 1 or variance(needed - 1) > allowed * (1 - 1e-6)


@given(st.lists(st.integers(0, 20), min_size=1, max_size=40), st.integers(1, 10))
def test_early_stopping_keeps_the_best_of_the_trees_it_has_seen(errors, patience):
    kept = chapter().rounds_to_keep(errors, patience)
    seen = errors[: kept + patience]
    assert errors[kept - 1] == min(seen)
    assert kept == 1 + seen.index(min(seen))


@given(st.integers(2, 6), st.integers(2, 5), st.integers(0, 10_000))
def test_error_splits_exactly_into_the_average_model_and_the_variance(sets, people, seed):
    draw = np.random.default_rng(seed)
    chances, truth = draw.random((sets, people)), draw.integers(0, 2, people)
    chapter().names["truth"] = truth
    average, variance = chapter().two_parts(chances)
    assert average + variance == pytest.approx(np.mean((chances - truth) ** 2))


def test_the_estimate_of_spread_and_correlation_finds_what_was_put_in():
    draw = np.random.default_rng(0)
    shared, own = draw.normal(size=(400, 1, 300)), draw.normal(size=(400, 4, 300))
    variance, correlation = chapter().spread_and_correlation(2 * (np.sqrt(0.3) * shared + np.sqrt(0.7) * own))
    assert variance == pytest.approx(4, abs=0.1)
    assert correlation == pytest.approx(0.3, abs=0.02)


def test_the_last_stage_of_a_forest_is_its_prediction():
    columns, label = small_data()
    forest = RandomForestClassifier(5, random_state=0).fit(columns, label)
    chapter().names["answers"] = columns
    stages = chapter().after_each_tree(forest, np.arange(200))
    assert len(stages) == 5
    assert np.allclose(stages[-1], forest.predict_proba(columns)[:, 1])


@pytest.mark.parametrize(
    "values",
    [{}, {"method": "boosting", "depth": 3, "rate": 0.1}, {"method": "bagging"}, {"method": "random forest"}],
)
def test_the_demo_of_trees_marks_the_lowest_later_error(values):
    chosen = {"method": "boosting", "depth": 6, "rate": 1.0} | values
    if chosen["method"] != "boosting":
        chosen |= {"depth": 0, "rate": 0}
    curve = [row for row in rows(HOW_MANY_TREES) if all(row[name] == value for name, value in chosen.items())]
    best = min(curve, key=lambda row: (row["later"], row["trees"]))
    (label,) = [text for text in SOURCE.shown(HOW_MANY_TREES, **values) if text.startswith("lowest")]
    _, share, _, trees = label.split()
    assert int(trees) == best["trees"]
    assert shown_share(share) == pytest.approx(best["later"], abs=0.0006)


@pytest.mark.parametrize("size", ["stumps, depth 1", "depth 3", "grown out"])
def test_the_bars_are_labelled_with_the_sum_of_both_parts(size):
    written = SOURCE.shown(WHICH_PART, size=size)
    for row in rows(WHICH_PART):
        if row["size"] == size:
            total = row["average"] + row["variance"]
            assert any(abs(float(text) - total) < 0.0016 for text in written if re.fullmatch(r"0\.\d{3}", text))


def test_the_demo_of_stacks_shows_a_promise_broken_and_a_promise_kept():
    def promised_and_kept(way):
        written = SOURCE.shown(WHOM_TO_BELIEVE, way=way)
        return [shown_share(text) for text in written if re.fullmatch(r"\d+\.\d%", text)]

    promised, kept = promised_and_kept("training predictions")
    assert kept - promised > 0.25
    promised, kept = promised_and_kept("out-of-fold predictions")
    assert abs(kept - promised) < 0.015


@pytest.fixture(scope="module")
def checks():
    """The visible and hidden checks of an exercise, as a function of the learner's answer."""

    def run(function, answer, **names):
        (source,) = [
            cell.source
            for cell in SOURCE.cells
            if f"{function}(" in cell.source and "BEGIN HIDDEN TESTS" in cell.source
        ]
        exec(source, chapter().names | names | {function: answer})

    return run


def test_the_check_of_stopping_refuses_a_search_over_the_whole_list(checks):
    checks("rounds_to_keep", chapter().rounds_to_keep)
    with pytest.raises(AssertionError):
        checks("rounds_to_keep", lambda errors, patience: 1 + int(np.argmin(errors)))


def test_the_check_of_trees_needed_refuses_rounding_down(checks):
    checks("trees_needed", chapter().trees_needed)
    with pytest.raises(AssertionError):
        checks("trees_needed", lambda rho, above: int((1 - rho) / (above * rho)))


def test_the_check_of_votes_refuses_forgotten_weights(checks):
    seen = {"on_later": np.array([[0.6] * 5, [0.2] * 5]), "employed": np.array([1, 1]), "later": np.array([0, 1])}
    seen["voting"] = {"soft vote of all": 0.5}
    checks("vote", chapter().vote, **seen)

    def unweighted(chances, weights, hard=False):
        chances = np.asarray(chances)
        return ((chances >= 0.5) if hard else chances).mean(axis=1).round(9).__ge__(0.5).astype(int)

    with pytest.raises(AssertionError):
        checks("vote", unweighted, **seen)


def test_the_check_of_out_of_fold_refuses_training_predictions(checks):
    draw = np.random.default_rng(3)
    columns, label = draw.normal(size=(300, 4)), draw.integers(0, 2, 300)
    label = np.where(draw.random(300) < 0.4, columns[:, 0] > 0, label).astype(int)
    given, same = (DecisionTreeClassifier(random_state=0).fit(columns, label) for _ in range(2))
    seen = {
        "answers": columns,
        "employed": label,
        "training": np.arange(300),
        "grown_tree": given,
        "fitted": [same] * 3,
    }
    chapter().names["employed"] = label
    checks("out_of_fold", chapter().out_of_fold, **seen)

    def shortcut(model, columns, label, fold):
        return clone(model).fit(columns, label).predict_proba(columns)[:, 1]

    def without_a_clone(model, columns, label, fold):
        chance = np.empty(len(label))
        for number in np.unique(fold):
            model.fit(columns[fold != number], label[fold != number])
            chance[fold == number] = model.predict_proba(columns[fold == number])[:, 1]
        return chance

    with pytest.raises(AssertionError, match="has not seen"):
        checks("out_of_fold", shortcut, **seen)
    with pytest.raises(AssertionError, match="use clone"):
        checks("out_of_fold", without_a_clone, **seen)
