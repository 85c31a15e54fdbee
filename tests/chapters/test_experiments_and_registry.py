"""The chapter on experiments: its study against a new run, its demos against their functions, its lab and exercises."""

from __future__ import annotations

import functools
import json
import pathlib
import re
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from botocore.exceptions import ClientError
from chapter_source import ChapterSource, complaint
from recorded import recorder
from scipy import stats
from sklearn.ensemble import RandomForestClassifier
from sklearn.metrics import roc_auc_score

from mlacourse import cloud

SOURCE = ChapterSource("02_modeling", "11_experiments_and_registry")
SEEDS, TRADE, SHADOW = range(3)


@functools.cache
def chapter() -> SimpleNamespace:
    """What the cells define that need neither MLflow nor the cloud."""
    names: dict[str, Any] = {}
    exec(SOURCE.cell_with("import altair"), names)
    names |= {"store": pathlib.Path(names["tempfile"].mkdtemp())}
    return SOURCE.defined("study", "trade", "flights", "training-code", **names)


def numbers(text: str) -> list[float]:
    return [float(part.replace(",", "")) for part in re.findall(r"[+−-]?\d[\d,]*(?:\.\d+)?", text.replace("−", "-"))]


# --- the recorded study -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("change", "seed"), [("production", 3), ("leaves of 4 flights", 1), ("60 trees", 7)])
def test_a_slice_of_the_recorded_seeds_comes_out_again(change: str, seed: int) -> None:
    script = recorder("experiment_runs")
    assert script.run(script.COMPARED[change], seed) == pytest.approx(chapter().study["seeds"][change][seed], abs=2e-3)


@pytest.mark.parametrize("name", ["logistic regression", "one tree", "boosting, 30 rounds"])
def test_a_slice_of_the_recorded_trade_comes_out_again(name: str) -> None:
    script = recorder("experiment_runs")
    again, recorded = script.crossed(script.TRADED[name]), chapter().study["trade"][name]
    assert again["auc"] == pytest.approx(recorded["auc"], abs=2e-3)
    assert again["caught"] == pytest.approx(recorded["caught"], abs=4e-3)


def test_the_catch_is_recall_at_a_fifth() -> None:
    rng = np.random.default_rng(0)
    late, score = rng.random(500) < 0.2, rng.random(500)
    warned = score >= np.sort(score)[-100]
    assert chapter().caught(late, score) == (late & warned).sum() / late.sum()


# --- luck -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("change", ["leaves of 4 flights", "60 trees"])
def test_the_paired_error_is_that_of_scipy(change: str) -> None:
    found = chapter().paired(change)
    test = stats.ttest_rel(chapter().auc[change], chapter().auc["production"])
    assert found["mean"] / found["error"] == pytest.approx(test.statistic)


@pytest.mark.parametrize(
    ("ana", "bo", "change"), [(3, 1, "leaves of 4 flights"), (0, 12, "60 trees"), (39, 0, "60 trees")]
)
def test_the_first_demo_writes_what_the_runs_say(ana: int, bo: int, change: str) -> None:
    written = SOURCE.shown(SEEDS, ana=ana, bo=bo, change=change, look="40 runs each")
    auc, found = chapter().auc, chapter().paired(change)
    one = next(text for text in written if text.startswith("one run each"))
    every = next(text for text in written if text.startswith("same seeds, 40 pairs"))
    assert numbers(one) == pytest.approx([(auc[change][bo] - auc["production"][ana]) * 100], abs=0.006)
    assert numbers(every)[1:] == pytest.approx([found["mean"], 2 * found["error"]], abs=0.006)


# --- the model as lists -----------------------------------------------------------------------------------------------


def test_the_lists_score_as_the_forest_does() -> None:
    names = chapter()
    rows, columns = names.train_days, names.SCHEDULE
    model = names.train(names.table[rows], names.late[rows], columns, trees=5, depth=4, leaf=10, seed=3)
    forest = RandomForestClassifier(5, max_depth=4, min_samples_leaf=10, random_state=3)
    forest.fit(names.table.loc[rows, columns].to_numpy(float), names.late[rows])
    some = names.table.loc[names.live_days, columns].iloc[:200]
    expected = forest.predict_proba(some.to_numpy(float))[:, 1]
    assert [names.score(model, row) for row in some.to_numpy().tolist()] == pytest.approx(expected, abs=1e-5)


def test_one_seed_gives_the_same_bytes_and_another_gives_others() -> None:
    names = chapter()
    rows = names.train_days
    settings = {"columns": names.SCHEDULE, "trees": 3, "depth": 4, "leaf": 10}
    first, same, other = (
        names.as_bytes(names.train(names.table[rows], names.late[rows], **settings, seed=seed)) for seed in (0, 0, 1)
    )
    assert first == same != other


def test_a_file_is_named_as_git_names_it() -> None:
    # printf 'hello\n' | git hash-object --stdin
    assert chapter().git_name("hello\n") == "ce013625030ba8dba906f756967f9e9ca394464a"


# --- worth ------------------------------------------------------------------------------------------------------------


def test_nobody_off_the_front_is_ever_worth_most() -> None:
    names = chapter()
    off = set(names.trade[~names.trade.front].model)
    for usd in (0.01, 0.2, 1, 30):
        for trainings in (1, 1000, 10**6):
            for value in (0.01, 1, 50):
                best = max(names.trade.itertuples(), key=lambda one: names.worth(one, usd, trainings, value))
                assert best.model not in off


@pytest.mark.parametrize(
    ("machine", "often", "value"), [("m5.xlarge", 36500, 1), ("g5.xlarge (GPU)", 365000, 0.5), ("m5.large", 12, 5)]
)
def test_the_second_demo_writes_what_a_model_is_worth(machine: str, often: int, value: float) -> None:
    names = chapter()
    written = SOURCE.shown(TRADE, machine=machine, often=often, value=value)
    usd = float(names.PRICES[machine].amount)
    worths = {one.model: names.worth(one, usd, often, value) for one in names.trade.itertuples()}
    for model, worth in worths.items():
        line = next(text for text in written if text.removeprefix("▶ ").startswith(f"{model}: "))
        assert numbers(line.split(": ")[1])[0] == pytest.approx(worth, abs=1 + 1e-3 * abs(worth))
        assert line.startswith("▶") == (model == max(worths, key=lambda name: worths[name]))


# --- shadow -----------------------------------------------------------------------------------------------------------


def test_at_an_equal_number_of_warnings_both_swap_equally_many() -> None:
    rng = np.random.default_rng(0)
    both = pd.DataFrame(
        {"score_production": rng.random(400), "score_shadow": rng.random(400), "late": rng.random(400) < 0.3}
    )
    names: dict[str, Any] = {"WARNED": 0.2, "pd": pd, "roc_auc_score": roc_auc_score}
    text = SOURCE.cell_with("def compared(both, share=WARNED)").split("\n\n\nseasons =")[0]
    exec(text, names)
    found = names["compared"](both, 0.25)
    old, new = (set(both[f"score_{name}"].nlargest(100).index) for name in ("production", "shadow"))
    assert found["swapped"] == len(old - new) == len(new - old)
    assert found["agree"] == pytest.approx(1 - 2 * found["swapped"] / 400)
    assert found["late among those only the shadow warns of"] == both.late[sorted(new - old)].sum()


@pytest.mark.parametrize("share", [5, 20, 50])
def test_the_third_demo_writes_the_counts_of_its_table(share: int) -> None:
    written = SOURCE.shown(SHADOW, share=share)
    tables = [pd.DataFrame(rows) for rows in SOURCE.specs()[SHADOW]["datasets"].values()]
    (counts,) = (table for table in tables if "swapped" in table)
    row = counts.set_index("share").loc[share]
    for start, late in (("production alone", row.old), ("shadow alone", row.new)):
        line = next(text for text in written if text.startswith(start))
        assert numbers(line) == [row.swapped, late]


def test_the_third_demos_points_are_places_in_two_lists() -> None:
    tables = [pd.DataFrame(rows) for rows in SOURCE.specs()[SHADOW]["datasets"].values()]
    (points,) = (table for table in tables if "p" in table)
    for place in (points.p, points.s):
        assert place.round().between(0, 100).all()
        assert place.mean() == pytest.approx(50, abs=1)


def test_the_charts_stay_within_their_budget() -> None:
    for spec in SOURCE.specs():
        assert len(json.dumps(spec)) < 100_000
        assert sum(len(rows) for rows in spec["datasets"].values()) <= 2_000


# --- exercises --------------------------------------------------------------------------------------------------------

PURE = ["registry-better", "registry-why", "registry-front"]


def answered(grade_id: str, answer: str) -> str | None:
    names = dict(vars(chapter()))
    exec(answer, names)
    return complaint(SOURCE.check(grade_id), names, refusals=(AssertionError, KeyError, TypeError, AttributeError))


@pytest.mark.parametrize("grade_id", PURE)
def test_the_solution_of_an_exercise_passes_its_check(grade_id: str) -> None:
    assert answered(grade_id, SOURCE.solution(grade_id)) is None


WRONG = {
    "compares means unpaired": (
        "registry-better",
        "def better(old, new, smallest=0.0):\n"
        "    old, new = np.asarray(old, float), np.asarray(new, float)\n"
        "    if len(old) < 2: return False\n"
        "    error = (old.var(ddof=1) / len(old) + new.var(ddof=1) / len(new)) ** 0.5\n"
        "    return bool(new.mean() - old.mean() - 2 * error > smallest)",
    ),
    "looks at the mean alone": (
        "registry-better",
        "def better(old, new, smallest=0.0):\n    return bool(np.mean(new) - np.mean(old) > smallest)",
    ),
    "forgets the smallest gain": (
        "registry-better",
        "def better(old, new, smallest=0.0):\n"
        "    gain = np.asarray(new) - np.asarray(old)\n"
        "    return len(gain) > 1 and bool(gain.mean() - 2 * gain.std(ddof=1) / len(gain) ** 0.5 > 0)",
    ),
    "names whole parts": (
        "registry-why",
        "def why_different(old, new):\n"
        "    return sorted(n for n in ('code', 'data', 'params', 'environment') if old.get(n) != new.get(n))",
    ),
    "takes missing for equal": (
        "registry-why",
        "def why_different(old, new):\n"
        "    def flat(r):\n"
        "        found = {n: r.get(n) for n in ('code', 'data')}\n"
        "        for part in ('params', 'environment'):\n"
        "            found |= {f'{part}.{n}': v for n, v in r.get(part, {}).items()}\n"
        "        return found\n"
        "    a, b = flat(old), flat(new)\n"
        "    return sorted(n for n in {*a, *b} if a.get(n) != b.get(n))",
    ),
    "lets equals remove each other": (
        "registry-front",
        "def pareto_front(models):\n"
        "    return sorted((n for n, (s, c) in models.items() if not any(\n"
        "        m != n and t <= s and d >= c for m, (t, d) in models.items())), key=lambda n: (models[n][0], n))",
    ),
    "wants both to be better": (
        "registry-front",
        "def pareto_front(models):\n"
        "    return sorted((n for n, (s, c) in models.items() if not any(\n"
        "        t < s and d > c for t, d in models.values())), key=lambda n: (models[n][0], n))",
    ),
}


@pytest.mark.parametrize(("grade_id", "answer"), WRONG.values(), ids=WRONG)
def test_a_typical_wrong_answer_fails_its_check(grade_id: str, answer: str) -> None:
    assert answered(grade_id, answer) is not None


# --- the lab ----------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def laboratory() -> Iterator[dict[str, Any]]:
    """Everything before section 3, without MLflow: its runs are told from the settings."""
    names: dict[str, Any] = dict(vars(chapter()))
    settings = {"trees": 20, "depth": 6, "leaf": 10, "seed": 0}
    rows = names["train_days"]
    runs = {"schedule": names["SCHEDULE"], "weather": names["SCHEDULE"] + names["WEATHER"]}
    names["models"] = {
        run: names["train"](names["table"][rows], names["late"][rows], columns, **settings)
        for run, columns in runs.items()
    }
    tags = {"code": "c", "data": "d", "model": "m"}
    record = SimpleNamespace(metrics={"auc": 0.7}, tags=tags, params={"seed": "0"})
    names["run_named"] = lambda run: SimpleNamespace(data=record)
    try:
        yield vars(SOURCE.defined("lab-setup", "lab-traffic", "lab-steps", **names))
    finally:
        cloud.stop()


def promoted(laboratory: dict[str, Any], answer: str) -> str | None:
    """What section 3 or the lab's check says with another program behind the queue, or None."""
    names = dict(laboratory)
    exec(answer, names)
    try:  # a program that deploys a rejected version is refused by the registry
        exec(SOURCE.cell_with('cloud.checkpoint("3")'), names)
    except ClientError as error:
        return str(error)
    return complaint(SOURCE.check("registry-deployer"), names, refusals=(AssertionError, TypeError, KeyError))


def test_the_labs_solution_promotes_and_rolls_back(laboratory: dict[str, Any]) -> None:
    assert promoted(laboratory, SOURCE.solution("registry-deployer")) is None


NEWEST = (
    "def version_to_serve(versions):\n"
    "    good = [v for v in versions if v['ModelApprovalStatus'] == 'Approved']\n"
    "    return max(good, key=lambda v: v['ModelPackageVersion'])['ModelPackageArn'] if good else None\n"
)
PROGRAMS = {
    "deploys whatever the event names": (
        NEWEST + "def on_event(event, versions, serving):\n    return event['detail']['ModelPackageArn']"
    ),
    "waits for approvals only": (
        NEWEST + "def on_event(event, versions, serving):\n"
        "    detail = event['detail']\n"
        "    return detail['ModelPackageArn'] if detail['ModelApprovalStatus'] == 'Approved' else None"
    ),
    "takes the first of the list": (
        "def version_to_serve(versions):\n"
        "    return next((v['ModelPackageArn'] for v in versions if v['ModelApprovalStatus'] == 'Approved'), None)\n"
        "def on_event(event, versions, serving):\n"
        "    wanted = version_to_serve(versions)\n"
        "    return wanted if wanted != serving else None"
    ),
}


@pytest.mark.parametrize("answer", PROGRAMS.values(), ids=PROGRAMS)
def test_a_program_that_misreads_the_queue_fails_the_lab(laboratory: dict[str, Any], answer: str) -> None:
    assert promoted(laboratory, answer) is not None
