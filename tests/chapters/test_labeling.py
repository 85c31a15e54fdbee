"""The labeling chapter's kappas, consolidation and choices against references, and its checks against slips."""

from __future__ import annotations

import functools
import json
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from chapter_source import ChapterSource
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.datasets import load_digits
from sklearn.linear_model import RidgeClassifier
from sklearn.metrics import cohen_kappa_score
from sklearn.model_selection import KFold, cross_val_predict

SOURCE = ChapterSource("01_data", "07_labeling")


def shared_names() -> dict[str, Any]:
    return {
        "json": json,
        "np": np,
        "pd": pd,
        "RidgeClassifier": RidgeClassifier,
        "KFold": KFold,
        "cross_val_predict": cross_val_predict,
    }


@functools.cache
def chapter() -> SimpleNamespace:
    """What the cells tagged ``labeling`` define; they need libraries and no data."""
    names = shared_names()
    return SOURCE.defined("labeling", **names)


@functools.cache
def pictures() -> tuple[np.ndarray, np.ndarray]:
    table, truth = load_digits(return_X_y=True)
    return table / 16, truth


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(1, 4), st.integers(1, 4)), min_size=2, max_size=60))
def test_kappa_is_scikit_learns(pairs: list[tuple[int, int]]) -> None:
    first, second = (list(side) for side in zip(*pairs, strict=True))
    if len({*first, *second}) < 2:
        return
    assert chapter().kappa(first, second) == pytest.approx(cohen_kappa_score(first, second))


def test_fleiss_kappa_is_that_of_the_published_worked_example() -> None:
    """Ten subjects, fourteen raters, five categories; 0.210 in the worked example of Wikipedia."""
    table = [
        [0, 0, 0, 0, 14],
        [0, 2, 6, 4, 2],
        [0, 0, 3, 5, 6],
        [0, 3, 9, 2, 0],
        [2, 2, 8, 1, 1],
        [7, 7, 0, 0, 0],
        [3, 2, 6, 3, 0],
        [2, 5, 3, 2, 2],
        [6, 5, 2, 1, 0],
        [0, 2, 2, 3, 7],
    ]
    assert chapter().fleiss_kappa(table) == pytest.approx(0.210, abs=5e-4)


def test_fleiss_kappa_refuses_unequal_numbers_of_ratings() -> None:
    with pytest.raises(ValueError, match="same number of ratings"):
        chapter().fleiss_kappa([[2, 0], [1, 2]])


def anaesthetists() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    votes = chapter().votes_of(chapter().PATIENTS, chapter().READER, 4)
    result: tuple[np.ndarray, np.ndarray, np.ndarray] = chapter().dawid_skene(votes, rounds=2000, tolerance=1e-12)
    return result


def test_dawid_and_skenes_data_give_what_an_independent_implementation_gives() -> None:
    """As computed with crowd-kit 1.4.2: DawidSkene(n_iter=200, tol=-1e9), which runs all rounds."""
    belief, share, skill = anaesthetists()
    classes = "142222132243121111222222112111131224233111212"
    assert "".join(str(k + 1) for k in belief.argmax(axis=1)) == classes
    assert share == pytest.approx([0.3996, 0.4220, 0.1118, 0.0667], abs=5.1e-5)
    first = [[0.8895, 0.1105, 0, 0], [0.0706, 0.8764, 0.053, 0], [0, 0.3388, 0.6612, 0], [0, 0, 0.5556, 0.4444]]
    second = [[0.8342, 0.1658, 0, 0], [0.0527, 0.6329, 0.3143, 0], [0, 0, 1, 0], [0, 0, 0, 1]]
    assert skill[0] == pytest.approx(np.array(first), abs=5.1e-5)
    assert skill[1] == pytest.approx(np.array(second), abs=5.1e-5)
    assert belief[37] == pytest.approx([0, 0.0212, 0.9788, 0], abs=5.1e-5)


def test_dawid_skene_is_certain_where_all_votes_agree() -> None:
    votes = np.eye(2)[[[0, 0, 0], [1, 1, 1], [0, 0, 0]]]
    belief, share, _ = chapter().dawid_skene(votes)
    assert belief.argmax(axis=1).tolist() == [0, 1, 0]
    assert share == pytest.approx([2 / 3, 1 / 3])


@pytest.mark.parametrize("how_many", [1, 3])
def test_consolidation_beats_the_majority_in_every_pool_with_careless_workers(how_many: int) -> None:
    for seed in range(100, 104):  # not the chapter's own pools
        rng = np.random.default_rng(seed)
        truth, votes = chapter().simulated_pool(rng, "presses at random", how_many, 5)
        heads = np.mean(chapter().majority(votes, rng) == truth)
        learned = np.mean(chapter().dawid_skene(votes)[0].argmax(axis=1) == truth)
        assert learned > heads


def test_a_simulated_pool_asks_as_many_workers_as_it_says_and_the_odd_one_most() -> None:
    truth, votes = chapter().simulated_pool(np.random.default_rng(0), "presses at random", 1, 3)
    assert (votes.sum(axis=(1, 2)) == 3).all()
    asked = votes.sum(axis=(0, 2))
    assert asked.argmax() == 0
    assert asked[0] > 1.5 * asked[1:].mean()
    careful = votes[:, 1:, :][np.arange(len(truth)), :, truth].sum() / votes[:, 1:, :].sum()
    assert careful == pytest.approx(0.8, abs=0.04)


def test_majority_breaks_ties_by_lot_and_only_ties() -> None:
    votes = np.zeros((400, 2, 2))
    votes[:, 0, 0] = votes[:, 1, 1] = 1
    share = chapter().majority(votes, np.random.default_rng(0)).mean()
    assert 0.4 < share < 0.6
    votes[:, 1, 1] = 2
    assert chapter().majority(votes, np.random.default_rng(0)).all()


def test_wrong_labels_are_a_fifth_and_lie_where_they_are_said_to() -> None:
    table, truth = pictures()
    anywhere = chapter().labelled(table, truth, "anywhere", np.random.default_rng(0))
    hard = chapter().labelled(table, truth, "hard", np.random.default_rng(0))
    assert np.mean(anywhere != truth) == pytest.approx(0.2, abs=0.03)
    assert np.mean(hard != truth) == pytest.approx(0.2, abs=0.03)
    _, lead = chapter().looks_like(table, truth)
    assert lead[hard != truth].max() < np.quantile(lead, 0.26)
    assert chapter().labelled(table, truth, "nowhere", np.random.default_rng(0)) is truth


def test_an_active_choice_buys_no_test_picture_and_no_picture_twice() -> None:
    table, truth = pictures()
    accuracy, have = chapter().learn(table, truth, truth, "active", np.random.default_rng(3), most=100)
    test = np.random.default_rng(3).permutation(len(truth))[:600]
    assert len(accuracy) == 5
    assert len(have) == len(set(have)) == 100
    assert not set(have) & set(test)


def test_the_first_demo_writes_what_a_run_of_its_own_gives() -> None:
    table, truth = pictures()
    reached = [
        chapter().learn(table, truth, truth, "active", np.random.default_rng(seed), most=300)[0][-1]
        for seed in range(6)
    ]
    written = SOURCE.shown(0, budget=300)
    assert f"active: {np.mean(reached):.1%}; 0% wrong" in written
    assert "active: 120 labels, 36.00" in written


def test_the_first_demo_says_so_when_the_goal_is_out_of_reach() -> None:
    written = SOURCE.shown(0, target=95, wrong="a fifth, where it is hard")
    assert {"active: more than 400 labels", "random: more than 400 labels"} <= set(written)


def test_the_second_demo_shows_three_methods_in_every_state() -> None:
    for odd in chapter().ODD:
        written = SOURCE.shown(1, odd=odd, many=3, each=3)
        assert sum(text.endswith("% right") for text in written) == 3


def passes(grade_id: str, answer: str | None = None) -> bool:
    """Whether an answer, or the chapter's own, passes the exercise's checks."""
    names = shared_names() | {"margin": chapter().margin}
    exec(SOURCE.cell_with("manifest = "), names)
    return SOURCE.passes(grade_id, names, answer)


EXERCISES = ["labeling-weighted-vote", "labeling-gold-record", "labeling-next-batch", "labeling-to-review"]


@pytest.mark.parametrize("grade_id", EXERCISES)
def test_the_chapters_own_solution_passes(grade_id: str) -> None:
    assert passes(grade_id)


SLIPS = {
    "labeling-weighted-vote": {
        "weights by the share itself": """
def weighted_vote(votes, right):
    side = np.nan_to_num(2 * np.asarray(votes, dtype=float) - 1)
    return side @ np.asarray(right, dtype=float) > 0
""",
        "counts a missing vote as a no": """
def weighted_vote(votes, right):
    sure = np.clip(np.asarray(right, dtype=float), 0.01, 0.99)
    side = np.where(np.asarray(votes, dtype=float) == 1, 1, -1)
    return side @ np.log(sure / (1 - sure)) > 0
""",
    },
    "labeling-gold-record": {
        "counts all answers": """
def gold_record(table, gold, least):
    right = (table["label"] == table["item"].map(gold)).groupby(table["worker"])
    return right.mean()[right.size() >= least].sort_values()
""",
        "forgets the order": """
def gold_record(table, gold, least):
    known = table[table["item"].isin(list(gold))]
    right = (known["label"] == known["item"].map(gold)).groupby(known["worker"])
    return right.mean()[right.size() >= least]
""",
    },
    "labeling-next-batch": {
        "takes the least confident": """
def next_batch(probabilities, labelled, k):
    order = np.argsort(np.max(probabilities, axis=1), kind="stable")
    return [int(row) for row in order if int(row) not in labelled][:k]
""",
        "buys labels again": """
def next_batch(probabilities, labelled, k):
    return [int(row) for row in np.argsort(margin(np.asarray(probabilities)), kind="stable")[:k]]
""",
    },
    "labeling-to-review": {
        "takes class 0 for no label": """
def to_review(lines, attribute, below):
    objects = [json.loads(line) for line in lines if line.strip()]
    bare = [o["source-ref"] for o in objects if not o.get(attribute)]
    given = [(o[f"{attribute}-metadata"]["confidence"], o["source-ref"]) for o in objects if o.get(attribute)]
    return bare + [ref for sure, ref in sorted(given) if sure < below]
""",
        "forgets objects without a label": """
def to_review(lines, attribute, below):
    objects = [json.loads(line) for line in lines if line.strip()]
    given = [(o[f"{attribute}-metadata"]["confidence"], o["source-ref"]) for o in objects if attribute in o]
    return [ref for sure, ref in sorted(given) if sure < below]
""",
    },
}


@pytest.mark.parametrize(("grade_id", "slip"), [(e, s) for e, slips in SLIPS.items() for s in slips])
def test_a_typical_slip_fails(grade_id: str, slip: str) -> None:
    assert not passes(grade_id, SLIPS[grade_id][slip])
