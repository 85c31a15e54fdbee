"""The chapter on explainability: exact Shapley values against other definitions, its demos, its job and its checks."""

from __future__ import annotations

import functools
import io
import itertools
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import joblib
import numpy as np
import pandas as pd
import pytest
import shap
from chapter_source import ChapterSource, complaint
from hypothesis import given
from hypothesis import strategies as st
from sklearn.inspection import partial_dependence

SOURCE = ChapterSource("02_modeling", "09_explainability")
WATERFALL, SWARM, ICE = range(3)


@functools.cache
def lender() -> dict[str, Any]:
    """The first two cells as they stand, without showing the chart: the rows, the model and the baselines."""
    names: dict[str, Any] = {}
    exec(SOURCE.cell_with("def boosted("), names)
    demo = SOURCE.cell_with("def shapley_values(")
    exec(demo[: demo.index("housing_steps, loan_steps")], names)
    exec(SOURCE.cell_with("def log_odds("), names)
    return names


@pytest.fixture(autouse=True, scope="module")
def _imports_done() -> None:
    """Import before hypothesis times the first example."""
    lender()


def exact(predict: Any, rows: Any, baselines: Any) -> np.ndarray:
    values: np.ndarray = chapter_function("shapley_values")(predict, rows, baselines)
    return values


def chapter_function(name: str) -> Any:
    return lender()[name]


def over_all_orders(predict: Any, row: np.ndarray, baseline: np.ndarray) -> np.ndarray:
    """The definition by orders: switch the columns one after the other, in every order."""
    total = np.zeros(len(row))
    orders = list(itertools.permutations(range(len(row))))
    for order in orders:
        now = baseline.copy()
        for column in order:
            before = predict(now[None])[0]
            now[column] = row[column]
            total[column] += predict(now[None])[0] - before
    return total / len(orders)


def wavy(x: np.ndarray) -> np.ndarray:
    waves: np.ndarray = np.sin(x[:, 0]) * x[:, 1] + x[:, 2] ** 2 - x[:, 3] * x[:, 0]
    return waves


four = st.lists(st.floats(-3, 3), min_size=4, max_size=4).map(np.array)


@given(four, four)
def test_coalitions_and_orders_give_the_same_values(row: np.ndarray, baseline: np.ndarray) -> None:
    assert exact(wavy, row, baseline)[0] == pytest.approx(over_all_orders(wavy, row, baseline), abs=1e-9)


@given(four, four)
def test_values_add_up_to_the_prediction(row: np.ndarray, baseline: np.ndarray) -> None:
    assert exact(wavy, row, baseline).sum() == pytest.approx(wavy(row[None])[0] - wavy(baseline[None])[0], abs=1e-9)


@given(four, four)
def test_a_column_that_is_not_used_gets_nothing_and_equal_columns_get_the_same(
    row: np.ndarray, baseline: np.ndarray
) -> None:
    row[1], baseline[1] = row[0], baseline[0]
    values = exact(lambda x: x[:, 0] * x[:, 1] * x[:, 2], row, baseline)[0]
    assert values[3] == pytest.approx(0, abs=1e-9)
    assert values[0] == pytest.approx(values[1], abs=1e-9)


@given(four, st.lists(four, min_size=2, max_size=4))
def test_values_against_several_baselines_are_the_mean_of_those_against_each(
    row: np.ndarray, baselines: list[np.ndarray]
) -> None:
    each = [exact(wavy, row, one)[0] for one in baselines]
    assert exact(wavy, row, np.array(baselines))[0] == pytest.approx(np.mean(each, axis=0), abs=1e-9)


@pytest.mark.parametrize("number", [0, 7, 40])
def test_the_library_agrees_with_the_exact_values(number: int) -> None:
    given_ = lender()
    row, background = given_["rows"][given_["unseen"][number]], given_["background"]
    of_tree = shap.TreeExplainer(given_["model"], background).shap_values(row[None])[0]
    kernel = shap.KernelExplainer(given_["chance"], background)
    of_kernel = kernel.shap_values(row[None], nsamples=254, l1_reg=False, silent=True)[0]
    enumerated = shap.ExactExplainer(given_["chance"], background)(row[None], silent=True).values[0]
    assert of_tree == pytest.approx(exact(given_["log_odds"], row, background)[0], abs=1e-6)
    assert of_kernel == pytest.approx(exact(given_["chance"], row, background)[0], abs=1e-6)
    assert enumerated == pytest.approx(of_kernel, abs=1e-6)
    assert kernel.expected_value + of_kernel.sum() == pytest.approx(given_["chance"](row)[0])


def test_the_tree_takes_the_same_way_in_both_libraries() -> None:
    given_ = lender()
    paths = shap.TreeExplainer(given_["model"], given_["background"])
    sums = paths.shap_values(given_["rows"]).sum(axis=1) + paths.expected_value
    assert sums == pytest.approx(given_["log_odds"](given_["rows"]), abs=1e-5)


def test_values_in_chance_that_were_rescaled_add_up_and_are_others() -> None:
    given_ = lender()
    rescaled = shap.TreeExplainer(given_["model"], given_["background"], model_output="probability")
    values = rescaled.shap_values(given_["case"][None])[0]
    wanted = exact(given_["chance"], given_["case"], given_["background"])[0]
    assert values.sum() == pytest.approx(wanted.sum(), abs=1e-6)
    assert np.abs(values - wanted).max() > 0.01


def shown(**controls: Any) -> list[str]:
    return SOURCE.shown(WATERFALL, **controls)


@pytest.mark.parametrize(
    ("against", "housing", "loan", "record", "total"),
    [
        ("the typical applicant", 37, 94, "yes", "moves along with housing"),
        ("the typical approved large loan", 25, 79, "no", "moves along with housing"),
        ("a row of zeros", 16, 74, "yes", "stays at 40 %"),
    ],
)
def test_the_waterfall_shows_the_exact_values(against: str, housing: int, loan: int, record: str, total: str) -> None:
    given_ = lender()
    row = dict(zip(given_["names"], given_["case"], strict=True))
    row |= {"housing": housing, "loan": loan, "public_record": float(record == "yes")}
    row["all_debts"] = 40 if total == "stays at 40 %" else housing + 3
    baseline = given_["baselines"][against]
    values = exact(given_["chance"], np.array(list(row.values())), baseline)[0]
    words = shown(against=against, housing_costs=housing, loan_size=loan, record=record, total=total)
    end = given_["chance"](np.array(list(row.values())))[0] * 100
    verdict = next(word for word in words if word.startswith(("Refused", "Approved")))
    assert verdict.startswith("Approved" if end >= 80 else "Refused")
    assert float(verdict.split()[-2]) == pytest.approx(end, abs=0.06)
    pieces = [float(word.replace("−", "-")) for word in words if word[:1] in "+−-" and word[1:2].isdigit()]
    moved = [value * 100 for value in values if abs(value) > 0.001]
    assert sorted(pieces)[:2] == pytest.approx(sorted(moved)[:2], abs=0.11)


def test_every_setting_of_the_waterfall_has_a_start_and_eight_ends_within_the_scale() -> None:
    (first, *_) = SOURCE.specs()[WATERFALL]["datasets"].values()
    for row in first:
        assert len(row["e"]) == 9
        assert all(0 <= end <= 10_000 for end in (row["e"][0], row["e"][-1]))


def test_the_swarm_ranks_by_each_measure() -> None:
    given_ = lender()
    local = shap.TreeExplainer(given_["model"], given_["background"]).shap_values(given_["rows"][given_["unseen"]])
    for agg, sizes in (("mean_abs", np.abs(local).mean(axis=0)), ("mean_sq", (local**2).mean(axis=0))):
        words = SOURCE.shown(SWARM, agg=agg)
        assert f"{sizes.max():.2g}" in words


@pytest.mark.parametrize("column", ["loan", "all debts"])
def test_the_mean_of_the_curves_is_scikit_learns_partial_dependence(column: str) -> None:
    given_ = lender()
    people = given_["unseen"][np.random.default_rng(4).choice(len(given_["unseen"]), 60, replace=False)]
    means = next(rows for rows in SOURCE.specs()[ICE]["datasets"].values() if "lose" in rows[0])
    ours = next(row for row in means if row["c"] == column)
    theirs = partial_dependence(
        given_["model"],
        given_["rows"][people],
        [given_["names"].index(column.replace(" ", "_"))],
        custom_values={given_["names"].index(column.replace(" ", "_")): np.array(ours["g"])},
        response_method="predict_proba",
        method="brute",
    )["average"][0]
    assert np.array(ours["p"]) == pytest.approx(theirs * 100, abs=0.06)
    assert f"grey, the mean: {ours['mean']:+.1f}".replace("-", "−") in SOURCE.shown(ICE, ice_column=column)


def test_the_charts_stay_within_their_budget() -> None:
    for spec in SOURCE.specs():
        assert len(json.dumps(spec)) < 100_000


def program() -> str:
    names: dict[str, Any] = {}
    exec(SOURCE.cell_with("EXPLAIN = '''"), names)
    text: str = names["EXPLAIN"]
    return text


def run_job(folder: Path, **changed: Any) -> tuple[int, Path]:
    """Run the lab's program on twenty applications, in folders as the processing job lays them out."""
    given_ = lender()
    inputs, result = folder / "processing/input", folder / "processing/output"
    for name in ("config", "data", "model"):
        (inputs / name).mkdir(parents=True, exist_ok=True)
    result.mkdir(exist_ok=True)
    few = given_["unseen"][:20]
    headers = [*given_["names"], "approved"]
    table = pd.DataFrame(np.c_[given_["rows"][few], given_["approved"][few]])
    table.to_csv(inputs / "data/rows.csv", header=False, index=False)
    joblib.dump(given_["model"], inputs / "model/model.joblib")
    settings = {
        "baseline": [given_["typical"].tolist()],
        "num_samples": 254,
        "agg_method": "mean_abs",
        "save_local_shap_values": True,
        **changed,
    }
    config = {
        "headers": headers,
        "label": "approved",
        "label_values_or_threshold": [1],
        "probability_threshold": 0.8,
        "facet": [{"name_or_index": "self_employed", "value_or_threshold": [1]}],
        "methods": {"shap": settings, "pdp": {"top_k_features": 1, "grid_resolution": 4}},
    }
    (inputs / "config/analysis_config.json").write_text(json.dumps(config))
    script = folder / "explain.py"
    script.write_text(program())
    ran = subprocess.run(
        [sys.executable, str(script)],
        env={"SAGEMAKER_BASE_DIR": str(folder), "PATH": ""},
        capture_output=True,
        text=True,
    )
    return ran.returncode, result


def test_the_job_writes_clarifys_files_and_they_agree_with_each_other(tmp_path: Path) -> None:
    given_ = lender()
    code, result = run_job(tmp_path)
    assert code == 0
    analysis = json.loads((result / "analysis.json").read_text())
    out = pd.read_csv(result / "explanations_shap/out.csv")
    assert list(out) == [f"{name}_label0" for name in given_["names"]]
    few = given_["rows"][given_["unseen"][:20]]
    found = analysis["explanations"]["kernel_shap"]["label0"]
    assert out.to_numpy() == pytest.approx(exact(given_["chance"], few, given_["typical"]), abs=1e-6)
    assert found["expected_value"] + out.sum(axis=1).to_numpy() == pytest.approx(given_["chance"](few), abs=1e-6)
    assert list(found["global_shap_values"].values()) == pytest.approx(out.abs().mean().tolist())
    (curve,) = analysis["explanations"]["pdp"]
    assert sum(curve["data_distribution"]) == pytest.approx(1)
    assert len(curve["model_predictions"][0]) == len(curve["feature_values"]) == 4


def test_the_jobs_bias_metrics_follow_their_definitions(tmp_path: Path) -> None:
    given_ = lender()
    _, result = run_job(tmp_path, num_samples=20)
    analysis = json.loads((result / "analysis.json").read_text())
    few = given_["unseen"][:20]
    d = given_["rows"][few][:, given_["names"].index("self_employed")] == 1
    label, said = given_["approved"][few] == 1, given_["chance"](given_["rows"][few]) >= 0.8

    def values(section: str) -> dict[str, float]:
        (group,) = analysis[section]["facets"]["self_employed"]
        return {one["name"]: one["value"] for one in group["metrics"]}

    before, after = values("pre_training_bias_metrics"), values("post_training_bias_metrics")
    assert before["CI"] == pytest.approx(((~d).sum() - d.sum()) / 20)
    assert before["DPL"] == pytest.approx(label[~d].mean() - label[d].mean())
    assert after["DPPL"] == pytest.approx(said[~d].mean() - said[d].mean())
    assert after["DI"] == pytest.approx(said[d].mean() / said[~d].mean())


def test_a_baseline_with_the_label_fails_the_job_and_says_why(tmp_path: Path) -> None:
    code, result = run_job(tmp_path, baseline=[[0.0] * 9])
    assert code == 1
    assert "9 values for 8 features" in (tmp_path / "output/message").read_text()
    assert not list(result.iterdir())


def test_log_odds_are_asked_for_by_use_logit(tmp_path: Path) -> None:
    given_ = lender()
    _, result = run_job(tmp_path, use_logit=True)
    found = json.loads((result / "analysis.json").read_text())["explanations"]["kernel_shap"]["label0"]
    out = pd.read_csv(result / "explanations_shap/out.csv")
    wanted = given_["log_odds"](given_["rows"][given_["unseen"][:20]])
    assert found["expected_value"] + out.sum(axis=1).to_numpy() == pytest.approx(wanted, abs=1e-5)


@functools.cache
def report() -> tuple[dict[str, Any], pd.DataFrame]:
    """A report as the lab's section 1 reads it, made here without the cloud."""
    given_ = lender()
    few = np.r_[1825, given_["unseen"][:149]]
    values = pd.DataFrame(
        exact(given_["chance"], given_["rows"][few], given_["typical"]),
        columns=[f"{n}_label0" for n in given_["names"]],
    )
    together = {name.removesuffix("_label0"): value for name, value in values.abs().mean().items()}
    found = {"global_shap_values": together, "expected_value": given_["chance"](given_["typical"])[0]}
    return {"explanations": {"kernel_shap": {"label0": found}}}, values


GRADED = {
    "reasons-for-letter": "reasons_for_letter",
    "sampled-shapley": "sampled_shapley",
    "audit-report": "audit",
}


def names_for_checks() -> dict[str, Any]:
    given_ = lender()
    analysis, out = report()
    pieces = pd.DataFrame(
        {name: exact(given_["chance"], given_["case"], row)[0] for name, row in given_["baselines"].items()},
        given_["names"],
    )
    return given_ | {
        "pieces_of_case": pieces,
        "analysis": analysis,
        "out": out,
        "explained": np.r_[1825, given_["unseen"][:149]],
    }


def passes(grade_id: str, answer: Any = None) -> bool:
    names = names_for_checks()
    if answer is None:
        return SOURCE.passes(grade_id, names)
    return complaint(SOURCE.check(grade_id), names | {GRADED[grade_id]: answer}) is None


@pytest.mark.parametrize("grade_id", GRADED)
def test_the_solution_passes_its_check(grade_id: str) -> None:
    assert passes(grade_id)


def names_the_largest_sizes(values: Any, names: Any, most: int = 3, share: float = 0.1) -> list[str]:
    return [names[j] for j in np.argsort(-np.abs(values))[:most]]


def forgets_the_share(values: Any, names: Any, most: int = 3, share: float = 0.1) -> list[str]:
    values = np.asarray(values)
    return [names[j] for j in np.argsort(values)[:most] if values[j] < 0]


def switches_one_at_a_time(predict: Any, row: Any, baseline: Any, orders: Any) -> Any:
    row, baseline = np.asarray(row, float), np.asarray(baseline, float)
    alone = [np.where(np.arange(len(row)) == j, row, baseline) for j in range(len(row))]
    return predict(np.array(alone)) - predict(baseline[None])[0]


def forgets_to_divide(predict: Any, row: Any, baseline: Any, orders: Any) -> Any:
    return solution("sampled-shapley")(predict, row, baseline, orders) * len(orders)


def forgets_the_expected_value(analysis: Any, out: Any, predictions: Any, agg: str, tolerance: float = 1e-3) -> Any:
    found = solution("audit-report")(analysis, out, predictions, agg, tolerance)
    return found | {"rows": np.flatnonzero(np.abs(out.sum(axis=1) - predictions) > tolerance).tolist()}


def always_takes_the_mean_of_absolutes(analysis: Any, out: Any, said: Any, agg: str, tolerance: float = 1e-3) -> Any:
    return solution("audit-report")(analysis, out, said, "mean_abs", tolerance)


def solution(grade_id: str) -> Any:
    names = names_for_checks()
    exec(SOURCE.solution(grade_id), names)
    return names[GRADED[grade_id]]


@pytest.mark.parametrize(
    ("grade_id", "answer"),
    [
        ("reasons-for-letter", names_the_largest_sizes),
        ("reasons-for-letter", forgets_the_share),
        ("sampled-shapley", switches_one_at_a_time),
        ("sampled-shapley", forgets_to_divide),
        ("audit-report", forgets_the_expected_value),
        ("audit-report", always_takes_the_mean_of_absolutes),
    ],
)
def test_a_typical_wrong_answer_fails_its_check(grade_id: str, answer: Any) -> None:
    assert not passes(grade_id, answer)


def test_the_packed_model_is_read_back_with_the_same_predictions() -> None:
    given_ = lender()
    packed = io.BytesIO()
    joblib.dump(given_["model"], packed)
    packed.seek(0)
    again = joblib.load(packed).predict_proba(given_["rows"])[:, 1]
    assert np.array_equal(again, given_["chance"](given_["rows"]))
