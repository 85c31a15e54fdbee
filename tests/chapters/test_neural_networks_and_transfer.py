"""The chapter on networks: gradients, adapters and sizes against other libraries, its demos, its exercises."""

import copy
import functools
import importlib.util
import json
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import onnxruntime
import pytest
from chapter_source import ChapterSource
from hypothesis import given
from hypothesis import strategies as st
from sklearn.datasets import load_digits
from sklearn.neural_network import MLPClassifier

SOURCE = ChapterSource("02_modeling", "08_neural_networks_and_transfer")
RACE, TUNING, SIZE = range(3)
WIDTHS = [64, 12, 9, 10]


@functools.cache
def chapter() -> SimpleNamespace:
    return SimpleNamespace(**SOURCE.definitions())


@functools.cache
def trained() -> dict[str, Any]:
    """The first cells as they stand: the digits, the network's class and the trained reader."""
    names: dict[str, Any] = {}
    for text in ("digits = load_digits()", "class Network:", "def reader("):
        exec(SOURCE.cell_with(text), names)
    return names


@pytest.fixture(autouse=True, scope="module")
def _imports_done() -> None:
    """Import before hypothesis times the first example."""
    chapter()


def network(seed: int = 0, widths: list[int] | None = None) -> Any:
    return chapter().Network(widths or WIDTHS, np.random.default_rng(seed))


def pictures(rows: int = 20) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(5)
    return rng.random((rows, 64)), np.eye(10)[rng.integers(0, 10, rows)]


def loss(net: Any, x: np.ndarray, truth: np.ndarray) -> float:
    return float(-np.mean(np.sum(truth * np.log(net.forward(x)[0]), axis=1)))


def rows(number: int, key: str) -> list[dict[str, Any]]:
    """The data set of a demo whose rows have this column."""
    return next(data for data in SOURCE.specs()[number]["datasets"].values() if key in data[0])


@pytest.mark.parametrize(("layer", "place"), [(0, (3, 2)), (1, (4, 7)), (2, (1, 9))])
def test_the_gradient_is_the_slope_of_the_loss(layer: int, place: tuple[int, int]) -> None:
    net, (x, truth) = network(), pictures()
    nudged = copy.deepcopy(net)
    nudged.W[layer][place] += 1e-6
    slope = (loss(nudged, x, truth) - loss(net, x, truth)) / 1e-6
    assert net.gradients(x, truth)[layer][0][place] == pytest.approx(slope, abs=1e-4)


def test_the_probabilities_are_those_of_scikit_learn_with_the_same_weights() -> None:
    net, (x, _) = network(), pictures(30)
    twin = MLPClassifier(hidden_layer_sizes=(12, 9), max_iter=1, random_state=0)
    twin.partial_fit(x, np.arange(30) % 10, classes=np.arange(10))
    twin.coefs_, twin.intercepts_ = net.W, net.b
    assert net.forward(x)[0] == pytest.approx(twin.predict_proba(x))


def test_dropout_silences_the_asked_share_and_keeps_the_mean() -> None:
    rng = np.random.default_rng(0)
    net, x = network(widths=[64, 400, 10]), rng.random((500, 64))
    quiet, dropped = net.forward(x)[1][1], net.forward(x, 0.3, rng)[1][1]
    assert np.mean(dropped[quiet > 0] == 0) == pytest.approx(0.3, abs=0.01)
    assert dropped.mean() == pytest.approx(quiet.mean(), rel=0.02)


def test_only_the_layers_that_learn_change() -> None:
    net, (x, truth) = network(), pictures()
    moved = chapter().train(copy.deepcopy(net), x, truth, 2, 0.1, np.random.default_rng(0), layers=[2])
    assert [np.array_equal(a, b) for a, b in zip(net.W, moved.W, strict=True)] == [True, True, False]


@given(st.lists(st.integers(1, 50), min_size=2, max_size=5))
def test_a_networks_size_is_the_number_of_its_weights(widths: list[int]) -> None:
    assert network(widths=widths).size == chapter().numbers(widths)


@pytest.mark.parametrize("rank", [1, 3])
def test_an_adapter_changes_each_matrix_by_its_rank_and_no_bias(rank: int) -> None:
    net, (x, truth) = network(), pictures()
    merged, count = chapter().with_adapters(net, x, truth, rank, 3, 0.1, np.random.default_rng(0))
    for before, after in zip(net.W, merged.W, strict=True):
        assert np.linalg.matrix_rank(after - before, tol=1e-9) == rank
    assert all(np.array_equal(a, b) for a, b in zip(net.b, merged.b, strict=True))
    assert count == sum(rank * sum(W.shape) for W in net.W)
    assert np.array_equal(net.W[0], network().W[0]), "The old network must stay as it was."


def test_an_adapters_first_step_follows_the_slope_of_the_loss() -> None:
    """A moves first in nothing, since B is zero; B moves against the gradient through A."""
    net, (x, truth) = network(), pictures(16)
    rate = 1e-3
    merged, _ = chapter().with_adapters(net, x, truth, 2, 1, rate, np.random.default_rng(3))
    rng = np.random.default_rng(3)
    thin = [rng.normal(0, 1 / np.sqrt(W.shape[0]), (W.shape[0], 2)) for W in net.W]
    for a, before, after, (step, _) in zip(thin, net.W, merged.W, net.gradients(x, truth), strict=True):
        assert after - before == pytest.approx(-rate * a @ (a.T @ step))


@given(st.integers(2, 8), st.integers(0, 50))
def test_quantising_misses_by_half_a_step_at_most_and_uses_all_levels(bits: int, seed: int) -> None:
    weights = np.random.default_rng(seed).standard_normal((7, 5))
    stored = chapter().in_bits(weights, bits)
    step = np.abs(weights).max() / (2 ** (bits - 1) - 1)
    assert np.abs(stored - weights).max() <= step / 2 + 1e-12
    assert len(np.unique(np.round(stored / step))) <= 2**bits - 1


@pytest.mark.parametrize("share", [0.0, 0.5, 0.9])
def test_pruning_removes_the_smallest_weights_of_all_layers_but_the_last(share: float) -> None:
    net = network(widths=[64, 40, 30, 10])
    thin, masks = chapter().pruned(net, share)
    for weights, mask in zip(net.W[:-1], masks[:-1], strict=True):
        assert 1 - mask.mean() == pytest.approx(share, abs=0.01)
        if 0 < mask.mean() < 1:
            assert np.abs(weights[mask]).min() >= np.abs(weights[~mask]).max()
    assert np.array_equal(thin.W[-1], net.W[-1])


def test_softening_keeps_the_order_and_shares_out_more() -> None:
    net, (x, _) = network(), pictures()
    hard, soft = net.forward(x)[0], chapter().softened(net, x, 3)
    assert np.array_equal(hard.argmax(axis=1), soft.argmax(axis=1))
    assert np.all(soft.max(axis=1) <= hard.max(axis=1) + 1e-12)
    assert soft.sum(axis=1) == pytest.approx(1)


def test_removing_units_removes_their_rows_and_columns() -> None:
    names = trained() | {"copy": copy}
    exec(SOURCE.cell_with("def without_units(").split("\n\n\ndef softened")[0], names)
    small = names["without_units"](names["old"], 32)
    assert [W.shape for W in small.W] == [(64, 32), (32, 32), (32, 10)]


def test_onnx_runtime_computes_what_numpy_does() -> None:
    net, (x, _) = network(), pictures()
    runner = onnxruntime.InferenceSession(
        chapter().to_onnx(net).SerializeToString(), providers=["CPUExecutionProvider"]
    )
    assert runner.run(None, {"pixels": x.astype(np.float32)})[0] == pytest.approx(net.forward(x)[0], abs=1e-5)


def test_the_race_shows_the_scores_of_scikit_learns_models() -> None:
    names = trained()
    x, y = names["pixels"], names["digit"]
    order = np.random.default_rng(0).permutation(len(y))
    model = chapter().contenders((40, 20))["linear"].fit(x[order[:300]], y[order[:300]])
    expected = np.mean(model.predict(x[order[-797:]]) == y[order[-797:]])
    shown = {(row["problem"], row["rows"], row["model"]): row["score"] for row in rows(RACE, "score")}
    assert shown["written digits", 300, "linear"] == pytest.approx(expected, abs=0.0006)


@pytest.mark.parametrize(("each", "what"), [(2, "from scratch"), (10, "all weights"), (20, "LoRA, rank 4")])
def test_the_tuning_demo_writes_the_numbers_of_its_data(each: int, what: str) -> None:
    (row,) = (row for row in rows(TUNING, "trained") if (row["each"], row["what"]) == (each, what))
    assert SOURCE.said(TUNING, "camera 2: ", each=each, what=what)[1] == pytest.approx(100 * row["new"], abs=0.51)
    assert SOURCE.said(TUNING, "camera 1: ", each=each, what=what)[1] == pytest.approx(100 * row["old"], abs=0.51)
    assert f"{row['trained']:,} of 26,122 weights" in SOURCE.shown(TUNING, each=each, what=what)


def test_the_size_demo_counts_a_bit_for_each_place_and_the_weights_that_are_left() -> None:
    weights, biases = 64 * 128 + 128 * 128 + 128 * 10, 4 * 266
    assert SOURCE.said(SIZE, "as it is stored", pruning=50, width=8)[0] == round((weights + biases) / 1000)
    kept = 64 * 128 / 2 + 128 * 128 / 2 + 1280
    packed = (weights / 8 + kept + biases) / 1000
    assert SOURCE.said(SIZE, "packed", pruning=50, width=8)[0] == pytest.approx(packed, abs=0.6)


@pytest.mark.parametrize("width", [2, 4, 32])
def test_the_size_demos_accuracy_is_that_of_the_rounded_reader(width: int) -> None:
    names = trained()
    small = copy.deepcopy(names["old"])
    small.W = [chapter().in_bits(W, width) for W in small.W]
    right = small.accuracy(names["pixels"][names["judged"]], names["digit"][names["judged"]])
    assert SOURCE.said(SIZE, "read right, cut:", pruning=0, width=width) == pytest.approx([100 * right], abs=0.06)


def test_the_charts_stay_within_their_budget() -> None:
    for spec in SOURCE.specs():
        assert len(json.dumps(spec)) < 100_000


def scripts() -> dict[str, Any]:
    names: dict[str, Any] = {"os": os, "sys": sys, "subprocess": subprocess, "tempfile": tempfile, "Path": Path}
    exec(*SOURCE.tagged("scripts"), names)
    exec(SOURCE.cell_with("def on_the_desk(").split("\n\n\ntable = ")[0], names)
    return names


def digits_csv(count: int = 400) -> str:
    digits = load_digits()
    table = np.column_stack([digits.data, digits.target]).astype(int)[:count]
    return "\n".join(",".join(map(str, row)) for row in table)


@pytest.mark.parametrize(
    ("framework", "script", "file"),
    [
        ("sklearn", "SKLEARN", "model.npz"),
        ("torch", "PYTORCH", "model.pth"),
        ("tensorflow", "TENSORFLOW", "1/saved_model.pb"),
    ],
)
def test_a_training_script_keeps_the_contract_where_its_framework_is_installed(
    framework: str, script: str, file: str
) -> None:
    if importlib.util.find_spec(framework) is None:
        pytest.skip(f"{framework} is no dependency of the course")
    names = scripts()
    code, printed, files = names["on_the_desk"](names[script], digits_csv(), hidden=32, epochs=40, model_dir="s3://a/b")
    assert code == 0, printed
    assert float(re.search(r"valid:accuracy=([0-9.]+)", printed)[1]) > 0.6  # type: ignore[index]
    assert file in files


def test_a_script_that_fails_says_why() -> None:
    names = scripts()
    code, printed, files = names["on_the_desk"](names["SKLEARN"], "1,2,3", hidden=16)
    assert code != 0
    assert "Error" in printed
    assert files == []


GRADED = {
    "networks-pairs": ("bad_lines",),
    "networks-lora": ("adapted", "trained_share"),
    "networks-quantise": ("quantise", "error_bound"),
}


def passes(grade_id: str, **answer: object) -> bool:
    names = vars(chapter()) | {"old": trained()["old"]}
    exec(SOURCE.solution(grade_id), names)
    return SOURCE.passes(grade_id, names | answer, "")


@pytest.mark.parametrize("grade_id", GRADED)
def test_the_solution_passes_its_check(grade_id: str) -> None:
    assert passes(grade_id)


def takes_any_object(text: str) -> dict[int, str]:
    return {n: "not a JSON object" for n, line in enumerate(text.splitlines(), 1) if not line.startswith("{")}


def forms_the_product(x: Any, w: Any, a: Any, b: Any, alpha: float) -> Any:
    return x @ (w + alpha / a.shape[1] * (a @ b))


def forgets_the_rank(x: Any, w: Any, a: Any, b: Any, alpha: float) -> Any:
    return x @ w + alpha * ((x @ a) @ b)


def multiplies_the_sides(shapes: Any, rank: int) -> float:
    return float(np.mean([rank * (m + n) / (m * n) for m, n in shapes]))


def uses_all_256_levels(weights: Any, bits: int) -> Any:
    step = np.abs(np.asarray(weights)).max() / 2 ** (bits - 1)
    return np.round(np.asarray(weights) / step).astype(int), step


def leaves_floats(weights: Any, bits: int) -> Any:
    step = np.abs(np.asarray(weights)).max() / (2 ** (bits - 1) - 1) or 1.0
    return np.round(np.asarray(weights) / step), step


def a_whole_step(weights: Any, bits: int) -> float:
    return float(np.abs(np.asarray(weights)).max() / (2 ** (bits - 1) - 1))


@pytest.mark.parametrize(
    ("grade_id", "answer"),
    [
        ("networks-pairs", {"bad_lines": takes_any_object}),
        ("networks-lora", {"adapted": forms_the_product}),
        ("networks-lora", {"adapted": forgets_the_rank}),
        ("networks-lora", {"trained_share": multiplies_the_sides}),
        ("networks-quantise", {"quantise": uses_all_256_levels}),
        ("networks-quantise", {"quantise": leaves_floats}),
        ("networks-quantise", {"error_bound": a_whole_step}),
    ],
)
def test_a_typical_wrong_answer_fails_its_check(grade_id: str, answer: dict[str, Any]) -> None:
    assert not passes(grade_id, **answer)


def inference(replaced: tuple[str, str] = ("", "")) -> dict[str, Any]:
    """The functions of the solution's inference.py, with one replacement."""
    names: dict[str, Any] = {}
    exec(SOURCE.solution("networks-inference"), names)
    assert replaced[0] in names["INFERENCE"]
    module: dict[str, Any] = {}
    exec(names["INFERENCE"].replace(*replaced), module)
    return module


def test_the_solutions_input_is_ink_from_csv_and_from_json() -> None:
    code = inference()
    by_csv = code["input_fn"]("0,8\n16,4", "text/csv")
    assert np.array_equal(by_csv, code["input_fn"]("[[0, 8], [16, 4]]", "application/json"))
    assert by_csv.tolist() == [[1, 0.5], [0, 0.75]]
    with pytest.raises(ValueError, match="application/xml"):
        code["input_fn"]("<digit/>", "application/xml")


def test_an_endpoint_that_takes_brightness_for_ink_reads_nothing_right() -> None:
    names = trained()
    sent, right = 16 - names["digits"].data[names["judged"]], names["digit"][names["judged"]]
    answers = {}
    for name, replaced in {"mended": ("", ""), "brightness": ("return 1 - ", "return ")}.items():
        data = inference(replaced)["input_fn"](json.dumps(sent.tolist()), "application/json")
        answers[name] = np.mean(names["old"].forward(data)[0].argmax(axis=1) == right)
    assert answers["brightness"] < 0.01 < 0.98 < answers["mended"]
